import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { OTHER_ACCOUNT, type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../../test/support/vpc-fixture.ts';
import {
  attachNewGateway,
  connect,
  lookAtVpnGateway,
  makeVpnGateway,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
});

const Type = 'ipsec.1';
const UNKNOWN = 'vgw-0123456789abcdef0';

describe('CreateVpnGateway', () => {
  it('H-040 passes through its states, and shows its number', async () => {
    const { ec2: client, advance } = await testCloud({ transitions: 'fast' });
    const { VpnGateway } = await client().createVpnGateway({
      Type,
      AvailabilityZone: 'us-east-1b',
      TagSpecifications: [{ ResourceType: 'vpn-gateway', Tags: [{ Key: 'Name', Value: 'x' }] }],
    });
    const id = VpnGateway!.VpnGatewayId!;
    expect(id).toMatch(/^vgw-[0-9a-f]{17}$/);
    const shown = {
      VpnGatewayId: id,
      Type,
      AmazonSideAsn: 64_512,
      AvailabilityZone: 'us-east-1b',
      VpcAttachments: [],
      Tags: [{ Key: 'Name', Value: 'x' }],
    };
    expect(VpnGateway).toEqual({ ...shown, State: 'pending' });
    await advance(50);
    expect(await lookAtVpnGateway(client(), id)).toEqual({ ...shown, State: 'available' });
    await client().deleteVpnGateway({ VpnGatewayId: id });
    expect((await lookAtVpnGateway(client(), id)).State).toBe('deleting');
    await advance(50);
    expect((await lookAtVpnGateway(client(), id)).State).toBe('deleted');
    await advance(3_600_000);
    const gone = client().describeVpnGateways({ VpnGatewayIds: [id] });
    await expectError(gone, 'InvalidVpnGatewayID.NotFound');
  });

  it.each([64_512, 65_534, 4_200_000_000, 4_294_967_294])(
    'H-040 takes the number %d',
    async (n) => {
      expect((await lookAtVpnGateway(ec2, await makeVpnGateway(ec2, n))).AmazonSideAsn).toBe(n);
    },
  );

  it.each([1, 64_511, 65_535, 4_199_999_999, 4_294_967_295])(
    'H-040 refuses the number %d',
    async (AmazonSideAsn) => {
      await expectError(ec2.createVpnGateway({ Type, AmazonSideAsn }), 'InvalidParameterValue');
    },
  );

  it('H-040 a Region has five', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.push(await makeVpnGateway(ec2));
    await expectError(makeVpnGateway(ec2), 'VpnGatewayLimitExceeded');
    await ec2.deleteVpnGateway({ VpnGatewayId: ids[0]! });
    await makeVpnGateway(ec2);
  });

  it('refuses an unknown type and an unknown zone', async () => {
    const zone = ec2.createVpnGateway({ Type, AvailabilityZone: 'us-east-1z' });
    await expectError(zone, 'InvalidParameterValue');
    const type = ec2.createVpnGateway({ Type: 'x' as 'ipsec.1' });
    await expectError(type, 'InvalidParameterValue');
  });
});

describe('AttachVpnGateway and DetachVpnGateway', () => {
  it('H-041 pass through the states of the attachment', async () => {
    const { ec2: client, advance } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(client());
    const VpnGatewayId = await makeVpnGateway(client());
    await advance(50);
    const { VpcAttachment } = await client().attachVpnGateway({ VpnGatewayId, VpcId });
    expect(VpcAttachment).toEqual({ VpcId, State: 'attaching' });
    const seen = async () => (await lookAtVpnGateway(client(), VpnGatewayId)).VpcAttachments;
    expect(await seen()).toEqual([{ VpcId, State: 'attaching' }]);
    await advance(50);
    expect(await seen()).toEqual([{ VpcId, State: 'attached' }]);
    await client().detachVpnGateway({ VpnGatewayId, VpcId });
    expect(await seen()).toEqual([{ VpcId, State: 'detaching' }]);
    const remove = () => client().deleteVpnGateway({ VpnGatewayId });
    await expectError(remove(), 'IncorrectState');
    await expectError(client().attachVpnGateway({ VpnGatewayId, VpcId }), 'IncorrectState');
    await expectError(client().detachVpnGateway({ VpnGatewayId, VpcId }), 'IncorrectState');
    await advance(50);
    expect(await seen()).toEqual([{ VpcId, State: 'detached' }]);
    await remove();
  });

  it('H-042 a VPC has one gateway, a gateway one VPC', async () => {
    const { vpnGatewayId: VpnGatewayId, vpcId: VpcId } = await attachNewGateway(ec2);
    const again = await ec2.attachVpnGateway({ VpnGatewayId, VpcId });
    expect(again.VpcAttachment).toEqual({ VpcId, State: 'attached' });
    const other = await makeVpnGateway(ec2);
    const second = ec2.attachVpnGateway({ VpnGatewayId: other, VpcId });
    await expectError(second, 'InvalidVpcState', new RegExp(VpnGatewayId));
    const { VpcId: elsewhere } = await makeVpc(ec2, '10.1.0.0/16');
    const move = () => ec2.attachVpnGateway({ VpnGatewayId, VpcId: elsewhere });
    await expectError(move(), 'VpnGatewayAttachmentLimitExceeded');
    await ec2.detachVpnGateway({ VpnGatewayId, VpcId });
    await move();
    await ec2.attachVpnGateway({ VpnGatewayId: other, VpcId });
  });

  it('H-042 have the errors of ids and states', async () => {
    const { VpcId } = await makeVpc(ec2);
    const VpnGatewayId = await makeVpnGateway(ec2);
    const attach = (id: string, vpc: string) =>
      ec2.attachVpnGateway({ VpnGatewayId: id, VpcId: vpc });
    const detach = (id: string, vpc: string) =>
      ec2.detachVpnGateway({ VpnGatewayId: id, VpcId: vpc });
    for (const call of [attach, detach]) {
      await expectError(call(UNKNOWN, VpcId), 'InvalidVpnGatewayID.NotFound');
      await expectError(call('vgw-', VpcId), 'InvalidVpnGatewayID.Malformed');
      await expectError(call(VpnGatewayId, 'vpc-0123456789abcdef0'), 'InvalidVpcID.NotFound');
    }
    await expectError(detach(VpnGatewayId, VpcId), 'InvalidVpnGatewayAttachment.NotFound');
    const { vpnGatewayId, vpcId } = await attachNewGateway(ec2, '10.1.0.0/16');
    await expectError(detach(vpnGatewayId, VpcId), 'InvalidVpnGatewayAttachment.NotFound');
    await detach(vpnGatewayId, vpcId);
    await expectError(detach(vpnGatewayId, vpcId), 'InvalidVpnGatewayAttachment.NotFound');
    await ec2.deleteVpnGateway({ VpnGatewayId });
    await expectError(attach(VpnGatewayId, VpcId), 'InvalidVpnGatewayID.NotFound');
  });

  it('H-042 a gateway that is not available is not attached', async () => {
    const { ec2: client } = await testCloud({ transitions: 'fast' });
    const { VpcId } = await makeVpc(client());
    const VpnGatewayId = await makeVpnGateway(client());
    const attach = client().attachVpnGateway({ VpnGatewayId, VpcId });
    await expectError(attach, 'InvalidVpnGatewayState');
  });

  it('G-019 a VPC that has a gateway cannot be deleted', async () => {
    const { vpnGatewayId: VpnGatewayId, vpcId: VpcId } = await attachNewGateway(ec2);
    await expectError(ec2.deleteVpc({ VpcId }), 'DependencyViolation');
    await ec2.detachVpnGateway({ VpnGatewayId, VpcId });
    await ec2.deleteVpc({ VpcId });
    // The gateway still shows where it was.
    const { VpcAttachments } = await lookAtVpnGateway(ec2, VpnGatewayId);
    expect(VpcAttachments).toEqual([{ VpcId, State: 'detached' }]);
  });
});

describe('DeleteVpnGateway', () => {
  it('H-042 refuses a gateway in use', async () => {
    const { vpnGatewayId: VpnGatewayId, vpcId: VpcId } = await attachNewGateway(ec2);
    const { VpnConnectionId } = await connect(ec2, { VpnGatewayId });
    const remove = () => ec2.deleteVpnGateway({ VpnGatewayId });
    await expectError(remove(), 'IncorrectState', new RegExp(VpcId));
    await ec2.detachVpnGateway({ VpnGatewayId, VpcId });
    await expectError(remove(), 'IncorrectState', new RegExp(VpnConnectionId!));
    await ec2.deleteVpnConnection({ VpnConnectionId: VpnConnectionId! });
    await remove();
    await expectError(remove(), 'InvalidVpnGatewayID.NotFound');
  });

  it('has the errors of ids and states', async () => {
    const foreign = await makeVpnGateway(test.ec2(OTHER_ACCOUNT));
    const remove = (VpnGatewayId: string) => ec2.deleteVpnGateway({ VpnGatewayId });
    await expectError(remove(foreign), 'InvalidVpnGatewayID.NotFound');
    await expectError(remove('vgw-1'), 'InvalidVpnGatewayID.Malformed');
    const { ec2: client } = await testCloud({ transitions: 'fast' });
    const VpnGatewayId = await makeVpnGateway(client());
    await expectError(client().deleteVpnGateway({ VpnGatewayId }), 'InvalidVpnGatewayState');
  });
});

describe('DescribeVpnGateways', () => {
  it('filters', async () => {
    const { vpnGatewayId, vpcId } = await attachNewGateway(ec2);
    const VpnGateway = await ec2.createVpnGateway({
      Type,
      AmazonSideAsn: 65_001,
      AvailabilityZone: 'us-east-1a',
    });
    const other = VpnGateway.VpnGateway!.VpnGatewayId!;
    const found = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      const { VpnGateways } = await ec2.describeVpnGateways({ Filters });
      return VpnGateways!.map((gateway) => gateway.VpnGatewayId);
    };
    expect(await found('amazon-side-asn', '65001')).toEqual([other]);
    expect(await found('attachment.state', 'attached')).toEqual([vpnGatewayId]);
    expect(await found('attachment.vpc-id', vpcId)).toEqual([vpnGatewayId]);
    expect(await found('availability-zone', 'us-east-1a')).toEqual([other]);
    expect(await found('vpn-gateway-id', other)).toEqual([other]);
    expect(await found('state', 'available')).toEqual([vpnGatewayId, other]);
    expect(await found('type', 'ipsec.1')).toEqual([vpnGatewayId, other]);
  });
});
