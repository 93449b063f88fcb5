import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ip, isIpv4 } from '../net/ip.ts';
import { ipv4 } from '../net/ipv4.ts';
import { type Ipv6, ipv6 } from '../net/ipv6.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView } from '../wire/ethernet.ts';
import { UdpView } from '../wire/udp.ts';
import { Frame } from './frame.ts';
import { isEcho, Packet } from './packet.ts';
import {
  checksumsValid,
  echoFrame,
  icmpv6Frame,
  messageFrame,
  rawFrame,
  tcpFrame,
  udpFrame,
} from './test-frames.ts';
import { ip } from './test-values.ts';

function read(bytes: Uint8Array) {
  const frame = new Frame();
  const packet = new Packet();
  return { frame, packet, kind: frame.read(bytes, packet) };
}

const UDP4 = fromHex(
  '02000000000102000000ab01 0800' +
    '4500001e 12340000 1e117698 0a000001 0a010002' +
    '9c400035 000a0000 6869',
);
const TCP6 = fromHex(
  '02000000000102000000ab01 86dd' +
    '6000000000140640 20010db8000000000000000000000001 20010db8000000000000000000000002' +
    'c35001bb 00000001 00000000 5002ffff 00000000',
);
const ECHO4 = fromHex(
  '02000000000102000000ab01 0800' +
    '4500001c 00004000 4001267b 0a000001 0a640002' +
    '0800e5ca 12340001',
);

describe('reading', () => {
  it('reads UDP over IPv4', () => {
    const { kind, packet, frame } = read(UDP4);
    expect(kind).toBe('ip');
    expect(packet).toMatchObject({
      family: 4,
      source: ip('10.0.0.1'),
      destination: ip('10.1.0.2'),
      protocol: 17,
      sourcePort: 40000,
      destinationPort: 53,
      ttl: 30,
      length: 30,
      dontFragment: false,
    });
    expect(frame).toMatchObject({ isFragment: false, identification: 0x1234 });
  });

  it('reads TCP over IPv6', () => {
    const { kind, packet } = read(TCP6);
    expect(kind).toBe('ip');
    expect(packet).toMatchObject({
      family: 6,
      source: ip('2001:db8::1'),
      destination: ip('2001:db8::2'),
      protocol: 6,
      sourcePort: 50000,
      destinationPort: 443,
      tcpFlags: 2,
      ttl: 64,
      length: 60,
      dontFragment: true,
    });
  });

  it('reads the identifier of an echo in the place of ports', () => {
    const { kind, packet } = read(ECHO4);
    expect(kind).toBe('ip');
    const ports = { sourcePort: 0x1234, destinationPort: 0x1234 };
    expect(packet).toMatchObject({ protocol: 1, icmpType: 8, icmpCode: 0, ...ports });
    expect(packet).toMatchObject({ dontFragment: true });
  });

  it('forgets the packet before: nothing of it shows in the next', () => {
    const frame = new Frame();
    const packet = new Packet();
    frame.read(TCP6, packet);
    frame.read(ECHO4, packet);
    const fresh = read(ECHO4).packet;
    expect(packet).toEqual(fresh);
    frame.read(rawFrame({ source: '10.0.0.1', destination: '10.0.0.2' }, 47, UDP4), packet);
    expect(packet).toMatchObject({ sourcePort: 0, destinationPort: 0, icmpType: 0, tcpFlags: 0 });
  });

  it('tells ARP and what it does not know from packets', () => {
    const other = (type: string) => fromHex(`02000000000102000000ab01 ${type} 00`);
    expect(read(other('0806')).kind).toBe('arp');
    expect(read(other('88cc')).kind).toBe('unknown');
  });

  it('refuses what lies', () => {
    const lie = (bytes: Uint8Array, at: number, value: number) => {
      const copy = bytes.slice();
      copy[at] = value;
      return read(copy).kind;
    };
    const ipAt = ETHERNET_HEADER_LENGTH;
    expect(lie(UDP4, ipAt + 8, 64)).toBe('malformed'); // header checksum
    expect(lie(UDP4, ipAt, 0x65)).toBe('malformed'); // version
    expect(lie(TCP6, ipAt, 0x40)).toBe('malformed');
    expect(lie(TCP6, ipAt + 5, 21)).toBe('malformed'); // longer than the frame
    expect(lie(TCP6, ipAt + 40 + 12, 0x40)).toBe('malformed'); // data offset too small
    expect(lie(TCP6, ipAt + 40 + 12, 0x60)).toBe('malformed'); // options beyond the end
    const long = udpFrame({ source: '10.0.0.1', destination: '10.0.0.2' });
    expect(lie(long, ipAt + 20 + 5, 9)).toBe('malformed'); // UDP length
    const crossed = rawFrame(
      { source: '10.0.0.1', destination: '10.0.0.2' },
      58,
      new Uint8Array(8),
    );
    expect(read(crossed).kind).toBe('malformed'); // ICMPv6 over IPv4
  });

  it('refuses every truncation', () => {
    for (const bytes of [UDP4, TCP6, ECHO4]) {
      expect(read(bytes).kind).toBe('ip');
      for (let length = 0; length < bytes.length; length++) {
        expect(read(bytes.slice(0, length)).kind, `${length} bytes`).toBe('malformed');
      }
    }
  });

  it('reads a first fragment, whose UDP length says more than there is', () => {
    const header = { moreFragments: true, dontFragment: false, identification: 9 };
    const ends = { source: '10.0.0.1', destination: '10.0.0.2', header };
    const first = udpFrame(ends, new Uint8Array(8));
    new UdpViewOf(first).length = 2000;
    const { kind, packet, frame } = read(first);
    expect(kind).toBe('ip');
    expect(packet.destinationPort).toBe(53);
    expect(frame).toMatchObject({ isFragment: true, laterFragment: false, identification: 9 });
  });

  it('reads no ports of a later fragment', () => {
    const header = { fragmentOffset: 8, dontFragment: false };
    const ends = { source: '10.0.0.1', destination: '10.0.0.2', header };
    const { kind, packet, frame } = read(rawFrame(ends, 17, new Uint8Array(4).fill(0xff)));
    expect(kind).toBe('ip');
    expect(packet).toMatchObject({ protocol: 17, sourcePort: 0, destinationPort: 0 });
    expect(frame).toMatchObject({ isFragment: true, laterFragment: true });
  });

  it('never throws, whatever the bytes', () => {
    const kinds = new Map<string, number>();
    const spoiled = fc
      .tuple(fc.constantFrom(UDP4, TCP6, ECHO4), fc.nat(90), fc.nat(255), fc.nat(90))
      .map(([bytes, at, value, length]) => {
        const copy = bytes.slice(0, 20 + length);
        copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), spoiled), (bytes) => {
        const { frame, packet, kind } = read(bytes);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        if (kind === 'ip') frame.write(packet);
      }),
      { numRuns: 2000 },
    );
    expect(kinds.get('malformed')).toBeGreaterThan(0);
    expect(kinds.get('ip')).toBeGreaterThan(0);
  });
});

/** The UDP header of an IPv4 frame without options. */
class UdpViewOf extends UdpView {
  constructor(frame: Uint8Array) {
    super();
    this.wrap(frame, ETHERNET_HEADER_LENGTH + 20);
  }
}

const limb = fc.nat(0xffff_ffff);
const anyIpv4 = limb.map(ipv4);
const anyIpv6 = fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs));
const port = fc.nat(0xffff);
const payload = fc.uint8Array({ maxLength: 40 });
const frameOf = (address: fc.Arbitrary<Ip>) =>
  fc
    .record({
      envelope: fc.record({
        source: address,
        destination: address,
        ttl: fc.integer({ min: 2, max: 255 }),
        sourcePort: port,
        port,
        identifier: port,
        reply: fc.boolean(),
      }),
      payload,
      kind: fc.constantFrom('tcp', 'udp', 'udp0', 'echo', 'error', 'other'),
    })
    .map(({ envelope, payload: body, kind }) => {
      switch (kind) {
        case 'tcp':
          return tcpFrame(envelope, body);
        case 'udp':
          return udpFrame(envelope, body);
        case 'udp0':
          return withoutChecksum(udpFrame(envelope, body));
        case 'echo':
          return echoFrame(envelope, body);
        case 'error':
          return messageFrame(envelope, { kind: 'timeExceeded', code: 0, payload: body });
        default:
          return rawFrame(envelope, 47, body);
      }
    });

/** RFC 768: a sender over IPv4 may leave the checksum out. */
function withoutChecksum(frame: Uint8Array): Uint8Array {
  const { etherType } = wrapped(frame);
  if (etherType === 0x0800) new UdpViewOf(frame).checksum = 0;
  return frame;
}

function wrapped(frame: Uint8Array): EthernetView {
  const view = new EthernetView();
  view.wrap(frame);
  return view;
}

describe('writing', () => {
  const rewritten = (address: fc.Arbitrary<Ip>) =>
    fc.tuple(frameOf(address), address, address, port, port, fc.nat(254));

  it.each([
    ['IPv4', anyIpv4],
    ['IPv6', anyIpv6],
  ] as [string, fc.Arbitrary<Ip>][])(
    'what was rewritten reads equal again, checksums hold: %s',
    (_name, address) => {
      fc.assert(
        fc.property(rewritten(address), ([bytes, source, destination, a, b, ttlLess]) => {
          const { frame, packet, kind } = read(bytes);
          expect(kind).toBe('ip');
          packet.source = source;
          packet.destination = destination;
          packet.ttl = Math.max(1, packet.ttl - ttlLess);
          if (packet.protocol === 6 || packet.protocol === 17) {
            packet.sourcePort = a;
            packet.destinationPort = b;
          } else if (isEcho(packet)) packet.sourcePort = packet.destinationPort = a;
          frame.write(packet);
          const again = read(bytes);
          expect(again.kind).toBe('ip');
          expect(again.packet).toEqual(packet);
          expect(checksumsValid(bytes)).toBe(true);
        }),
        { numRuns: 500 },
      );
    },
  );

  it.each([0, 1, 2, 3])('writes an IPv6 address of which limb %i alone was rewritten', (limb) => {
    for (const end of ['source', 'destination'] as const) {
      const bytes = udpFrame({ source: '2001:db8::1', destination: '2001:db8::2' });
      const { frame, packet } = read(bytes);
      const limbs = [...(packet[end] as Ipv6)] as [number, number, number, number];
      limbs[limb]! += 5;
      packet[end] = ipv6(...limbs);
      frame.write(packet);
      expect(read(bytes).packet[end]).toEqual(ipv6(...limbs));
      expect(checksumsValid(bytes)).toBe(true);
    }
  });

  it('leaves a frame as it is when nothing was rewritten', () => {
    fc.assert(
      fc.property(fc.oneof(frameOf(anyIpv4), frameOf(anyIpv6)), (bytes) => {
        const before = toHex(bytes);
        const { frame, packet } = read(bytes);
        frame.write(packet);
        expect(toHex(bytes)).toBe(before);
      }),
    );
  });

  it('computes no checksum for a datagram that has none', () => {
    const bytes = withoutChecksum(udpFrame({ source: '10.0.0.1', destination: '10.0.0.2' }));
    const { frame, packet } = read(bytes);
    packet.destination = ip('10.0.0.3');
    packet.destinationPort = 54;
    frame.write(packet);
    expect(new UdpViewOf(bytes).checksum).toBe(0);
  });

  it('rewrites the addresses of a later fragment, and none of its payload', () => {
    const header = { fragmentOffset: 8, dontFragment: false };
    const body = new Uint8Array(12).fill(0x5a);
    const bytes = rawFrame({ source: '10.0.0.1', destination: '10.0.0.2', header }, 17, body);
    const { frame, packet } = read(bytes);
    packet.source = ip('203.0.113.1');
    packet.sourcePort = 1;
    frame.write(packet);
    const again = read(bytes);
    expect(again.packet.source).toBe(ip('203.0.113.1'));
    expect(toHex(bytes.subarray(-12))).toBe(toHex(body));
    expect(isIpv4(again.packet.source) && checksumsValid(bytes)).toBe(true);
  });

  it('adjusts the checksum of an ICMPv6 error, which covers the addresses', () => {
    const ends = { source: '2001:db8::1', destination: '2001:db8::2' };
    const message = { kind: 'packetTooBig', mtu: 1280, payload: new Uint8Array(8) } as const;
    const bytes = icmpv6Frame(ends, message);
    const { frame, packet } = read(bytes);
    packet.destination = ip('2001:db8:1::7');
    frame.write(packet);
    expect(checksumsValid(bytes)).toBe(true);
  });
});
