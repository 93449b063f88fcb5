import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv6, ipv6, parseIpv6 } from './ipv6.ts';

const canonical = (text: string) => formatIpv6(parseIpv6(text)!);

describe('IPv6 text forms of RFC 4291 section 2.2', () => {
  it.each([
    ['ABCD:EF01:2345:6789:ABCD:EF01:2345:6789', [0xabcdef01, 0x23456789, 0xabcdef01, 0x23456789]],
    ['2001:DB8:0:0:8:800:200C:417A', [0x20010db8, 0, 0x00080800, 0x200c417a]],
    ['FF01::101', [0xff010000, 0, 0, 0x101]],
    ['::1', [0, 0, 0, 1]],
    ['::', [0, 0, 0, 0]],
    ['::13.1.68.3', [0, 0, 0, 0x0d014403]],
    ['::FFFF:129.144.52.38', [0, 0, 0xffff, 0x81903426]],
    ['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
  ])('reads %s', (text, limbs) => expect(parseIpv6(text)).toEqual(limbs));

  it.each([
    '',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'g::',
    '::1%eth0',
    '1.2.3.4::',
    '1:1.2.3.4::1',
    '::1.2.3.4:5',
    '::1.2.3',
    '::1.2.3.256',
    '::01.2.3.4',
    ' ::1',
  ])('refuses %j', (text) => expect(parseIpv6(text)).toBeUndefined());

  it('accepts what Node accepts and nothing else', () => {
    const unit = fc.constantFrom('0', '1', 'f', ':', '::', '.', '1.2.3.4', 'abcd', 'g');
    const text = fc.oneof(fc.ipV6(), fc.string({ unit, maxLength: 12 }));
    fc.assert(
      fc.property(text, (t) => {
        expect(parseIpv6(t) !== undefined).toBe(isIPv6(t));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('IPv6 canonical text of RFC 5952', () => {
  it.each([
    // Section 4.1: no leading zeros.
    ['2001:0db8::0001', '2001:db8::1'],
    // Section 4.2.1: shorten as much as possible.
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8::0:1', '2001:db8::1'],
    // Section 4.2.2: a single zero group is not shortened.
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    // Section 4.2.3: the longest run, of equal runs the first.
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    // Section 4.3: lower case.
    ['2001:DB8::ABCD:EF', '2001:db8::abcd:ef'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['0:0:0:0:0:0:0:1', '::1'],
  ])('writes %s as %s', (text, expected) => expect(canonical(text)).toBe(expected));

  const limb = fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 1, 0x10000, 0xffff_0000));
  const address = fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs));

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(address, (ip) => {
        expect(parseIpv6(formatIpv6(ip))).toEqual(ip);
      }),
    );
  });

  it('is written as the URL standard writes it', () => {
    fc.assert(
      fc.property(address, (ip) => {
        const text = formatIpv6(ip);
        const groups = ip.flatMap((value) => [value >>> 16, value & 0xffff]);
        const long = groups.map((group) => group.toString(16)).join(':');
        expect(new URL(`http://[${long}]/`).hostname).toBe(`[${text}]`);
      }),
    );
  });
});
