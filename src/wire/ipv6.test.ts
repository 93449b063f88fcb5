import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../net/ipv6.ts';
import { fromHex } from './bytes.ts';
import {
  emitIpv6Header,
  formatIpv6Header,
  type Ipv6Header,
  Ipv6View,
  ipv6Header,
  ipv6HeaderLength,
  parseIpv6Header,
} from './ipv6.ts';
import {
  anyIpv6,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint8,
} from './test-support.ts';

const A = parseIpv6('2001:db8::5')!;
const B = parseIpv6('2001:db8:1::7')!;
const BYTES = fromHex(`
  6 b8 12345 0003 11 01
  2001 0db8 0000 0000 0000 0000 0000 0005
  2001 0db8 0001 0000 0000 0000 0000 0007
  616263`);
const HEADER: Ipv6Header = {
  source: A,
  destination: B,
  nextHeader: 17,
  hopLimit: 1,
  trafficClass: 0xb8,
  flowLabel: 0x12345,
  payloadLength: 3,
};

function viewOf(bytes: Uint8Array): Ipv6View {
  const view = new Ipv6View();
  expect(view.wrap(bytes)).toBe(true);
  return view;
}

describe('IPv6', () => {
  it('parses and emits the same bytes', () => {
    expect(parseIpv6Header(BYTES)).toEqual(HEADER);
    const target = buffer(ipv6HeaderLength(HEADER) + 1);
    emitIpv6Header(HEADER, target, 1);
    expect(target).toEqual(new Uint8Array([0xa5, ...BYTES.subarray(0, 40)]));
    expectPrefixesRefused(BYTES, BYTES.length, parseIpv6Header);
  });

  it('emits what it parses', () => {
    const header = fc.record<Ipv6Header>({
      source: anyIpv6,
      destination: anyIpv6,
      nextHeader: uint8,
      hopLimit: uint8,
      trafficClass: uint8,
      flowLabel: fc.nat(0xfffff),
      payloadLength: fc.nat(60),
    });
    fc.assert(
      fc.property(header, (value) => {
        const bytes = buffer(ipv6HeaderLength(value) + value.payloadLength);
        emitIpv6Header(value, bytes);
        expect(parseIpv6Header(bytes)).toEqual(value);
      }),
    );
  });

  it('asserts that the payload length fits its field', () => {
    const header = { ...HEADER, payloadLength: 0x10000 };
    expect(() => emitIpv6Header(header, buffer(40))).toThrow('IPv6 packet too long');
  });

  it.each([
    ['version 4', 0, 0x46],
    ['a payload length beyond the bytes', 5, 4],
  ])('refuses %s', (_name, at, value) => {
    const bytes = BYTES.slice();
    bytes[at] = value;
    expect(new Ipv6View().wrap(bytes)).toBe(false);
  });

  it('leaves the padding of a frame out', () => {
    const view = viewOf(new Uint8Array([...BYTES, 0, 0]));
    expect([view.payloadOffset, view.end]).toEqual([40, 43]);
  });

  it('reads a quoted packet whose payload is cut short', () => {
    const view = new Ipv6View();
    const cut = BYTES.subarray(0, 41);
    expect(view.wrap(cut)).toBe(false);
    expect(view.wrapQuoted(cut, 0, 41)).toBe(true);
    expect([view.end, view.payloadLength]).toEqual([41, 3]);
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows(parseIpv6Header);
    expectViewStaysInside(
      () => new Ipv6View(),
      BYTES,
      (view) => view.sourceLimb(0) + view.destinationLimb(3),
    );
  });

  it('fills in the usual values', () => {
    const header = ipv6Header({ source: A, destination: B, nextHeader: 6, payloadLength: 0 });
    expect([header.hopLimit, header.trafficClass, header.flowLabel]).toEqual([64, 0, 0]);
  });

  it('formats a line', () => {
    expect(formatIpv6Header(HEADER)).toBe(
      'IP6 2001:db8::5 > 2001:db8:1::7: next-header 17, hlim 1, length 43',
    );
  });
});

describe('an IPv6 view', () => {
  it('changes fields in place', () => {
    const view = viewOf(BYTES.slice());
    view.source = B;
    view.destination = A;
    view.nextHeader = 6;
    view.hopLimit = 64;
    view.payloadLength = 2;
    expect(view.bytes).toEqual(
      fromHex(`6b812345 0002 06 40
        2001 0db8 0001 0000 0000 0000 0000 0007
        2001 0db8 0000 0000 0000 0000 0000 0005
        616263`),
    );
    expect([view.trafficClass, view.flowLabel]).toEqual([0xb8, 0x12345]);
  });

  it('reads addresses limb by limb', () => {
    const view = viewOf(BYTES);
    const limbs = [0, 1, 2, 3];
    expect(limbs.map((index) => view.sourceLimb(index))).toEqual(A);
    expect(limbs.map((index) => view.destinationLimb(index))).toEqual(B);
  });

  it('takes hops off until they are spent', () => {
    const view = viewOf(BYTES.slice());
    view.decrementHopLimit();
    expect(view.hopLimit).toBe(0);
    expect(() => view.decrementHopLimit()).toThrow('the hop limit is spent');
  });
});
