import { describe, expect, it } from 'vitest';
import { prefixListVersionId } from '../../model/vpc/prefix-list.ts';
import type { Answer } from '../question.ts';
import { TestNetwork } from '../test-network.ts';
import {
  associate,
  attachVpc,
  propagate,
  routeTransit,
  transitGateway,
  transitTable,
} from '../test-transit.ts';
import { block } from '../test-values.ts';

const TABLE = 'tgw-rtb-1';

/** VPC 1 asks; 2 and 3 both have 10.2.0.0/16 with a host at 10.2.1.10. */
function made(): TestNetwork {
  const test = new TestNetwork();
  transitGateway(test, 'tgw-1');
  transitTable(test, TABLE, 'tgw-1');
  for (const [name, number] of [
    ['1', 1],
    ['2', 2],
    ['3', 2],
  ] as const) {
    test.vpc(name, [`10.${number}.0.0/16`]);
    test.ingress(`sg-${name}`);
    test.subnet(name, name, [`10.${number}.1.0/24`]);
    test.host(`h${name}`, name, `10.${number}.1.10`);
    attachVpc(test, 'tgw-1', name, { [name]: `10.${number}.1.5` });
    associate(test, TABLE, name);
    test.route(`rtb-${name}`, '0.0.0.0/0', { kind: 'transit-gateway', id: 'tgw-1' });
  }
  propagate(test, TABLE, '10.1.0.0/16', '1');
  return test;
}

/** Who gets it, or why nobody does. */
const taker = ({ observed, forward }: Answer) => observed?.instance ?? forward.reason;
const ask = (test: TestNetwork) => taker(test.ask('h1', '10.2.1.10'));
/** The rule that the table decided by. */
const decided = ({ forward }: Answer) =>
  forward.hops.find(({ kind }) => kind === 'transit-gateway-route-table')?.rule;

function list(test: TestNetwork, id: string, version: number, ...blocks: string[]): void {
  const owned = { account: '111111111111', region: 'us-east-1' };
  test.put('prefix-list-version', {
    id: prefixListVersionId(id, version),
    prefixListId: id,
    version,
    entries: blocks.map((text) => ({ cidr: block(text) })),
  });
  test.put('prefix-list', {
    ...{ id, ...owned, name: id, family: 4, maxEntries: 10, version },
    state: 'modify-complete',
  });
}

function refer(test: TestNetwork, prefixListId: string, name?: string): void {
  test.put('transit-gateway-prefix-list-reference', {
    id: `${TABLE}|${prefixListId}`,
    transitGatewayId: 'tgw-1',
    routeTableId: TABLE,
    prefixListId,
    prefixListOwnerId: '111111111111',
    state: 'available',
    ...(name !== undefined && { attachmentId: `tgw-attach-${name}` }),
  });
}

describe('which route holds', () => {
  it('C-063 the longest prefix, blackholes included', () => {
    const test = made();
    propagate(test, TABLE, '10.2.0.0/16', '2');
    expect(ask(test)).toBe('i-h2');
    routeTransit(test, TABLE, '10.2.1.0/24', '3');
    expect(ask(test)).toBe('i-h3');
    routeTransit(test, TABLE, '10.2.1.10/32');
    expect(ask(test)).toBe('TGW_RTB_BAD_STATE_ROUTE');
    test.delete('transit-gateway-route', `${TABLE}|10.2.1.10/32`);
    expect(ask(test)).toBe('i-h3');
  });

  it('C-064 C-067 the static one before the propagated, which comes back', () => {
    const test = made();
    propagate(test, TABLE, '10.2.0.0/16', '2');
    routeTransit(test, TABLE, '10.2.0.0/16', '3');
    const answer = test.ask('h1', '10.2.1.10');
    expect(taker(answer)).toBe('i-h3');
    expect(decided(answer)).toEqual({
      destinationCidrBlock: '10.2.0.0/16',
      type: 'static',
      state: 'active',
      transitGatewayAttachmentId: 'tgw-attach-3',
      resourceType: 'vpc',
      resourceId: 'vpc-3',
    });
    test.delete('transit-gateway-route', `${TABLE}|10.2.0.0/16`);
    expect(ask(test)).toBe('i-h2');
  });

  it('C-069 a blackhole drops and says so', () => {
    const test = made();
    routeTransit(test, TABLE, '10.2.0.0/16');
    const answer = test.ask('h1', '10.2.1.10');
    expect(answer.forward).toMatchObject({ reason: 'TGW_RTB_BAD_STATE_ROUTE', at: TABLE });
    expect(decided(answer)).toEqual({
      destinationCidrBlock: '10.2.0.0/16',
      type: 'static',
      state: 'blackhole',
    });
  });

  it('C-137 what overlaps is not installed, until it may be', () => {
    const test = made();
    propagate(test, TABLE, '10.2.0.0/16', '2');
    propagate(test, TABLE, '10.2.0.0/16', '3', true);
    expect(ask(test)).toBe('i-h2');
    test.delete('transit-gateway-route', `${TABLE}|10.2.0.0/16|tgw-attach-2`);
    expect(ask(test)).toBe('TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT');
    propagate(test, TABLE, '10.2.0.0/16', '3');
    expect(ask(test)).toBe('i-h3');
  });
});

describe('references to prefix lists', () => {
  it('C-064 C-074 stand between static and propagated routes', () => {
    const test = made();
    list(test, 'pl-1', 1, '10.2.0.0/16');
    propagate(test, TABLE, '10.2.0.0/16', '2');
    refer(test, 'pl-1', '3');
    const answer = test.ask('h1', '10.2.1.10');
    expect(taker(answer)).toBe('i-h3');
    expect(decided(answer)).toMatchObject({ destinationPrefixListId: 'pl-1', state: 'active' });
    routeTransit(test, TABLE, '10.2.0.0/16', '2');
    expect(ask(test)).toBe('i-h2');
  });

  it('C-074 follow the list, and its longest entry', () => {
    const test = made();
    list(test, 'pl-1', 1, '10.2.0.0/16');
    refer(test, 'pl-1', '3');
    propagate(test, TABLE, '10.2.1.0/24', '2');
    expect(ask(test)).toBe('i-h2');
    list(test, 'pl-1', 2, '10.2.0.0/16', '10.2.1.0/28');
    expect(ask(test)).toBe('i-h3');
    list(test, 'pl-1', 3);
    expect(ask(test)).toBe('i-h2');
  });

  it('C-074 are blackholes as a whole, or with an attachment that is gone', () => {
    const test = made();
    list(test, 'pl-1', 1, '10.2.0.0/16');
    refer(test, 'pl-1');
    expect(ask(test)).toBe('TGW_RTB_BAD_STATE_ROUTE');
    refer(test, 'pl-1', '3');
    expect(ask(test)).toBe('i-h3');
    test.update('transit-gateway-attachment', 'tgw-attach-3', { state: 'deleting' });
    expect(ask(test)).toBe('TGW_RTB_BAD_STATE_ROUTE');
    test.delete('transit-gateway-prefix-list-reference', `${TABLE}|pl-1`);
    expect(ask(test)).toBe('TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT');
  });
});
