/** Names that stand for addresses: in-addr.arpa (RFC 1035 3.5) and ip6.arpa (RFC 3596 2.5). */
import type { Ip } from '../net/ip.ts';
import { parseIpv4 } from '../net/ipv4.ts';
import { parseIpv6 } from '../net/ipv6.ts';

/** The address a reverse name of a whole address stands for; undefined for any other name. */
export function parseReverseName(name: string): Ip | undefined {
  const text = name.toLowerCase().replace(/\.$/, '');
  const labels = text.split('.').reverse();
  if (text.endsWith('.in-addr.arpa') && labels.length === 6) {
    return parseIpv4(labels.slice(2).join('.'));
  }
  if (text.endsWith('.ip6.arpa') && labels.length === 34) {
    const nibbles = labels.slice(2);
    if (!nibbles.every((nibble) => /^[0-9a-f]$/.test(nibble))) return undefined;
    return parseIpv6(nibbles.join('').replace(/.{4}(?=.)/g, '$&:'));
  }
  return undefined;
}
