/** Names in random questions. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Family, formatIp } from '../../src/net/ip.ts';
import type { Builder } from './builder.ts';
import { publicAddress } from './public-address.ts';

/** A name of an interface, of its instance, of a public address, or of nobody. */
export function randomName(
  builder: Builder,
  { region, addresses, attachment }: NetworkInterface,
  family: Family,
): string {
  const { random } = builder;
  const named = random.chance(0.1) ? random.pick(['us-east-1', 'eu-west-1']) : region;
  const inside = named === 'us-east-1' ? 'ec2.internal' : `${named}.compute.internal`;
  const outside = named === 'us-east-1' ? 'compute-1' : `${named}.compute`;
  const own = addresses.length === 0 ? undefined : random.pick(addresses);
  const ip = `ip-${dashed(formatIp(own?.address ?? (0x0a_00_00_09 as never)))}`;
  const published = own?.publicAddress ? formatIp(own.publicAddress) : publicAddress(builder);
  const resource = attachment?.instanceId ?? 'i-0123456789abcdef0';
  const names = [
    ...[`${ip}.${inside}`, `${ip}.${inside}`, `${ip}.${inside}`],
    ...[`${resource}.${inside}`, `${resource}.${inside}`],
    `ec2-${dashed(published)}.${outside}.amazonaws.com`,
    ip,
  ];
  if (random.chance(0.05)) return 'nobody.example';
  // An address has no IPv6 name of its own.
  return family === 6 && random.chance(0.4) ? `${resource}.${inside}` : random.pick(names);
}

function dashed(address: string): string {
  return address.replaceAll('.', '-');
}
