/** Blocks whose addresses no host has to be reached by (RFC 6890). */
import { type Cidr, containsCidr, parseCidr } from './cidr.ts';

const SPECIAL: readonly (readonly [name: string, block: Cidr])[] = [
  ['this network', parseCidr('0.0.0.0/8')!], // RFC 1122 section 3.2.1.3
  ['loopback', parseCidr('127.0.0.0/8')!], // RFC 1122 section 3.2.1.3
  ['multicast', parseCidr('224.0.0.0/4')!], // RFC 5771
  ['class E', parseCidr('240.0.0.0/4')!], // RFC 1112 section 4
  ['multicast and class E', parseCidr('224.0.0.0/3')!],
  ['unspecified', parseCidr('::/128')!], // RFC 4291 section 2.5.2
  ['loopback', parseCidr('::1/128')!], // RFC 4291 section 2.5.3
  ['unspecified and loopback', parseCidr('::/127')!],
  ['multicast', parseCidr('ff00::/8')!], // RFC 4291 section 2.7
];

/** What a block is that has no other addresses; a default route has others, too. */
export function specialUse(block: Cidr): string | undefined {
  return SPECIAL.find(([, special]) => containsCidr(special, block))?.[0];
}
