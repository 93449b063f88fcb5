import { describe, expect, it } from 'vitest';
import type { Ipv4 } from '../../net/ipv4.ts';
import { TestNetwork } from '../test-network.ts';
import { ip } from '../test-values.ts';

const PUBLIC = '54.0.0.1';
const OUTSIDE = '198.51.100.1';

/** x has a public address, y has none; a gateway with default routes, everything allowed. */
function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.ingress('sg-a');
  test.ingress('sg-a', { peer: '::/0' });
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10', publicAddress: PUBLIC });
  test.host('y', 'one', '10.0.1.11');
  test.gateway('igw-1', 'vpc-a');
  for (const all of ['0.0.0.0/0', '::/0']) {
    test.route('rtb-a', all, { kind: 'internet-gateway', id: 'igw-1' });
  }
  return test;
}

describe('outwards', () => {
  it('A-089 translates the private address to the public one; replies come back', () => {
    const { reachable, observed, forward, return: back } = made().ask('x', '203.0.113.9');
    expect(reachable).toBe(true);
    expect(observed).toEqual({
      source: PUBLIC,
      sourcePort: 50000,
      destination: '203.0.113.9',
      port: 443,
    });
    expect(forward.hops.at(-1)).toMatchObject({
      kind: 'internet-gateway',
      resource: 'igw-1',
      packet: { source: PUBLIC },
    });
    expect(back?.hops[0]).toMatchObject({
      kind: 'internet-gateway',
      direction: 'ingress',
      packet: { destination: '10.0.1.10' },
    });
  });

  it('A-089 drops what has no public address', () => {
    const { forward } = made().ask('y', '203.0.113.9');
    const reason = 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS';
    expect(forward).toMatchObject({ reason, at: 'igw-1' });
  });

  it('A-111 groups, ACL and route table stand before the gateway and see private addresses', () => {
    const { hops } = made().ask('x', '203.0.113.9').forward;
    expect(hops.map(({ kind }) => kind)).toEqual([
      'network-interface',
      'security-group',
      'network-acl',
      'route-table',
      'internet-gateway',
    ]);
    expect(hops.slice(0, 4).every(({ packet }) => packet.source === '10.0.1.10')).toBe(true);
  });

  it.each([
    ['10.9.9.9', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
    ['172.31.255.255', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
    ['192.168.0.1', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS'],
    ['100.64.0.1', 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS'],
    ['127.0.0.1', 'NO_POSSIBLE_DESTINATION'],
    ['240.0.0.1', 'NO_POSSIBLE_DESTINATION'],
    ['fc00::1', 'NO_POSSIBLE_DESTINATION'],
    ['fe80::1', 'NO_POSSIBLE_DESTINATION'],
  ])('A-090 does not carry packets to %s', (to, reason) => {
    expect(made().ask('x', to).forward).toMatchObject({ reason, at: 'igw-1' });
  });

  it.each(['172.32.0.1', '100.128.0.1', '11.0.0.1'])('A-090 carries packets to %s', (to) => {
    expect(made().ask('x', to).reachable).toBe(true);
  });

  it('A-091 IPv6 is not translated and works both ways', () => {
    const test = made();
    const out = test.ask('x', '2001:db8:ffff::9');
    expect([out.reachable, out.observed?.source]).toEqual([true, '2001:db8:a:1::10']);
    const into = test.ask('internet', '2001:db8:a:1::10');
    expect([into.reachable, into.observed?.instance]).toEqual([true, 'i-x']);
  });

  it('A-114 carries IPv6 of interfaces of its own VPC only', () => {
    const test = made();
    test.update('network-interface', 'eni-y', { sourceDestCheck: false });
    const foreign = test.ask('y', '2001:db8:ffff::9', 'icmp', { source: '2001:db8:c::1' }).forward;
    expect(foreign).toMatchObject({ disposition: 'dropped', at: 'igw-1' });
  });

  it('A-108 carries 1500 bytes', () => {
    const test = made();
    const sent = (size: number) =>
      test.ask('x', '203.0.113.9', 'icmp', { size: size - 36, dontFragment: true }).forward;
    expect(sent(1500).disposition).toBe('delivered');
    expect(sent(1501)).toMatchObject({ reason: 'MTU_EXCEEDED', at: 'igw-1' });
  });
});

describe('inwards', () => {
  it('A-089 A-111 translates first; ACL and groups see the private address', () => {
    const { reachable, forward, observed } = made().ask('internet', PUBLIC);
    expect(reachable).toBe(true);
    expect(observed).toMatchObject({
      source: OUTSIDE,
      destination: '10.0.1.10',
      instance: 'i-x',
    });
    expect(forward.hops.map(({ kind }) => kind)).toEqual([
      'internet-gateway',
      'network-acl',
      'security-group',
      'network-interface',
    ]);
    expect(forward.hops[0]!.packet.destination).toBe('10.0.1.10');
  });

  it('A-090 nobody has the public address, or no longer', () => {
    const test = made();
    const outside = test.ask('internet', '54.0.0.9');
    expect(outside.observed?.instance).toBeUndefined();
    test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
    expect(test.ask('internet', PUBLIC).observed?.instance).toBeUndefined();
    const { forward } = test.ask('x', '203.0.113.9');
    expect(forward.reason).toBe('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
  });

  it('A-090 a private address is not reached from outside', () => {
    const test = made();
    const to = '10.0.1.10';
    expect(test.ask('internet', to).forward.reason).toBe('NO_POSSIBLE_DESTINATION');
    const reason = 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS';
    const aimed = test.ask('internet', to, 'tcp', { gateway: 'igw-1' }).forward;
    expect(aimed).toMatchObject({ reason, at: 'igw-1' });
    const six = test.ask('internet', '2001:db8:a:1::99').forward;
    expect(six).toMatchObject({ reason, at: 'igw-1' });
  });

  it.each([
    ['10.9.9.9', 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS'],
    ['100.64.0.1', 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS'],
  ])('A-090 does not let packets from %s in', (source, reason) => {
    const { forward } = made().ask('internet', PUBLIC, 'tcp', { source });
    expect(forward).toMatchObject({ reason, at: 'igw-1' });
  });
});

describe('between gateways', () => {
  it('A-116 from public address to public address: out by the one, in by the other', () => {
    const test = made();
    test.vpc('b', ['10.0.0.0/16']);
    test.ingress('sg-b');
    test.subnet('b', 'b', ['10.0.1.0/24']);
    test.host('far', 'b', '10.0.1.10', { publicAddress: '54.0.0.2' });
    test.gateway('igw-2', 'vpc-b');
    test.route('rtb-b', '0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-2' });
    const { reachable, observed, forward } = test.ask('x', '54.0.0.2');
    expect(reachable).toBe(true);
    expect(observed).toMatchObject({ source: PUBLIC, instance: 'i-far' });
    const gateways = forward.hops.filter(({ kind }) => kind === 'internet-gateway');
    expect(gateways.map(({ resource, direction }) => `${resource} ${direction}`)).toEqual([
      'igw-1 egress',
      'igw-2 ingress',
    ]);
  });

  it('A-116 a hairpin in one VPC crosses the border both ways', () => {
    const test = made();
    test.host('y', 'one', '10.0.1.11', { publicAddress: '54.0.0.2' });
    const { reachable, observed, forward } = test.ask('x', '54.0.0.2');
    expect(reachable).toBe(true);
    expect(observed).toMatchObject({ source: PUBLIC, destination: '10.0.1.11' });
    const acls = forward.hops.filter(({ kind }) => kind === 'network-acl');
    expect(acls.map(({ direction }) => direction)).toEqual(['egress', 'ingress']);
  });
});

describe('attachment', () => {
  it('A-089 detached, nothing leaves or enters; attached again, all does', () => {
    const test = made();
    test.gateway('igw-1', undefined);
    expect(test.ask('x', '203.0.113.9').forward.reason).toBe('BAD_STATE_ROUTE');
    const reason = 'NO_POSSIBLE_DESTINATION';
    expect(test.ask('internet', PUBLIC).forward).toMatchObject({ reason });
    expect(test.ask('internet', '2001:db8:a:1::10').forward).toMatchObject({ reason });
    test.gateway('igw-1', 'vpc-a');
    expect(test.ask('x', '203.0.113.9').reachable).toBe(true);
    expect(test.ask('internet', PUBLIC).reachable).toBe(true);
    expect(test.ask('internet', '2001:db8:a:1::10').reachable).toBe(true);
  });

  it('a public address given while detached works once attached', () => {
    const test = made();
    test.gateway('igw-1', undefined);
    test.host('y', 'one', '10.0.1.11', { publicAddress: '54.0.0.2' });
    expect(test.ask('internet', '54.0.0.2').forward.reason).toBe('NO_POSSIBLE_DESTINATION');
    test.gateway('igw-1', 'vpc-a');
    expect(test.ask('internet', '54.0.0.2').observed?.instance).toBe('i-y');
  });

  it('another gateway takes over in the same command', () => {
    const test = made();
    test.together(() => {
      test.gateway('igw-2', 'vpc-a');
      test.gateway('igw-1', undefined);
      for (const all of ['0.0.0.0/0', '::/0']) {
        test.route('rtb-a', all, { kind: 'internet-gateway', id: 'igw-2' });
      }
    });
    expect(test.ask('x', '203.0.113.9').forward.hops.at(-1)?.resource).toBe('igw-2');
    expect(test.ask('internet', PUBLIC).forward.hops[0]?.resource).toBe('igw-2');
    expect(test.ask('internet', '2001:db8:a:1::10').forward.hops[0]?.resource).toBe('igw-2');
  });

  it('a public address goes from one interface to another in one command', () => {
    for (const takesFirst of [true, false]) {
      const test = made();
      const take = () => test.host('y', 'one', '10.0.1.11', { publicAddress: PUBLIC });
      const lose = () => test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
      test.together(() => {
        for (const step of takesFirst ? [take, lose] : [lose, take]) step();
      });
      expect(test.ask('internet', PUBLIC).observed?.instance).toBe('i-y');
      expect(test.ask('y', '203.0.113.9').observed?.source).toBe(PUBLIC);
      const { reason } = test.ask('x', '203.0.113.9').forward;
      expect(reason).toBe('IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS');
    }
  });

  it('IPv6 blocks lead in while they are associated', () => {
    const test = made();
    const { ipv6Cidrs } = test.get('vpc', 'vpc-a');
    const gone = ipv6Cidrs.map((one) => ({ ...one, state: 'disassociated' as const }));
    test.update('vpc', 'vpc-a', { ipv6Cidrs: gone });
    expect(test.ask('internet', '2001:db8:a:1::10').observed?.instance).toBeUndefined();
    test.update('vpc', 'vpc-a', { ipv6Cidrs });
    expect(test.ask('internet', '2001:db8:a:1::10').observed?.instance).toBe('i-x');
  });

  it('an elastic address that no interface has leads nowhere, one that nobody has outside', () => {
    const test = made();
    const address = '54.0.0.9';
    const publicIp = ip(address) as Ipv4;
    const id = 'eipalloc-1';
    const reason = () => test.ask('internet', address).forward.reason;
    expect(reason()).toBeUndefined();
    test.put('elastic-ip', { id, account: '111111111111', region: 'us-east-1', publicIp });
    expect(reason()).toBe('NO_POSSIBLE_DESTINATION');
    test.host('y', 'one', '10.0.1.11', { publicAddress: address });
    expect(test.ask('internet', address).observed?.instance).toBe('i-y');
    test.host('y', 'one', '10.0.1.11');
    expect(reason()).toBe('NO_POSSIBLE_DESTINATION');
    test.delete('elastic-ip', id);
    expect(reason()).toBeUndefined();
  });
});
