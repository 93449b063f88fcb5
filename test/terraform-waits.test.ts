/**
 * Transit gateways as Terraform's provider works with them: what it calls to create, read, change
 * and delete each of its resources, and which states its waiters let pass in between.
 */
import type { EC2, TransitGatewayRequestOptions } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { addPeer, attachConnect, lookAtConnect, lookAtPeer } from './support/connect-fixture.ts';
import { expectError } from './support/expect-error.ts';
import { makeList } from './support/prefix-list-fixture.ts';
import { shareGateways } from './support/sharing-fixture.ts';
import { GONE, goneBy, type Read, statesUntil } from './support/terraform-waiter.ts';
import { ACCOUNT, OTHER_ACCOUNT, type TestCloud, testCloud } from './support/test-cloud.ts';
import {
  attachNewVpc,
  lookAtTransitGateway,
  makeTransitGateway,
} from './support/transit-fixture.ts';

let cloud: TestCloud;
let ec2: EC2;
let gateway: string;
beforeEach(async () => {
  cloud = await testCloud({ transitions: 'fast' });
  ec2 = cloud.ec2();
  gateway = await makeTransitGateway(ec2);
  await becomes('available', gatewayState(gateway));
});

const becomes = (wanted: string, read: Read) => statesUntil(cloud, wanted, read);
const AVAILABLE = ['pending', 'available'];

const gatewayState = (id: string): Read =>
  goneBy(
    'InvalidTransitGatewayID.NotFound',
    async () => (await lookAtTransitGateway(ec2, id)).State,
  );

const attachmentState =
  (id: string, client = ec2): Read =>
  async () => {
    const asked = { TransitGatewayAttachmentIds: [id] };
    const found = await client.describeTransitGatewayVpcAttachments(asked);
    return found.TransitGatewayVpcAttachments![0]!.State;
  };

const peeringState =
  (id: string, client: EC2): Read =>
  async () => {
    const asked = { TransitGatewayAttachmentIds: [id] };
    const found = await client.describeTransitGatewayPeeringAttachments(asked);
    return found.TransitGatewayPeeringAttachments![0]!.State;
  };

const tableState = (id: string): Read =>
  goneBy('InvalidRouteTableID.NotFound', async () => {
    const asked = { TransitGatewayRouteTableIds: [id] };
    const found = await ec2.describeTransitGatewayRouteTables(asked);
    return found.TransitGatewayRouteTables![0]?.State;
  });

const policyTableState = (id: string): Read =>
  goneBy('InvalidTransitGatewayPolicyTableId.NotFound', async () => {
    const asked = { TransitGatewayPolicyTableIds: [id] };
    const found = await ec2.describeTransitGatewayPolicyTables(asked);
    return found.TransitGatewayPolicyTables![0]?.State;
  });

interface Joint {
  readonly TransitGatewayRouteTableId: string;
  readonly TransitGatewayAttachmentId: string;
}

const ofAttachment = ({
  TransitGatewayAttachmentId,
}: Pick<Joint, 'TransitGatewayAttachmentId'>) => [
  { Name: 'transit-gateway-attachment-id', Values: [TransitGatewayAttachmentId] },
];

const associationState = (joint: Joint): Read =>
  goneBy('InvalidRouteTableID.NotFound', async () => {
    const { TransitGatewayRouteTableId } = joint;
    const asked = { TransitGatewayRouteTableId, Filters: ofAttachment(joint) };
    const found = await ec2.getTransitGatewayRouteTableAssociations(asked);
    return found.Associations![0]?.State;
  });

const propagationState = (joint: Joint): Read =>
  goneBy('InvalidRouteTableID.NotFound', async () => {
    const { TransitGatewayRouteTableId } = joint;
    const asked = { TransitGatewayRouteTableId, Filters: ofAttachment(joint) };
    const found = await ec2.getTransitGatewayRouteTablePropagations(asked);
    return found.TransitGatewayRouteTablePropagations![0]?.State;
  });

async function newAttachment(block = '10.0.0.0/16') {
  const attached = await attachNewVpc(ec2, gateway, block);
  await becomes('available', attachmentState(attached.attachmentId));
  return attached;
}

async function newTable(): Promise<string> {
  const made = await ec2.createTransitGatewayRouteTable({ TransitGatewayId: gateway });
  const id = made.TransitGatewayRouteTable!.TransitGatewayRouteTableId!;
  expect(await becomes('available', tableState(id))).toEqual(AVAILABLE);
  return id;
}

describe('aws_ec2_transit_gateway', () => {
  const OPTIONS: TransitGatewayRequestOptions = {
    AmazonSideAsn: 64_512,
    AutoAcceptSharedAttachments: 'disable',
    DefaultRouteTableAssociation: 'enable',
    DefaultRouteTablePropagation: 'enable',
    DnsSupport: 'enable',
    MulticastSupport: 'disable',
    SecurityGroupReferencingSupport: 'disable',
    TransitGatewayCidrBlocks: ['192.168.0.0/24'],
    VpnEcmpSupport: 'enable',
  };

  it('C-001 is created with every option, read with all it needs, changed and deleted', async () => {
    const { TransitGateway } = await ec2.createTransitGateway({ Options: OPTIONS });
    const id = TransitGateway!.TransitGatewayId!;
    expect(await becomes('available', gatewayState(id))).toEqual(AVAILABLE);
    const read = await lookAtTransitGateway(ec2, id);
    expect(read.Options).toMatchObject(OPTIONS);
    expect(read.Options!.AssociationDefaultRouteTableId).toMatch(/^tgw-rtb-/);
    expect(read.Options!.PropagationDefaultRouteTableId).toMatch(/^tgw-rtb-/);
    expect([read.OwnerId, read.TransitGatewayArn]).toEqual([
      ACCOUNT,
      `arn:aws:ec2:us-east-1:${ACCOUNT}:transit-gateway/${id}`,
    ]);
    await ec2.modifyTransitGateway({
      TransitGatewayId: id,
      Description: 'changed',
      Options: { DnsSupport: 'disable', AddTransitGatewayCidrBlocks: ['192.168.1.0/24'] },
    });
    expect(await becomes('available', gatewayState(id))).toEqual(['modifying', 'available']);
    expect(await lookAtTransitGateway(ec2, id)).toMatchObject({
      Description: 'changed',
      Options: {
        DnsSupport: 'disable',
        TransitGatewayCidrBlocks: ['192.168.0.0/24', '192.168.1.0/24'],
      },
    });
    await ec2.deleteTransitGateway({ TransitGatewayId: id });
    expect(await becomes(GONE, gatewayState(id))).toEqual(['deleting', GONE]);
  });

  it('C-011 is deleted by trying again as long as its attachments are on their way out', async () => {
    const { attachmentId } = await newAttachment();
    await ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId });
    const gone = { TransitGatewayId: gateway };
    await expectError(ec2.deleteTransitGateway(gone), 'IncorrectState');
    await becomes('deleted', attachmentState(attachmentId));
    await ec2.deleteTransitGateway(gone);
    expect(await becomes(GONE, gatewayState(gateway))).toEqual(['deleting', GONE]);
  });
});

describe('aws_ec2_transit_gateway_vpc_attachment', () => {
  it('C-025 C-027 C-028 is created, changed and deleted, and then still shown', async () => {
    const { vpcId, attachmentId } = await attachNewVpc(ec2, gateway, '10.0.0.0/16');
    expect(await becomes('available', attachmentState(attachmentId))).toEqual(AVAILABLE);
    const { Subnet } = await ec2.createSubnet({
      VpcId: vpcId,
      CidrBlock: '10.0.9.0/24',
      AvailabilityZone: 'us-east-1c',
    });
    await ec2.modifyTransitGatewayVpcAttachment({
      TransitGatewayAttachmentId: attachmentId,
      AddSubnetIds: [Subnet!.SubnetId!],
      Options: { ApplianceModeSupport: 'enable' },
    });
    const changing = ['modifying', 'available'];
    expect(await becomes('available', attachmentState(attachmentId))).toEqual(changing);
    await ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId });
    const ending = ['deleting', 'deleted'];
    expect(await becomes('deleted', attachmentState(attachmentId))).toEqual(ending);
    await cloud.advance(3_600_000);
    expect(await attachmentState(attachmentId)()).toBe('deleted');
  });

  it('C-055 leaves the default table and comes back as its flags say', async () => {
    const { attachmentId: TransitGatewayAttachmentId } = await newAttachment();
    const { Options } = await lookAtTransitGateway(ec2, gateway);
    const TransitGatewayRouteTableId = Options!.AssociationDefaultRouteTableId!;
    const joint = { TransitGatewayRouteTableId, TransitGatewayAttachmentId };
    expect(await associationState(joint)()).toBe('associated');
    expect(await propagationState(joint)()).toBe('enabled');
    await ec2.disassociateTransitGatewayRouteTable(joint);
    await ec2.disableTransitGatewayRouteTablePropagation(joint);
    expect(await becomes(GONE, associationState(joint))).toEqual(['disassociating', GONE]);
    await becomes(GONE, propagationState(joint));
    await ec2.associateTransitGatewayRouteTable(joint);
    await ec2.enableTransitGatewayRouteTablePropagation(joint);
    await becomes('associated', associationState(joint));
    await becomes('enabled', propagationState(joint));
  });

  it('C-026 is accepted by the accepter', async () => {
    await shareGateways(cloud, gateway);
    await cloud.advance(1000);
    const other = cloud.ec2(OTHER_ACCOUNT);
    const { attachmentId } = await attachNewVpc(other, gateway, '10.1.0.0/16');
    expect(await attachmentState(attachmentId, other)()).toBe('pendingAcceptance');
    await ec2.acceptTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId });
    expect(await becomes('available', attachmentState(attachmentId))).toEqual(AVAILABLE);
    await other.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: attachmentId });
    const ending = ['deleting', 'deleted'];
    expect(await becomes('deleted', attachmentState(attachmentId, other))).toEqual(ending);
    expect(await attachmentState(attachmentId)()).toBe('deleted');
  });
});

/** Asks for a peering with a gateway elsewhere; the attachment's id. */
async function requestPeering(there: EC2): Promise<string> {
  const PeerTransitGatewayId = await makeTransitGateway(there);
  await cloud.advance(100);
  const made = await ec2.createTransitGatewayPeeringAttachment({
    TransitGatewayId: gateway,
    PeerTransitGatewayId,
    PeerAccountId: ACCOUNT,
    PeerRegion: 'eu-west-1',
  });
  return made.TransitGatewayPeeringAttachment!.TransitGatewayAttachmentId!;
}

describe('aws_ec2_transit_gateway_peering_attachment', () => {
  it('C-082 C-084 is asked for here, accepted there, and ends on both sides', async () => {
    const there = cloud.ec2(ACCOUNT, 'eu-west-1');
    const id = await requestPeering(there);
    const asked = ['initiatingRequest', 'pendingAcceptance'];
    expect(await becomes('pendingAcceptance', peeringState(id, ec2))).toEqual(asked);
    expect(await peeringState(id, there)()).toBe('pendingAcceptance');
    await there.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: id });
    expect(await becomes('available', peeringState(id, there))).toEqual(AVAILABLE);
    await ec2.deleteTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId: id });
    expect(await becomes('deleted', peeringState(id, ec2))).toEqual(['deleting', 'deleted']);
    expect(await peeringState(id, there)()).toBe('deleted');
  });
});

describe('aws_ec2_transit_gateway_route_table', () => {
  it('C-056 is created and deleted; its associations and propagations too', async () => {
    const { attachmentId: TransitGatewayAttachmentId } = await newAttachment();
    const TransitGatewayRouteTableId = await newTable();
    const joint = { TransitGatewayRouteTableId, TransitGatewayAttachmentId };
    const { Options } = await lookAtTransitGateway(ec2, gateway);
    const first = {
      ...joint,
      TransitGatewayRouteTableId: Options!.AssociationDefaultRouteTableId!,
    };
    await ec2.disassociateTransitGatewayRouteTable(first);
    await becomes(GONE, associationState(first));

    await ec2.associateTransitGatewayRouteTable(joint);
    const associated = ['associating', 'associated'];
    expect(await becomes('associated', associationState(joint))).toEqual(associated);
    await ec2.enableTransitGatewayRouteTablePropagation(joint);
    expect(await becomes('enabled', propagationState(joint))).toEqual(['enabling', 'enabled']);
    const taken = ec2.deleteTransitGatewayRouteTable({ TransitGatewayRouteTableId });
    await expectError(taken, 'IncorrectState');

    await ec2.disassociateTransitGatewayRouteTable(joint);
    expect(await becomes(GONE, associationState(joint))).toEqual(['disassociating', GONE]);
    await ec2.disableTransitGatewayRouteTablePropagation(joint);
    expect(await becomes(GONE, propagationState(joint))).toEqual(['disabling', GONE]);
    await ec2.deleteTransitGatewayRouteTable({ TransitGatewayRouteTableId });
    expect(await becomes(GONE, tableState(TransitGatewayRouteTableId))).toEqual(['deleting', GONE]);
    expect(await associationState(joint)()).toBe(GONE);
  });
});

describe('aws_ec2_transit_gateway_route', () => {
  it('C-073 is created, found as a static one, and deleted; a blackhole too', async () => {
    const { attachmentId: TransitGatewayAttachmentId } = await newAttachment();
    const TransitGatewayRouteTableId = await newTable();
    const route = { TransitGatewayRouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
    const state: Read = async () => {
      const { Routes } = await ec2.searchTransitGatewayRoutes({
        TransitGatewayRouteTableId,
        Filters: [
          { Name: 'type', Values: ['static'] },
          { Name: 'route-search.exact-match', Values: ['0.0.0.0/0'] },
        ],
      });
      return Routes![0]?.State;
    };
    await ec2.createTransitGatewayRoute({ ...route, TransitGatewayAttachmentId });
    expect(await becomes('active', state)).toEqual(['active']);
    await ec2.deleteTransitGatewayRoute(route);
    expect(await becomes(GONE, state)).toEqual([GONE]);
    await ec2.createTransitGatewayRoute({ ...route, Blackhole: true });
    expect(await becomes('blackhole', state)).toEqual(['blackhole']);
    await ec2.deleteTransitGatewayRoute(route);
    expect(await becomes(GONE, state)).toEqual([GONE]);
  });
});

describe('aws_ec2_transit_gateway_prefix_list_reference', () => {
  it('C-075 is created, changed and deleted', async () => {
    const { attachmentId: TransitGatewayAttachmentId } = await newAttachment();
    const TransitGatewayRouteTableId = await newTable();
    const PrefixListId = await makeList(ec2, ['10.8.0.0/16']);
    await cloud.advance(100);
    const reference = { TransitGatewayRouteTableId, PrefixListId };
    const state: Read = async () => {
      const found = await ec2.getTransitGatewayPrefixListReferences({
        TransitGatewayRouteTableId,
        Filters: [{ Name: 'prefix-list-id', Values: [PrefixListId] }],
      });
      return found.TransitGatewayPrefixListReferences![0]?.State;
    };
    await ec2.createTransitGatewayPrefixListReference({ ...reference, TransitGatewayAttachmentId });
    expect(await becomes('available', state)).toEqual(AVAILABLE);
    await ec2.modifyTransitGatewayPrefixListReference({ ...reference, Blackhole: true });
    expect(await becomes('available', state)).toEqual(['modifying', 'available']);
    await ec2.deleteTransitGatewayPrefixListReference(reference);
    expect(await becomes(GONE, state)).toEqual(['deleting', GONE]);
  });
});

describe('aws_ec2_transit_gateway_connect, aws_ec2_transit_gateway_connect_peer', () => {
  it('C-098 are created and deleted one after the other', async () => {
    await ec2.modifyTransitGateway({
      TransitGatewayId: gateway,
      Options: { AddTransitGatewayCidrBlocks: ['10.200.0.0/24'] },
    });
    await becomes('available', gatewayState(gateway));
    const { attachmentId } = await newAttachment();
    const connect = await attachConnect(ec2, attachmentId);
    const connectState = goneBy(
      'InvalidTransitGatewayAttachmentID.NotFound',
      async () => (await lookAtConnect(ec2, connect)).State,
    );
    expect(await becomes('available', connectState)).toEqual(AVAILABLE);
    const TransitGatewayConnectPeerId = (await addPeer(ec2, connect)).TransitGatewayConnectPeerId!;
    const peerState = goneBy(
      'InvalidTransitGatewayConnectPeerID.NotFound',
      async () => (await lookAtPeer(ec2, TransitGatewayConnectPeerId)).State,
    );
    expect(await becomes('available', peerState)).toEqual(AVAILABLE);
    await ec2.deleteTransitGatewayConnectPeer({ TransitGatewayConnectPeerId });
    expect(await becomes(GONE, peerState)).toEqual(['deleting', GONE]);
    await ec2.deleteTransitGatewayConnect({ TransitGatewayAttachmentId: connect });
    expect(await becomes(GONE, connectState)).toEqual(['deleting', GONE]);
  });
});

describe('aws_ec2_transit_gateway_policy_table', () => {
  it('C-127 is created, associated with a peering, and deleted', async () => {
    const made = await ec2.createTransitGatewayPolicyTable({ TransitGatewayId: gateway });
    const TransitGatewayPolicyTableId =
      made.TransitGatewayPolicyTable!.TransitGatewayPolicyTableId!;
    const table = { TransitGatewayPolicyTableId };
    const tableState = policyTableState(TransitGatewayPolicyTableId);
    expect(await becomes('available', tableState)).toEqual(AVAILABLE);

    const there = cloud.ec2(ACCOUNT, 'eu-west-1');
    await ec2.modifyTransitGateway({
      TransitGatewayId: gateway,
      Options: { DefaultRouteTableAssociation: 'disable' },
    });
    await becomes('available', gatewayState(gateway));
    const TransitGatewayAttachmentId = await requestPeering(there);
    await becomes('pendingAcceptance', peeringState(TransitGatewayAttachmentId, ec2));
    await there.acceptTransitGatewayPeeringAttachment({ TransitGatewayAttachmentId });
    await becomes('available', peeringState(TransitGatewayAttachmentId, ec2));

    const state: Read = async () => {
      const found = await ec2.getTransitGatewayPolicyTableAssociations(table);
      return found.Associations![0]?.State;
    };
    const joint = { ...table, TransitGatewayAttachmentId };
    await ec2.associateTransitGatewayPolicyTable(joint);
    expect(await becomes('associated', state)).toEqual(['associating', 'associated']);
    await ec2.disassociateTransitGatewayPolicyTable(joint);
    expect(await becomes(GONE, state)).toEqual(['disassociating', GONE]);
    await ec2.deleteTransitGatewayPolicyTable(table);
    expect(await becomes(GONE, tableState)).toEqual(['deleting', GONE]);
  });
});
