import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjustChecksum,
  adjustChecksumIp,
  adjustUdpChecksum,
  adjustUdpChecksumIp,
  checksum,
  foldChecksum,
  pseudoHeaderSum,
  sumWords,
} from './checksum.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';

describe('Internet checksum', () => {
  it('sums the example of RFC 1071 section 3', () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(sumWords(bytes, 0, 8)).toBe(0x2ddf0);
    expect(checksum(bytes)).toBe(~0xddf2 & 0xffff);
  });

  it('gives the checksum of a captured IPv4 header', () => {
    const header = Uint8Array.from(Buffer.from('450000730000400040110000c0a80001c0a800c7', 'hex'));
    expect(checksum(header)).toBe(0xb861);
  });

  it('pads an odd tail with zero', () => {
    expect(checksum(Uint8Array.of(1, 2, 3))).toBe(checksum(Uint8Array.of(1, 2, 3, 0)));
    expect(checksum(new Uint8Array(0))).toBe(0xffff);
  });

  it('reads only the part asked for', () => {
    const bytes = Uint8Array.of(9, 1, 2, 3, 4, 9);
    expect(checksum(bytes, 1, 5)).toBe(checksum(Uint8Array.of(1, 2, 3, 4)));
  });

  it('is zero over data that carry their own checksum', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const even = data.subarray(0, data.length & ~1);
        const sum = checksum(even);
        const sealed = Uint8Array.of(...even, sum >>> 8, sum & 255);
        expect(checksum(sealed)).toBe(0);
      }),
    );
  });

  it('may be summed in even parts, in any order', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(50), (data, words) => {
        const cut = Math.min(words * 2, data.length & ~1);
        const back = sumWords(data, 0, cut, sumWords(data, cut, data.length));
        expect(foldChecksum(back)).toBe(checksum(data));
      }),
    );
  });

  it('folds sums beyond 32 bits', () => {
    expect(foldChecksum(0x1_0000_0000)).toBe(0xfffe);
  });
});

const word = fc.nat(0xffff);
const limb = fc.nat(0xffff_ffff);
const anyIpv6 = fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs));

/** The checksum of these 16-bit words. */
const ofWords = (...words: number[]) => foldChecksum(words.reduce((sum, value) => sum + value, 0));
const halves = (...limbs: readonly number[]) => limbs.flatMap((l) => [l >>> 16, l & 0xffff]);

describe('pseudo-header', () => {
  it('sums addresses, protocol and length of both families', () => {
    expect(pseudoHeaderSum(ipv4(0x0a000005), ipv4(0xc0a80107), 6, 20)).toBe(
      0x0a00 + 0x0005 + 0xc0a8 + 0x0107 + 6 + 20,
    );
    const source = ipv6(0x20010db8, 0, 0, 5);
    const destination = ipv6(0xfe80ffff, 1, 2, 0xffffffff);
    expect(pseudoHeaderSum(source, destination, 58, 0x12345)).toBe(
      0x2001 + 0x0db8 + 5 + 0xfe80 + 0xffff + 1 + 2 + 0xffff + 0xffff + 58 + 1 + 0x2345,
    );
  });
});

describe('incremental update (RFC 1624)', () => {
  it('gives the example of RFC 1624 section 4', () => {
    expect(adjustChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0x0000);
  });

  it('gives what a full sum gives, over data that are not all zero', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 0xffff }), (before, after, rest) => {
        expect(adjustChecksum(ofWords(before, rest), before, after)).toBe(ofWords(after, rest));
      }),
    );
  });

  it('gives what a full sum gives when an address changes', () => {
    const rest = 0x4006;
    fc.assert(
      fc.property(limb, limb, (before, after) => {
        const old = ofWords(...halves(before), rest);
        const adjusted = adjustChecksumIp(old, ipv4(before), ipv4(after));
        expect(adjusted).toBe(ofWords(...halves(after), rest));
      }),
    );
    fc.assert(
      fc.property(anyIpv6, anyIpv6, (before, after) => {
        const adjusted = adjustChecksumIp(ofWords(...halves(...before), rest), before, after);
        expect(adjusted).toBe(ofWords(...halves(...after), rest));
      }),
    );
  });

  it('leaves a missing UDP checksum missing and never makes one up', () => {
    expect(adjustUdpChecksum(0, 1, 2)).toBe(0);
    expect(adjustUdpChecksumIp(0, ipv4(1), ipv4(2))).toBe(0);
    // The same change that gives zero above: RFC 768 sends all ones.
    expect(adjustUdpChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0xffff);
    expect(adjustUdpChecksumIp(0xdd2f, ipv4(0x5555), ipv4(0x3285))).toBe(0xffff);
    expect(adjustUdpChecksum(0x1234, 5, 6)).toBe(adjustChecksum(0x1234, 5, 6));
  });
});
