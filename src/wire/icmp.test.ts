import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import { emitIcmp, formatIcmp, type Icmp, IcmpView, icmpLength, parseIcmp } from './icmp.ts';
import {
  anyPayload,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint8,
  uint16,
  uint32,
} from './test-support.ts';

const DATA = '6162 6364 6566 67';
const QUOTED = '4500 001c 0001 4000 0111 0000 0a00 0005 0a00 0107 d431 0035 0008 0000';
const payload = fromHex(QUOTED);

const CASES: [string, Uint8Array, Icmp][] = [
  [
    'ICMP echo request, id 4660, seq 1, length 15',
    fromHex(`0800 549d 1234 0001 ${DATA}`),
    { kind: 'echoRequest', identifier: 0x1234, sequenceNumber: 1, payload: fromHex(DATA) },
  ],
  [
    'ICMP echo reply, id 4660, seq 1, length 15',
    fromHex(`0000 5c9d 1234 0001 ${DATA}`),
    { kind: 'echoReply', identifier: 0x1234, sequenceNumber: 1, payload: fromHex(DATA) },
  ],
  [
    'ICMP unreachable - need to frag (mtu 1300), length 36',
    fromHex(`0304 883e 0000 0514 ${QUOTED}`),
    { kind: 'destinationUnreachable', code: 4, mtu: 1300, payload },
  ],
  [
    'ICMP port unreachable, length 36',
    fromHex(`0303 8d53 0000 0000 ${QUOTED}`),
    { kind: 'destinationUnreachable', code: 3, mtu: 0, payload },
  ],
  [
    'ICMP time exceeded in-transit, length 36',
    fromHex(`0b00 8556 0000 0000 ${QUOTED}`),
    { kind: 'timeExceeded', code: 0, payload },
  ],
  [
    'ICMP type 5 code 0, length 36',
    fromHex(`0500 8155 0a00 0001 ${QUOTED}`),
    { kind: 'other', type: 5, code: 0, rest: 0x0a000001, payload },
  ],
];

function emitted(icmp: Icmp): Uint8Array {
  const bytes = buffer(icmpLength(icmp));
  emitIcmp(icmp, bytes);
  return bytes;
}

const anyIcmp: fc.Arbitrary<Icmp> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('echoRequest' as const, 'echoReply' as const),
    identifier: uint16,
    sequenceNumber: uint16,
    payload: anyPayload,
  }),
  fc.record({
    kind: fc.constant('destinationUnreachable' as const),
    code: fc.constant(4),
    mtu: uint16,
    payload: anyPayload,
  }),
  fc.record({
    kind: fc.constant('destinationUnreachable' as const),
    code: uint8.filter((code) => code !== 4),
    mtu: fc.constant(0),
    payload: anyPayload,
  }),
  fc.record({ kind: fc.constant('timeExceeded' as const), code: uint8, payload: anyPayload }),
  fc.record({
    kind: fc.constant('other' as const),
    type: uint8.filter((type) => ![0, 3, 8, 11].includes(type)),
    code: uint8,
    rest: uint32,
    payload: anyPayload,
  }),
);

describe('ICMP', () => {
  it.each(CASES)('%s', (line, bytes, icmp) => {
    expect(parseIcmp(bytes)).toEqual(icmp);
    expect(emitted(icmp)).toEqual(bytes);
    expect(formatIcmp(icmp)).toBe(line);
    expectPrefixesRefused(bytes, 8, parseIcmp);
  });

  it('emits what it parses', () => {
    fc.assert(
      fc.property(anyIcmp, (icmp) => {
        expect(parseIcmp(emitted(icmp))).toEqual(icmp);
      }),
    );
  });

  it('refuses a wrong checksum unless told not to look', () => {
    const bytes = CASES[0]![1].slice();
    bytes[7] = 2;
    expect(parseIcmp(bytes)).toBeUndefined();
    const unverified = parseIcmp(bytes, 0, bytes.length, false);
    expect(unverified).toEqual({ ...CASES[0]![2], sequenceNumber: 2 });
  });

  it('takes an echo with a code for no echo', () => {
    const icmp = parseIcmp(fromHex('0801 0000 1234 0001'), 0, 8, false);
    expect(icmp).toMatchObject({ kind: 'other', type: 8, code: 1, rest: 0x12340001 });
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows(parseIcmp);
    expectNeverThrows((bytes, offset, end) => parseIcmp(bytes, offset, end, false));
    expectViewStaysInside(
      () => new IcmpView(),
      CASES[2]![1],
      (view) => view.checksumValid(),
      (view) => view.fillChecksum(),
    );
  });

  it('formats the remaining codes', () => {
    const unreachable = (code: number) =>
      formatIcmp({ kind: 'destinationUnreachable', code, mtu: 0, payload: fromHex('') });
    expect(unreachable(0)).toBe('ICMP net unreachable, length 8');
    expect(unreachable(1)).toBe('ICMP host unreachable, length 8');
    expect(unreachable(2)).toBe('ICMP protocol unreachable, length 8');
    expect(unreachable(13)).toBe('ICMP code 13 unreachable, length 8');
    expect(formatIcmp({ kind: 'timeExceeded', code: 1, payload })).toMatch(/reassembly/);
  });
});

describe('an ICMP view', () => {
  it('turns a request into its reply in place', () => {
    const view = new IcmpView();
    expect(view.wrap(CASES[0]![1].slice())).toBe(true);
    expect([view.type, view.identifier, view.sequenceNumber]).toEqual([8, 0x1234, 1]);
    view.type = 0;
    view.fillChecksum();
    expect(view.bytes).toEqual(CASES[1]![1]);
    view.identifier = 7;
    view.sequenceNumber = 9;
    view.code = 1;
    expect(view.bytes.subarray(0, 8)).toEqual(fromHex('0001 5c9d 0007 0009'));
  });

  it('knows errors, which quote a packet, from the rest', () => {
    const kinds = Array.from({ length: 20 }, (_, type) => {
      const view = new IcmpView();
      view.wrap(new Uint8Array([type, 0, 0, 0, 0, 0, 0, 0]));
      return view.isError ? 'error' : view.isEcho ? 'echo' : 'other';
    });
    expect(kinds.flatMap((kind, type) => (kind === 'error' ? [type] : []))).toEqual([
      3, 4, 5, 11, 12,
    ]);
    expect(kinds.flatMap((kind, type) => (kind === 'echo' ? [type] : []))).toEqual([0, 8]);
  });

  it('reads and sets the MTU of a needed fragmentation', () => {
    const view = new IcmpView();
    view.wrap(CASES[2]![1].slice());
    expect(view.nextHopMtu).toBe(1300);
    view.nextHopMtu = 1400;
    expect(view.bytes.subarray(4, 8)).toEqual(fromHex('0000 0578'));
    expect(view.payloadOffset).toBe(8);
  });
});
