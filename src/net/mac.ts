/** Ethernet addresses as numbers below 2^48 (exact in a double). */

declare const brand: unique symbol;
export type Mac = number & { readonly [brand]: 'Mac' };

export const BROADCAST_MAC = 0xffff_ffff_ffff as Mac;

export function mac(value: number): Mac {
  return value as Mac;
}

/** Parses six colon-separated hexadecimal octets. */
export function parseMac(text: string): Mac | undefined {
  if (!/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/.test(text)) return undefined;
  return mac(Number.parseInt(text.replaceAll(':', ''), 16));
}

export function formatMac(address: Mac): string {
  return address
    .toString(16)
    .padStart(12, '0')
    .replace(/(..)(?=.)/g, '$1:');
}

/** The I/G bit of IEEE 802: multicast or broadcast. */
export function isGroupMac(address: Mac): boolean {
  return Math.floor(address / 0x100_0000_0000) % 2 === 1;
}
