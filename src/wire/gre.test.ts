import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ETHERTYPE } from '../net/protocol.ts';
import { fromHex } from './bytes.ts';
import { emitGre, formatGre, type Gre, GreView, greLength, parseGre } from './gre.ts';
import {
  anyPayload,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint16,
  uint32,
} from './test-support.ts';

const payload = fromHex('616263');
const PLAIN = fromHex('0000 0800 616263');
const FULL = fromHex('b000 86dd 048e 0000 0000 002a 0000 0007 616263');
const CASES: [string, Uint8Array, Gre][] = [
  ['GREv0, proto IPv4, length 7', PLAIN, { protocol: ETHERTYPE.ipv4, checksummed: false, payload }],
  [
    'GREv0, proto IPv6, key 0x2a, seq 7, length 19',
    FULL,
    { protocol: ETHERTYPE.ipv6, checksummed: true, key: 42, sequence: 7, payload },
  ],
  [
    'GREv0, proto 0x88be, seq 1, length 11',
    fromHex('1000 88be 0000 0001 616263'),
    { protocol: 0x88be, checksummed: false, sequence: 1, payload },
  ],
];

describe('GRE', () => {
  it.each(CASES)('%s: parses and emits the same bytes', (line, bytes, value) => {
    expect(parseGre(bytes)).toEqual(value);
    const target = buffer(greLength(value));
    emitGre(value, target, 0);
    expect(target).toEqual(bytes);
    expect(formatGre(value)).toBe(line);
  });

  it('refuses what is cut short of its header', () => {
    expectPrefixesRefused(PLAIN, 4, parseGre);
    expectPrefixesRefused(FULL, 16, parseGre);
    expect(parseGre(fromHex('0000 0800'))?.payload).toHaveLength(0);
  });

  it('H-086 verifies a checksum over header and payload', () => {
    for (let at = 4; at < FULL.length; at++) {
      const spoilt = FULL.slice();
      spoilt[at]! ^= 0x01;
      expect(parseGre(spoilt), `byte ${at}`).toBeUndefined();
    }
  });

  it('H-086 refuses routing bits and versions, ignores reserved bits', () => {
    const withFlags = (flags: number) => {
      const bytes = PLAIN.slice();
      bytes.set([flags >>> 8, flags & 0xff]);
      return parseGre(bytes);
    };
    for (const flags of [0x4000, 0x0800, 0x0400, 1, 2, 4, 7]) {
      expect(withFlags(flags), flags.toString(16)).toBeUndefined();
    }
    for (const flags of [0x0200, 0x0100, 0x80, 0x40, 0x20, 0x10, 8]) {
      expect(withFlags(flags), flags.toString(16)).toEqual(CASES[0]![2]);
    }
  });

  it('H-086 tells what RFC 2784 alone knows from what it would discard', () => {
    const view = new GreView();
    const isPlain = (hex: string) => view.wrap(fromHex(hex)) && view.isPlain;
    expect(['0000 0800', '8000 0800 0000 0000', '03f8 86dd'].map(isPlain)).toEqual([
      true,
      true,
      true,
    ]);
    const words = '0000 0000 0000 0001 0000 0002';
    const flags = ['2000', '1000', '3000', 'a000', '9000', 'b000'];
    expect(flags.map((one) => isPlain(`${one} 0800 ${words}`))).toEqual(Array(6).fill(false));
  });

  it('finds key and sequence number wherever they stand', () => {
    const view = new GreView();
    expect(view.wrap(fromHex('3000 0800 0000 0001 0000 0002'))).toBe(true);
    expect([view.key, view.sequence, view.payloadOffset]).toEqual([1, 2, 12]);
    expect(view.wrap(fromHex('2000 0800 0000 0003'))).toBe(true);
    expect([view.key, view.sequence, view.payloadOffset]).toEqual([3, undefined, 8]);
    expect(view.wrap(fromHex('a000 0800 0000 0000 0000 0004'))).toBe(true);
    expect([view.key, view.sequence, view.payloadOffset]).toEqual([4, undefined, 12]);
  });

  it('emits what it parses', () => {
    const gre = fc
      .record({ protocol: uint16, checksummed: fc.boolean(), payload: anyPayload })
      .chain((base) =>
        fc.record({ key: uint32, sequence: uint32 }, { requiredKeys: [] }).map((more) => ({
          ...base,
          ...more,
        })),
      );
    fc.assert(
      fc.property(gre, fc.nat(3), (value: Gre, offset) => {
        const bytes = buffer(offset + greLength(value));
        emitGre(value, bytes, offset);
        expect(parseGre(bytes, offset)).toEqual(value);
      }),
    );
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows(parseGre);
    expectViewStaysInside(
      () => new GreView(),
      FULL,
      (view) => view.checksumValid(),
      (view) => view.fillChecksum(),
    );
  });
});
