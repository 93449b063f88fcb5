/** IPv6 addresses as four unsigned 32-bit limbs, most significant first. */

declare const brand: unique symbol;
export type Ipv6 = readonly [number, number, number, number] & { readonly [brand]: 'Ipv6' };

/** The address with these limbs; keeps the low 32 bits of each. */
export function ipv6(a: number, b: number, c: number, d: number): Ipv6 {
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0] as unknown as Ipv6;
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const octets = part.split('.');
      if (index !== parts.length - 1 || octets.length !== 4) return undefined;
      if (!octets.every((octet) => /^(0|[1-9][0-9]{0,2})$/.test(octet) && Number(octet) < 256)) {
        return undefined;
      }
      const [a, b, c, d] = octets.map(Number) as [number, number, number, number];
      groups.push(a * 256 + b, c * 256 + d);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

/** Parses the text forms of RFC 4291 section 2.2, without zone index. */
export function parseIpv6(text: string): Ipv6 | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  // Dotted decimal may only end an address, so never stand before `::`.
  if (halves.length === 2 && halves[0]!.includes('.')) return undefined;
  const head = parseGroups(halves[0]!);
  const tail = halves.length === 2 ? parseGroups(halves[1]!) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const limb = (index: number) => groups[index]! * 65536 + groups[index + 1]!;
  return ipv6(limb(0), limb(2), limb(4), limb(6));
}

/** The canonical text of RFC 5952: lower case, longest run of two or more zero groups shortened. */
export function formatIpv6(address: Ipv6): string {
  const groups = address.flatMap((limb) => [limb >>> 16, limb & 0xffff]);
  let start = -1;
  let length = 1;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > length) {
      start = from;
      length = to - from;
    }
  }
  const text = (slice: number[]) => slice.map((group) => group.toString(16)).join(':');
  if (start < 0) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
