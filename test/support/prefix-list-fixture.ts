/** Prefix lists made and changed through the API. */
import type { EC2, ManagedPrefixList } from '@aws-sdk/client-ec2';

export async function makeList(ec2: EC2, blocks: readonly string[], MaxEntries = 10) {
  const { PrefixList } = await ec2.createManagedPrefixList({
    PrefixListName: 'test',
    AddressFamily: blocks[0]?.includes(':') ? 'IPv6' : 'IPv4',
    MaxEntries,
    Entries: blocks.map((Cidr) => ({ Cidr })),
  });
  return PrefixList!.PrefixListId!;
}

/** A list as DescribeManagedPrefixLists shows it now. */
export async function lookAtList(ec2: EC2, id: string): Promise<ManagedPrefixList> {
  const { PrefixLists } = await ec2.describeManagedPrefixLists({ PrefixListIds: [id] });
  return PrefixLists![0]!;
}

/** Adds and removes entries, whatever the version. */
export async function changeList(
  ec2: EC2,
  id: string,
  { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] },
): Promise<void> {
  const CurrentVersion = (await lookAtList(ec2, id)).Version!;
  await ec2.modifyManagedPrefixList({
    PrefixListId: id,
    CurrentVersion,
    AddEntries: add.map((Cidr) => ({ Cidr })),
    RemoveEntries: remove.map((Cidr) => ({ Cidr })),
  });
}

/** The blocks of a version, or of the one in force. */
export async function entriesOf(
  ec2: EC2,
  PrefixListId: string,
  TargetVersion?: number,
): Promise<(string | undefined)[]> {
  const request = { PrefixListId, ...(TargetVersion === undefined ? {} : { TargetVersion }) };
  const { Entries } = await ec2.getManagedPrefixListEntries(request);
  return Entries!.map(({ Cidr }) => Cidr);
}
