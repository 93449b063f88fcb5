import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressAt,
  type Cidr,
  cidr,
  cidrEquals,
  cidrFamily,
  cidrSize,
  compareCidr,
  containsCidr,
  containsIp,
  formatCidr,
  hostCidr,
  isCidr4,
  lastAddress,
  limbMask,
  overlaps,
  parseCidr,
  parseCidr4,
  parseCidr6,
} from './cidr.ts';
import { addToIp, compareIp, familyOf, formatIp, type Ip, parseIp } from './ip.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';

const block = (text: string) => parseCidr(text)!;
const at = (text: string) => parseIp(text)!;

// Few distinct bits, so that random blocks often touch.
const limb = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 0x8000_0000, 0xffff_ffff));
const ip4: fc.Arbitrary<Ip> = fc.oneof(limb, fc.nat(7)).map(ipv4);
const ip6: fc.Arbitrary<Ip> = fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs));
const ip = fc.oneof(ip4, ip6);
const anyCidr: fc.Arbitrary<Cidr> = fc.oneof(
  fc.tuple(ip4, fc.nat(32)).map(([base, length]) => cidr(base, length)),
  fc.tuple(ip6, fc.nat(128)).map(([base, length]) => cidr(base, length)),
);

describe('Cidr text', () => {
  it('A-002 100.68.0.18/18 is the network 100.68.0.0/18', () => {
    expect(formatCidr(block('100.68.0.18/18'))).toBe('100.68.0.0/18');
  });

  it('A-002 clears host bits of IPv6 in every limb', () => {
    expect(formatCidr(block('2001:db8:1:2:3:4:5:6/44'))).toBe('2001:db8::/44');
    expect(formatCidr(block('2001:db8:1:2:3:4:5:6/100'))).toBe('2001:db8:1:2:3:4::/100');
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '/8',
    '::/129',
    '::/1e1',
    '10.0.0.0/ 8',
  ])('refuses %j', (text) => expect(parseCidr(text)).toBeUndefined());

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(anyCidr, (b) => {
        expect(parseCidr(formatCidr(b))).toEqual(b);
      }),
    );
  });

  it('is read by family', () => {
    expect(parseCidr4('10.0.0.0/8')).toEqual(block('10.0.0.0/8'));
    expect(parseCidr4('::/0')).toBeUndefined();
    expect(parseCidr6('::/0')).toEqual(block('::/0'));
    expect(parseCidr6('0.0.0.0/0')).toBeUndefined();
    expect([isCidr4(block('0.0.0.0/0')), isCidr4(block('::/0'))]).toEqual([true, false]);
    expect([cidrFamily(block('0.0.0.0/0')), cidrFamily(block('::/0'))]).toEqual([4, 6]);
  });
});

describe('limbMask', () => {
  it.each([
    [-5, 0],
    [0, 0],
    [1, 0x8000_0000],
    [31, 0xffff_fffe],
    [32, 0xffff_ffff],
    [64, 0xffff_ffff],
  ])('of %i bits', (length, mask) => expect(limbMask(length)).toBe(mask));
});

describe('Cidr as a set of addresses', () => {
  it('contains what Node says it contains', () => {
    fc.assert(
      fc.property(anyCidr, ip, fc.nat(300), (b, other, near) => {
        const family = cidrFamily(b) === 4 ? 'ipv4' : 'ipv6';
        const list = new BlockList();
        list.addSubnet(formatIp(b.address), b.length, family);
        for (const address of [other, addToIp(b.address, near), addToIp(lastAddress(b), near)]) {
          const expected =
            familyOf(address) === cidrFamily(b) && list.check(formatIp(address), family);
          expect(containsIp(b, address)).toBe(expected);
        }
      }),
    );
  });

  it('never matches the other family (A-023)', () => {
    expect(containsIp(block('0.0.0.0/0'), at('::1'))).toBe(false);
    expect(containsIp(block('::/0'), at('10.0.0.1'))).toBe(false);
    expect(overlaps(block('::/0'), block('0.0.0.0/0'))).toBe(false);
  });

  it('is the interval from its address to its last', () => {
    fc.assert(
      fc.property(anyCidr, ip, (b, address) => {
        const inside =
          compareIp(b.address, address) <= 0 && compareIp(address, lastAddress(b)) <= 0;
        expect(containsIp(b, address)).toBe(inside);
      }),
    );
  });

  it('overlaps exactly when one contains the other', () => {
    fc.assert(
      fc.property(anyCidr, anyCidr, (a, b) => {
        const sameFamily = cidrFamily(a) === cidrFamily(b);
        const disjoint =
          compareIp(lastAddress(a), b.address) < 0 || compareIp(lastAddress(b), a.address) < 0;
        expect(overlaps(a, b)).toBe(sameFamily && !disjoint);
        expect(containsCidr(a, b) && containsCidr(b, a)).toBe(cidrEquals(a, b));
        expect(compareCidr(a, b) === 0).toBe(cidrEquals(a, b));
      }),
    );
  });

  it('contains itself and its halves, which do not contain it', () => {
    const [outer, inner] = [block('10.0.0.0/16'), block('10.0.128.0/17')];
    expect(containsCidr(outer, outer)).toBe(true);
    expect(containsCidr(outer, inner)).toBe(true);
    expect(containsCidr(inner, outer)).toBe(false);
  });

  it('orders by address, then the shorter prefix first', () => {
    const texts = ['10.0.0.0/8', '10.0.0.0/16', '10.1.0.0/16', '::/0'];
    const shuffled = [3, 1, 2, 0].map((index) => block(texts[index]!));
    expect(shuffled.sort(compareCidr).map(formatCidr)).toEqual(texts);
  });
});

describe('addresses of a block', () => {
  it('counts and indexes them', () => {
    expect(cidrSize(block('10.0.0.0/28'))).toBe(16);
    expect(cidrSize(block('::/0'))).toBe(2 ** 128);
    expect(formatIp(addressAt(block('10.0.0.0/16'), 2))).toBe('10.0.0.2');
    expect(formatIp(addressAt(block('2001:db8::/64'), 0x1_0000))).toBe('2001:db8::1:0');
    expect(formatIp(lastAddress(block('10.0.0.0/30')))).toBe('10.0.0.3');
    expect(formatIp(lastAddress(block('2001:db8::/56')))).toBe('2001:db8:0:ff:ffff:ffff:ffff:ffff');
  });

  it('a host block holds one', () => {
    expect(formatCidr(hostCidr(at('10.0.0.1')))).toBe('10.0.0.1/32');
    expect(formatCidr(hostCidr(at('::1')))).toBe('::1/128');
    expect(cidrSize(hostCidr(at('::1')))).toBe(1);
  });
});
