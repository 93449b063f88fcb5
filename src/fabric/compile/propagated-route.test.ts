import { describe, expect, it } from 'vitest';
import { propagatedRouteId } from '../../model/vpc/route-table.ts';
import { TestNetwork } from '../test-network.ts';
import { block } from '../test-values.ts';

const OWNED = { account: '111111111111', region: 'us-east-1' };
const MIDDLEBOX = { kind: 'network-interface', id: 'eni-m' } as const;

/** x and a forwarding m in one VPC that has vgw-1. */
function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16']);
  test.subnet('one', 'a', ['10.0.1.0/24']);
  test.subnet('two', 'a', ['10.0.2.0/24']);
  test.host('x', 'one', '10.0.1.10');
  test.host('m', 'two', '10.0.2.66', { sourceDestCheck: false });
  test.put('vpn-gateway', {
    id: 'vgw-1',
    ...OWNED,
    state: 'available',
    amazonSideAsn: 64_512,
    attachment: { vpcId: 'vpc-a', state: 'attached' },
  });
  return test;
}

function propagate(test: TestNetwork, text: string): void {
  const destination = block(text);
  test.put('route', {
    id: propagatedRouteId('rtb-a', destination, 'vgw-1'),
    routeTableId: 'rtb-a',
    destination,
    target: { kind: 'vpn-gateway', id: 'vgw-1' },
    origin: 'EnableVgwRoutePropagation',
  });
}

function withdraw(test: TestNetwork, text: string): void {
  test.delete('route', propagatedRouteId('rtb-a', block(text), 'vgw-1'));
}

/** A list with one entry, and the table's route to it. */
function listRoute(test: TestNetwork, id: string, text: string): void {
  test.together(() => {
    test.put('prefix-list', {
      id,
      ...OWNED,
      name: id,
      family: 4,
      maxEntries: 1,
      state: 'create-complete',
      version: 1,
    });
    test.put('prefix-list-version', {
      id: `${id}|1`,
      prefixListId: id,
      version: 1,
      entries: [{ cidr: block(text) }],
    });
    test.put('prefix-list-route', {
      id: `rtb-a|${id}`,
      routeTableId: 'rtb-a',
      prefixListId: id,
      target: MIDDLEBOX,
    });
  });
}

/** The route that decided. */
function routed(test: TestNetwork, to: string) {
  const { forward } = test.ask('x', to, 'icmp');
  const { rule } = forward.hops.find(({ kind }) => kind === 'route-table') ?? {};
  const { destinationCidrBlock, destinationPrefixListId, target, origin, state } = rule ?? {};
  return { to: destinationCidrBlock ?? destinationPrefixListId, target, origin, state };
}

const PROPAGATED = { target: 'vgw-1', origin: 'EnableVgwRoutePropagation', state: 'active' };

describe('routes that a virtual private gateway propagates', () => {
  it('A-024 the longest prefix wins, whoever it is from', () => {
    const test = made();
    test.route('rtb-a', '192.168.0.0/16', MIDDLEBOX);
    propagate(test, '192.168.1.0/24');
    propagate(test, '192.0.0.0/8');
    expect(routed(test, '192.168.1.1')).toMatchObject({ to: '192.168.1.0/24', ...PROPAGATED });
    expect(routed(test, '192.168.2.1')).toMatchObject({ to: '192.168.0.0/16', target: 'eni-m' });
    expect(routed(test, '192.1.1.1')).toMatchObject({ to: '192.0.0.0/8', ...PROPAGATED });
  });

  it('A-025 no propagated route holds inside a block of the VPC', () => {
    const test = made();
    propagate(test, '10.0.0.0/16');
    propagate(test, '10.0.2.0/24');
    propagate(test, '10.0.0.0/8');
    expect(routed(test, '10.0.2.66')).toMatchObject({ to: '10.0.0.0/16', target: 'local' });
    expect(routed(test, '10.0.9.9')).toMatchObject({ to: '10.0.0.0/16', target: 'local' });
    expect(routed(test, '10.1.0.1')).toMatchObject({ to: '10.0.0.0/8', ...PROPAGATED });
  });

  it('A-025 a local route that is led elsewhere is still before them', () => {
    const test = made();
    propagate(test, '10.0.2.0/24');
    test.update('route', 'rtb-a|10.0.0.0/16', { target: MIDDLEBOX });
    expect(routed(test, '10.0.2.66')).toMatchObject({ to: '10.0.0.0/16', target: 'eni-m' });
  });

  it('A-025 a block that comes later hides them, and one that goes frees them', () => {
    const test = made();
    propagate(test, '10.9.1.0/24');
    expect(routed(test, '10.9.1.1')).toMatchObject({ to: '10.9.1.0/24', ...PROPAGATED });
    test.route('rtb-a', '10.9.0.0/16', { kind: 'local' });
    expect(routed(test, '10.9.1.1')).toMatchObject({ to: '10.9.0.0/16', target: 'local' });
    test.unroute('rtb-a', '10.9.0.0/16');
    expect(routed(test, '10.9.1.1')).toMatchObject({ to: '10.9.1.0/24', ...PROPAGATED });
  });

  it('A-026 a route that was made goes before; when it is removed the propagated one holds', () => {
    const test = made();
    propagate(test, '192.168.0.0/16');
    expect(routed(test, '192.168.1.1')).toMatchObject(PROPAGATED);
    test.route('rtb-a', '192.168.0.0/16', MIDDLEBOX);
    expect(routed(test, '192.168.1.1')).toMatchObject({ target: 'eni-m', origin: 'CreateRoute' });
    withdraw(test, '192.168.0.0/16');
    expect(routed(test, '192.168.1.1')).toMatchObject({ target: 'eni-m' });
    propagate(test, '192.168.0.0/16');
    test.unroute('rtb-a', '192.168.0.0/16');
    expect(routed(test, '192.168.1.1')).toMatchObject(PROPAGATED);
    withdraw(test, '192.168.0.0/16');
    expect(routed(test, '192.168.1.1').to).toBeUndefined();
  });

  it('A-026 so does one that was made to the gateway itself', () => {
    const test = made();
    propagate(test, '192.168.0.0/16');
    test.route('rtb-a', '192.168.0.0/16', { kind: 'vpn-gateway', id: 'vgw-1' });
    expect(routed(test, '192.168.1.1')).toMatchObject({ target: 'vgw-1', origin: 'CreateRoute' });
  });

  it('A-027 a route to a prefix list goes before one of the same block', () => {
    const test = made();
    propagate(test, '192.168.0.0/16');
    listRoute(test, 'pl-1', '192.168.0.0/16');
    expect(routed(test, '192.168.1.1')).toMatchObject({ to: 'pl-1', target: 'eni-m' });
    propagate(test, '192.168.1.0/24');
    expect(routed(test, '192.168.1.1')).toMatchObject({ to: '192.168.1.0/24', ...PROPAGATED });
    test.route('rtb-a', '192.168.0.0/16', { kind: 'vpn-gateway', id: 'vgw-1' });
    expect(routed(test, '192.168.2.1')).toMatchObject({ target: 'vgw-1', origin: 'CreateRoute' });
  });

  it('A-039 they are black holes while the gateway is not attached', () => {
    const test = made();
    propagate(test, '192.168.0.0/16');
    test.update('vpn-gateway', 'vgw-1', { attachment: { vpcId: 'vpc-a', state: 'detaching' } });
    expect(routed(test, '192.168.1.1')).toMatchObject({ target: 'vgw-1', state: 'blackhole' });
    test.update('vpn-gateway', 'vgw-1', { attachment: { vpcId: 'vpc-b', state: 'attached' } });
    expect(routed(test, '192.168.1.1')).toMatchObject({ state: 'blackhole' });
    test.update('vpn-gateway', 'vgw-1', { attachment: { vpcId: 'vpc-a', state: 'attached' } });
    expect(routed(test, '192.168.1.1')).toMatchObject({ state: 'active' });
  });
});
