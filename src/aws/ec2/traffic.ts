/** Protocol, ports and ICMP type and code as entries of ACLs and rules of groups spell them. */
import { type AwsError, awsError } from '../../model/error.ts';
import { ALL_PROTOCOLS, type Traffic } from '../../model/vpc/traffic.ts';
import { PROTOCOL } from '../../net/protocol.ts';

const NAMES: Readonly<Record<string, number>> = {
  tcp: PROTOCOL.tcp,
  udp: PROTOCOL.udp,
  icmp: PROTOCOL.icmp,
  icmpv6: PROTOCOL.icmpv6,
};
const BY_NUMBER = new Map(Object.entries(NAMES).map(([name, number]) => [number, name]));

/** The IANA number of a protocol given by number or by one of AWS's four names; -1 is all. */
export function parseProtocol(text: string): number {
  const name = text.toLowerCase();
  if (Object.hasOwn(NAMES, name)) return NAMES[name]!;
  if (text === String(ALL_PROTOCOLS)) return ALL_PROTOCOLS;
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text);
  const message = `Invalid value '${text}' for IP protocol. Unknown protocol.`;
  throw awsError('InvalidParameterValue', message);
}

/** A protocol as groups show it: by name where AWS has one. */
export function protocolName(protocol: number): string {
  return BY_NUMBER.get(protocol) ?? String(protocol);
}

export function hasPorts(protocol: number): boolean {
  return protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;
}

export function hasIcmpType(protocol: number): boolean {
  return protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
}

/** A range of ports, or an ICMP type and code, with either part perhaps not given. */
export interface Pair {
  readonly first: number | undefined;
  readonly second: number | undefined;
}

/**
 * The traffic of a protocol narrowed by a pair. For protocols other than TCP, UDP and ICMP the pair
 * says nothing, as at AWS.
 * @param missing the error when the protocol needs a pair and has none; undefined = all of it
 * @throws AwsError InvalidParameterValue for numbers out of range
 */
export function narrow(
  protocol: number,
  { first, second }: Pair,
  missing: (() => AwsError) | undefined,
): Traffic {
  if (!hasPorts(protocol) && !hasIcmpType(protocol)) return { protocol };
  if (first === undefined || second === undefined) {
    if (missing !== undefined) throw missing();
    return hasPorts(protocol) ? { protocol } : { protocol, icmp: { type: -1, code: -1 } };
  }
  if (hasPorts(protocol)) return { protocol, ports: portRange(first, second) };
  checkRange('ICMP type', first, -1, 255);
  checkRange('ICMP code', second, -1, 255);
  return { protocol, icmp: { type: first, code: second } };
}

function portRange(from: number, to: number) {
  checkRange('TCP/UDP port', from, 0, 65535);
  checkRange('TCP/UDP port', to, 0, 65535);
  if (from > to) {
    throw awsError('InvalidParameterValue', `Invalid TCP/UDP port range (${from}:${to})`);
  }
  return { from, to };
}

function checkRange(what: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw awsError('InvalidParameterValue', `${what} (${value}) out of range`);
}
