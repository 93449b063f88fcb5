import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, parseIpv4 } from '../net/ipv4.ts';
import { fromHex } from './bytes.ts';
import { emitIgmp, formatIgmp, IGMP_LENGTH, type Igmp, IgmpView, parseIgmp } from './igmp.ts';
import {
  anyIpv4,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint8,
} from './test-support.ts';

const GROUP = parseIpv4('224.0.1.5')!;
const REPORT = fromHex('1600 08fa e0000105');

const MESSAGES: readonly [string, string, Igmp, string][] = [
  [
    'a general query',
    '1164 ee9b 00000000',
    { kind: 'query', maxResponseTime: 100, group: ipv4(0) },
    'igmp query v2',
  ],
  [
    'a query about one group',
    '110a 0df0 e0000105',
    { kind: 'query', maxResponseTime: 10, group: GROUP },
    'igmp query v2 [gaddr 224.0.1.5]',
  ],
  ['a report', '1600 08fa e0000105', { kind: 'report', group: GROUP }, 'igmp v2 report 224.0.1.5'],
  [
    'a report of version 1',
    '1200 0cfa e0000105',
    { kind: 'report1', group: GROUP },
    'igmp v1 report 224.0.1.5',
  ],
  ['a leave', '1700 07fa e0000105', { kind: 'leave', group: GROUP }, 'igmp leave 224.0.1.5'],
];

describe('IGMP', () => {
  it.each(MESSAGES)('parses, emits and formats %s', (_what, hex, message, line) => {
    const bytes = fromHex(hex);
    expect(parseIgmp(bytes)).toEqual(message);
    const target = buffer(IGMP_LENGTH);
    emitIgmp(message, target);
    expect(target).toEqual(bytes);
    expectPrefixesRefused(bytes, bytes.length, parseIgmp);
    expect(formatIgmp(message)).toBe(line);
  });

  it('refuses a wrong checksum unless it is not to look', () => {
    const bytes = REPORT.with(3, 0xfb);
    expect(parseIgmp(bytes)).toBeUndefined();
    expect(parseIgmp(bytes, 0, bytes.length, false)).toEqual({ kind: 'report', group: GROUP });
  });

  it('ignores what follows, and the checksum covers it', () => {
    // RFC 2236 section 2.5
    expect(parseIgmp(fromHex('1600 08f6 e0000105 0001 0003'))).toEqual({
      kind: 'report',
      group: GROUP,
    });
    expect(parseIgmp(fromHex('1600 08fa e0000105 0001 0003'))).toBeUndefined();
  });

  it('knows no report of version 3, and nothing of other protocols', () => {
    for (const type of [0x22, 0x13, 0x14, 0x00, 0xff]) {
      expect(parseIgmp(REPORT.with(0, type), 0, 8, false)).toBeUndefined();
    }
  });

  it('emits what it parses', () => {
    const message: fc.Arbitrary<Igmp> = fc.oneof(
      fc.record({ kind: fc.constant('query'), maxResponseTime: uint8, group: anyIpv4 }),
      fc.record({ kind: fc.constantFrom('report', 'report1', 'leave'), group: anyIpv4 }),
    );
    fc.assert(
      fc.property(message, fc.nat(3), (value, offset) => {
        const bytes = buffer(offset + IGMP_LENGTH);
        emitIgmp(value, bytes, offset);
        expect(parseIgmp(bytes, offset)).toEqual(value);
      }),
    );
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows((bytes, offset, end) => parseIgmp(bytes, offset, end));
    expectViewStaysInside(
      () => new IgmpView(),
      REPORT,
      (view) => view.checksumValid(),
      (view) => view.fillChecksum(),
    );
  });

  it('sets fields in place', () => {
    const view = new IgmpView();
    view.wrap(REPORT.slice());
    view.type = 0x17;
    view.maxResponseTime = 1;
    view.group = ipv4(1);
    view.checksum = 0xffff;
    expect(view.bytes).toEqual(fromHex('1701 ffff 00000001'));
  });
});
