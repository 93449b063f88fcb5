import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addToIp,
  compareIp,
  familyOf,
  formatIp,
  type Ip,
  ipEquals,
  ipKey,
  parseIp,
  widthOf,
} from './ip.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';

const at = (text: string) => parseIp(text)!;
const limb = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 0xffff_ffff));
const v4: fc.Arbitrary<Ip> = limb.map(ipv4);
const v6: fc.Arbitrary<Ip> = fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs));
const ip = fc.oneof(v4, v6);

/** The address as one number, the independent reading these tests compare with. */
function bigOf(address: Ip): bigint {
  if (typeof address === 'number') return BigInt(address);
  return address.reduce((sum, value) => (sum << 32n) | BigInt(value), 0n);
}

describe('Ip', () => {
  it('knows its family by its text', () => {
    expect(familyOf(at('10.0.0.1'))).toBe(4);
    expect(familyOf(at('::10.0.0.1'))).toBe(6);
    expect([widthOf(4), widthOf(6)]).toEqual([32, 128]);
    expect(parseIp('ten')).toBeUndefined();
  });

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(ip, (address) => {
        expect(parseIp(formatIp(address))).toEqual(address);
      }),
    );
  });

  it('is equal, of equal order and of equal key exactly when its text is equal', () => {
    fc.assert(
      fc.property(ip, ip, fc.boolean(), (a, other, same) => {
        const b = same ? at(formatIp(a)) : other;
        const equal = formatIp(a) === formatIp(b);
        expect(ipEquals(a, b)).toBe(equal);
        expect(compareIp(a, b) === 0).toBe(equal);
        expect(ipKey(a) === ipKey(b)).toBe(equal);
      }),
    );
  });

  it('orders numerically, IPv4 before IPv6', () => {
    fc.assert(
      fc.property(ip, ip, (a, b) => {
        const [x, y] = [bigOf(a), bigOf(b)];
        const byValue = x < y ? -1 : x > y ? 1 : 0;
        expect(Math.sign(compareIp(a, b))).toBe(Math.sign(familyOf(a) - familyOf(b)) || byValue);
      }),
    );
  });
});

describe('addToIp', () => {
  it('carries through the limbs', () => {
    expect(formatIp(addToIp(at('2001:db8::ffff:ffff'), 1))).toBe('2001:db8::1:0:0');
    expect(formatIp(addToIp(at('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'), 2))).toBe('2001:db9::1');
  });

  it('adds as one number, wrapping at the end of the family', () => {
    fc.assert(
      fc.property(ip, limb, (address, offset) => {
        const size = 1n << BigInt(widthOf(familyOf(address)));
        expect(bigOf(addToIp(address, offset))).toBe((bigOf(address) + BigInt(offset)) % size);
      }),
    );
  });
});
