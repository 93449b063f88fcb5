import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksum, foldChecksum, sumWords } from './checksum.ts';

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
