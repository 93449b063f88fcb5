import type { TransitGatewayRequestOptions } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, REGION, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  lookAtTransitGateway,
  makeTable,
  makeTransitGateway,
  peerGateways,
  tablesOf,
} from '../../../../test/support/transit-fixture.ts';

const UNKNOWN = 'tgw-0123456789abcdef0';
const HOUR = 3_600_000;

describe('CreateTransitGateway', () => {
  it('C-001 is pending, then available', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'aws' });
    const { TransitGateway } = await ec2().createTransitGateway({ Description: 'hub' });
    const id = TransitGateway!.TransitGatewayId!;
    expect(TransitGateway).toMatchObject({
      State: 'pending',
      Description: 'hub',
      OwnerId: ACCOUNT,
      TransitGatewayArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:transit-gateway/${id}`,
      CreationTime: new Date(Date.UTC(2026, 0, 1)),
    });
    await advance(60_000);
    expect((await lookAtTransitGateway(ec2(), id)).State).toBe('pending');
    await advance(60_000);
    expect((await lookAtTransitGateway(ec2(), id)).State).toBe('available');
  });

  it('C-003 C-007 has AWS’s defaults, and one table for both of them', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const [table, ...others] = await tablesOf(ec2(), id);
    expect(others).toEqual([]);
    expect(table).toMatchObject({
      State: 'available',
      DefaultAssociationRouteTable: true,
      DefaultPropagationRouteTable: true,
    });
    expect((await lookAtTransitGateway(ec2(), id)).Options).toEqual({
      AmazonSideAsn: 64512,
      AutoAcceptSharedAttachments: 'disable',
      DefaultRouteTableAssociation: 'enable',
      AssociationDefaultRouteTableId: table!.TransitGatewayRouteTableId,
      DefaultRouteTablePropagation: 'enable',
      PropagationDefaultRouteTableId: table!.TransitGatewayRouteTableId,
      VpnEcmpSupport: 'enable',
      DnsSupport: 'enable',
      SecurityGroupReferencingSupport: 'disable',
      MulticastSupport: 'disable',
      EncryptionSupport: { EncryptionState: 'disabled' },
    });
  });

  it('C-006 takes every option', async () => {
    const { ec2 } = await testCloud();
    const options = {
      AmazonSideAsn: 4_200_000_000,
      AutoAcceptSharedAttachments: 'enable',
      VpnEcmpSupport: 'disable',
      DnsSupport: 'disable',
      SecurityGroupReferencingSupport: 'enable',
      MulticastSupport: 'enable',
      TransitGatewayCidrBlocks: ['10.99.0.0/24', 'fd00:1::/64'],
    } as const;
    const id = await makeTransitGateway(ec2(), {
      ...options,
      TransitGatewayCidrBlocks: [...options.TransitGatewayCidrBlocks],
    });
    expect((await lookAtTransitGateway(ec2(), id)).Options).toMatchObject(options);
  });

  it.each([
    ['enable', 'disable'],
    ['disable', 'enable'],
  ] as const)(
    'C-007 association %s, propagation %s: one table',
    async (association, propagation) => {
      const { ec2 } = await testCloud();
      const id = await makeTransitGateway(ec2(), {
        DefaultRouteTableAssociation: association,
        DefaultRouteTablePropagation: propagation,
      });
      const tables = await tablesOf(ec2(), id);
      expect(tables).toHaveLength(1);
      const table = tables[0]!.TransitGatewayRouteTableId;
      const { Options } = await lookAtTransitGateway(ec2(), id);
      expect([
        Options!.AssociationDefaultRouteTableId,
        Options!.PropagationDefaultRouteTableId,
      ]).toEqual(association === 'enable' ? [table, undefined] : [undefined, table]);
    },
  );

  it('C-007 with both defaults off there is no table', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2(), {
      DefaultRouteTableAssociation: 'disable',
      DefaultRouteTablePropagation: 'disable',
    });
    expect(await tablesOf(ec2(), id)).toEqual([]);
  });

  it.each([64512, 65534, 4_200_000_000, 4_294_967_294])('C-004 takes the ASN %d', async (asn) => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2(), { AmazonSideAsn: asn });
    expect((await lookAtTransitGateway(ec2(), id)).Options?.AmazonSideAsn).toBe(asn);
  });

  it.each<[string, TransitGatewayRequestOptions]>([
    ['C-004 a public ASN', { AmazonSideAsn: 64511 }],
    ['C-004 the last of 16 bits', { AmazonSideAsn: 65535 }],
    ['C-004 below the 32-bit ones', { AmazonSideAsn: 4_199_999_999 }],
    ['C-004 above the 32-bit ones', { AmazonSideAsn: 4_294_967_295 }],
    ['C-008 a small IPv4 block', { TransitGatewayCidrBlocks: ['10.0.0.0/25'] }],
    ['C-008 a small IPv6 block', { TransitGatewayCidrBlocks: ['fd00::/65'] }],
    ['C-008 a link-local block', { TransitGatewayCidrBlocks: ['169.254.7.0/24'] }],
    ['C-008 one that holds link-local ones', { TransitGatewayCidrBlocks: ['169.0.0.0/8'] }],
    ['C-008 two that overlap', { TransitGatewayCidrBlocks: ['10.0.0.0/16', '10.0.1.0/24'] }],
    ['C-008 no block', { TransitGatewayCidrBlocks: ['ten'] }],
    [
      'C-008 six blocks',
      { TransitGatewayCidrBlocks: [1, 2, 3, 4, 5, 6].map((third) => `10.0.${third}.0/24`) },
    ],
  ])('%s is refused', async (_what, Options) => {
    const { ec2 } = await testCloud();
    await expectError(ec2().createTransitGateway({ Options }), 'InvalidParameterValue');
    expect((await ec2().describeTransitGateways({})).TransitGateways).toEqual([]);
  });

  it('C-014 refuses the sixth of a Region; deleted ones do not count', async () => {
    const { ec2 } = await testCloud();
    const ids = [];
    for (let count = 0; count < 5; count++) ids.push(await makeTransitGateway(ec2()));
    await expectError(ec2().createTransitGateway({}), 'TransitGatewayLimitExceeded');
    await ec2(ACCOUNT, 'us-west-2').createTransitGateway({});
    await ec2().deleteTransitGateway({ TransitGatewayId: ids[0]! });
    await ec2().createTransitGateway({});
  });

  it('G-033 tags the gateway, and nothing else', async () => {
    const { ec2 } = await testCloud();
    const Tags = [{ Key: 'Name', Value: 'hub' }];
    const spec = (ResourceType: 'transit-gateway' | 'vpc') => ({
      TagSpecifications: [{ ResourceType, Tags }],
    });
    const { TransitGateway } = await ec2().createTransitGateway(spec('transit-gateway'));
    expect(TransitGateway!.Tags).toEqual(Tags);
    await expectError(ec2().createTransitGateway(spec('vpc')), 'InvalidParameterValue');
  });

  it('G-028 only asks with DryRun', async () => {
    const { ec2 } = await testCloud();
    await expectError(ec2().createTransitGateway({ DryRun: true }), 'DryRunOperation');
    expect((await ec2().describeTransitGateways({})).TransitGateways).toEqual([]);
  });
});

describe('DescribeTransitGateways', () => {
  it('C-013 an id of nobody, of another account or Region is not found', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    await expectError(lookAtTransitGateway(ec2(), UNKNOWN), 'InvalidTransitGatewayID.NotFound');
    for (const client of [ec2(OTHER_ACCOUNT), ec2(ACCOUNT, 'us-west-2')]) {
      await expectError(lookAtTransitGateway(client, id), 'InvalidTransitGatewayID.NotFound');
      expect((await client.describeTransitGateways({})).TransitGateways).toEqual([]);
    }
    await expectError(lookAtTransitGateway(ec2(), 'tgw-1'), 'InvalidTransitGatewayID.Malformed');
  });

  it.each([
    ['options.amazon-side-asn', '65000'],
    ['options.auto-accept-shared-attachments', 'enable'],
    ['options.default-route-table-association', 'disable'],
    ['options.default-route-table-propagation', 'disable'],
    ['options.dns-support', 'disable'],
    ['options.vpn-ecmp-support', 'disable'],
    ['tag:Name', 'second'],
    ['tag-key', 'Name'],
  ])('G-037 filters by %s', async (Name, value) => {
    const { ec2 } = await testCloud();
    await makeTransitGateway(ec2());
    const { TransitGateway } = await ec2().createTransitGateway({
      Options: {
        AmazonSideAsn: 65000,
        AutoAcceptSharedAttachments: 'enable',
        DefaultRouteTableAssociation: 'disable',
        DefaultRouteTablePropagation: 'disable',
        DnsSupport: 'disable',
        VpnEcmpSupport: 'disable',
      },
      TagSpecifications: [
        { ResourceType: 'transit-gateway', Tags: [{ Key: 'Name', Value: 'second' }] },
      ],
    });
    const Filters = [{ Name, Values: [value] }];
    const { TransitGateways } = await ec2().describeTransitGateways({ Filters });
    expect(TransitGateways!.map((one) => one.TransitGatewayId)).toEqual([
      TransitGateway!.TransitGatewayId,
    ]);
  });

  it('G-037 filters by ids, owner and state', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const gone = await makeTransitGateway(ec2());
    await ec2().deleteTransitGateway({ TransitGatewayId: gone });
    const table = (await lookAtTransitGateway(ec2(), id)).Options!.AssociationDefaultRouteTableId!;
    for (const [Name, value] of [
      ['transit-gateway-id', id],
      ['state', 'available'],
      ['options.association-default-route-table-id', table],
      ['options.propagation-default-route-table-id', table],
    ] as const) {
      const Filters = [{ Name, Values: [value] }];
      const { TransitGateways } = await ec2().describeTransitGateways({ Filters });
      expect(TransitGateways!.map((one) => one.TransitGatewayId)).toEqual([id]);
    }
    const Filters = [{ Name: 'owner-id', Values: [ACCOUNT] }];
    expect((await ec2().describeTransitGateways({ Filters })).TransitGateways).toHaveLength(2);
    const wrong = [{ Name: 'colour', Values: ['red'] }];
    await expectError(ec2().describeTransitGateways({ Filters: wrong }), 'InvalidParameterValue');
  });

  it('G-042 gives pages', async () => {
    const { ec2 } = await testCloud({ quotas: false });
    for (let count = 0; count < 7; count++) await makeTransitGateway(ec2());
    const first = await ec2().describeTransitGateways({ MaxResults: 5 });
    expect(first.TransitGateways).toHaveLength(5);
    const { NextToken } = first;
    const rest = await ec2().describeTransitGateways({ MaxResults: 5, NextToken: NextToken! });
    expect(rest.TransitGateways).toHaveLength(2);
    expect(rest.NextToken).toBeUndefined();
  });
});

describe('DeleteTransitGateway', () => {
  it('C-012 takes its tables, routes and propagations along', async () => {
    const { ec2, cloud, advance } = await testCloud({ transitions: 'fast' });
    const id = await makeTransitGateway(ec2());
    await advance(50);
    const table = await makeTable(ec2(), id);
    await ec2().createTransitGatewayPolicyTable({ TransitGatewayId: id });
    await advance(50);
    await ec2().createTransitGatewayRoute({
      TransitGatewayRouteTableId: table,
      DestinationCidrBlock: '10.0.0.0/8',
      Blackhole: true,
    });
    const { TransitGateway } = await ec2().deleteTransitGateway({ TransitGatewayId: id });
    expect(TransitGateway!.State).toBe('deleting');
    await advance(50);
    expect((await lookAtTransitGateway(ec2(), id)).State).toBe('deleted');
    expect((await ec2().describeTransitGatewayRouteTables({})).TransitGatewayRouteTables).toEqual(
      [],
    );
    for (const kind of ['transit-gateway-route', 'transit-gateway-policy-table'] as const) {
      expect([...cloud.model.all(kind)]).toEqual([]);
    }
    await advance(2 * HOUR);
    await expectError(lookAtTransitGateway(ec2(), id), 'InvalidTransitGatewayID.NotFound');
    expect([...cloud.model.all('timer')]).toEqual([]);
  });

  it('C-011 names the attachments that are in the way', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const id = await makeTransitGateway(ec2());
    await advance(50);
    const one = await attachNewVpc(ec2(), id, '10.0.0.0/16');
    const two = await attachNewVpc(ec2(), id, '10.1.0.0/16');
    await advance(50);
    const remove = () => ec2().deleteTransitGateway({ TransitGatewayId: id });
    const both = `${one.attachmentId}, ${two.attachmentId}`;
    const message = `${id} has non-deleted VPC Attachments: ${both}.`;
    await expectError(remove(), 'IncorrectState', message);
    for (const { attachmentId: TransitGatewayAttachmentId } of [one, two]) {
      await ec2().deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    }
    await expectError(remove(), 'IncorrectState');
    await advance(50);
    await remove();
  });

  it('C-011 a pending, modifying, deleting or deleted gateway is not deleted', async () => {
    const { ec2, advance } = await testCloud({ transitions: 'fast' });
    const id = await makeTransitGateway(ec2());
    const remove = () => ec2().deleteTransitGateway({ TransitGatewayId: id });
    await expectError(remove(), 'IncorrectState', `${id} is in invalid state`);
    await advance(50);
    await ec2().modifyTransitGateway({ TransitGatewayId: id, Description: 'x' });
    await expectError(remove(), 'IncorrectState');
    await advance(50);
    await remove();
    await expectError(remove(), 'IncorrectState');
  });

  it('C-011 names peerings as AWS does', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const peer = await makeTransitGateway(ec2());
    const peering = await peerGateways(ec2(), id, peer);
    const message = `${peer} has non-deleted Transit Gateway Cross Region Peering Attachments: ${peering}.`;
    const call = ec2().deleteTransitGateway({ TransitGatewayId: peer });
    await expectError(call, 'IncorrectState', message);
  });

  it('C-013 a deleted gateway is shown, and nothing else', async () => {
    const { ec2 } = await testCloud();
    const id = await makeTransitGateway(ec2());
    const ids = { TransitGatewayId: id };
    await ec2().deleteTransitGateway(ids);
    for (const call of [
      ec2().deleteTransitGateway(ids),
      ec2().modifyTransitGateway(ids),
      ec2().createTransitGatewayRouteTable(ids),
      attachNewVpc(ec2(), id, '10.0.0.0/16'),
    ]) {
      await expectError(call, 'InvalidTransitGatewayID.NotFound');
    }
    expect((await lookAtTransitGateway(ec2(), id)).State).toBe('deleted');
  });

  it('C-013 an unknown gateway is not found', async () => {
    const { ec2 } = await testCloud();
    const call = ec2().deleteTransitGateway({ TransitGatewayId: UNKNOWN });
    await expectError(call, 'InvalidTransitGatewayID.NotFound');
  });
});
