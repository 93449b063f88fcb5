/** Public IPv4 addresses of interfaces: Amazon's, from launch to stop, and elastic ones. */
import type { ElasticAddress } from '../../model/vpc/elastic-address.ts';
import type { NetworkInterface, PrivateAddress } from '../../model/vpc/network-interface.ts';
import { addressAt, cidrSize, parseCidr4 } from '../../net/cidr.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Public space such as Amazon's, far from what has a meaning of its own: documentation, private,
 * shared, link-local and multicast ranges. Services that need public addresses stay out of it.
 */
export const PUBLIC_POOLS = ['3.80.0.0/12', '18.204.0.0/14', '34.192.0.0/12', '54.144.0.0/12'].map(
  (text) => parseCidr4(text)!,
);

/** A public address that nobody in the cloud has, chosen by the seed. */
export function allocatePublicAddress(tx: Transaction): Ipv4 {
  for (;;) {
    const pool = tx.random.pick(PUBLIC_POOLS);
    const address = addressAt(pool, tx.random.below(cidrSize(pool)));
    const last = address & 255;
    if (last === 0 || last === 255) continue;
    if (tx.count('network-interface', 'publicAddress', String(address)) > 0) continue;
    if (tx.count('elastic-ip', 'publicIp', String(address)) === 0) return address;
  }
}

/** Maps a new public address to the interface's primary one; an IPv6-only interface gets none. */
export function assignPublicAddress(tx: Transaction, eni: NetworkInterface): NetworkInterface {
  if (eni.addresses.every(({ primary, publicAddress }) => !primary || publicAddress)) return eni;
  const publicAddress = allocatePublicAddress(tx);
  return tx.update('network-interface', eni, {
    addresses: eni.addresses.map((own) => (own.primary ? { ...own, publicAddress } : own)),
  });
}

/** Takes Amazon's public address off the interface; an elastic one stays. */
export function releasePublicAddress(tx: Transaction, eni: NetworkInterface): NetworkInterface {
  const isAmazons = ({ publicAddress, elastic }: PrivateAddress) =>
    publicAddress !== undefined && elastic === undefined;
  if (!eni.addresses.some(isAmazons)) return eni;
  return tx.update('network-interface', eni, {
    addresses: eni.addresses.map((own) => (isAmazons(own) ? unmapped(own) : own)),
  });
}

/** Maps an elastic address to a private one, in place of what was mapped there. */
export function mapElasticAddress(
  tx: Transaction,
  eni: NetworkInterface,
  address: Ipv4,
  { id: allocationId, publicIp: publicAddress }: ElasticAddress,
  associationId: string,
): NetworkInterface {
  const elastic = { allocationId, associationId };
  return tx.update('network-interface', eni, {
    addresses: eni.addresses.map((own) =>
      own.address === address ? { ...own, publicAddress, elastic } : own,
    ),
  });
}

export function unmapElasticAddress(
  tx: Transaction,
  eni: NetworkInterface,
  address: Ipv4,
): NetworkInterface {
  return tx.update('network-interface', eni, {
    addresses: eni.addresses.map((own) => (own.address === address ? unmapped(own) : own)),
  });
}

function unmapped({ address, primary }: PrivateAddress): PrivateAddress {
  return { address, primary };
}
