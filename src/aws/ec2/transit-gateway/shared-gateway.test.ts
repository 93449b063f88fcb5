import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { gatewayArn, makeShare, shareGateways } from '../../../../test/support/sharing-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type TestCloud,
  testCloud,
} from '../../../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  lookAtAttachment,
  makeTransitGateway,
} from '../../../../test/support/transit-fixture.ts';

let cloud: TestCloud;
let owner: EC2;
let consumer: EC2;
let gateway: string;
beforeEach(async () => {
  cloud = await testCloud();
  owner = cloud.ec2();
  consumer = cloud.ec2(OTHER_ACCOUNT);
  gateway = await makeTransitGateway(owner);
});

const unshare = async (share: string) => {
  await cloud.ram().deleteResourceShare({ resourceShareArn: share });
  await cloud.advance(60_000);
};
const seen = async (ec2: EC2) => {
  const { TransitGateways } = await ec2.describeTransitGateways({});
  return TransitGateways!.map(({ TransitGatewayId, OwnerId }) => [TransitGatewayId, OwnerId]);
};
const NOT_FOUND = 'InvalidTransitGatewayID.NotFound';

describe('a transit gateway shared by RAM', () => {
  it('C-110 is seen once the invitation is accepted, as its owner’s', async () => {
    const principals = [OTHER_ACCOUNT];
    await makeShare(cloud.ram(), { resourceArns: [gatewayArn(gateway)], principals });
    expect(await seen(consumer)).toEqual([]);
    await expectError(attachNewVpc(consumer, gateway, '10.0.0.0/16'), NOT_FOUND);
    await shareGateways(cloud, gateway);
    expect(await seen(consumer)).toEqual([[gateway, ACCOUNT]]);
    const own = await makeTransitGateway(consumer);
    expect(await seen(consumer)).toEqual([
      [own, OTHER_ACCOUNT],
      [gateway, ACCOUNT],
    ]);
  });

  it('C-026 C-110 is attached to by others, and accepts each attachment', async () => {
    await shareGateways(cloud, gateway);
    const { attachmentId } = await attachNewVpc(consumer, gateway, '10.0.0.0/16');
    expect((await lookAtAttachment(consumer, attachmentId)).State).toBe('pendingAcceptance');
    await owner.acceptTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId });
    const attachment = await lookAtAttachment(consumer, attachmentId);
    expect(attachment).toMatchObject({ State: 'available', VpcOwnerId: OTHER_ACCOUNT });
  });

  it('C-110 has its tables managed by the owner alone, and is deleted by nobody else', async () => {
    await shareGateways(cloud, gateway);
    const { attachmentId: TransitGatewayAttachmentId } = await attachNewVpc(
      consumer,
      gateway,
      '10.0.0.0/16',
    );
    const TransitGatewayId = gateway;
    const TransitGatewayRouteTableId = await defaultTable(owner, gateway);
    await expectError(consumer.deleteTransitGateway({ TransitGatewayId }), NOT_FOUND);
    await expectError(consumer.modifyTransitGateway({ TransitGatewayId }), NOT_FOUND);
    await expectError(consumer.createTransitGatewayRouteTable({ TransitGatewayId }), NOT_FOUND);
    await expectError(
      consumer.associateTransitGatewayRouteTable({
        TransitGatewayRouteTableId,
        TransitGatewayAttachmentId,
      }),
      'InvalidRouteTableID.NotFound',
    );
  });

  it('C-110 is shared in its Region alone', async () => {
    await shareGateways(cloud, gateway);
    const elsewhere = cloud.ec2(OTHER_ACCOUNT, 'eu-west-1');
    await expectError(
      elsewhere.describeTransitGateways({ TransitGatewayIds: [gateway] }),
      NOT_FOUND,
    );
  });

  it('C-111 keeps its attachments when it is shared no more; either side deletes one', async () => {
    const share = await shareGateways(cloud, gateway);
    const ids = [];
    for (const block of ['10.0.0.0/16', '10.1.0.0/16']) {
      const { attachmentId } = await attachNewVpc(consumer, gateway, block);
      await owner.acceptTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId });
      ids.push(attachmentId);
    }
    await unshare(share);
    expect(await seen(consumer)).toEqual([]);
    await expectError(attachNewVpc(consumer, gateway, '10.2.0.0/16'), NOT_FOUND);
    expect((await lookAtAttachment(consumer, ids[0]!)).State).toBe('available');
    for (const [index, ec2] of [owner, consumer].entries()) {
      await ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: ids[index]! });
      expect((await lookAtAttachment(consumer, ids[index]!)).State).toBe('deleted');
    }
  });
});
