import { describe, expect, it } from 'vitest';
import { formatMac } from '../net/mac.ts';
import { fromHex, toHex } from '../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, EthernetView } from '../wire/ethernet.ts';
import { formatFrame } from '../wire/format.ts';
import { parseIcmp } from '../wire/icmp.ts';
import { Ipv4View } from '../wire/ipv4.ts';
import { endpointKey } from './endpoint.ts';
import type { FabricWatch } from './fabric.ts';
import { FRAME_QUEUE_MAX } from './limits.ts';
import { ROUTER_MAC } from './link.ts';
import { checksumsValid, echoFrame, ROUTER, rawFrame, tcpFrame, udpFrame } from './test-frames.ts';
import { TestNetwork } from './test-network.ts';

/** Two subnets: x and y in one, z in the other; everything allowed. */
function made(watch?: FabricWatch): TestNetwork {
  const test = new TestNetwork(watch && { watch });
  test.vpc('a', ['10.0.0.0/16']);
  test.ingress('sg-a');
  test.subnet('one', 'a', ['10.0.1.0/24']);
  test.subnet('two', 'a', ['10.0.2.0/24']);
  test.host('x', 'one', '10.0.1.10');
  test.host('y', 'one', '10.0.1.11');
  test.host('z', 'two', '10.0.2.10');
  return test;
}

function macOf(test: TestNetwork, name: string) {
  return test.network.interfaces.get(`eni-${name}`)!.mac;
}

function ethernet(bytes: Uint8Array): { from: string; to: string } {
  const view = new EthernetView();
  view.wrap(bytes);
  return { from: formatMac(view.source), to: formatMac(view.destination) };
}

/** Who got something since the last look, and what. */
function arrivals(test: TestNetwork): { to: string; bytes: Uint8Array }[] {
  return test.arrived.splice(0).map(({ to, bytes }) => ({ to: endpointKey(to), bytes }));
}

const X_TO_Y = { source: '10.0.1.10', destination: '10.0.1.11' };
const X_TO_Z = { source: '10.0.1.10', destination: '10.0.2.10' };

describe('frames between interfaces', () => {
  it('A-043 a frame to a neighbour’s MAC is switched and keeps its sender’s', () => {
    const test = made();
    const [from, to] = [macOf(test, 'x'), macOf(test, 'y')];
    test.send('x', udpFrame({ ...X_TO_Y, from, to }));
    const [arrival] = arrivals(test);
    expect(arrival!.to).toBe('eni-y');
    expect(ethernet(arrival!.bytes)).toEqual({ from: formatMac(from), to: formatMac(to) });
    expect(checksumsValid(arrival!.bytes)).toBe(true);
  });

  it('A-043 a frame to the router’s MAC is routed and comes from the router', () => {
    const test = made();
    test.send('x', udpFrame({ ...X_TO_Z, from: macOf(test, 'x') }));
    const [arrival] = arrivals(test);
    expect(arrival!.to).toBe('eni-z');
    expect(ethernet(arrival!.bytes)).toEqual({
      from: formatMac(ROUTER_MAC),
      to: formatMac(macOf(test, 'z')),
    });
  });

  it('A-043 a switched frame skips the route table, a routed one does not', () => {
    const test = made();
    test.unroute('rtb-a', '10.0.0.0/16');
    const to = macOf(test, 'y');
    test.send('x', udpFrame({ ...X_TO_Y, to }));
    expect(arrivals(test).map((one) => one.to)).toEqual(['eni-y']);
    test.send('x', udpFrame(X_TO_Y));
    expect(arrivals(test)).toEqual([]);
    expect(test.fabric.counters.dropped.get('NO_ROUTE_TO_DESTINATION')).toBe(1);
  });

  it('A-043 a frame to a neighbour’s MAC reaches it whatever its IP destination', () => {
    const test = made();
    test.host('m', 'one', '10.0.1.66', { sourceDestCheck: false });
    test.send('x', udpFrame({ ...X_TO_Z, to: macOf(test, 'm') }));
    const [arrival] = arrivals(test);
    expect(arrival!.to).toBe('eni-z');
    expect(new Ipv4ViewOf(arrival!.bytes).ttl).toBe(63);
  });

  it('a frame to a MAC of another subnet, or of nobody, is the router’s', () => {
    const test = made();
    test.send('x', udpFrame({ ...X_TO_Z, to: macOf(test, 'z') }));
    test.send('x', udpFrame({ ...X_TO_Z, to: 0x02_aa_aa_aa_aa_aa as never }));
    expect(arrivals(test).map(({ to }) => to)).toEqual(['eni-z', 'eni-z']);
  });

  it('carries what guests send in answer, in order, before drain returns', () => {
    const test: TestNetwork = new TestNetwork({
      deliver: (to, bytes) => {
        test.arrived.push({ to, bytes });
        if (test.arrived.length < 5) test.fabric.send(to, echoBack(bytes));
      },
    });
    test.vpc('a', ['10.0.0.0/16']);
    test.subnet('one', 'a', ['10.0.1.0/24']);
    test.host('x', 'one', '10.0.1.10');
    test.host('y', 'one', '10.0.1.11');
    test.send('x', echoFrame(X_TO_Y));
    expect(arrivals(test).map(({ to }) => to)).toEqual([
      'eni-y',
      'eni-x',
      'eni-y',
      'eni-x',
      'eni-y',
    ]);
  });
});

/** The same frame with its ends exchanged. */
function echoBack(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.copyWithin(0, 6, 12);
  const ip = ETHERNET_HEADER_LENGTH;
  copy.set(bytes.subarray(ip + 12, ip + 16), ip + 16);
  copy.set(bytes.subarray(ip + 16, ip + 20), ip + 12);
  return copy;
}

class Ipv4ViewOf extends Ipv4View {
  constructor(frame: Uint8Array) {
    super();
    this.wrap(frame, ETHERNET_HEADER_LENGTH);
  }
}

describe('the link', () => {
  const arp = (target: string) =>
    fromHex(
      'ffffffffffff 020000000a01 0806 0001 0800 06 04 0001 ' +
        `020000000a01 0a00010a 000000000000 ${target}`,
    );

  it('answers ARP: neighbours by their MAC, every other address by the router’s', () => {
    const test = made();
    for (const target of ['0a00010b', '0a000101', '0a00020a']) test.send('x', arp(target));
    const answers = arrivals(test);
    expect(answers.map(({ to }) => to)).toEqual(['eni-x', 'eni-x', 'eni-x']);
    expect(answers.map(({ bytes }) => ethernet(bytes).from)).toEqual([
      formatMac(macOf(test, 'y')),
      formatMac(ROUTER_MAC),
      formatMac(ROUTER_MAC),
    ]);
    test.send('x', arp('0a00010a'));
    expect(arrivals(test)).toEqual([]);
  });

  it('answers ARP for hosts outside too', () => {
    const test = made();
    test.fabric.send({ kind: 'internet', address: 1 as never }, arp('08080808'));
    test.fabric.drain();
    const [answer] = arrivals(test);
    expect(answer!.to).toBe('internet|0.0.0.1');
    expect(formatFrame(answer!.bytes)).toContain('8.8.8.8 is-at 02:00:00:00:00:01');
  });

  it('A-017 carries neither broadcast nor multicast', () => {
    const test = made();
    for (const destination of ['255.255.255.255', '224.0.0.1', '239.1.2.3']) {
      const to = 0xffff_ffff_ffff as never;
      test.send('x', udpFrame({ source: '10.0.1.10', destination, to }));
    }
    expect(arrivals(test)).toEqual([]);
    expect(test.fabric.counters.dropped.get('MULTICAST_NOT_SUPPORTED')).toBe(3);
  });

  it('A-013 A-017 nor what is for the last address of the subnet', () => {
    const test = made();
    test.send('x', udpFrame({ source: '10.0.1.10', destination: '10.0.1.255' }));
    expect(arrivals(test)).toEqual([]);
    expect(test.fabric.counters.dropped.get('MULTICAST_NOT_SUPPORTED')).toBe(1);
  });
});

describe('counters', () => {
  it('tell what became of every frame', () => {
    const test = made();
    test.send('x', udpFrame(X_TO_Z));
    test.send('x', udpFrame(X_TO_Z).slice(0, 30));
    test.send('x', new Uint8Array(3));
    test.send('x', udpFrame({ source: '10.0.9.9', destination: '10.0.2.10' }));
    const header = { fragmentOffset: 64, dontFragment: false };
    test.send('x', rawFrame({ ...X_TO_Z, header }, 17, new Uint8Array(8)));
    expect(test.fabric.counters).toMatchObject({ forwarded: 1, malformed: 2, orphans: 1 });
    expect([...test.fabric.counters.dropped]).toEqual([['ENI_SOURCE_DEST_CHECK_RESTRICTION', 1]]);
  });

  it('frames of who is gone, of unknown protocols and no question of the link are ignored', () => {
    const test = made();
    test.send('gone', udpFrame(X_TO_Z));
    const unknown = udpFrame(X_TO_Z);
    unknown.set([0x88, 0xcc], 12);
    test.send('x', unknown);
    const garbledArp = unknown.slice();
    garbledArp.set([0x08, 0x06], 12);
    test.send('x', garbledArp);
    expect(arrivals(test)).toEqual([]);
    expect(test.fabric.counters).toMatchObject({ forwarded: 0, malformed: 0, ignored: 3 });
  });

  it('refuse frames beyond the limit of those that wait', () => {
    const test = made();
    const from = { kind: 'interface', id: 'eni-x' } as const;
    for (let count = 0; count < FRAME_QUEUE_MAX + 3; count++) {
      test.fabric.send(from, new Uint8Array(1));
    }
    test.fabric.drain();
    expect(test.fabric.counters).toMatchObject({ malformed: FRAME_QUEUE_MAX, overflowed: 3 });
    test.fabric.send(from, new Uint8Array(1));
    test.fabric.drain();
    expect(test.fabric.counters).toMatchObject({ malformed: FRAME_QUEUE_MAX + 1, overflowed: 3 });
  });

  it('let one exchange carry more frames than may wait', () => {
    let left = FRAME_QUEUE_MAX + 10;
    const test: TestNetwork = new TestNetwork({
      deliver: (to, bytes) => {
        left -= 1;
        if (left > 0) test.fabric.send(to, echoBack(bytes));
      },
    });
    test.vpc('a', ['10.0.0.0/16']);
    test.subnet('one', 'a', ['10.0.1.0/24']);
    test.host('x', 'one', '10.0.1.10');
    test.host('y', 'one', '10.0.1.11');
    test.send('x', echoFrame(X_TO_Y));
    expect([left, test.fabric.counters.overflowed]).toEqual([0, 0]);
  });
});

describe('size', () => {
  it('A-108 cuts what may be fragmented to the size of the way', () => {
    const test = made();
    test.vpc('b', ['10.1.0.0/16'], { region: 'eu-west-1' });
    test.ingress('sg-b');
    test.subnet('b', 'b', ['10.1.0.0/24']);
    test.host('far', 'b', '10.1.0.10');
    test.peer('pcx-1', 'vpc-a', 'vpc-b');
    test.route('rtb-a', '10.1.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    const header = { dontFragment: false, identification: 5 };
    const ends = { source: '10.0.1.10', destination: '10.1.0.10', header };
    test.send('x', udpFrame(ends, new Uint8Array(8900)));
    const parts = arrivals(test);
    expect(parts.map(({ to }) => to)).toEqual(['eni-far', 'eni-far']);
    expect(parts.map(({ bytes }) => new Ipv4ViewOf(bytes).totalLength)).toEqual([8500, 448]);
    expect(parts.every(({ bytes }) => checksumsValid(bytes))).toBe(true);
  });

  it('A-108 B-061 answers what may not with an ICMP error from the router, that quotes it', () => {
    const test = made();
    test.vpc('b', ['10.1.0.0/16'], { region: 'eu-west-1' });
    test.subnet('b', 'b', ['10.1.0.0/24']);
    test.host('far', 'b', '10.1.0.10');
    test.peer('pcx-1', 'vpc-a', 'vpc-b');
    test.route('rtb-a', '10.1.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    const ends = { source: '10.0.1.10', destination: '10.1.0.10' };
    const sent = udpFrame(ends, new Uint8Array(8900));
    const original = toHex(sent.subarray(ETHERNET_HEADER_LENGTH, ETHERNET_HEADER_LENGTH + 28));
    test.send('x', sent);
    const [error, ...others] = arrivals(test);
    expect(others).toEqual([]);
    expect(error!.to).toBe('eni-x');
    expect(checksumsValid(error!.bytes)).toBe(true);
    const header = new Ipv4ViewOf(error!.bytes);
    expect(header.source).toBe(0x0a00_0101);
    const message = parseIcmp(error!.bytes, header.payloadOffset, header.end);
    expect(message).toMatchObject({ kind: 'destinationUnreachable', code: 4, mtu: 8500 });
    expect(toHex((message as { payload: Uint8Array }).payload.subarray(0, 28))).toBe(original);
  });

  it('A-109 the error comes only where group and ACL let it in', () => {
    const test = made();
    test.vpc('b', ['10.1.0.0/16'], { region: 'eu-west-1' });
    test.subnet('b', 'b', ['10.1.0.0/24']);
    test.host('far', 'b', '10.1.0.10');
    test.peer('pcx-1', 'vpc-a', 'vpc-b');
    test.route('rtb-a', '10.1.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    test.close('sg-a', false);
    test.ingress('sg-a', { protocol: 'tcp' });
    const ends = { source: '10.0.1.10', destination: '10.1.0.10' };
    test.send('x', udpFrame(ends, new Uint8Array(8900)));
    expect(arrivals(test)).toEqual([]);
    expect(test.fabric.counters.dropped.get('MTU_EXCEEDED')).toBe(1);
    expect(test.fabric.counters.dropped.get('ENI_SG_RULES_MISMATCH')).toBe(1);
  });

  it('a time to live that ends at a forwarding guest is reported to the sender', () => {
    const test = made();
    test.host('m', 'two', '10.0.2.66', { sourceDestCheck: false });
    test.route('rtb-a', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-m' });
    test.send('x', tcpFrame({ source: '10.0.1.10', destination: '192.0.2.1', ttl: 1 }));
    const [error] = arrivals(test);
    expect(error!.to).toBe('eni-x');
    const header = new Ipv4ViewOf(error!.bytes);
    expect(header.source).toBe(0x0a00_0242);
    expect(parseIcmp(error!.bytes, header.payloadOffset, header.end)).toMatchObject({
      kind: 'timeExceeded',
    });
  });

  it('RFC 1122: a later fragment is not reported', () => {
    const test = made();
    test.host('m', 'two', '10.0.2.66', { sourceDestCheck: false });
    test.route('rtb-a', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-m' });
    const ends = { source: '10.0.1.10', destination: '192.0.2.1', ttl: 1 };
    const header = { dontFragment: false, moreFragments: true };
    test.send('x', udpFrame({ ...ends, header }, new Uint8Array(64)));
    expect(arrivals(test)).toHaveLength(1);
    const later = { dontFragment: false, fragmentOffset: 72 };
    test.send('x', rawFrame({ ...ends, header: later }, 17, new Uint8Array(8)));
    expect(arrivals(test)).toEqual([]);
    expect(test.fabric.counters.dropped.get('TTL_EXPIRED')).toBe(2);
  });
});

describe('watching', () => {
  it('hears frames before they are carried, as they were sent, and drops with their place', () => {
    const heard: string[] = [];
    const test: TestNetwork = made({
      sent: (from, frame) => heard.push(`${endpointKey(from)} sent ${toHex(frame.subarray(0, 6))}`),
      dropped: (from, packet, { reason, station }) =>
        heard.push(`${from && endpointKey(from)} ${packet.length} ${reason} ${station.resource}`),
    });
    test.send('x', udpFrame(X_TO_Z));
    test.close('sg-a', true);
    test.send('x', tcpFrame(X_TO_Z));
    const router = toHex(fromHex('020000000001'));
    expect(heard).toEqual([
      `eni-x sent ${router}`,
      `eni-x sent ${router}`,
      'eni-x 40 SG_HAS_NO_RULES eni-x',
    ]);
    expect(ROUTER).toBe(ROUTER_MAC);
  });

  it('an isolated exchange is observed, and leaves flows in progress alone', () => {
    const test = made();
    test.close('sg-a', false);
    test.ingress('sg-a', { peer: '10.0.0.0/8' });
    test.send('x', udpFrame(X_TO_Z));
    const before = test.fabric.sessionCount;
    expect(before).toBeGreaterThan(0);
    const seen: string[] = [];
    const inside = test.fabric.isolated(
      {
        begin: (from) => {
          seen.push(`begin ${from && endpointKey(from)}`);
          return undefined;
        },
        end: (_from, _packet, { disposition }) => seen.push(`end ${disposition}`),
      },
      () => {
        const fresh = test.fabric.sessionCount;
        test.send('x', udpFrame(X_TO_Z));
        return fresh;
      },
    );
    expect(inside).toBe(0);
    expect(seen).toEqual(['begin eni-x', 'end delivered']);
    expect(test.fabric.sessionCount).toBe(before);
    test.send('x', udpFrame(X_TO_Z));
    expect(seen).toHaveLength(2);
  });
});
