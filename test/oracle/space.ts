/** Address ranges that mean something of their own. */
import type { Subnet } from '../../src/model/vpc/subnet.ts';
import { type Cidr, containsIp, lastAddress, parseCidr } from '../../src/net/cidr.ts';
import { addToIp, formatIp, type Ip, ipEquals, isIpv4 } from '../../src/net/ip.ts';
import { isIn, type World } from './world.ts';

const blocks = (...texts: string[]): Cidr[] => texts.map((text) => parseCidr(text)!);

/** RFC 1918. */
export const PRIVATE = blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');
/** RFC 6598. */
export const SHARED = blocks('100.64.0.0/10');
/** What else is not on the Internet: this host, loopback, link-local, reserved, unique local. */
export const SPECIAL = [
  ...blocks('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'),
  ...blocks('::/128', '::1/128', 'fc00::/7', 'fe80::/10', 'ff00::/8'),
];
const MULTICAST = blocks('224.0.0.0/4', '255.255.255.255/32', 'ff00::/8');

/** to everyone on the link, or to a group. */
export function isToMany({ cidr }: Subnet, address: Ip): boolean {
  if (isIn(MULTICAST, address)) return true;
  return isIpv4(address) && cidr !== undefined && address === lastAddress(cidr);
}

/** what every VPC's resolver answers at, beside base+2. */
export const RESOLVERS = ['169.254.169.253', 'fd00:ec2::253'];

/** base+2 of the primary block, and the two addresses that every VPC has. */
export function isResolver({ model }: World, vpcId: string, address: Ip): boolean {
  const [primary] = model.get('vpc', vpcId)!.cidrs;
  const plusTwo = primary && addToIp(primary.cidr.address, 2);
  if (plusTwo !== undefined && ipEquals(address, plusTwo)) return true;
  return RESOLVERS.includes(formatIp(address));
}

/** the router's own address in the subnet's block of that family. */
export function routerAddress(subnet: Subnet, like: Ip): Ip | undefined {
  const ipv6 = subnet.ipv6Cidrs.filter(({ state }) => state === 'associated');
  const own = [subnet.cidr, ...ipv6.map(({ cidr }) => cidr)];
  const block = own.find((one) => one && isIpv4(one.address) === isIpv4(like));
  return block && addToIp(block.address, 1);
}

export function isPrivate(address: Ip): boolean {
  return PRIVATE.some((block) => containsIp(block, address));
}

export function isShared(address: Ip): boolean {
  return SHARED.some((block) => containsIp(block, address));
}
