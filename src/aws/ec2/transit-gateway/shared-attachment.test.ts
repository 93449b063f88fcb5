/**
 * VPCs of another account than the gateway's. Who may attach is decided elsewhere (visible.ts):
 * here the request is made past that question.
 */
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { ACCOUNT, OTHER_ACCOUNT, REGION, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  blocksIn,
  defaultTable,
  lookAtAttachment,
  makeTransitGateway,
} from '../../../../test/support/transit-fixture.ts';
import { makeSubnet, makeVpc } from '../../../../test/support/vpc-fixture.ts';
import { resetAccount } from '../../../control/state/reset-account.ts';
import { attachVpc } from '../../../control/transit-gateway/vpc-attachment.ts';
import { DEFAULT_VPC_ATTACHMENT_OPTIONS } from '../../../model/transit-gateway/attachment.ts';

const OTHER_SCOPE = { account: OTHER_ACCOUNT, region: REGION };
const THIRD_ACCOUNT = '333333333333';

/** A gateway of one account, and another's request to attach its VPC to it. */
async function request(autoAccept: 'enable' | 'disable' = 'disable') {
  const test = await testCloud({ transitions: 'fast', shuffledZones: true });
  const owner = test.ec2();
  const consumer = test.ec2(OTHER_ACCOUNT);
  const gateway = await makeTransitGateway(owner, { AutoAcceptSharedAttachments: autoAccept });
  await test.advance(50);
  const { VpcId: vpcId } = await makeVpc(consumer, '10.5.0.0/16');
  const { SubnetId: subnetId } = await makeSubnet(consumer, vpcId, '10.5.0.0/24');
  const { id } = await test.cloud.execute((tx) =>
    attachVpc(tx, OTHER_SCOPE, tx.get('transit-gateway', gateway)!, {
      vpcId,
      subnetIds: [subnetId],
      options: DEFAULT_VPC_ATTACHMENT_OPTIONS,
      tags: {},
    }),
  );
  const interfaces = async () => {
    const Filters = [{ Name: 'interface-type', Values: ['transit_gateway'] }];
    return (await consumer.describeNetworkInterfaces({ Filters })).NetworkInterfaces!;
  };
  return { ...test, owner, consumer, gateway, vpcId, subnetId, id, interfaces };
}

describe('an attachment of another account’s VPC', () => {
  it('C-026 waits for the gateway’s owner, without interfaces', async () => {
    const { owner, consumer, id, interfaces, vpcId, advance } = await request();
    await advance(1000);
    for (const client of [owner, consumer]) {
      expect(await lookAtAttachment(client, id)).toMatchObject({
        State: 'pendingAcceptance',
        VpcId: vpcId,
        VpcOwnerId: OTHER_ACCOUNT,
      });
    }
    expect(await interfaces()).toEqual([]);
  });

  it('C-112 has its zones by their ids, whatever an account calls them', async () => {
    const { consumer, id, subnetId, cloud } = await request();
    const { Subnets } = await consumer.describeSubnets({ SubnetIds: [subnetId] });
    const attachment = cloud.model.get('transit-gateway-attachment', id);
    expect(attachment).toMatchObject({
      subnets: [{ subnetId, zoneId: Subnets![0]!.AvailabilityZoneId }],
    });
  });

  it('C-026 C-055 accepted, it is pending and then available', async () => {
    const { owner, consumer, id, interfaces, advance, gateway, subnetId } = await request();
    const TransitGatewayAttachmentId = id;
    const accepted = await owner.acceptTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    expect(accepted.TransitGatewayVpcAttachment).toMatchObject({ State: 'pending' });
    expect(await interfaces()).toMatchObject([{ SubnetId: subnetId, OwnerId: OTHER_ACCOUNT }]);
    const table = await defaultTable(owner, gateway);
    expect(await blocksIn(owner, table)).toEqual([]);
    await advance(50);
    expect((await lookAtAttachment(consumer, id)).State).toBe('available');
    expect(await blocksIn(owner, table)).toEqual(['10.5.0.0/16']);
  });

  it('C-026 rejected, it is rejecting and then rejected, shown for two hours', async () => {
    const { owner, consumer, id, advance } = await request();
    const TransitGatewayAttachmentId = id;
    const rejected = await owner.rejectTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    expect(rejected.TransitGatewayVpcAttachment).toMatchObject({ State: 'rejecting' });
    await advance(50);
    expect((await lookAtAttachment(consumer, id)).State).toBe('rejected');
    const remove = consumer.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    await expectError(remove, 'IncorrectState');
    await advance(2 * 3_600_000);
    await expectError(lookAtAttachment(owner, id), 'InvalidTransitGatewayAttachmentID.NotFound');
  });

  it('C-026 needs no answer where the gateway accepts by itself', async () => {
    const { consumer, id, advance, interfaces } = await request('enable');
    expect((await lookAtAttachment(consumer, id)).State).toBe('pending');
    expect(await interfaces()).toHaveLength(1);
    await advance(50);
    expect((await lookAtAttachment(consumer, id)).State).toBe('available');
  });

  it('C-029 is answered once, while it waits', async () => {
    const { owner, id, advance } = await request();
    const ids = { TransitGatewayAttachmentId: id };
    const message = `${id} is in invalid state`;
    await owner.acceptTransitGatewayVpcAttachment(ids);
    for (const millis of [0, 50]) {
      await advance(millis);
      await expectError(owner.acceptTransitGatewayVpcAttachment(ids), 'IncorrectState', message);
      await expectError(owner.rejectTransitGatewayVpcAttachment(ids), 'IncorrectState', message);
    }
  });

  it('C-110 only the gateway’s owner answers it', async () => {
    const { consumer, id, ec2 } = await request();
    const ids = { TransitGatewayAttachmentId: id };
    await expectError(consumer.acceptTransitGatewayVpcAttachment(ids), 'OperationNotPermitted');
    await expectError(consumer.rejectTransitGatewayVpcAttachment(ids), 'OperationNotPermitted');
    const stranger = ec2(THIRD_ACCOUNT);
    const unseen = 'InvalidTransitGatewayAttachmentID.NotFound';
    await expectError(stranger.acceptTransitGatewayVpcAttachment(ids), unseen);
    await expectError(stranger.deleteTransitGatewayVpcAttachment(ids), unseen);
    const elsewhere = ec2(ACCOUNT, 'us-west-2');
    await expectError(elsewhere.acceptTransitGatewayVpcAttachment(ids), unseen);
  });

  it('C-113 only the VPC’s owner modifies it', async () => {
    const { owner, consumer, id, advance } = await request('enable');
    await advance(50);
    const change = {
      TransitGatewayAttachmentId: id,
      Options: { ApplianceModeSupport: 'enable' as const },
    };
    await expectError(owner.modifyTransitGatewayVpcAttachment(change), 'OperationNotPermitted');
    await consumer.modifyTransitGatewayVpcAttachment(change);
  });

  it.each(['owner', 'consumer'] as const)('C-111 the %s may delete it', async (party) => {
    const scene = await request('enable');
    await scene.advance(50);
    const TransitGatewayAttachmentId = scene.id;
    await scene[party].deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
    await scene.advance(50);
    for (const client of [scene.owner, scene.consumer]) {
      expect((await lookAtAttachment(client, scene.id)).State).toBe('deleted');
    }
    expect(await scene.interfaces()).toEqual([]);
  });

  it('C-026 deleted before it is answered, it is gone', async () => {
    const { consumer, owner, id, advance } = await request();
    const ids = { TransitGatewayAttachmentId: id };
    await consumer.deleteTransitGatewayVpcAttachment(ids);
    await expectError(owner.acceptTransitGatewayVpcAttachment(ids), 'IncorrectState');
    await advance(50);
    expect((await lookAtAttachment(owner, id)).State).toBe('deleted');
  });

  it('G-019 a request that waits holds its subnet, and the gateway', async () => {
    const { consumer, owner, subnetId, vpcId, gateway, id } = await request();
    await expectError(consumer.deleteSubnet({ SubnetId: subnetId }), 'DependencyViolation');
    await expectError(consumer.deleteVpc({ VpcId: vpcId }), 'DependencyViolation');
    const remove = owner.deleteTransitGateway({ TransitGatewayId: gateway });
    await expectError(remove, 'IncorrectState', new RegExp(id));
  });

  it('C-110 the consumer manages no table', async () => {
    const { consumer, owner, gateway, id, advance } = await request('enable');
    await advance(50);
    const TransitGatewayRouteTableId = await defaultTable(owner, gateway);
    const ids = { TransitGatewayRouteTableId, TransitGatewayAttachmentId: id };
    const unseen = 'InvalidRouteTableID.NotFound';
    await expectError(consumer.associateTransitGatewayRouteTable(ids), unseen);
    await expectError(consumer.disassociateTransitGatewayRouteTable(ids), unseen);
    await expectError(consumer.enableTransitGatewayRouteTablePropagation(ids), unseen);
    await expectError(blocksIn(consumer, TransitGatewayRouteTableId), unseen);
    await expectError(
      consumer.createTransitGatewayRoute({ ...ids, DestinationCidrBlock: '0.0.0.0/0' }),
      unseen,
    );
    await expectError(
      consumer.getTransitGatewayAttachmentPropagations({ TransitGatewayAttachmentId: id }),
      'InvalidTransitGatewayAttachmentID.NotFound',
    );
    await owner.getTransitGatewayAttachmentPropagations({ TransitGatewayAttachmentId: id });
  });

  it('B-058 each party has its own tags on it', async () => {
    const { owner, consumer, id } = await request();
    const tag = (Value: string) => ({ Resources: [id], Tags: [{ Key: 'Name', Value }] });
    await owner.createTags(tag('theirs'));
    await consumer.createTags(tag('ours'));
    expect((await lookAtAttachment(owner, id)).Tags).toEqual([{ Key: 'Name', Value: 'theirs' }]);
    expect((await lookAtAttachment(consumer, id)).Tags).toEqual([{ Key: 'Name', Value: 'ours' }]);
  });

  it('C-020 a reset of the gateway’s account takes the interfaces along', async () => {
    const { cloud, interfaces, advance, consumer } = await request('enable');
    await advance(50);
    expect(await interfaces()).toHaveLength(1);
    await cloud.execute((tx) => resetAccount(tx, ACCOUNT));
    expect(await interfaces()).toEqual([]);
    const left = await consumer.describeTransitGatewayVpcAttachments({});
    expect(left.TransitGatewayVpcAttachments).toEqual([]);
  });

  it('C-044 a reset of the VPC’s account lets in what it kept out', async () => {
    const { cloud, advance, owner, gateway, subnetId, vpcId } = await request('enable');
    await advance(50);
    const { VpcId } = await makeVpc(owner, '10.5.0.0/16');
    const { SubnetId } = await makeSubnet(owner, VpcId, '10.5.0.0/24');
    expect([subnetId, vpcId]).not.toContain(SubnetId);
    const made = await owner.createTransitGatewayVpcAttachment({
      TransitGatewayId: gateway,
      VpcId,
      SubnetIds: [SubnetId],
    });
    await advance(50);
    const [before] = [...cloud.model.all('transit-gateway-route')];
    expect(before).not.toMatchObject({
      attachmentId: made.TransitGatewayVpcAttachment!.TransitGatewayAttachmentId,
    });
    await cloud.execute((tx) => resetAccount(tx, OTHER_ACCOUNT));
    expect([...cloud.model.all('transit-gateway-route')]).toMatchObject([
      {
        attachmentId: made.TransitGatewayVpcAttachment!.TransitGatewayAttachmentId,
        suppressed: false,
      },
    ]);
  });
});
