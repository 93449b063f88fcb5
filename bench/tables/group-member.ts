/** How soon packets obey when a group that many others name gains or loses a member. */
import { createSecurityGroup } from '../../src/control/vpc/security-group.ts';
import { tcpFrame } from '../../src/fabric/test-frames.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Lab } from '../../src/server/lab.ts';
import { addRule, launch } from '../../test/random/builder.ts';
import { openDoor } from '../support/door.ts';
import { openLab, SCOPE } from '../support/lab.ts';
import { digits, millisOf, ratio, spreadOf } from '../support/measure.ts';
import { addressOf, addSite, launchMany } from '../support/network.ts';
import type { Bench, Figures } from '../support/table.ts';

const REFERENCES = [10, 1000];
const WARM_UP = 400;
const CHANGES = 200;
const PORT = 443;

export const groupMember: Bench = {
  name: 'group-member',
  title: 'A group gains a member',
  about:
    'ModifyNetworkInterfaceAttribute puts an interface into a group that so many other groups ' +
    'let in, each carried by an instance, and takes it out by turns; until a packet to the last ' +
    "of them has obeyed, without the disk's sync. Beside it: a group that few others name.",
  run,
};

async function run(): Promise<Figures> {
  const rows: string[][] = [];
  let base: number | undefined;
  for (const references of REFERENCES) {
    const { median, p90 } = spreadOf(await changes(references));
    base ??= median;
    rows.push([
      references.toLocaleString('en-US'),
      digits(median),
      digits(p90),
      ratio(median, base),
    ]);
  }
  return { columns: ['groups that name it', 'ms, median', 'ms, p90', 'ratio'], rows };
}

async function changes(references: number): Promise<number[]> {
  const { lab, named, other, member, target } = await referencedGroup(references);
  const call = openDoor(lab);
  const turn = async (index: number) => {
    const joins = index % 2 === 0;
    await call('ModifyNetworkInterfaceAttribute', {
      NetworkInterfaceId: member.id,
      'SecurityGroupId.1': other,
      ...(joins && { 'SecurityGroupId.2': named }),
    });
    if (arrives(lab, member, target, index) !== joins) throw new Error('the packet did not obey');
  };
  await millisOf(WARM_UP, turn);
  return millisOf(CHANGES, turn);
}

async function referencedGroup(references: number) {
  const lab = await openLab();
  const site = await addSite(lab, 0);
  const group = (groupName: string) =>
    lab.cloud.execute((tx) => {
      const request = { vpcId: site.vpc.id, groupName, description: groupName, tags: {} };
      return createSecurityGroup(tx, SCOPE, request).id;
    });
  const named = await group('named');
  const other = await group('other');
  for (let index = 0; index < references; index++) {
    const groupId = await group(`naming ${index}`);
    await lab.cloud.execute((tx) => {
      const peer = { kind: 'group', group: { groupId: named } } as const;
      const ports = { from: PORT, to: PORT };
      addRule(tx, { groupId, egress: false, traffic: { protocol: 6, ports }, peer });
      launch(tx, { subnet: site.subnet, groupIds: [groupId] });
    });
  }
  const target = lab.cloud.model.by('network-interface', 'subnet', site.subnet.id).at(-1)!;
  const [member] = await launchMany(lab, { ...site, groupId: other }, 1);
  return { lab, named, other, member: member!, target };
}

function arrives(
  { fabric }: Lab,
  from: NetworkInterface,
  to: NetworkInterface,
  index: number,
): boolean {
  const before = fabric.counters.forwarded;
  const ends = { source: addressOf(from), destination: addressOf(to) };
  const frame = tcpFrame({
    ...ends,
    from: from.mac,
    to: to.mac,
    sourcePort: 2000 + index,
    port: PORT,
  });
  fabric.send({ kind: 'interface', id: from.id }, frame);
  fabric.drain();
  return fabric.counters.forwarded > before;
}
