import { describe, expect, it } from 'vitest';
import { TestNetwork } from '../test-network.ts';

const PEERING = { kind: 'vpc-peering-connection', id: 'pcx-1' } as const;

/** x and a forwarding m in one VPC, a peer VPC behind pcx-1. */
function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.ingress('sg-a');
  test.ingress('sg-a', { peer: '::/0' });
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:a:2::/64']);
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
  test.host('m', 'two', '10.0.2.66', { ipv6: '2001:db8:a:2::66', sourceDestCheck: false });
  test.vpc('b', ['10.1.0.0/16', '2001:db8:b::/56']);
  test.subnet('b', 'b', ['10.1.1.0/24']);
  test.host('far', 'b', '10.1.1.10');
  test.peer('pcx-1', 'vpc-a', 'vpc-b');
  return test;
}

/** The route that decided, and what became of the packet. */
function routed(test: TestNetwork, to: string) {
  const { forward } = test.ask('x', to, 'icmp');
  const { rule } = forward.hops.find(({ kind }) => kind === 'route-table') ?? {};
  const block = rule?.destinationCidrBlock ?? rule?.destinationIpv6CidrBlock;
  return { block, target: rule?.target, state: rule?.state, reason: forward.reason };
}

describe('choice', () => {
  it('A-024 the longest prefix wins over all kinds of routes', () => {
    const test = made();
    test.route('rtb-a', '10.0.0.0/8', { kind: 'network-interface', id: 'eni-m' });
    test.route('rtb-a', '10.1.0.0/16', PEERING);
    test.route('rtb-a', '10.1.1.10/32', { kind: 'network-interface', id: 'eni-m' });
    expect(routed(test, '10.1.1.9')).toMatchObject({ block: '10.1.0.0/16', target: 'pcx-1' });
    expect(routed(test, '10.1.1.10')).toMatchObject({ block: '10.1.1.10/32', target: 'eni-m' });
    expect(routed(test, '10.9.0.1')).toMatchObject({ block: '10.0.0.0/8', target: 'eni-m' });
    expect(routed(test, '10.0.2.1')).toMatchObject({ block: '10.0.0.0/16', target: 'local' });
    test.unroute('rtb-a', '10.1.1.10/32');
    expect(routed(test, '10.1.1.10')).toMatchObject({ block: '10.1.0.0/16' });
  });

  it('A-023 0.0.0.0/0 matches no IPv6 packet, ::/0 no IPv4 packet', () => {
    const test = made();
    test.route('rtb-a', '0.0.0.0/0', { kind: 'network-interface', id: 'eni-m' });
    expect(routed(test, '2001:db8:c::1').reason).toBe('NO_ROUTE_TO_DESTINATION');
    expect(routed(test, '192.0.2.1').block).toBe('0.0.0.0/0');
    test.unroute('rtb-a', '0.0.0.0/0');
    test.route('rtb-a', '::/0', { kind: 'network-interface', id: 'eni-m' });
    expect(routed(test, '192.0.2.1').reason).toBe('NO_ROUTE_TO_DESTINATION');
    expect(routed(test, '2001:db8:c::1').block).toBe('::/0');
  });

  it('A-022 a VPC block’s local route may lead to an interface, and be restored', () => {
    const test = made();
    test.route('rtb-a', '10.0.0.0/16', { kind: 'network-interface', id: 'eni-m' });
    expect(routed(test, '10.0.2.1')).toMatchObject({ target: 'eni-m' });
    test.route('rtb-a', '10.0.0.0/16', { kind: 'local' });
    expect(routed(test, '10.0.2.66')).toMatchObject({ target: 'local', reason: undefined });
  });

  it('A-040 no route: dropped at the table', () => {
    const { forward } = made().ask('x', '192.0.2.1', 'icmp');
    expect(forward).toMatchObject({ reason: 'NO_ROUTE_TO_DESTINATION', at: 'rtb-a' });
    expect(forward.hops.at(-1)).toMatchObject({ kind: 'route-table', resource: 'rtb-a' });
  });

  it.each(['169.254.168.1', '169.254.171.255', 'fd00:ec2::1', 'fd00:ec2:ffff::1'])(
    'A-033 a route that encloses the reserved ranges does not carry %s',
    (address) => {
      const test = made();
      for (const text of ['0.0.0.0/0', '169.254.0.0/16', '::/0', 'fd00::/8']) {
        test.route('rtb-a', text, { kind: 'network-interface', id: 'eni-m' });
      }
      expect(routed(test, address).reason).toBe('NO_ROUTE_TO_DESTINATION');
    },
  );

  it('A-033 carries their neighbours', () => {
    const test = made();
    test.route('rtb-a', '169.254.0.0/16', { kind: 'network-interface', id: 'eni-m' });
    test.route('rtb-a', 'fd00::/8', { kind: 'network-interface', id: 'eni-m' });
    for (const address of ['169.254.167.255', '169.254.172.0', 'fd00:ec1::1', 'fd00:ec3::1']) {
      expect(routed(test, address).target).toBe('eni-m');
    }
  });
});

describe('blackholes', () => {
  it('A-040 a blackhole that is the longest match drops; no shorter route is tried', () => {
    const test = made();
    test.route('rtb-a', '10.1.0.0/16', PEERING);
    test.route('rtb-a', '10.1.1.0/24', { kind: 'network-interface', id: 'eni-gone' });
    expect(routed(test, '10.1.1.10')).toEqual({
      block: '10.1.1.0/24',
      target: 'eni-gone',
      state: 'blackhole',
      reason: 'BAD_STATE_ROUTE',
    });
    expect(routed(test, '10.1.2.1').state).toBe('active');
  });

  it('A-039 follow the interface: its instance, its attachment, its existence', () => {
    const test = made();
    test.route('rtb-a', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-m' });
    const state = () => routed(test, '192.0.2.1').state;
    expect(state()).toBe('active');
    test.update('instance', 'i-m', { state: 'stopped' });
    expect(state()).toBe('blackhole');
    test.update('instance', 'i-m', { state: 'running' });
    expect(state()).toBe('active');
    const { attachment, ...detached } = test.get('network-interface', 'eni-m');
    test.put('network-interface', { ...detached, status: 'available' });
    expect(state()).toBe('blackhole');
    test.put('network-interface', { ...detached, status: 'in-use', attachment: attachment! });
    expect(state()).toBe('active');
    test.delete('network-interface', 'eni-m');
    expect(state()).toBe('blackhole');
  });

  it('A-039 follow the internet gateway: attached here, detached, attached elsewhere', () => {
    const test = made();
    test.route('rtb-a', '0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-1' });
    const state = () => routed(test, '192.0.2.1').state;
    expect(state()).toBe('blackhole');
    test.gateway('igw-1', 'vpc-a');
    expect(state()).toBe('active');
    test.gateway('igw-1', undefined);
    expect(state()).toBe('blackhole');
    test.gateway('igw-1', 'vpc-b');
    expect(state()).toBe('blackhole');
    test.delete('internet-gateway', 'igw-1');
    expect(state()).toBe('blackhole');
  });

  it('A-039 B-045 B-046 follow the peering from request to end', () => {
    const test = made();
    test.route('rtb-a', '10.1.0.0/16', PEERING);
    const states = ['pending-acceptance', 'active', 'deleting', 'deleted'] as const;
    const seen = states.map((status) => {
      test.update('vpc-peering-connection', 'pcx-1', { status });
      return routed(test, '10.1.1.10').state;
    });
    expect(seen).toEqual(['blackhole', 'active', 'blackhole', 'blackhole']);
  });
});

it('a table that is deleted takes its routes along, one made anew begins empty', () => {
  const test = made();
  test.table('rtb-own', 'vpc-a', ['10.0.0.0/16']);
  test.route('rtb-own', '10.1.0.0/16', PEERING);
  test.useTable('subnet-one', 'vpc-a', 'rtb-own');
  expect(routed(test, '10.1.1.10').state).toBe('active');
  test.together(() => {
    test.delete('route-table-association', 'rtbassoc-subnet-one');
    test.unroute('rtb-own', '10.1.0.0/16');
    test.unroute('rtb-own', '10.0.0.0/16');
    test.delete('route-table', 'rtb-own');
  });
  expect(routed(test, '10.1.1.10').reason).toBe('NO_ROUTE_TO_DESTINATION');
  expect(test.network.routeTables.has('rtb-own')).toBe(false);
  test.table('rtb-own', 'vpc-a', []);
  test.useTable('subnet-one', 'vpc-a', 'rtb-own');
  expect(routed(test, '10.0.2.66').reason).toBe('NO_ROUTE_TO_DESTINATION');
});
