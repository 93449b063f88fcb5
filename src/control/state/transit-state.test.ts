import { beforeAll, describe, expect, it } from 'vitest';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import {
  asJson,
  type SpoiltRecord,
  set,
  withSpoilt,
} from '../../../test/support/state-document.ts';
import { OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTransitGateway,
  peerGateways,
  requestTransitPeering,
} from '../../../test/support/transit-fixture.ts';
import type { Kind } from '../../model/schema.ts';
import { parseState, type StateDocument } from './document.ts';
import { replaceState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

/** One of everything that transit gateways are made of, and a peering with another account. */
async function filledCloud() {
  const test = await testCloud();
  const client = test.ec2();
  const gateway = await makeTransitGateway(client, { DefaultRouteTablePropagation: 'enable' });
  const peer = await makeTransitGateway(client);
  const table = await defaultTable(client, gateway);
  await attachNewVpc(client, gateway, '10.0.0.0/16');
  await attachNewVpc(client, gateway, '10.0.0.0/16');
  const peering = await peerGateways(client, gateway, peer);
  await client.createTransitGatewayRoute({
    TransitGatewayRouteTableId: table,
    TransitGatewayAttachmentId: peering,
    DestinationCidrBlock: '0.0.0.0/0',
  });
  await client.createTransitGatewayPrefixListReference({
    TransitGatewayRouteTableId: table,
    PrefixListId: await makeList(client, ['192.168.0.0/16']),
    Blackhole: true,
  });
  const policy = await client.createTransitGatewayPolicyTable({ TransitGatewayId: peer });
  await client.disassociateTransitGatewayRouteTable({
    TransitGatewayRouteTableId: await defaultTable(client, peer),
    TransitGatewayAttachmentId: peering,
  });
  await client.associateTransitGatewayPolicyTable({
    TransitGatewayPolicyTableId: policy.TransitGatewayPolicyTable!.TransitGatewayPolicyTableId!,
    TransitGatewayAttachmentId: peering,
  });
  const far = await makeTransitGateway(test.ec2(OTHER_ACCOUNT, 'us-west-2'));
  const place = { account: OTHER_ACCOUNT, region: 'us-west-2' };
  const id = await requestTransitPeering(client, gateway, far, place);
  await test
    .ec2(OTHER_ACCOUNT, 'us-west-2')
    .acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: id });
  return test;
}

let document: StateDocument;
beforeAll(async () => {
  document = asJson((await filledCloud()).cloud);
});

const KINDS = [
  'transit-gateway',
  'transit-gateway-attachment',
  'transit-gateway-route-table',
  'transit-gateway-route-table-association',
  'transit-gateway-route-table-propagation',
  'transit-gateway-route',
  'transit-gateway-prefix-list-reference',
  'transit-gateway-policy-table',
  'transit-gateway-policy-table-association',
] as const satisfies readonly Kind[];

describe('transit gateways in a document', () => {
  it.each(KINDS)('there are some to look at: %s', (kind) => {
    expect(document.records[kind]).not.toEqual([]);
  });

  it('C-138 carry over, of two accounts and Regions', async () => {
    const { cloud } = await testCloud({ seed: 2 });
    await cloud.execute((tx) => replaceState(tx, parseState(document)));
    expect(asJson(cloud)).toEqual(document);
  });

  it.each<[string, Kind, SpoiltRecord, RegExp]>([
    ['a state of nobody', 'transit-gateway', set('state', 'asleep'), /state/],
    ['a missing table', 'transit-gateway', badDefault, /default route table/],
    [
      'a missing gateway',
      'transit-gateway-policy-table',
      set('transitGatewayId', 'tgw-0'),
      /needs/,
    ],
    [
      'another owner',
      'transit-gateway-attachment',
      set('transitGatewayOwnerId', '0'.repeat(12)),
      /not whose/,
    ],
    ['a missing subnet', 'transit-gateway-attachment', otherSubnet, /needs|not those/],
    ['another zone', 'transit-gateway-attachment', otherZone, /not those of its VPC/],
    ['no subnet', 'transit-gateway-attachment', set('subnets', []), /not those of its VPC/],
    [
      'a foreign VPC',
      'transit-gateway-attachment',
      set('account', OTHER_ACCOUNT),
      /another account/,
    ],
    ['an id that lies', 'transit-gateway-route-table-association', set('id', 'x'), /should be/],
    ['an id that lies', 'transit-gateway-route-table-propagation', set('id', 'x'), /should be/],
    ['an id that lies', 'transit-gateway-route', set('id', 'x'), /should be/],
    ['an id that lies', 'transit-gateway-prefix-list-reference', set('id', 'x'), /should be/],
    ['an id that lies', 'transit-gateway-policy-table-association', set('id', 'x'), /should be/],
    [
      'another gateway',
      'transit-gateway-route',
      set('transitGatewayId', 'tgw-1'),
      /another transit/,
    ],
    ['another type', 'transit-gateway-route', set('resourceType', 'peering'), /resourceType/],
    ['a type of nobody', 'transit-gateway-route', set('type', 'learned'), /type/],
    [
      'another gateway',
      'transit-gateway-prefix-list-reference',
      set('transitGatewayId', 'tgw-1'),
      /another/,
    ],
    [
      'no account',
      'transit-gateway-prefix-list-reference',
      set('prefixListOwnerId', 'me'),
      /Owner/,
    ],
  ])('are refused with %s: %s', (_what, kind, spoil, message) => {
    expect(() => parseState(withSpoilt(document, kind, spoil))).toThrow(message);
  });

  function badDefault(record: Record<string, unknown>) {
    const options = record.options as object;
    record.options = { ...options, associationDefaultRouteTableId: 'tgw-rtb-0' };
  }

  function otherSubnet(record: Record<string, unknown>) {
    const [subnet] = record.subnets as object[];
    record.subnets = [{ ...subnet, subnetId: 'subnet-0' }];
  }

  function otherZone(record: Record<string, unknown>) {
    const [subnet] = record.subnets as object[];
    record.subnets = [{ ...subnet, zoneId: 'use1-az6' }];
  }
});

describe('a reset', () => {
  it.each([SCOPE.account, OTHER_ACCOUNT])(
    'of an account leaves nothing of it: %s',
    async (account) => {
      const { cloud } = await filledCloud();
      await cloud.execute((tx) => resetAccount(tx, account));
      const left = asJson(cloud);
      expect(JSON.stringify(left.records)).not.toContain(account);
      expect(() => parseState(left)).not.toThrow();
      const kinds = KINDS.filter((kind) => left.records[kind] !== undefined);
      // The accepter keeps its gateway with the default table; the requester all but that peering.
      expect(kinds).toEqual(
        account === SCOPE.account ? ['transit-gateway', 'transit-gateway-route-table'] : [...KINDS],
      );
    },
  );
});
