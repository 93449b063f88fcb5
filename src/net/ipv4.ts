/** IPv4 addresses as unsigned 32-bit numbers. Strings live at the borders only. */

declare const brand: unique symbol;
export type Ipv4 = number & { readonly [brand]: 'Ipv4' };

/** The address with this value; keeps the low 32 bits. */
export function ipv4(value: number): Ipv4 {
  return (value >>> 0) as Ipv4;
}

/** Parses dotted decimal (RFC 6943 section 3.1.1, strict form: four parts, no leading zeros). */
export function parseIpv4(text: string): Ipv4 | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return ipv4(value);
}

export function formatIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}
