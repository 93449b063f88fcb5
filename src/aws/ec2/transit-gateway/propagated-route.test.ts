import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { testCloud } from '../../../../test/support/test-cloud.ts';
import {
  attach,
  attachNewVpc,
  blocksIn,
  defaultTable,
  makeTable,
  makeTransitGateway,
  routesOf,
} from '../../../../test/support/transit-fixture.ts';
import {
  ipv6BlockOf,
  lookAtVpc,
  makeSubnet,
  makeVpc,
} from '../../../../test/support/vpc-fixture.ts';

/** A gateway with its default table. */
async function setUp() {
  const test = await testCloud({ quotas: false });
  const client = test.ec2();
  const gateway = await makeTransitGateway(client);
  return { ...test, client, gateway, table: await defaultTable(client, gateway) };
}

/** Destinations with the VPCs they lead to, sorted. */
async function leads(client: EC2, table: string): Promise<string[]> {
  const routes = await routesOf(client, table);
  const lines = routes.map(({ DestinationCidrBlock, TransitGatewayAttachments }) => {
    return `${DestinationCidrBlock} ${TransitGatewayAttachments![0]!.ResourceId}`;
  });
  return lines.sort();
}

async function associateBlock(client: EC2, VpcId: string, CidrBlock: string): Promise<string> {
  const { CidrBlockAssociation } = await client.associateVpcCidrBlock({ VpcId, CidrBlock });
  return CidrBlockAssociation!.AssociationId!;
}

const release = (client: EC2, TransitGatewayAttachmentId: string) =>
  client.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });

describe('what a VPC propagates', () => {
  it('C-061 is its blocks', async () => {
    const { client, gateway, table } = await setUp();
    const { VpcId } = await makeVpc(client, '10.0.0.0/16');
    await associateBlock(client, VpcId, '10.1.0.0/20');
    const { SubnetId } = await makeSubnet(client, VpcId, '10.0.0.0/24');
    const id = await attach(client, gateway, VpcId, [SubnetId]);
    const attachment = [{ TransitGatewayAttachmentId: id, ResourceId: VpcId, ResourceType: 'vpc' }];
    expect(await routesOf(client, table)).toEqual(
      ['10.0.0.0/16', '10.1.0.0/20'].map((DestinationCidrBlock) => ({
        DestinationCidrBlock,
        TransitGatewayAttachments: attachment,
        Type: 'propagated',
        State: 'active',
      })),
    );
  });

  it('C-061 follows its blocks', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const client = test.ec2();
    const gateway = await makeTransitGateway(client);
    await test.advance(50);
    const table = await defaultTable(client, gateway);
    const { vpcId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    await test.advance(50);
    const association = await associateBlock(client, vpcId, '10.1.0.0/20');
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16']);
    await test.advance(50);
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16', '10.1.0.0/20']);
    await client.disassociateVpcCidrBlock({ AssociationId: association });
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16']);
  });

  it('C-135 has IPv6 blocks where the attachment carries IPv6', async () => {
    const { client, gateway, table } = await setUp();
    const { VpcId } = await makeVpc(client, '10.0.0.0/16', true);
    const { SubnetId } = await makeSubnet(client, VpcId, '10.0.0.0/24');
    const id = await attach(client, gateway, VpcId, [SubnetId]);
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16']);
    const set = (Ipv6Support: 'enable' | 'disable') =>
      client.modifyTransitGatewayVpcAttachment({
        TransitGatewayAttachmentId: id,
        Options: { Ipv6Support },
      });
    await set('enable');
    const block = await ipv6BlockOf(client, VpcId, 56);
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16', block].sort());
    await set('disable');
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16']);
  });

  it('C-135 follows IPv6 blocks, too', async () => {
    const { client, gateway, table } = await setUp();
    const { vpcId } = await attachNewVpc(client, gateway, '10.0.0.0/16', {
      Ipv6Support: 'enable',
    });
    await client.associateVpcCidrBlock({ VpcId: vpcId, AmazonProvidedIpv6CidrBlock: true });
    expect(await blocksIn(client, table)).toContain(await ipv6BlockOf(client, vpcId, 56));
    const { Ipv6CidrBlockAssociationSet } = await lookAtVpc(client, vpcId);
    const AssociationId = Ipv6CidrBlockAssociationSet![0]!.AssociationId!;
    await client.disassociateVpcCidrBlock({ AssociationId });
    expect(await blocksIn(client, table)).toEqual(['10.0.0.0/16']);
  });

  it('C-043 vanishes with its attachment', async () => {
    const { client, gateway, table } = await setUp();
    const { attachmentId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    await release(client, attachmentId);
    expect(await routesOf(client, table)).toEqual([]);
  });

  it('C-054 is in each table it goes to', async () => {
    const { client, gateway, table } = await setUp();
    const { attachmentId, vpcId } = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const other = await makeTable(client, gateway);
    await client.enableTransitGatewayRouteTablePropagation({
      TransitGatewayRouteTableId: other,
      TransitGatewayAttachmentId: attachmentId,
    });
    for (const one of [table, other]) {
      expect(await leads(client, one)).toEqual([`10.0.0.0/16 ${vpcId}`]);
    }
    await associateBlock(client, vpcId, '10.1.0.0/20');
    for (const one of [table, other]) expect(await leads(client, one)).toHaveLength(2);
  });
});

describe('VPCs that overlap', () => {
  it.each([
    ['the same block', '10.0.0.0/16'],
    ['a part of it', '10.0.128.0/20'],
  ])('C-044 attach, and propagate nothing: %s', async (_what, block) => {
    const { client, gateway, table } = await setUp();
    const first = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const second = await attachNewVpc(client, gateway, block);
    expect(await leads(client, table)).toEqual([`10.0.0.0/16 ${first.vpcId}`]);
    await release(client, first.attachmentId);
    expect(await leads(client, table)).toEqual([`${block} ${second.vpcId}`]);
  });

  it('C-044 a larger block is kept back by a smaller one', async () => {
    const { client, gateway, table } = await setUp();
    const first = await attachNewVpc(client, gateway, '10.0.128.0/20');
    const second = await attachNewVpc(client, gateway, '10.0.0.0/16');
    expect(await leads(client, table)).toEqual([`10.0.128.0/20 ${first.vpcId}`]);
    await release(client, first.attachmentId);
    expect(await leads(client, table)).toEqual([`10.0.0.0/16 ${second.vpcId}`]);
  });

  it('C-044 block by block: the others are there', async () => {
    const { client, gateway, table } = await setUp();
    const first = await attachNewVpc(client, gateway, '10.2.0.0/16');
    const second = await attachNewVpc(client, gateway, '10.4.0.0/16');
    const association = await associateBlock(client, second.vpcId, '10.2.16.0/20');
    const both = [`10.2.0.0/16 ${first.vpcId}`, `10.4.0.0/16 ${second.vpcId}`];
    expect(await leads(client, table)).toEqual(both);
    await client.disassociateVpcCidrBlock({ AssociationId: association });
    expect(await leads(client, table)).toEqual(both);
  });

  it('C-137 wait in the order in which they came', async () => {
    const { client, gateway, table } = await setUp();
    const block = '10.0.0.0/16';
    const all = [];
    for (let count = 0; count < 3; count++) all.push(await attachNewVpc(client, gateway, block));
    for (const { attachmentId, vpcId } of all) {
      expect(await leads(client, table)).toEqual([`${block} ${vpcId}`]);
      await release(client, attachmentId);
    }
    expect(await leads(client, table)).toEqual([]);
  });

  it('C-137 two that waited for one and are apart come both', async () => {
    const { client, gateway, table } = await setUp();
    const first = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const low = await attachNewVpc(client, gateway, '10.0.0.0/20');
    const whole = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const high = await attachNewVpc(client, gateway, '10.0.128.0/20');
    await release(client, first.attachmentId);
    const two = [`10.0.0.0/20 ${low.vpcId}`, `10.0.128.0/20 ${high.vpcId}`];
    expect(await leads(client, table)).toEqual(two);
    await release(client, low.attachmentId);
    expect(await leads(client, table)).toEqual([two[1]]);
    await release(client, high.attachmentId);
    expect(await leads(client, table)).toEqual([`10.0.0.0/16 ${whole.vpcId}`]);
  });

  it('C-137 are judged in each table apart', async () => {
    const { client, gateway, table } = await setUp();
    const first = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const second = await attachNewVpc(client, gateway, '10.0.0.0/16');
    const other = await makeTable(client, gateway);
    const propagate = (attachmentId: string) => ({
      TransitGatewayRouteTableId: other,
      TransitGatewayAttachmentId: attachmentId,
    });
    await client.enableTransitGatewayRouteTablePropagation(propagate(second.attachmentId));
    await client.enableTransitGatewayRouteTablePropagation(propagate(first.attachmentId));
    expect(await leads(client, table)).toEqual([`10.0.0.0/16 ${first.vpcId}`]);
    expect(await leads(client, other)).toEqual([`10.0.0.0/16 ${second.vpcId}`]);
    await client.disableTransitGatewayRouteTablePropagation(propagate(second.attachmentId));
    expect(await leads(client, other)).toEqual([`10.0.0.0/16 ${first.vpcId}`]);
  });

  it('C-045 lead to one VPC alone', async () => {
    const { client, gateway, table } = await setUp();
    await attachNewVpc(client, gateway, '10.0.0.0/16');
    await attachNewVpc(client, gateway, '10.0.0.0/16');
    const [route, ...others] = await routesOf(client, table);
    expect(others).toEqual([]);
    expect(route!.TransitGatewayAttachments).toHaveLength(1);
  });
});
