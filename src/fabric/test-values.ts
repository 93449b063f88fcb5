/** Values of addresses for the tests of this folder. */
import assert from 'node:assert';
import { type Cidr, parseCidr } from '../net/cidr.ts';
import { type Ip, parseIp } from '../net/ip.ts';

export function ip(text: string): Ip {
  const address = parseIp(text);
  assert(address !== undefined, text);
  return address;
}

export function block(text: string): Cidr {
  const cidr = parseCidr(text);
  assert(cidr !== undefined, text);
  return cidr;
}
