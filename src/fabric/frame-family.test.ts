import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp } from '../net/ip.ts';
import { ICMP_UNREACHABLE } from '../wire/icmp.ts';
import { Frame } from './frame.ts';
import { translateFrame } from './frame-family.ts';
import { becomeIpv4, becomeIpv6 } from './nat64.ts';
import { Packet } from './packet.ts';
import { checksumsValid, echoFrame, messageFrame, tcpFrame, udpFrame } from './test-frames.ts';
import { ip } from './test-values.ts';

const INSIDE = '2001:db8::5';
const FAR = '64:ff9b::cb00:7109';
const OUTSIDE = '10.0.0.9';
const SERVER = '203.0.113.9';

interface Read {
  readonly frame: Frame;
  readonly packet: Packet;
  readonly bytes: Uint8Array;
}

function read(bytes: Uint8Array): Read {
  const frame = new Frame();
  const packet = new Packet();
  expect(frame.read(bytes, packet)).toBe('ip');
  return { frame, packet, bytes };
}

/** The frame from inside as it goes out, and the frame from outside as it comes in. */
function outwards({ frame, packet }: Read): Read {
  expect(becomeIpv4(packet, ip(OUTSIDE), ip(SERVER))).toBe(true);
  return read(translateFrame(frame, packet));
}
function inwards({ frame, packet }: Read): Read {
  expect(becomeIpv6(packet, ip(FAR), ip(INSIDE))).toBe(true);
  return read(translateFrame(frame, packet));
}

const FRAMES = {
  tcp: (payload: Uint8Array) => tcpFrame({ source: INSIDE, destination: FAR }, payload),
  udp: (payload: Uint8Array) => udpFrame({ source: INSIDE, destination: FAR }, payload),
  icmp: (payload: Uint8Array) => echoFrame({ source: INSIDE, destination: FAR }, payload),
};

describe.each(['tcp', 'udp', 'icmp'] as const)('%s', (protocol) => {
  it('has valid checksums, its payload and its time to live in both families', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (payload) => {
        const sent = read(FRAMES[protocol](payload));
        const { ttl, sourcePort, destinationPort } = sent.packet;
        const out = outwards(sent);
        expect(checksumsValid(out.bytes)).toBe(true);
        const { packet } = out;
        expect([formatIp(packet.source), formatIp(packet.destination)]).toEqual([OUTSIDE, SERVER]);
        expect([packet.ttl, packet.sourcePort, packet.destinationPort]).toEqual([
          ttl,
          sourcePort,
          destinationPort,
        ]);
        const back = inwards(out);
        expect(checksumsValid(back.bytes)).toBe(true);
        expect(back.bytes.slice(54 + 8).slice(-payload.length)).toEqual(
          sent.bytes.slice(54 + 8).slice(-payload.length),
        );
        expect(back.bytes.length).toBe(sent.bytes.length);
      }),
    );
  });

  it('a wrong checksum stays wrong', () => {
    const sent = read(FRAMES[protocol](new Uint8Array([1, 2, 3, 4])));
    sent.bytes[sent.bytes.length - 1]! ^= 1;
    expect(checksumsValid(outwards(sent).bytes)).toBe(false);
  });
});

describe('RFC 7915', () => {
  it('computes the checksum that a UDP sender left out', () => {
    const bytes = udpFrame({ source: SERVER, destination: OUTSIDE }, new Uint8Array([1, 2, 3]));
    const sent = read(bytes);
    sent.frame.udp.checksum = 0;
    const { frame, bytes: into } = inwards(sent);
    expect(frame.udp.checksum).not.toBe(0);
    expect(checksumsValid(into)).toBe(true);
  });

  it('lets small packets be cut on their further way, larger ones not', () => {
    const flags = [10, 1400].map((size) => {
      return outwards(read(FRAMES.udp(new Uint8Array(size)))).packet.dontFragment;
    });
    expect(flags).toEqual([false, true]);
  });

  it('takes no message that exists in one family only', () => {
    const envelope = { source: SERVER, destination: OUTSIDE };
    const other = {
      kind: 'other',
      type: 13,
      code: 0,
      rest: 0,
      payload: new Uint8Array(12),
    } as const;
    const { packet } = read(messageFrame(envelope, other as never));
    expect(becomeIpv6(packet, ip(FAR), ip(INSIDE))).toBe(false);
    expect([packet.family, formatIp(packet.source)]).toEqual([4, SERVER]);
  });
});

describe('errors', () => {
  /** An error from outside about a packet that went out. */
  function error(code: number, mtu: number, about: Uint8Array): Read {
    const payload = about.subarray(14);
    const kind = 'destinationUnreachable';
    const message = { kind, code, mtu, payload } as const;
    return read(messageFrame({ source: SERVER, destination: OUTSIDE }, message as never));
  }

  it.each(['tcp', 'udp', 'icmp'] as const)('quote %s in the new family', (protocol) => {
    const out = outwards(read(FRAMES[protocol](new Uint8Array(30))));
    const { frame, packet } = error(ICMP_UNREACHABLE.port, 0, out.bytes);
    const quoted = packet.quoted!;
    becomeIpv6(packet, ip(FAR), ip(INSIDE));
    Object.assign(quoted, {
      source: ip(INSIDE),
      destination: ip(FAR),
      sourcePort: 777,
      ...(protocol === 'icmp' ? { destinationPort: 777, protocol: 58 } : {}),
    });
    const into = read(translateFrame(frame, packet));
    expect(checksumsValid(into.bytes)).toBe(true);
    expect([into.packet.icmpType, into.packet.icmpCode]).toEqual([1, 4]);
    expect(into.packet.quoted).toEqual(quoted);
  });

  it('count the larger header into the MTU', () => {
    const out = outwards(read(FRAMES.udp(new Uint8Array(30))));
    const { frame, packet } = error(ICMP_UNREACHABLE.fragmentationNeeded, 1400, out.bytes);
    becomeIpv6(packet, ip(FAR), ip(INSIDE));
    Object.assign(packet.quoted!, { source: ip(INSIDE), destination: ip(FAR) });
    const into = read(translateFrame(frame, packet));
    expect([into.packet.icmpType, into.frame.icmpv6.mtu]).toEqual([2, 1420]);
  });

  it('from inside go out as ICMP', () => {
    const reply = udpFrame({ source: FAR, destination: INSIDE });
    const sent = read(
      messageFrame({ source: INSIDE, destination: FAR }, {
        kind: 'destinationUnreachable',
        code: 4,
        mtu: 0,
        payload: reply.subarray(14),
      } as never),
    );
    becomeIpv4(sent.packet, ip(OUTSIDE), ip(SERVER));
    Object.assign(sent.packet.quoted!, { source: ip(SERVER), destination: ip(OUTSIDE) });
    const out = read(translateFrame(sent.frame, sent.packet));
    expect(checksumsValid(out.bytes)).toBe(true);
    expect([out.packet.icmpType, out.packet.icmpCode]).toEqual([3, ICMP_UNREACHABLE.port]);
    expect(out.packet.quoted).toMatchObject({ source: ip(SERVER), destinationPort: 53 });
  });
});
