import { describe, expect, it } from 'vitest';
import type { Answer } from '../question.ts';
import { TestNetwork } from '../test-network.ts';
import {
  associate,
  attachVpc,
  peerGateways,
  propagate,
  routeTransit,
  transitGateway,
  transitTable,
} from '../test-transit.ts';

const fate = ({ forward, return: back, reachable }: Answer) =>
  reachable ? 'reachable' : [(back ?? forward).reason, (back ?? forward).at];

/** VPC N (10.N.0.0/16, a host `hN` at 10.N.1.10) on `tgw-N`; 1 is peered with 2, 2 with 3. */
function made(): TestNetwork {
  const test = new TestNetwork();
  for (const number of [1, 2, 3]) {
    const name = String(number);
    test.vpc(name, [`10.${name}.0.0/16`]);
    test.ingress(`sg-${name}`);
    test.subnet(name, name, [`10.${name}.1.0/24`]);
    test.host(`h${name}`, name, `10.${name}.1.10`);
    transitGateway(test, `tgw-${name}`, { securityGroupReferencingSupport: true });
    transitTable(test, `tgw-rtb-${name}`, `tgw-${name}`);
    attachVpc(test, `tgw-${name}`, name, { [name]: `10.${name}.1.5` });
    associate(test, `tgw-rtb-${name}`, name);
    propagate(test, `tgw-rtb-${name}`, `10.${name}.0.0/16`, name);
    test.route(`rtb-${name}`, '10.0.0.0/8', { kind: 'transit-gateway', id: `tgw-${name}` });
  }
  peerGateways(test, '12', 'tgw-1', 'tgw-2');
  peerGateways(test, '23', 'tgw-2', 'tgw-3');
  for (const [table, name] of [
    ['1', '12'],
    ['2', '12'],
    ['2', '23'],
    ['3', '23'],
  ] as const) {
    associate(test, `tgw-rtb-${table}`, name);
  }
  routeTransit(test, 'tgw-rtb-1', '10.2.0.0/15', '12');
  routeTransit(test, 'tgw-rtb-2', '10.1.0.0/16', '12');
  routeTransit(test, 'tgw-rtb-2', '10.3.0.0/16', '23');
  routeTransit(test, 'tgw-rtb-3', '10.1.0.0/16', '23');
  routeTransit(test, 'tgw-rtb-3', '10.2.0.0/16', '23');
  return test;
}

describe('peered gateways', () => {
  it('C-086 C-138 a hop between two tables, the same one both ways', () => {
    const { reachable, forward, return: back } = made().ask('h1', '10.2.1.10');
    expect(reachable).toBe(true);
    const transit = ({ kind, resource }: (typeof forward.hops)[number]) =>
      kind.startsWith('transit') ? [resource] : [];
    const way = ['tgw-attach-1', 'tgw-rtb-1', 'tgw-attach-12', 'tgw-rtb-2', 'tgw-attach-2'];
    expect(forward.hops.flatMap(transit)).toEqual(way);
    expect(back!.hops.flatMap(transit)).toEqual(way.toReversed());
    // The id is that of both sides: which gateway the packet comes to, the rule tells.
    const side = ({ hops }: typeof forward) =>
      hops.find(({ resource }) => resource === 'tgw-attach-12')?.rule;
    expect(side(forward)).toEqual({ transitGatewayId: 'tgw-2' });
    expect(side(back!)).toEqual({ transitGatewayId: 'tgw-1' });
  });

  it('C-087 traffic passes from one peering to another, if routes lead it', () => {
    const test = made();
    const { reachable, forward } = test.ask('h1', '10.3.1.10');
    expect(reachable).toBe(true);
    expect(forward.hops.map(({ resource }) => resource)).toContain('tgw-rtb-2');
  });

  it('C-086 needs an associated table on the side where packets arrive', () => {
    const test = made();
    test.delete('transit-gateway-route-table-association', 'tgw-2|tgw-attach-12');
    const reason = 'TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION';
    const refused = test.ask('h1', '10.2.1.10');
    expect(fate(refused)).toEqual([reason, 'tgw-attach-12']);
    expect(refused.forward.hops.at(-1)!.rule).toEqual({ transitGatewayId: 'tgw-2' });
    // The other end's association is another one.
    associate(test, 'tgw-rtb-2', '12');
    expect(fate(test.ask('h1', '10.2.1.10'))).toBe('reachable');
  });

  it('C-086 and a route of its own in each table', () => {
    const test = made();
    test.delete('transit-gateway-route', 'tgw-rtb-2|10.1.0.0/16');
    expect(fate(test.ask('h1', '10.2.1.10'))).toEqual([
      'TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT',
      'tgw-rtb-2',
    ]);
  });

  it('C-043 is a blackhole once it is gone', () => {
    const test = made();
    test.update('transit-gateway-attachment', 'tgw-attach-12', { state: 'deleted' });
    expect(fate(test.ask('h1', '10.2.1.10'))).toEqual(['TGW_RTB_BAD_STATE_ROUTE', 'tgw-rtb-1']);
    test.delete('transit-gateway-attachment', 'tgw-attach-12');
    expect(fate(test.ask('h1', '10.2.1.10'))).toEqual(['TGW_RTB_BAD_STATE_ROUTE', 'tgw-rtb-1']);
  });

  it('C-049 does not tell whose groups a sender has', () => {
    const test = made();
    attachVpc(test, 'tgw-2', '1', { 1: '10.1.1.6' });
    test.close('sg-2', false);
    test.ingress('sg-2', { peer: 'sg-1' });
    // 1 is on both gateways: the reference holds, but this packet goes by the peering.
    test.put('transit-gateway-attachment', {
      ...test.get('transit-gateway-attachment', 'tgw-attach-1'),
      id: 'tgw-attach-1b',
    });
    test.put('transit-gateway-attachment', {
      ...test.get('transit-gateway-attachment', 'tgw-attach-1'),
      transitGatewayId: 'tgw-1',
    });
    expect(fate(test.ask('h1', '10.2.1.10'))).toEqual(['SG_REFERENCES_NOT_PRESERVED', 'eni-h2']);
  });

  it('gateways that lead to each other end a packet by its time to live', () => {
    const test = made();
    routeTransit(test, 'tgw-rtb-1', '10.9.0.0/16', '12');
    routeTransit(test, 'tgw-rtb-2', '10.9.0.0/16', '12');
    expect(test.ask('h1', '10.9.0.1').forward.reason).toBe('TTL_EXPIRED');
  });
});
