import type { Random } from './random.ts';

/** A random UUID (RFC 9562, version 4): the same seed gives the same one. */
export function uuid(random: Random): string {
  const digits = random.hex(32);
  const variant = '89ab'[random.below(4)];
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}
