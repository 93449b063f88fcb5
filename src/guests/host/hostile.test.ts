/** Packets that a host must not believe, or not answer. */
import { beforeEach, describe, expect, it } from 'vitest';
import { isIpv4 } from '../../net/ip.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import { BROADCAST_MAC, type Mac, mac } from '../../net/mac.ts';
import { groupMac } from '../../net/multicast.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { readMac, writeMac } from '../../wire/bytes.ts';
import { emitIcmp, icmpLength } from '../../wire/icmp.ts';
import { emitIcmpv6, type Icmpv6, icmpv6Length } from '../../wire/icmpv6.ts';
import { solicitedNode } from '../../wire/ndp.ts';
import { emitUdp, udpLength } from '../../wire/udp.ts';
import type { Host } from './host.ts';
import { echoPacket } from './icmp.ts';
import { framesOf } from './ip-output.ts';
import type { Observed } from './listen.ts';
import type { IpPacket } from './packet.ts';
import { ip, lan, TestLink } from './test-support.ts';

const OWN = mac(0x0200_0000_0001);
const STRANGER = mac(0x0200_0000_0099);
const OTHER = mac(0x0200_0000_0077);
const here6 = ip('2001:db8::1') as Ipv6;
const there6 = ip('2001:db8::2') as Ipv6;

let link: TestLink;
let host: Host;
let observed: Observed[];

beforeEach(() => {
  link = new TestLink();
  observed = [];
  host = link.host(1, { onObserved: (what) => observed.push(what) });
});

function arrive(packet: IpPacket, to = OWN): void {
  const framing = { mac: STRANGER, mtu: 1500, pathMtu: 1500, identification: 1 };
  for (const frame of framesOf({ ...packet, dontFragment: true }, framing)!) {
    writeMac(frame, 0, to);
    host.receive(frame);
  }
}

function ndp(message: Icmpv6, options: { source?: Ipv6; destination?: Ipv6; ttl?: number } = {}) {
  const { source = there6, destination = here6, ttl = 255 } = options;
  const payload = new Uint8Array(icmpv6Length(message));
  emitIcmpv6(message, payload, 0, { source, destination });
  arrive({ source, destination, protocol: PROTOCOL.icmpv6, ttl, payload });
}

function udp(source: string, destination: string, sourcePort = 5): IpPacket {
  const ends = { source: ip(source), destination: ip(destination) };
  const datagram = { sourcePort, destinationPort: 6, payload: new Uint8Array(4) };
  const payload = new Uint8Array(udpLength(datagram));
  emitUdp(datagram, payload, 0, ends);
  return { ...ends, protocol: PROTOCOL.udp, ttl: 64, payload };
}

function echo(source: string, destination: string, fill = 0): IpPacket {
  return echoPacket({
    source: ip(source),
    destination: ip(destination),
    echo: {
      kind: fill ? 'echoReply' : 'echoRequest',
      identifier: 1,
      sequenceNumber: 1,
      payload: new Uint8Array(8).fill(fill),
    },
    ttl: 64,
  });
}

/** Where the host sends packets for the neighbor, which it knows. */
function sendsTo(): Mac {
  host.ping({ destination: there6, identifier: 1, sequence: 1 }, () => {});
  return readMac(link.frames.at(-1)!, 0);
}

describe('a packet with our own address as its source', () => {
  it.each(['10.0.0.1', '2001:db8::1'])('is dropped when it comes over the link, %s', (own) => {
    const dropped = () => host.drops.get('malformed') ?? 0;
    // Its echo would come back to the echo service, for ever.
    arrive(udp(own, own));
    expect(dropped()).toBe(1);
    arrive(echo(own, own));
    expect(dropped()).toBe(2);
    expect(observed).toEqual([]);
    expect(link.frames).toEqual([]);
  });

  it.each(['10.0.0.1', '2001:db8::1'])('is answered when we sent it ourselves, %s', (own) => {
    let kind: string | undefined;
    host.ping({ destination: ip(own), identifier: 1, sequence: 1 }, (result) => {
      kind = result.kind;
    });
    expect(kind).toBe('reply');
    host.sendUdp({ sourcePort: 5, destination: ip(own), port: 6, payload: new Uint8Array(4) });
    expect(observed.map(({ protocol }) => protocol)).toContain('udp');
  });
});

describe('neighbor discovery', () => {
  const advertisement = {
    kind: 'neighborAdvertisement' as const,
    target: there6,
    router: false,
    solicited: true,
    override: false,
    targetLinkLayerAddress: STRANGER,
  };

  it('ignores advertisements of strangers', () => {
    ndp({ ...advertisement, override: true });
    expect(sendsTo()).toBe(groupMac(solicitedNode(there6)));
  });

  it('takes the answer to its question, and changes it only when told to override', () => {
    sendsTo();
    ndp(advertisement);
    expect(sendsTo()).toBe(STRANGER);
    ndp({ ...advertisement, targetLinkLayerAddress: OTHER });
    expect(sendsTo()).toBe(STRANGER);
    ndp({ ...advertisement, targetLinkLayerAddress: OTHER, override: true });
    expect(sendsTo()).toBe(OTHER);
  });

  it.each([
    ['crossed a router', { ttl: 254 }, {}],
    ['names a group address', {}, { targetLinkLayerAddress: BROADCAST_MAC }],
  ])('ignores an answer that %s', (_what, options, change) => {
    sendsTo();
    const { length } = link.frames;
    ndp({ ...advertisement, ...change }, options);
    expect(link.frames).toHaveLength(length);
  });

  it('answers a solicitation, and learns who asked', () => {
    const message = { kind: 'neighborSolicitation', target: here6 } as const;
    ndp({ ...message, sourceLinkLayerAddress: STRANGER });
    expect(readMac(link.frames.at(-1)!, 0)).toBe(STRANGER);
    expect(sendsTo()).toBe(STRANGER);
  });

  it('defends its address against duplicate address detection', () => {
    const source = ip('::') as Ipv6;
    const destination = solicitedNode(here6);
    ndp({ kind: 'neighborSolicitation', target: here6 }, { source, destination });
    expect(link.frames).toHaveLength(1);
    expect(readMac(link.frames[0]!, 0)).toBe(mac(0x3333_0000_0001));
  });

  it('leaves solicitations for others to them', () => {
    ndp({ kind: 'neighborSolicitation', target: there6, sourceLinkLayerAddress: STRANGER });
    expect(link.frames).toEqual([]);
  });
});

describe('groups', () => {
  it('takes datagrams of groups it is in, and answers none', () => {
    host.configure({ ...lan(1), groups: [ip('239.1.2.3'), ip('ff05::7')] });
    arrive(udp('10.0.0.2', '239.1.2.3'), mac(0x0100_5e01_0203));
    arrive(udp('2001:db8::2', 'ff05::7'), mac(0x3333_0000_0007));
    arrive(udp('10.0.0.2', '239.1.2.4'), mac(0x0100_5e01_0204));
    arrive(echo('10.0.0.2', '239.1.2.3'), mac(0x0100_5e01_0203));
    host.setListen([]);
    arrive(udp('10.0.0.2', '239.1.2.3'), mac(0x0100_5e01_0203));
    expect(observed.map(({ destination }) => destination)).toEqual([
      ip('239.1.2.3'),
      ip('ff05::7'),
    ]);
    expect(link.frames).toEqual([]);
    expect(host.drops.get('notOurs')).toBe(1);
  });

  it('sends to a group without asking anybody', () => {
    const datagram = { sourcePort: 5, port: 6, payload: new Uint8Array(1) };
    host.sendUdp({ ...datagram, destination: ip('239.129.2.3') });
    host.sendUdp({ ...datagram, destination: ip('ff05::7') });
    const to = link.frames.map((frame) => readMac(frame, 0));
    expect(to).toEqual([mac(0x0100_5e01_0203), mac(0x3333_0000_0007)]);
  });
});

describe('packets', () => {
  it.each([
    ['239.1.1.1', '10.0.0.1'],
    ['0.0.0.0', '10.0.0.1'],
    ['255.255.255.255', '10.0.0.1'],
    ['ff02::1', '2001:db8::1'],
    ['::', '2001:db8::1'],
  ])('from %s are nobody’s', (source, destination) => {
    arrive(udp(source, destination));
    arrive(echo(source, destination));
    expect(link.frames).toEqual([]);
    expect(host.drops.get('malformed')).toBe(2);
  });

  it('for others are not answered', () => {
    arrive(udp('10.0.0.2', '10.0.0.3'));
    arrive(echo('2001:db8::2', '2001:db8::3'));
    arrive(udp('10.0.0.2', '10.0.0.1'), OTHER);
    expect(link.frames).toEqual([]);
    expect(host.drops.get('notOurs')).toBe(3);
  });

  it('with a wrong checksum are dropped and counted', () => {
    const packet = udp('10.0.0.2', '10.0.0.1');
    packet.payload[7]! ^= 1;
    arrive(packet);
    expect(observed).toEqual([]);
    expect(host.drops.get('checksum')).toBe(1);
  });

  it('from port 0 are seen and not answered', () => {
    arrive(udp('10.0.0.2', '10.0.0.1', 0));
    expect(observed).toHaveLength(1);
    expect(link.frames).toEqual([]);
  });

  it('that claim to answer a ping must carry what was sent', () => {
    const results: unknown[] = [];
    host.ping({ destination: ip('10.0.0.2'), identifier: 1, sequence: 1, size: 8 }, (result) =>
      results.push(result),
    );
    arrive(echo('10.0.0.2', '10.0.0.1', 0xff));
    expect(results).toEqual([]);
    expect(host.drops.get('unmatched')).toBe(1);
  });
});

describe('ICMP errors', () => {
  /** "Too big" of 600 octets about a packet from `source`. */
  function tooBig(source: string): void {
    const about = udp(source, '10.0.0.2');
    const framing = { mac: OWN, mtu: 1500, pathMtu: 1500, identification: 0 };
    const payload = framesOf({ ...about, dontFragment: true }, framing)![0]!.subarray(14);
    const message = { kind: 'destinationUnreachable', code: 4, mtu: 600, payload } as const;
    const bytes = new Uint8Array(icmpLength(message));
    emitIcmp(message, bytes);
    const ends = { source: ip('10.0.0.254'), destination: ip('10.0.0.1') };
    arrive({ ...ends, protocol: PROTOCOL.icmp, ttl: 64, payload: bytes });
  }

  function longestFrame(): number {
    link.frames.length = 0;
    link.host(2);
    host.ping({ destination: ip('10.0.0.2'), identifier: 1, sequence: 2, size: 1000 }, () => {});
    link.settle();
    const own = link.frames.filter((frame) => readMac(frame, 6) === OWN);
    return Math.max(...own.map((frame) => frame.length - 14));
  }

  it('about our own packets are believed', () => {
    tooBig('10.0.0.1');
    expect(longestFrame()).toBeLessThanOrEqual(600);
  });

  it('about packets of others are not', () => {
    tooBig('10.0.0.3');
    expect(longestFrame()).toBe(1028);
    expect(host.drops.get('unmatched')).toBe(1);
  });
});

it('never sends from an address of the other family', () => {
  expect(isIpv4(ip('10.0.0.1'))).toBe(true);
  const results: string[] = [];
  const destination = ip('10.0.0.2');
  host.ping({ source: here6, destination, identifier: 1, sequence: 1 }, ({ kind }) =>
    results.push(kind),
  );
  expect(results).toEqual(['unresolved']);
  expect(link.frames).toEqual([]);
});
