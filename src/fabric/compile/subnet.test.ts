import { describe, expect, it } from 'vitest';
import { TestNetwork } from '../test-network.ts';
import { block } from '../test-values.ts';
import type { Trace } from '../trace.ts';

/** x and y in one subnet, z in another; every group open, ACLs as VPCs are born with. */
function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.ingress('sg-a');
  test.ingress('sg-a', { peer: '::/0' });
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:a:2::/64']);
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
  test.host('y', 'one', '10.0.1.11', { ipv6: '2001:db8:a:1::11' });
  test.host('z', 'two', '10.0.2.10', { ipv6: '2001:db8:a:2::10' });
  return test;
}

function kinds({ hops }: Trace): string[] {
  return hops.map(({ kind, direction }) => `${kind} ${direction}`);
}

const INSIDE = [
  'network-interface egress',
  'security-group egress',
  'security-group ingress',
  'network-interface ingress',
];
const ACROSS = [
  'network-interface egress',
  'security-group egress',
  'network-acl egress',
  'route-table egress',
  'network-acl ingress',
  'security-group ingress',
  'network-interface ingress',
];

describe('the border', () => {
  it.each(['10.0.1.11', '2001:db8:a:1::11'])(
    'A-063 inside one subnet no ACL stands, even one that denies all: %s',
    (address) => {
      const test = made();
      test.update('network-acl', 'acl-a', { entries: [] });
      const { forward, reachable } = test.ask('x', address, 'icmp');
      expect(kinds(forward)).toEqual(INSIDE);
      expect(reachable).toBe(true);
    },
  );

  it.each(['10.0.2.10', '2001:db8:a:2::10'])(
    'A-063 between two subnets both ACLs and the route table stand: %s',
    (address) => {
      const test = made();
      const { forward, reachable } = test.ask('x', address, 'icmp');
      expect(kinds(forward)).toEqual(ACROSS);
      expect(reachable).toBe(true);
    },
  );

  it.each(['10.0.1.11', '2001:db8:a:1::11'])(
    'A-044 a route cannot lead traffic of two neighbours elsewhere: %s',
    (address) => {
      const test = made();
      test.host('m', 'two', '10.0.2.66', { sourceDestCheck: false });
      test.route('rtb-a', '10.0.1.0/24', { kind: 'network-interface', id: 'eni-m' });
      test.route('rtb-a', '2001:db8:a:1::/64', { kind: 'network-interface', id: 'eni-m' });
      expect(kinds(test.ask('x', address, 'icmp').forward)).toEqual(INSIDE);
    },
  );

  it('A-017 multicast and broadcast end at the subnet', () => {
    const test = made();
    for (const to of ['224.0.0.1', '239.255.255.250', '255.255.255.255', '10.0.1.255', 'ff02::1']) {
      const { forward } = test.ask('x', to, 'udp');
      expect(forward).toMatchObject({ reason: 'MULTICAST_NOT_SUPPORTED', at: 'subnet-one' });
    }
  });
});

describe('a route to an interface of the same subnet', () => {
  const steered = () => {
    const test = made();
    test.host('m', 'one', '10.0.1.66', { sourceDestCheck: false });
    test.route('rtb-a', '192.0.2.0/24', { kind: 'network-interface', id: 'eni-m' });
    return test;
  };
  const first = (test: TestNetwork, to = '192.0.2.1') =>
    kinds(test.ask('x', to, 'icmp').forward).slice(0, 5);

  it('A-063 stays in the subnet: no ACL on the way there', () => {
    expect(first(steered())).toEqual([
      'network-interface egress',
      'security-group egress',
      'route-table egress',
      'security-group ingress',
      'network-interface ingress',
    ]);
  });

  it('A-024 A-063 a longer route that leaves the subnet crosses its ACL, added or removed', () => {
    const test = steered();
    test.vpc('b', ['192.0.2.0/25']);
    test.peer('pcx-1', 'vpc-a', 'vpc-b');
    const acl = ['network-interface egress', 'security-group egress', 'network-acl egress'];
    test.route('rtb-a', '192.0.2.0/25', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    expect(first(test).slice(0, 3)).toEqual(acl);
    expect(first(test, '192.0.2.200')[2]).toBe('route-table egress');
    test.unroute('rtb-a', '192.0.2.0/25');
    expect(first(test)[2]).toBe('route-table egress');
  });

  it('A-039 a blackhole is found behind no ACL while its interface exists, else behind it', () => {
    const test = steered();
    test.update('network-acl', 'acl-a', { entries: [] });
    test.update('instance', 'i-m', { state: 'stopped' });
    expect(test.ask('x', '192.0.2.1', 'icmp').forward.reason).toBe('BAD_STATE_ROUTE');
    test.delete('network-interface', 'eni-m');
    expect(test.ask('x', '192.0.2.1', 'icmp').forward.reason).toBe('SUBNET_ACL_RESTRICTION');
  });

  it('A-063 leads across the border from every other subnet of the table', () => {
    const test = steered();
    const { hops } = test.ask('z', '192.0.2.1', 'icmp').forward;
    expect(hops.slice(2, 5).map(({ kind }) => kind)).toEqual([
      'network-acl',
      'route-table',
      'network-acl',
    ]);
  });
});

describe('its route table', () => {
  const tableOf = (test: TestNetwork, from: string, to: string) =>
    test.ask(from, to, 'icmp').forward.hops.find(({ kind }) => kind === 'route-table')?.resource;

  it('A-019 A-020 is the main one, or the one it is associated with', () => {
    const test = made();
    test.table('rtb-own', 'vpc-a', ['10.0.0.0/16']);
    expect(tableOf(test, 'x', '10.0.2.10')).toBe('rtb-a');
    test.useTable('subnet-one', 'vpc-a', 'rtb-own');
    expect(tableOf(test, 'x', '10.0.2.10')).toBe('rtb-own');
    expect(tableOf(test, 'z', '10.0.1.10')).toBe('rtb-a');
    test.delete('route-table-association', 'rtbassoc-subnet-one');
    expect(tableOf(test, 'x', '10.0.2.10')).toBe('rtb-a');
  });

  it('A-019 another main table serves all subnets without their own at once', () => {
    const test = made();
    test.table('rtb-new', 'vpc-a', ['10.0.0.0/16']);
    test.useTable('subnet-one', 'vpc-a', 'rtb-a');
    test.update('route-table-association', 'rtbassoc-a', { routeTableId: 'rtb-new' });
    expect(tableOf(test, 'z', '10.0.1.10')).toBe('rtb-new');
    expect(tableOf(test, 'x', '10.0.2.10')).toBe('rtb-a');
  });
});

describe('its blocks', () => {
  it('an IPv6 block associated later counts at once, for the border and the router’s errors', () => {
    const test = made();
    test.subnet('late', 'a', ['10.0.3.0/24']);
    test.host('m', 'late', '10.0.3.66');
    const { ipv6Cidrs } = test.get('subnet', 'subnet-two');
    const association = { ...ipv6Cidrs[0]!, cidr: block('2001:db8:a:3::/64') as never };
    const { errors, blocks } = test.network.subnets.get('subnet-late')!;
    expect(errors.ipv6).toBeUndefined();
    test.update('subnet', 'subnet-late', { ipv6Cidrs: [association] });
    expect(errors.ipv6).toEqual([0x2001_0db8, 0x000a_0003, 0, 1]);
    expect(blocks.blocks).toHaveLength(2);
    test.update('subnet', 'subnet-late', {
      ipv6Cidrs: [{ ...association, state: 'disassociated' }],
    });
    expect(errors.ipv6).toBeUndefined();
  });
});
