/** Parts that many of Direct Connect's requests have. */
import type { RouteFilterPrefix, Tag } from '@aws-sdk/client-direct-connect';
import type { PeerRequest } from '../../control/direct-connect/peer.ts';
import type { Tags } from '../../control/tags.ts';
import { directConnectError } from '../../model/direct-connect/error.ts';
import { awsError } from '../../model/error.ts';
import { type Cidr, formatCidr, parseCidr } from '../../net/cidr.ts';
import { ipEquals, parseIp } from '../../net/ip.ts';
import { limitedPage, type Page, type PageInput } from '../paging.ts';
import { shown } from '../protocol/parameters.ts';
import type { Given } from '../service.ts';

const PAGE_MAX = 100;

/** @throws AwsError */
export function directConnectPage<R extends { readonly id: string }>(
  records: readonly R[],
  input: PageInput,
): Page<R> {
  return limitedPage(records, input, PAGE_MAX, directConnectError);
}

/** Members without those that are not given. */
export function given<T extends object>(members: T): Present<T> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** What is asked for and not built. @throws AwsError */
export function refuse(name: string, isAsked: boolean | undefined): void {
  if (isAsked) throw directConnectError(`The parameter ${name} is not supported by openvpc.`);
}

/** H-076. @throws AwsError DuplicateTagKeysException */
export function parseTags(tags: readonly Given<Tag>[] | undefined): Tags {
  const parsed = new Map<string, string>();
  for (const { key, value = '' } of tags ?? []) {
    if (parsed.has(key)) {
      const message = `The tag key ${shown(key)} is given more than once.`;
      throw awsError('DuplicateTagKeysException', message);
    }
    parsed.set(key, value);
  }
  return Object.fromEntries(parsed);
}

/** @throws AwsError */
export function parsePrefixes(
  prefixes: readonly Given<RouteFilterPrefix>[] | undefined,
): readonly Cidr[] {
  return (prefixes ?? []).map(({ cidr: text = '' }) => {
    const block = parseCidr(text);
    const address = parseIp(text.split('/')[0]!);
    if (block === undefined || address === undefined) {
      throw directConnectError(`The prefix '${shown(text)}' is not a block of addresses.`);
    }
    if (ipEquals(address, block.address)) return block;
    throw directConnectError(`The prefix ${text} has host bits: ${formatCidr(block)} has none.`);
  });
}

interface AsnInput {
  readonly asn?: number | undefined;
  readonly asnLong?: number | undefined;
}

/** H-060. @throws AwsError */
export function parseAsn(input: AsnInput): number | undefined {
  const { asn, asnLong } = input;
  if (asn !== undefined && asnLong !== undefined) {
    throw directConnectError('Specify asn or asnLong, but not both.');
  }
  checkAsn('asn', asn, 2 ** 31 - 1);
  checkAsn('asnLong', asnLong, 2 ** 32 - 2);
  return asn ?? asnLong;
}

function checkAsn(name: string, asn: number | undefined, most: number): void {
  if (asn === undefined || (asn >= 1 && asn <= most)) return;
  throw directConnectError(`${name} is ${asn}. It must be between 1 and ${most}.`);
}

interface PeerInput extends AsnInput {
  readonly authKey?: string;
  readonly addressFamily?: 'ipv4' | 'ipv6';
  readonly amazonAddress?: string;
  readonly customerAddress?: string;
}

/** @throws AwsError */
export function parsePeer(input: PeerInput): PeerRequest {
  const asn = parseAsn(input);
  if (asn === undefined) throw directConnectError('The ASN is missing: give asn or asnLong.');
  const { authKey, amazonAddress, customerAddress } = input;
  const family = input.addressFamily === 'ipv6' ? 6 : 4;
  return { asn, family, ...given({ authKey, amazonAddress, customerAddress }) };
}
