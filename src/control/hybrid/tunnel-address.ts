/** The addresses of tunnels, outside and inside (H-008, H-012, H-013). */
import { type AwsError, awsError } from '../../model/error.ts';
import { INSIDE_SPACE } from '../../model/hybrid/inside-space.ts';
import {
  connectionsOf,
  type VpnConnectionGateway,
  type VpnTunnel,
} from '../../model/hybrid/vpn-connection.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  addressAt,
  type Cidr,
  type Cidr4,
  type Cidr6,
  cidr,
  cidrEquals,
  cidrSize,
  containsCidr,
  formatCidr,
  parseCidr4,
  parseCidr6,
} from '../../net/cidr.ts';
import { type Family, type Ip, ipKey } from '../../net/ip.ts';
import { ipv6 } from '../../net/ipv6.ts';
import type { Random } from '../../net/random.ts';
import type { Transaction } from '../transaction.ts';

/** Public space such as AWS's VPN endpoints', apart from what interfaces are given. */
const OUTSIDE: Readonly<Record<Family, Cidr>> = {
  4: parseCidr4('52.24.0.0/14')!,
  6: parseCidr6('2600:9000:a000::/48')!,
};

const INSIDE_LENGTH = { 4: 30, 6: 126 } as const;

/** H-012 */
const RESERVED: readonly Cidr4[] = [
  ...[0, 1, 2, 3, 4, 5].map((third) => parseCidr4(`169.254.${third}.0/30`)!),
  parseCidr4('169.254.169.252/30')!,
];

/** An address that no other tunnel of the cloud has, chosen by the seed. */
export function newOutsideAddress(tx: Transaction, family: Family, other: Ip | undefined): Ip {
  const pool = OUTSIDE[family];
  const size = Math.min(cidrSize(pool), 2 ** 32);
  for (;;) {
    const address = addressAt(pool, 1 + tx.random.below(size - 2));
    const key = String(ipKey(address));
    if (other !== undefined && String(ipKey(other)) === key) continue;
    if (tx.count('vpn-connection', 'outsideAddress', key) === 0) return address;
  }
}

/** The inside blocks that a new tunnel must leave alone. */
export interface TakenBlocks {
  readonly ipv4: readonly Cidr4[];
  readonly ipv6: readonly Cidr6[];
}

/**
 * Those of the connection's other tunnel; at a virtual private gateway the IPv4 ones of every other
 * connection, too, at a transit gateway the IPv6 ones (H-012, H-013).
 */
export function takenBlocks(
  reader: ModelReader,
  gateway: VpnConnectionGateway | undefined,
  { connectionId, beside }: { readonly connectionId?: string; readonly beside: readonly Inside[] },
): TakenBlocks {
  const others = connectionsOf(reader, gateway?.id ?? '')
    .filter(({ id }) => id !== connectionId)
    .flatMap(({ tunnels }) => tunnels);
  const rivals4 = gateway?.kind === 'vpn-gateway' ? others : [];
  const rivals6 = gateway?.kind === 'transit-gateway' ? others : [];
  return {
    ipv4: [...beside, ...rivals4].flatMap((one) => one.insideCidr ?? []),
    ipv6: [...beside, ...rivals6].flatMap((one) => one.insideIpv6Cidr ?? []),
  };
}

/** The blocks of a tunnel that exists, or as far as a request names them. */
export type Inside = Partial<Pick<VpnTunnel, 'insideCidr' | 'insideIpv6Cidr'>>;

/** A free /30 that nobody has reserved. */
export function newInsideBlock({ random }: Transaction, { ipv4 }: TakenBlocks): Cidr4 {
  for (;;) {
    const block = cidr(
      addressAt(INSIDE_SPACE[4], random.below(cidrSize(INSIDE_SPACE[4]))),
      INSIDE_LENGTH[4],
    );
    if (!isAmong(RESERVED, block) && !isAmong(ipv4, block)) return block;
  }
}

export function newInsideIpv6Block(
  { random }: Pick<Transaction, 'random'>,
  { ipv6: taken }: TakenBlocks,
): Cidr6 {
  for (;;) {
    const block = cidr(randomUniqueLocal(random), INSIDE_LENGTH[6]);
    if (!isAmong(taken, block)) return block;
  }
}

function randomUniqueLocal(random: Random) {
  const [a, b, c, d] = [random.uint32(), random.uint32(), random.uint32(), random.uint32()];
  return ipv6((0xfd00_0000 | (a >>> 8)) >>> 0, b, c, d);
}

/** @throws AwsError InvalidParameterValue (H-012) */
export function checkInsideBlock(block: Cidr4, { ipv4 }: TakenBlocks): void {
  if (block.length !== INSIDE_LENGTH[4] || !containsCidr(INSIDE_SPACE[4], block)) {
    throw badBlock('TunnelInsideCidr', block, 'It must be a /30 of 169.254.0.0/16.');
  }
  if (isAmong(RESERVED, block)) throw badBlock('TunnelInsideCidr', block, 'It is reserved.');
  if (isAmong(ipv4, block)) throw badBlock('TunnelInsideCidr', block, 'It is in use.');
}

/** @throws AwsError InvalidParameterValue (H-013) */
export function checkInsideIpv6Block(block: Cidr6, { ipv6: taken }: TakenBlocks): void {
  if (block.length !== INSIDE_LENGTH[6] || !containsCidr(INSIDE_SPACE[6], block)) {
    throw badBlock('TunnelInsideIpv6Cidr', block, 'It must be a /126 of fd00::/8.');
  }
  if (isAmong(taken, block)) throw badBlock('TunnelInsideIpv6Cidr', block, 'It is in use.');
}

function isAmong(blocks: readonly Cidr[], block: Cidr): boolean {
  return blocks.some((one) => cidrEquals(one, block));
}

function badBlock(parameter: string, block: Cidr, why: string): AwsError {
  const message = `Value (${formatCidr(block)}) for parameter ${parameter} is invalid. ${why}`;
  return awsError('InvalidParameterValue', message);
}
