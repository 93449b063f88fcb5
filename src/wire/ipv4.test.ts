import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4 } from '../net/ipv4.ts';
import { fromHex } from './bytes.ts';
import {
  emitIpv4Header,
  formatIpv4Header,
  type Ipv4Header,
  Ipv4View,
  ipv4Header,
  ipv4HeaderLength,
  parseIpv4Header,
} from './ipv4.ts';
import {
  anyIpv4,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint8,
  uint16,
} from './test-support.ts';

const A = ipv4(0x0a000005);
const B = ipv4(0x0a000107);
const PLAIN_BYTES = fromHex(
  '4500 001c 0001 4000 0111 64c5 0a00 0005 0a00 0107 d431 0035 0008 0000',
);
const PLAIN = ipv4Header({
  source: A,
  destination: B,
  protocol: 17,
  ttl: 1,
  identification: 1,
  payloadLength: 8,
});
/** A router alert (RFC 2113), expedited forwarding, ECT(1), and a middle fragment. */
const RICH_BYTES = fromHex(
  '46b9 0020 1c46 2001 4002 bed1 0a00 0005 e000 0001 9404 0000 0102 0304 0506 0708',
);
const RICH: Ipv4Header = {
  source: A,
  destination: ipv4(0xe0000001),
  protocol: 2,
  ttl: 64,
  identification: 0x1c46,
  dontFragment: false,
  moreFragments: true,
  fragmentOffset: 8,
  dscp: 46,
  ecn: 1,
  options: fromHex('94040000'),
  payloadLength: 8,
};

function viewOf(bytes: Uint8Array): Ipv4View {
  const view = new Ipv4View();
  expect(view.wrap(bytes)).toBe(true);
  return view;
}

describe('IPv4', () => {
  it('parses headers with and without options', () => {
    expect(parseIpv4Header(PLAIN_BYTES)).toEqual(PLAIN);
    expect(parseIpv4Header(RICH_BYTES)).toEqual(RICH);
    expectPrefixesRefused(RICH_BYTES, RICH_BYTES.length, parseIpv4Header);
  });

  it.each([
    [PLAIN, PLAIN_BYTES],
    [RICH, RICH_BYTES],
  ])('emits the same header', (header, bytes) => {
    const target = buffer(ipv4HeaderLength(header));
    emitIpv4Header(header, target);
    expect(target).toEqual(bytes.subarray(0, ipv4HeaderLength(header)));
  });

  it('emits what it parses', () => {
    const header = fc.record<Ipv4Header>({
      source: anyIpv4,
      destination: anyIpv4,
      protocol: uint8,
      ttl: uint8,
      identification: uint16,
      dontFragment: fc.boolean(),
      moreFragments: fc.boolean(),
      fragmentOffset: fc.nat(0x1fff).map((units) => units * 8),
      dscp: fc.nat(63),
      ecn: fc.nat(3),
      options: fc.nat(10).map((words) => new Uint8Array(words * 4).fill(1)),
      payloadLength: fc.nat(100),
    });
    fc.assert(
      fc.property(header, (value) => {
        const bytes = buffer(ipv4HeaderLength(value) + value.payloadLength);
        emitIpv4Header(value, bytes);
        expect(parseIpv4Header(bytes)).toEqual(value);
      }),
    );
  });

  it('refuses a wrong checksum unless told not to look', () => {
    const bytes = PLAIN_BYTES.slice();
    bytes[8] = 2;
    expect(parseIpv4Header(bytes)).toBeUndefined();
    expect(parseIpv4Header(bytes, 0, bytes.length, false)).toEqual({ ...PLAIN, ttl: 2 });
  });

  it.each([
    ['version 6', 0, 0x65],
    ['a header below 20 bytes', 0, 0x44],
    ['a header beyond the packet', 0, 0x48],
    ['a total length beyond the bytes', 3, 0x1d],
    ['a total length below the header', 3, 0x13],
  ])('refuses %s', (_name, at, value) => {
    const bytes = PLAIN_BYTES.slice();
    bytes[at] = value;
    expect(new Ipv4View().wrap(bytes)).toBe(false);
    expect(parseIpv4Header(bytes, 0, bytes.length, false)).toBeUndefined();
  });

  it('leaves the padding of a frame out', () => {
    const view = viewOf(new Uint8Array([...PLAIN_BYTES, 0, 0, 0]));
    expect(view.end).toBe(PLAIN_BYTES.length);
    expect(view.payloadOffset).toBe(20);
  });

  it('reads a quoted packet whose payload is cut short', () => {
    const view = new Ipv4View();
    const cut = PLAIN_BYTES.subarray(0, 24);
    expect(view.wrap(cut)).toBe(false);
    expect(view.wrapQuoted(cut, 0, 24)).toBe(true);
    expect(view.end).toBe(24);
    expect(view.destination).toBe(B);
    expect(view.wrapQuoted(cut, 0, 19)).toBe(false);
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows(parseIpv4Header);
    expectNeverThrows((bytes, offset, end) => new Ipv4View().wrapQuoted(bytes, offset, end));
    for (const head of [PLAIN_BYTES, RICH_BYTES]) {
      expectViewStaysInside(
        () => new Ipv4View(),
        head,
        (view) => view.checksumValid(),
        (view) => view.fillChecksum(),
        (view) => view.replaceSource(A),
      );
    }
  });
});

describe('an IPv4 view', () => {
  it('reads the fragment fields apart', () => {
    const view = viewOf(RICH_BYTES.slice());
    expect([view.dontFragment, view.moreFragments, view.fragmentOffset]).toEqual([false, true, 8]);
    expect(view.isFragment).toBe(true);
    view.moreFragments = false;
    expect([view.fragmentOffset, view.isFragment]).toEqual([8, true]);
    view.fragmentOffset = 0;
    expect(view.isFragment).toBe(false);
    view.dontFragment = true;
    view.fragmentOffset = 65528;
    expect(view.bytes.subarray(6, 8)).toEqual(fromHex('5fff'));
    view.dontFragment = false;
    view.moreFragments = true;
    expect(view.bytes.subarray(6, 8)).toEqual(fromHex('3fff'));
  });

  it('sets plain fields in place', () => {
    const view = viewOf(PLAIN_BYTES.slice());
    view.totalLength = 0x1b;
    view.identification = 0xbeef;
    view.ttl = 64;
    view.protocol = 6;
    view.source = B;
    view.destination = A;
    view.fillChecksum();
    expect(view.bytes).toEqual(
      fromHex('4500 001b beef 4000 4006 66e2 0a00 0107 0a00 0005 d431 0035 0008 0000'),
    );
    expect(view.checksumValid()).toBe(true);
  });

  it('keeps the checksum a full sum would give when it rewrites', () => {
    fc.assert(
      fc.property(anyIpv4, anyIpv4, fc.integer({ min: 1, max: 255 }), (source, target, ttl) => {
        const view = viewOf(RICH_BYTES.slice());
        view.ttl = ttl;
        view.fillChecksum();
        view.replaceSource(source);
        view.replaceDestination(target);
        view.decrementTtl();
        expect([view.source, view.destination, view.ttl]).toEqual([source, target, ttl - 1]);
        const incremental = view.headerChecksum;
        view.fillChecksum();
        expect(incremental).toBe(view.headerChecksum);
      }),
    );
  });

  it('asserts that a spent TTL is not taken down', () => {
    const view = viewOf(PLAIN_BYTES.slice());
    view.ttl = 0;
    expect(() => view.decrementTtl()).toThrow('the TTL is spent');
  });
});

describe('formatIpv4Header', () => {
  it('formats a line, with the fragment where there is one', () => {
    expect(formatIpv4Header(PLAIN)).toBe('IP 10.0.0.5 > 10.0.1.7: proto 17, ttl 1, length 28');
    expect(formatIpv4Header(RICH)).toBe(
      'IP 10.0.0.5 > 224.0.0.1: proto 2, ttl 64, frag 8+ id 7238, length 32',
    );
  });
});
