import { describe, expect, it } from 'vitest';
import { EthernetView } from '../../wire/ethernet.ts';
import { ICMP_UNREACHABLE } from '../../wire/icmp.ts';
import type { Ipv4View } from '../../wire/ipv4.ts';
import { TCP_FLAG } from '../../wire/tcp.ts';
import { Frame } from '../frame.ts';
import { Packet } from '../packet.ts';
import type { Reason } from '../reason.ts';
import { checksumsValid, messageFrame, tcpFrame, udpFrame } from '../test-frames.ts';
import { TestNetwork } from '../test-network.ts';

const SERVER = '203.0.113.9';
const ELASTIC = '54.0.0.1';

/** x in a private subnet, a public NAT gateway in a public one, everything allowed. */
function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16']);
  test.ingress('sg-a');
  test.subnet('public', 'a', ['10.0.0.0/24']);
  test.subnet('private', 'a', ['10.0.1.0/24']);
  test.gateway('igw-1', 'vpc-a');
  test.route('rtb-a', '0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-1' });
  test.nat('one', 'public', ['10.0.0.9'], [ELASTIC]);
  test.table('rtb-private', 'vpc-a', ['10.0.0.0/16']);
  test.route('rtb-private', '0.0.0.0/0', { kind: 'nat-gateway', id: 'nat-one' });
  test.useTable('subnet-private', 'vpc-a', 'rtb-private');
  test.host('x', 'private', '10.0.1.10');
  return test;
}

/** A private NAT gateway in VPC a; y in VPC b, which is peered. */
function peered(): TestNetwork {
  const test = made();
  test.vpc('b', ['10.1.0.0/16']);
  test.ingress('sg-b');
  test.subnet('far', 'b', ['10.1.0.0/24']);
  test.host('y', 'far', '10.1.0.10');
  test.peer('pcx-1', 'vpc-a', 'vpc-b');
  test.route('rtb-a', '10.1.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
  test.route('rtb-b', '10.0.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
  test.nat('spare', 'public', ['10.0.0.8']);
  test.route('rtb-private', '10.1.0.0/16', { kind: 'nat-gateway', id: 'nat-spare' });
  return test;
}

describe('outwards', () => {
  it('A-094 A-111 A-112 passes the ACL and route table of its subnet, both ways', () => {
    const { reachable, observed, forward, return: back } = made().ask('x', SERVER);
    expect(reachable).toBe(true);
    expect(observed).toEqual({
      source: ELASTIC,
      sourcePort: 50000,
      destination: SERVER,
      port: 443,
    });
    const way = forward.hops.map(({ kind, resource, direction, packet }) => {
      return [kind, resource, direction, packet.source];
    });
    expect(way).toEqual([
      ['network-interface', 'eni-x', 'egress', '10.0.1.10'],
      ['security-group', 'sg-a', 'egress', '10.0.1.10'],
      ['network-acl', 'acl-a', 'egress', '10.0.1.10'],
      ['route-table', 'rtb-private', 'egress', '10.0.1.10'],
      ['network-acl', 'acl-a', 'ingress', '10.0.1.10'],
      ['nat-gateway', 'nat-one', 'egress', '10.0.0.9'],
      ['network-acl', 'acl-a', 'egress', '10.0.0.9'],
      ['route-table', 'rtb-a', 'egress', '10.0.0.9'],
      ['internet-gateway', 'igw-1', 'egress', ELASTIC],
    ]);
    const home = back!.hops.map(({ kind, resource, packet }) => {
      return [kind, resource, packet.destination];
    });
    expect(home).toEqual([
      ['internet-gateway', 'igw-1', '10.0.0.9'],
      ['network-acl', 'acl-a', '10.0.0.9'],
      ['nat-gateway', 'nat-one', '10.0.1.10'],
      ['network-acl', 'acl-a', '10.0.1.10'],
      ['route-table', 'rtb-a', '10.0.1.10'],
      ['network-acl', 'acl-a', '10.0.1.10'],
      ['security-group', 'sg-a', '10.0.1.10'],
      ['network-interface', 'eni-x', '10.0.1.10'],
    ]);
  });

  it.each(['udp', 'icmp'] as const)('A-095 carries %s', (protocol) => {
    const { reachable, observed } = made().ask('x', SERVER, protocol);
    expect([reachable, observed?.source]).toEqual([true, ELASTIC]);
  });

  it('A-112 the ACL and route table of its subnet may refuse what it translated', () => {
    const closed = made();
    closed.acl('acl-public', 'vpc-a');
    const entry = { ruleNumber: 100, action: 'allow', cidr: '0.0.0.0/0' } as const;
    closed.entry('acl-public', { ...entry, egress: false });
    closed.useAcl('subnet-public', 'acl-public');
    const denied = closed.ask('x', SERVER).forward;
    expect(denied).toMatchObject({ reason: 'SUBNET_ACL_RESTRICTION', at: 'acl-public' });
    expect(denied.hops.at(-1)).toMatchObject({
      direction: 'egress',
      packet: { source: '10.0.0.9' },
    });
    const routeless = made();
    routeless.unroute('rtb-a', '0.0.0.0/0');
    const lost = routeless.ask('x', SERVER).forward;
    expect(lost).toMatchObject({ reason: 'NO_ROUTE_TO_DESTINATION', at: 'rtb-a' });
  });

  it('A-063 A-099 a sender in its own subnet crosses no ACL to it', () => {
    const test = made();
    test.host('z', 'public', '10.0.0.20');
    test.route('rtb-a', '192.0.2.0/24', { kind: 'nat-gateway', id: 'nat-one' });
    const before = test.ask('z', '192.0.2.1').forward.hops.map(({ kind }) => kind);
    expect(before.slice(0, 4)).toEqual([
      'network-interface',
      'security-group',
      'route-table',
      'nat-gateway',
    ]);
    // Its packets to Internet addresses would come back to it for ever, but for their TTL.
    expect(test.ask('z', '192.0.2.1').forward.disposition).toBe('dropped');
  });

  it('A-094 a private one has no elastic address: the internet gateway drops its packets', () => {
    const test = made();
    test.nat('spare', 'public', ['10.0.0.8']);
    test.route('rtb-private', '0.0.0.0/0', { kind: 'nat-gateway', id: 'nat-spare' });
    const { forward } = test.ask('x', SERVER);
    const reason: Reason = 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS';
    expect(forward).toMatchObject({ reason, at: 'igw-1' });
  });

  it('A-094 a private one hides its side from a peer', () => {
    const { reachable, observed, return: back } = peered().ask('x', '10.1.0.10');
    expect([reachable, observed?.source]).toEqual([true, '10.0.0.8']);
    expect(back!.hops.map(({ kind }) => kind)).toContain('nat-gateway');
  });

  it('A-080 forgets whose groups the sender has', () => {
    const test = peered();
    test.close('sg-b', false);
    test.ingress('sg-b', { peer: 'sg-a' });
    expect(test.ask('x', '10.1.0.10').forward.reason).toBe('ENI_SG_RULES_MISMATCH');
    test.ingress('sg-b', { peer: '10.0.0.8/32' });
    expect(test.ask('x', '10.1.0.10').reachable).toBe(true);
  });

  it('carries at most 8,500 bytes: the sender hears of it', () => {
    const test = peered();
    expect(test.ask('x', '10.1.0.10', 'udp', { size: 8000, dontFragment: true }).reachable).toBe(
      true,
    );
    const { forward } = test.ask('x', '10.1.0.10', 'udp', { size: 8900, dontFragment: true });
    expect(forward).toMatchObject({ reason: 'MTU_EXCEEDED', at: 'nat-spare' });
    expect(test.ask('x', '10.1.0.10', 'tcp', { size: 20_000 }).reachable).toBe(true);
  });

  it('A-108 A-109 hears through it what the internet gateway does not carry', () => {
    const test = made();
    expect(test.ask('x', SERVER, 'tcp', { size: 20_000 }).reachable).toBe(true);
    const large = { size: 5000, dontFragment: true };
    expect(test.ask('x', SERVER, 'udp', large).forward.reason).toBe('MTU_EXCEEDED');
    test.send('x', udpFrame({ source: '10.0.1.10', destination: SERVER }, new Uint8Array(5000)));
    const [message] = test.arrived;
    expect(message!.to).toEqual({ kind: 'interface', id: 'eni-x' });
    expect(checksumsValid(message!.bytes)).toBe(true);
    const packet = read(message!.bytes).packet;
    expect([packet.icmpType, packet.icmpCode]).toEqual([3, ICMP_UNREACHABLE.fragmentationNeeded]);
    expect(packet.quoted).toMatchObject({ sourcePort: 40000, destinationPort: 53 });
    expect(packet.quoted!.source).toBe(packet.destination);
  });
});

describe('what it refuses', () => {
  it('A-095 protocols other than TCP, UDP and ICMP', () => {
    const test = made();
    const gre = udpFrame({ source: '10.0.1.10', destination: SERVER });
    const view = read(gre).frame.ipv4;
    view.protocol = 47;
    view.fillChecksum();
    test.send('x', gre);
    expect(drops(test)).toEqual({ PROTOCOL_RESTRICTION: 1 });
  });

  it('A-097 fragments of TCP and ICMP, not of UDP', () => {
    for (const protocol of ['tcp', 'icmp', 'udp'] as const) {
      const test = made();
      const envelope = { source: '10.0.1.10', destination: SERVER };
      const pieces = { header: { moreFragments: true, dontFragment: false, identification: 5 } };
      const payload = new Uint8Array(64);
      const first =
        protocol === 'tcp'
          ? tcpFrame({ ...envelope, ...pieces }, payload)
          : protocol === 'udp'
            ? udpFrame({ ...envelope, ...pieces }, payload)
            : messageFrame(
                { ...envelope, ...pieces },
                { kind: 'echoRequest', identifier: 7, sequenceNumber: 1, payload },
              );
      test.send('x', first);
      const expected = protocol === 'udp' ? {} : { NGW_FRAGMENTS_NOT_SUPPORTED: 1 };
      expect([protocol, drops(test)]).toEqual([protocol, expected]);
    }
  });

  it('A-097 an echo whose reply comes in pieces', () => {
    const { forward, return: back } = made().ask('x', SERVER, 'icmp', { size: 2000 });
    expect(forward.disposition).toBe('delivered');
    expect(back).toMatchObject({ reason: 'NGW_FRAGMENTS_NOT_SUPPORTED', at: 'nat-one' });
    expect(made().ask('x', SERVER, 'udp', { size: 2000 }).reachable).toBe(true);
  });

  it('A-098 A-110 senders outside its VPC', () => {
    const test = peered();
    test.route('rtb-b', '0.0.0.0/0', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    // Over a peering no packet comes as far as a route of the VPC.
    const transit = test.ask('y', SERVER).forward;
    expect(transit.reason).toBe('PCX_REQUIRES_ADDRESS_IN_VPC_CIDR');
    // A forwarding instance may send with any source.
    test.host('m', 'private', '10.0.1.20', { sourceDestCheck: false });
    test.send('m', udpFrame({ source: '10.1.0.10', destination: SERVER }));
    expect(drops(test)).toEqual({ NGW_REQUIRES_SOURCE_IN_VPC: 1 });
  });

  it('A-093 A-094 what answers no flow from inside', () => {
    const test = made();
    const reason: Reason = 'NGW_REQUIRES_OUTBOUND_FLOW';
    expect(test.ask('internet', ELASTIC).forward).toMatchObject({ reason, at: 'nat-one' });
    expect(test.ask('x', '10.0.0.9').forward).toMatchObject({ reason, at: 'nat-one' });
  });

  it('A-101 everything while it is not available', () => {
    for (const state of ['pending', 'deleting'] as const) {
      const test = made();
      test.update('natgateway', 'nat-one', { state });
      const { forward } = test.ask('x', SERVER);
      expect(forward).toMatchObject({ reason: 'BAD_STATE_ROUTE', at: 'rtb-private' });
      const inside = test.ask('x', '10.0.0.9').forward;
      expect(inside).toMatchObject({ reason: 'BAD_STATE', at: 'nat-one' });
      test.update('natgateway', 'nat-one', { state: 'available' });
      expect(test.ask('x', SERVER).reachable).toBe(true);
    }
  });

  it('A-041 everything when it is deleted', () => {
    const test = made();
    test.together(() => {
      test.delete('network-interface', 'eni-one');
      test.update('natgateway', 'nat-one', { state: 'deleted' });
    });
    expect(test.ask('x', SERVER).forward.reason).toBe('BAD_STATE_ROUTE');
    expect(test.ask('internet', ELASTIC).observed?.source).toBe('198.51.100.1');
    test.delete('natgateway', 'nat-one');
    expect(test.ask('x', SERVER).forward.reason).toBe('BAD_STATE_ROUTE');
  });
});

describe('flows', () => {
  const opening = { source: '10.0.1.10', destination: SERVER, flags: TCP_FLAG.syn };

  it('A-096 the sender of an idle connection gets a reset', () => {
    const test = made();
    test.send('x', tcpFrame(opening));
    expect(test.arrived.at(-1)!.to.kind).toBe('internet');
    test.now = 350_000;
    test.send('x', tcpFrame({ ...opening, flags: TCP_FLAG.ack }));
    const { to, bytes } = test.arrived.at(-1)!;
    expect(to).toEqual({ kind: 'interface', id: 'eni-x' });
    expect(checksumsValid(bytes)).toBe(true);
    const { frame, packet } = read(bytes);
    expect([packet.sourcePort, packet.destinationPort]).toEqual([443, 40000]);
    expect(frame.tcp.flags).toBe(TCP_FLAG.rst);
    expect(frame.tcp.sequenceNumber).toBe(0);
    expect(frame.ethernet.destination).toBe(test.get('network-interface', 'eni-x').mac);
    expect(drops(test)).toEqual({ NGW_IDLE_TIMEOUT: 1 });
  });

  it('A-096 a connection in use stays', () => {
    const test = made();
    test.send('x', tcpFrame(opening));
    for (let minute = 1; minute <= 30; minute++) {
      test.now = minute * 60_000;
      test.send('x', tcpFrame({ ...opening, flags: TCP_FLAG.ack }));
    }
    expect(drops(test)).toEqual({});
  });

  it('A-076 are tracked although the rules of the sender are open', () => {
    const test = made();
    test.ingress('sg-a', { peer: '0.0.0.0/0', protocol: 'tcp', ports: [0, 65535] });
    test.send('x', tcpFrame(opening));
    test.close('sg-a', true);
    test.send('x', tcpFrame({ ...opening, flags: TCP_FLAG.ack }));
    expect(drops(test)).toEqual({});
    test.send('x', tcpFrame({ ...opening, sourcePort: 41000 }));
    expect(drops(test)).toEqual({ SG_HAS_NO_RULES: 1 });
  });

  it('A-095 two hosts at one port get a port each', () => {
    const test = made();
    test.host('w', 'private', '10.0.1.11');
    test.send('x', tcpFrame(opening));
    test.send('w', tcpFrame({ ...opening, source: '10.0.1.11' }));
    const ports = test.arrived.map(({ bytes }) => read(bytes).packet.sourcePort);
    expect(ports).toEqual([40000, 40001]);
  });

  it('A-095 an address on its way out serves what it has, and nothing new', () => {
    const test = made();
    test.nat('one', 'public', ['10.0.0.9', '10.0.0.10'], [ELASTIC, '54.0.0.2']);
    const sources = () =>
      new Set(
        Array.from({ length: 40 }, (_, port) => {
          return test.ask('x', SERVER, 'tcp', { sourcePort: 3000 + port }).observed!.source;
        }),
      );
    expect(sources()).toEqual(new Set([ELASTIC, '54.0.0.2']));
    const { addresses } = test.get('natgateway', 'nat-one');
    const going = addresses.map((one, index) => {
      return index === 1 ? { ...one, status: 'disassociating' as const } : one;
    });
    test.update('natgateway', 'nat-one', { addresses: going });
    expect(sources()).toEqual(new Set([ELASTIC]));
  });

  it('errors of the far end come back to the inside', () => {
    const test = peered();
    test.send('x', udpFrame({ source: '10.0.1.10', destination: '10.1.0.10', port: 9 }));
    const sent = test.arrived.at(-1)!.bytes;
    const { payloadOffset } = read(sent).frame.ethernet;
    const payload = sent.subarray(payloadOffset);
    const refusal = messageFrame(
      { source: '10.1.0.10', destination: '10.0.0.8' },
      { kind: 'destinationUnreachable', code: ICMP_UNREACHABLE.port, mtu: 0, payload },
    );
    test.send('y', refusal);
    const { to, bytes } = test.arrived.at(-1)!;
    expect(to).toEqual({ kind: 'interface', id: 'eni-x' });
    expect(checksumsValid(bytes)).toBe(true);
    const { packet } = read(bytes);
    expect(packet.quoted).toMatchObject({ sourcePort: 40000, destinationPort: 9 });
    expect(packet.quoted!.source).toBe(packet.destination);
  });
});

function read(bytes: Uint8Array): { frame: Frame & { readonly ipv4: Ipv4View }; packet: Packet } {
  const frame = new Frame();
  const packet = new Packet();
  expect(frame.read(bytes, packet)).toBe('ip');
  expect(new EthernetView().wrap(bytes)).toBe(true);
  return { frame, packet };
}

function drops({ fabric }: TestNetwork): Record<string, number> {
  return Object.fromEntries(fabric.counters.dropped);
}
