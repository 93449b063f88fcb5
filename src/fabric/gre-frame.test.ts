import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ETHERTYPE, PROTOCOL } from '../net/protocol.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH } from '../wire/ethernet.ts';
import { emitGre, type Gre, greLength, parseGre } from '../wire/gre.ts';
import { parseIcmp } from '../wire/icmp.ts';
import { Ipv4View } from '../wire/ipv4.ts';
import { endpointKey } from './endpoint.ts';
import type { FabricWatch } from './fabric.ts';
import { fragmentFrame } from './fragments.ts';
import { Frame } from './frame.ts';
import { unwrapFrame, wrapFrame } from './gre-frame.ts';
import { type GreTunnel, wrapHeader } from './gre-tunnel.ts';
import { Packet } from './packet.ts';
import type { Action } from './table.ts';
import { checksumsValid, echoFrame, rawFrame, tcpFrame, udpFrame } from './test-frames.ts';
import { A, C, ENDS, F, type TunnelOptions, tunnelNetwork } from './test-tunnel.ts';
import { ip } from './test-values.ts';

const TUNNELS: Readonly<Record<4 | 6, GreTunnel>> = {
  4: { source: ip('192.0.2.1'), destination: ip('10.0.2.10') },
  6: { source: ip('2001:db8:f::1'), destination: ip('2001:db8:a:2::10') },
};

const ETHERNET = '020000000001 020000000a01';
const INNER = '45000020 00000000 401164ba 0a000101 0a09010a 9c400035 000c8886 61626364';

/** The packet in a frame. */
const payloadOf = (frame: Uint8Array) => frame.subarray(ETHERNET_HEADER_LENGTH);
const compact = (hex: string) => hex.replaceAll(' ', '');

function wrapped(bytes: Uint8Array, tunnel: GreTunnel): Uint8Array {
  const [frame, packet] = [new Frame(), new Packet()];
  expect(frame.read(bytes, packet)).toBe('ip');
  wrapHeader(packet, tunnel);
  return wrapFrame(frame, packet);
}

function unwrapped(bytes: Uint8Array): Uint8Array {
  const [frame, packet] = [new Frame(), new Packet()];
  expect(frame.read(bytes, packet)).toBe('ip');
  expect(packet.inner).toBeDefined();
  return unwrapFrame(frame);
}

describe('bytes in and out of a tunnel', () => {
  it('H-086 RFC 2784 over IPv4: 24 bytes, without key and checksum', () => {
    const bytes = fromHex(`${ETHERNET} 0800 ${INNER}`);
    const outside = '45000038 00004000 402f6c8c c0000201 0a00020a';
    const gre = wrapped(bytes, TUNNELS[4]);
    expect(toHex(gre)).toBe(compact(`${ETHERNET} 0800 ${outside} 00000800 ${INNER}`));
    expect(toHex(unwrapped(gre))).toBe(toHex(bytes));
  });

  it('H-086 RFC 7676 over IPv6: 44 bytes', () => {
    const bytes = fromHex(`${ETHERNET} 0800 ${INNER}`);
    const ends = '20010db8000f0000 0000000000000001 20010db8000a0002 0000000000000010';
    const gre = wrapped(bytes, TUNNELS[6]);
    const outside = `60000000 0024 2f 40 ${ends}`;
    expect(toHex(gre)).toBe(compact(`${ETHERNET} 86dd ${outside} 00000800 ${INNER}`));
    expect(toHex(unwrapped(gre))).toBe(toHex(bytes));
  });

  it('H-086 any packet comes out as it went in, whatever the families', () => {
    const address = (family: 4 | 6) =>
      family === 4
        ? fc.ipV4().filter((text) => !text.startsWith('0.'))
        : fc.constantFrom('2001:db8::7', 'fd00::1', 'fe80::3');
    const any = fc.constantFrom(4 as const, 6 as const).chain((inner) =>
      fc.record({
        source: address(inner),
        destination: address(inner),
        outer: fc.constantFrom(4 as const, 6 as const),
        protocol: fc.constantFrom('tcp', 'udp', 'icmp', 47, 50, 132),
        payload: fc.uint8Array({ maxLength: 300 }),
        padding: fc.nat(20),
      }),
    );
    fc.assert(
      fc.property(any, ({ source, destination, outer, protocol, payload, padding }) => {
        const bytes = frameOf(protocol, { source, destination }, payload);
        const gre = wrapped(new Uint8Array([...bytes, ...Array(padding).fill(0)]), TUNNELS[outer]);
        expect(checksumsValid(gre)).toBe(true);
        expect(gre.length - bytes.length).toBe(outer === 4 ? 24 : 44);
        expect(toHex(unwrapped(gre))).toBe(toHex(bytes));
      }),
    );
  });
});

function frameOf(
  protocol: string | number,
  ends: { source: string; destination: string },
  payload: Uint8Array,
): Uint8Array {
  if (protocol === 'tcp') return tcpFrame(ends, payload);
  if (protocol === 'udp') return udpFrame(ends, payload);
  if (protocol === 'icmp') return echoFrame(ends, payload);
  return rawFrame(ends, Number(protocol), payload);
}

const INSIDE = { source: F[4], destination: A[4] };

/** What e sends by itself: a GRE packet with any bytes in it. */
function greFrame(payload: Uint8Array, family: 4 | 6 = 4): Uint8Array {
  const { router: source, gateway: destination } = ENDS[family];
  return rawFrame({ source, destination }, PROTOCOL.gre, payload);
}

/** GRE with `inner` in it, its header as these members say. */
function gre(inner: Uint8Array, members: Partial<Gre> = {}): Uint8Array {
  const protocol = inner[0]! >>> 4 === 6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4;
  const value: Gre = { protocol, checksummed: false, payload: inner, ...members };
  const bytes = new Uint8Array(greLength(value));
  emitGre(value, bytes, 0);
  return bytes;
}

function withFlags(flags: number): Uint8Array {
  const bytes = gre(payloadOf(udpFrame(INSIDE)));
  bytes.set([flags >>> 8, flags & 0xff]);
  return bytes;
}

const made = (options?: TunnelOptions) => tunnelNetwork(options).test;
type Made = ReturnType<typeof made>;

/** Who got something since the last look, or why nobody did. */
function outcome(test: Made): readonly string[] {
  const dropped = [...test.fabric.counters.dropped.keys()];
  test.fabric.counters.dropped.clear();
  return [...test.arrived.map(({ to }) => endpointKey(to)), ...dropped];
}

function sent(test: Made, from: string, bytes: Uint8Array): readonly string[] {
  test.arrived.length = 0;
  test.send(from, bytes);
  return outcome(test);
}

describe('frames through a tunnel of stations', () => {
  it.each([
    [4, 4],
    [4, 6],
    [6, 4],
    [6, 6],
  ] as const)('H-086 IPv%d in GRE over IPv%d, there and back, byte for byte', (inner, outer) => {
    const test = made({ family: outer });
    const there = udpFrame({ source: A[inner], destination: F[inner] }, fromHex('616263'));
    expect(sent(test, 'a', there.slice())).toEqual(['eni-f']);
    expect(toHex(payloadOf(test.arrived[0]!.bytes))).toBe(toHex(payloadOf(there)));
    const ends = { source: F[inner], destination: A[inner], sourcePort: 53, port: 40000 };
    const back = udpFrame(ends, fromHex('616263'));
    expect(sent(test, 'f', back.slice())).toEqual(['eni-a']);
    expect(toHex(payloadOf(test.arrived[0]!.bytes))).toBe(toHex(payloadOf(back)));
  });

  it('H-086 what ends inside a GRE packet is delivered as one', () => {
    const test = made({ unwraps: false });
    const bytes = udpFrame({ source: A[4], destination: F[4] }, fromHex('616263'));
    expect(sent(test, 'a', bytes.slice())).toEqual(['eni-e']);
    const arrived = test.arrived[0]!.bytes;
    const ipv4 = new Ipv4View();
    expect(ipv4.wrap(arrived, ETHERNET_HEADER_LENGTH) && ipv4.checksumValid()).toBe(true);
    expect(ipv4).toMatchObject({ protocol: PROTOCOL.gre, ttl: 64, dontFragment: true });
    const found = parseGre(arrived, ipv4.payloadOffset, ipv4.end);
    expect(found).toMatchObject({ protocol: ETHERTYPE.ipv4, checksummed: false });
    expect(toHex(found!.payload)).toBe(toHex(payloadOf(bytes)));
  });

  it('H-086 a GRE packet that a guest made is unwrapped from its bytes', () => {
    const test = made();
    const inner = udpFrame(INSIDE, fromHex('616263'));
    expect(sent(test, 'e', greFrame(gre(payloadOf(inner))))).toEqual(['eni-a']);
    expect(toHex(payloadOf(test.arrived[0]!.bytes))).toBe(toHex(payloadOf(inner)));
  });

  it('what the tables change inside and outside is in the bytes', () => {
    const test = made({
      before: [{ do: 'decrement-ttl' }, { do: 'rewrite-source', to: ip('10.0.1.77') }],
      after: [{ do: 'decrement-ttl' }],
      unwraps: false,
    });
    sent(test, 'a', udpFrame({ source: A[4], destination: F[4], ttl: 9 }));
    const outer = new Ipv4View();
    const inner = new Ipv4View();
    const { bytes } = test.arrived[0]!;
    expect(outer.wrap(bytes, ETHERNET_HEADER_LENGTH) && outer.checksumValid()).toBe(true);
    expect(inner.wrap(bytes, outer.payloadOffset + 4) && inner.checksumValid()).toBe(true);
    expect([outer.ttl, inner.ttl, inner.source]).toEqual([63, 8, ip('10.0.1.77')]);
    expect(checksumsValid(unwrapped(bytes))).toBe(true);
  });

  it('is walked each time: such flows are not remembered', () => {
    const test = made();
    for (let count = 0; count < 3; count++) {
      sent(test, 'a', udpFrame({ source: A[4], destination: F[4] }));
      sent(test, 'e', greFrame(gre(payloadOf(udpFrame(INSIDE)))));
    }
    expect(test.fabric.counters.known).toBe(0);
    sent(test, 'a', udpFrame({ source: A[4], destination: C[4] }));
    sent(test, 'a', udpFrame({ source: A[4], destination: C[4] }));
    expect(test.fabric.counters.known).toBe(1);
  });
});

describe('what is no GRE packet of RFC 2784', () => {
  const inner = payloadOf(udpFrame(INSIDE, fromHex('616263')));
  const six = payloadOf(udpFrame({ source: F[6], destination: A[6] }));
  const spoilt = gre(inner, { checksummed: true });
  spoilt[spoilt.length - 1]! ^= 1;

  it.each([
    ['with a checksum that is right', gre(inner, { checksummed: true })],
    ['with reserved bits 6 to 12', withFlags(0x03f8)],
    ['IPv6 inside', gre(six)],
    ['with bytes after the packet inside', gre(new Uint8Array([...inner, 1, 2, 3, 4]), {})],
  ])('H-086 takes one %s', (_, bytes) => {
    expect(sent(made(), 'e', greFrame(bytes))).toEqual(['eni-a']);
  });

  it.each([
    ['with a wrong checksum', spoilt],
    ['with bit 1', withFlags(0x4000)],
    ['with a key', gre(inner, { key: 7 })],
    ['with a sequence number', gre(inner, { sequence: 7 })],
    ['with bit 4', withFlags(0x0800)],
    ['with bit 5', withFlags(0x0400)],
    ['of version 1', withFlags(0x0001)],
    ['of version 7', withFlags(0x0007)],
    ['of another protocol type', gre(inner, { protocol: 0x88be })],
    ['of IPv6’s type with IPv4 inside', gre(inner, { protocol: ETHERTYPE.ipv6 })],
    ['of IPv4’s type with IPv6 inside', gre(six, { protocol: ETHERTYPE.ipv4 })],
    ['with a header that is cut off', fromHex('0000 08')],
    ['with a checksum that is cut off', fromHex('8000 0800 0000')],
    ['with nothing inside', fromHex('0000 0800')],
    ['with a packet that is cut off', gre(inner.subarray(0, inner.length - 1))],
    ['with a wrong IPv4 checksum inside', gre(inner.with(10, inner[10]! ^ 1))],
  ])('H-086 drops one %s', (_, bytes) => {
    const test = made();
    expect(sent(test, 'e', greFrame(bytes))).toEqual(['GRE_MALFORMED']);
    expect(test.fabric.counters.malformed).toBe(0);
  });

  it.each([4, 6] as const)('H-086 any bytes over IPv%d break nothing', (family) => {
    const test = made({ family });
    const whole = gre(payloadOf(udpFrame(INSIDE)));
    const spoil = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
    const near = fc.array(spoil, { maxLength: 4 }).map((spoils) => {
      const bytes = whole.slice();
      for (const { at, to } of spoils) bytes[at] = to;
      return bytes;
    });
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), near), (bytes) => {
        for (const one of sent(test, 'e', greFrame(bytes, family))) outcomes.add(one);
      }),
      { numRuns: 500 },
    );
    expect(outcomes).toContain('GRE_MALFORMED');
    expect(outcomes).toContain('eni-a');
  });

  it('a GRE packet inside is data: it comes out of the tunnel once', () => {
    const test = made();
    const ends = { source: ENDS[4].router, destination: A[4] };
    const nested = payloadOf(rawFrame(ends, PROTOCOL.gre, gre(inner)));
    expect(sent(test, 'e', greFrame(gre(nested)))).toEqual(['eni-a']);
    expect(toHex(payloadOf(test.arrived[0]!.bytes))).toBe(toHex(nested));
  });

  it('a network that does not unwrap carries what is malformed, too', () => {
    const test = made();
    const ends = { source: ENDS[4].router, destination: C[4] };
    expect(sent(test, 'e', rawFrame(ends, PROTOCOL.gre, withFlags(7)))).toEqual(['eni-c']);
  });
});

describe('sizes and pieces', () => {
  it('H-086 pieces of a GRE packet are dropped', () => {
    const inner = payloadOf(udpFrame(INSIDE, new Uint8Array(500)));
    const pieces = fragmentFrame(greFrame(gre(inner)), 300);
    expect(pieces.length).toBe(2);
    const test = made();
    for (const piece of pieces) {
      expect(sent(test, 'e', piece)).toEqual(['GRE_FRAGMENTS_NOT_SUPPORTED']);
    }
  });

  it('a packet that its sender cut travels in pieces, each in a GRE packet', () => {
    const test = made();
    const pieces = fragmentFrame(
      udpFrame({ source: A[4], destination: F[4] }, new Uint8Array(500)),
      300,
    );
    for (const piece of pieces) {
      const whole = toHex(payloadOf(piece));
      expect(sent(test, 'a', piece)).toEqual(['eni-f']);
      expect(toHex(payloadOf(test.arrived[0]!.bytes))).toBe(whole);
    }
  });

  it('a guest’s GRE packets carry pieces; a later one needs the first', () => {
    const pieces = fragmentFrame(udpFrame(INSIDE, new Uint8Array(500)), 300);
    const [first, later] = pieces.map((piece) => greFrame(gre(payloadOf(piece))));
    const test = made();
    expect(sent(test, 'e', later!.slice())).toEqual(['GRE_MALFORMED']);
    expect(sent(test, 'e', first!)).toEqual(['eni-a']);
    expect(sent(test, 'e', later!)).toEqual(['eni-a']);
  });

  it('C-130 sizes are those of the GRE packet, and errors about it go to its source', () => {
    const test = made({ after: [{ do: 'check-size', mtu: 1024 }] });
    const message = (length: number) =>
      sent(test, 'a', udpFrame({ source: A[4], destination: F[4] }, new Uint8Array(length)));
    expect(message(1024 - 24 - 28)).toEqual(['eni-f']);
    expect(message(1024 - 24 - 28 + 1)).toEqual(['MTU_EXCEEDED']);
    expect(test.arrived).toEqual([]);
  });

  it('C-130 and what is told about it is told to its source', () => {
    const { test, arrival, toRouter, toA } = tunnelNetwork();
    const from = { ipv4: ip('192.0.2.99'), ipv6: undefined };
    const actions: Action[] = [
      { do: 'set-errors', to: toRouter, from },
      { do: 'check-size', mtu: 1024 },
      { do: 'unwrap', to: toA },
    ];
    arrival.table = { rules: [], otherwise: { match: {}, actions } };
    const big = udpFrame({ source: F[4], destination: A[4] }, new Uint8Array(1200));
    expect(sent(test, 'f', big.slice())).toEqual(['eni-e', 'MTU_EXCEEDED']);
    const { bytes } = test.arrived[0]!;
    expect(checksumsValid(bytes)).toBe(true);
    const ipv4 = new Ipv4View();
    ipv4.wrap(bytes, ETHERNET_HEADER_LENGTH);
    expect([ipv4.source, ipv4.destination]).toEqual([from.ipv4, ip(ENDS[4].router)]);
    const error = parseIcmp(bytes, ipv4.payloadOffset, ipv4.end);
    expect(error).toMatchObject({ kind: 'destinationUnreachable', mtu: 1024 });
    const quoted = (error as { payload: Uint8Array }).payload;
    expect([quoted[9], toHex(quoted.subarray(12, 20))]).toEqual([47, '0a00020ac0000201']);
    expect(toHex(quoted.subarray(24))).toContain(toHex(payloadOf(big).subarray(0, 20)));
  });
});

describe('who sees a tunnel’s frames', () => {
  it('the interface that wraps and the one that unwraps, with its MAC on them', () => {
    const seen: string[] = [];
    const look = (verb: string) => (at: Parameters<FabricWatch['sent']>[0], bytes: Uint8Array) => {
      const [frame, packet] = [new Frame(), new Packet()];
      frame.read(bytes, packet);
      const gre = packet.protocol === PROTOCOL.gre ? 'gre' : 'plain';
      const { source, destination } = frame.ethernet;
      const ours = test.network.interfaces.get('eni-e')!.mac;
      const side = source === ours ? ' from e' : destination === ours ? ' to e' : '';
      seen.push(`${endpointKey(at)} ${verb} ${gre}${side}, inside ${packet.inner?.protocol}`);
    };
    const watch: FabricWatch = {
      sent: look('sends'),
      received: look('gets'),
      dropped: () => {},
    };
    const test = made({ watch });
    sent(test, 'a', udpFrame({ source: A[4], destination: F[4] }));
    sent(test, 'f', udpFrame({ source: F[4], destination: A[4], sourcePort: 53, port: 40000 }));
    expect(seen).toEqual([
      'eni-a sends plain, inside undefined',
      'eni-e gets gre to e, inside 17',
      'eni-f sends plain, inside undefined',
      'eni-e sends gre from e, inside 17',
    ]);
  });

  it('a GRE packet that is dropped is its wrapper’s', () => {
    const drops: string[] = [];
    const watch: FabricWatch = {
      sent: () => {},
      dropped: (from, { protocol }, { reason }) => {
        drops.push(`${from && endpointKey(from)} ${protocol} ${reason}`);
      },
    };
    const { test, arrival } = tunnelNetwork({ watch });
    const refuse = [{ do: 'drop', reason: 'INSTANCE_DROPS' } as const];
    arrival.table = { rules: [], otherwise: { match: {}, actions: refuse } };
    sent(test, 'f', udpFrame({ source: F[4], destination: A[4] }));
    expect(drops).toEqual(['eni-e 47 INSTANCE_DROPS']);
  });
});
