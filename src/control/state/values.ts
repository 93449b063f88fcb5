/** Shapes of the values that records are made of, as JSON holds them. */
import { z } from 'zod';
import { isRegion } from '../../model/region.ts';
import { type Cidr, type Cidr4, type Cidr6, networkOf } from '../../net/cidr.ts';
import { type Family, ipEquals, widthOf } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { Mac } from '../../net/mac.ts';

const isWhole = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

export const whole = (most: number = Number.MAX_SAFE_INTEGER) => z.int().min(0).max(most);

export const text = z
  .string()
  .max(65_536)
  .refine((value) => value.isWellFormed(), { error: 'must be Unicode' });
/** Ids, and what else is made of ASCII: a store could not keep a record under half a character. */
export const name = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[\x20-\x7e]*$/, { error: 'must be printable ASCII' });
export const account = z.string().regex(/^\d{12}$/, { error: 'must be 12 digits' });
/** Milliseconds since the epoch, to the end of the year 9999. */
export const time = z.number().min(0).max(253_402_300_799_999);

export const ipv4Value = z.custom<Ipv4>((value) => isWhole(value, 0xffff_ffff), {
  error: 'must be an IPv4 address as a number',
});

export const ipv6Value = z.custom<Ipv6>(
  (value) =>
    Array.isArray(value) && value.length === 4 && value.every((limb) => isWhole(limb, 0xffff_ffff)),
  { error: 'must be an IPv6 address as four numbers' },
);

export const ipValue = z.union([ipv4Value, ipv6Value]);
/** The number of an autonomous system. */
export const asn = z.int().min(1).max(0xffff_ffff);

export const macValue = z.custom<Mac>((value) => isWhole(value, 0xffff_ffff_ffff), {
  error: 'must be a MAC address as a number',
});

function cidrOf(family: Family, address: z.ZodType) {
  return z.strictObject({ address, length: whole(widthOf(family)) }).refine((value) => {
    const block = value as unknown as Cidr;
    return ipEquals(networkOf(block.address, block.length), block.address);
  }, 'must have no host bits') as unknown as z.ZodType<Cidr>;
}

export const cidr4 = cidrOf(4, ipv4Value) as z.ZodType<Cidr4>;
export const cidr6 = cidrOf(6, ipv6Value) as z.ZodType<Cidr6>;
export const anyCidr: z.ZodType<Cidr> = z.unknown().transform((value, context) => {
  const isIpv4 = typeof (value as Cidr | null)?.address === 'number';
  const parsed = (isIpv4 ? cidr4 : cidr6).safeParse(value);
  if (parsed.success) return parsed.data;
  context.addIssue('must be a block of addresses');
  return z.NEVER;
});

/** What every resource of an account begins with. */
export const owned = {
  id: name,
  account,
  region: name.refine(isRegion, { error: 'must be a Region' }),
};

export const traffic = {
  protocol: z.int().min(-1).max(255),
  ports: z.strictObject({ from: whole(65_535), to: whole(65_535) }).exactOptional(),
  icmp: z
    .strictObject({ type: z.int().min(-1).max(255), code: z.int().min(-1).max(255) })
    .exactOptional(),
};
