import { describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { makeInterface } from '../../../../test/support/instance-fixture.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import {
  type AttachedVpc,
  attachNumberedVpc,
  domainAssociations,
  groupLines,
  joinDomain,
  makeDomain,
  makeMulticastGateway,
  makeMulticastScene,
} from '../../../../test/support/multicast-fixture.ts';
import { join, makeShare } from '../../../../test/support/sharing-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  type TestCloud,
  type TestCloudOptions,
  testCloud,
} from '../../../../test/support/test-cloud.ts';
import { makeSubnet } from '../../../../test/support/vpc-fixture.ts';

const MISSING = 'InvalidTransitGatewayMulticastDomainAssociation.NotFound';
const TWO_HOURS = 2 * 3_600_000;

/** Domain and VPC, not yet joined. */
async function made(options: TestCloudOptions = {}, subnets = 1) {
  const test = await testCloud(options);
  const ec2 = test.ec2();
  const gatewayId = await makeMulticastGateway(ec2);
  await test.advance(50);
  const domainId = await makeDomain(ec2, gatewayId);
  const vpc = await attachNumberedVpc(ec2, gatewayId, 1, subnets);
  await test.advance(50);
  return { ...test, gatewayId, domainId, vpc };
}

async function states(test: Pick<TestCloud, 'ec2'>, domainId: string, account = ACCOUNT) {
  const found = await domainAssociations(test.ec2(account), domainId);
  return found.map(({ Subnet }) => Subnet!.State);
}

function jointOf(domainId: string, { attachmentId, subnetIds }: AttachedVpc) {
  return {
    TransitGatewayMulticastDomainId: domainId,
    TransitGatewayAttachmentId: attachmentId,
    SubnetIds: [...subnetIds],
  };
}

describe('AssociateTransitGatewayMulticastDomain', () => {
  it('C-117 is associating, then associated', async () => {
    const test = await made({ transitions: 'fast' }, 2);
    const { domainId, vpc, advance } = test;
    const { Associations } = await test
      .ec2()
      .associateTransitGatewayMulticastDomain(jointOf(domainId, vpc));
    const place = {
      TransitGatewayAttachmentId: vpc.attachmentId,
      ResourceId: vpc.vpcId,
      ResourceType: 'vpc',
      ResourceOwnerId: ACCOUNT,
    };
    expect(Associations).toEqual({
      TransitGatewayMulticastDomainId: domainId,
      ...place,
      Subnets: vpc.subnetIds.map((SubnetId) => ({ SubnetId, State: 'associating' })),
    });
    await advance(50);
    expect(await domainAssociations(test.ec2(), domainId)).toEqual(
      vpc.subnetIds.map((SubnetId) => ({
        ...place,
        Subnet: { SubnetId, State: 'associated' },
      })),
    );
  });

  it('C-116 a subnet is in one domain at most', async () => {
    const test = await made();
    const { domainId, vpc, gatewayId } = test;
    const other = await makeDomain(test.ec2(), gatewayId);
    await joinDomain(test.ec2(), domainId, vpc);
    for (const id of [domainId, other]) {
      await expectError(
        joinDomain(test.ec2(), id, vpc),
        'Resource.AlreadyAssociated',
        `The subnet '${vpc.subnetIds[0]}' is already associated with ${domainId}.`,
      );
    }
  });

  it('C-116 takes subnets of the attached VPC, whichever those of the attachment are', async () => {
    const test = await made();
    const { domainId, vpc, gatewayId } = test;
    const { SubnetId: further } = await makeSubnet(test.ec2(), vpc.vpcId, '10.1.9.0/24');
    expect(await joinDomain(test.ec2(), domainId, { ...vpc, subnetIds: [further] })).toHaveLength(
      1,
    );
    const foreign = await attachNumberedVpc(test.ec2(), gatewayId, 2);
    const mixed = { ...vpc, subnetIds: foreign.subnetIds };
    await expectError(joinDomain(test.ec2(), domainId, mixed), 'InvalidSubnetID.NotFound');
    const malformed = { ...vpc, subnetIds: ['subnet-x'] };
    await expectError(joinDomain(test.ec2(), domainId, malformed), 'InvalidSubnetID.Malformed');
    // Nothing of a refused call is done.
    const half = { ...vpc, subnetIds: [...vpc.subnetIds, 'subnet-00000000'] };
    await expectError(joinDomain(test.ec2(), domainId, half), 'InvalidSubnetID.NotFound');
    expect(await domainAssociations(test.ec2(), domainId)).toHaveLength(1);
  });

  it('C-116 needs an available attachment of the gateway, and an available domain', async () => {
    const test = await made({ transitions: 'fast' });
    const { domainId, vpc, gatewayId } = test;
    const ec2 = test.ec2();
    const pending = await attachNumberedVpc(ec2, gatewayId, 2);
    await expectError(joinDomain(ec2, domainId, pending), 'IncorrectState');
    const young = await makeDomain(ec2, gatewayId);
    await expectError(
      joinDomain(ec2, young, vpc),
      'IncorrectState',
      `${young} is in invalid state`,
    );
    const elsewhere = await makeMulticastGateway(ec2);
    await test.advance(50);
    const foreign = await attachNumberedVpc(ec2, elsewhere, 3);
    await test.advance(50);
    const missing = 'InvalidTransitGatewayAttachmentID.NotFound';
    await expectError(joinDomain(ec2, domainId, foreign), missing);
    const unknown = { ...vpc, attachmentId: 'tgw-attach-00000000000000000' };
    await expectError(joinDomain(ec2, domainId, unknown), missing);
    const malformed = { ...vpc, attachmentId: 'tgw-attach-x' };
    await expectError(
      joinDomain(ec2, domainId, malformed),
      'InvalidTransitGatewayAttachmentID.Malformed',
    );
  });

  it('C-116 C-121 an attachment of another kind has no subnets', async () => {
    const test = await made();
    const { domainId, gatewayId } = test;
    const peer = await makeMulticastGateway(test.ec2());
    const { TransitGatewayPeeringAttachment: made1 } = await test
      .ec2()
      .createTransitGatewayPeeringAttachment({
        TransitGatewayId: gatewayId,
        PeerTransitGatewayId: peer,
        PeerAccountId: ACCOUNT,
        PeerRegion: 'us-east-1',
      });
    const attachmentId = made1!.TransitGatewayAttachmentId!;
    await test.ec2().acceptTransitGatewayPeeringAttachment({
      TransitGatewayAttachmentId: attachmentId,
    });
    const joint = { attachmentId, subnetIds: ['subnet-00000000'] };
    await expectError(
      joinDomain(test.ec2(), domainId, joint),
      'InvalidParameterValue',
      `${attachmentId} is not an attachment of a VPC.`,
    );
  });

  it('C-125 a VPC has at most 20', async () => {
    const test = await made({}, 21);
    const { domainId, vpc } = test;
    const code = 'TransitGatewayMulticastDomainAssociationLimitExceeded';
    await expectError(joinDomain(test.ec2(), domainId, vpc), code);
    const most = { ...vpc, subnetIds: vpc.subnetIds.slice(0, 20) };
    expect(await joinDomain(test.ec2(), domainId, most)).toHaveLength(20);
    const last = { ...vpc, subnetIds: vpc.subnetIds.slice(20) };
    await expectError(joinDomain(test.ec2(), domainId, last), code);
  });
});

describe('DisassociateTransitGatewayMulticastDomain', () => {
  it('C-117 is disassociating, then gone, and takes its members along', async () => {
    const test = await testCloud({ transitions: 'instant' });
    const { domainId, vpc, enis } = await makeMulticastScene(test.ec2(), {}, 2);
    await test.ec2().registerTransitGatewayMulticastGroupMembers({
      TransitGatewayMulticastDomainId: domainId,
      GroupIpAddress: '224.0.1.5',
      NetworkInterfaceIds: [...enis],
    });
    const { Associations } = await test.ec2().disassociateTransitGatewayMulticastDomain({
      ...jointOf(domainId, vpc),
      SubnetIds: [vpc.subnetIds[0]!],
    });
    expect(Associations!.Subnets).toEqual([
      { SubnetId: vpc.subnetIds[0], State: 'disassociating' },
    ]);
    expect(await states(test, domainId)).toEqual(['associated']);
    expect(await groupLines(test.ec2(), domainId)).toEqual([`224.0.1.5 ${enis[1]} member static`]);
  });

  it('C-117 from no other state', async () => {
    const test = await made({ transitions: 'fast' });
    const { domainId, vpc } = test;
    const leave = () =>
      test.ec2().disassociateTransitGatewayMulticastDomain(jointOf(domainId, vpc));
    await expectError(leave(), MISSING);
    await joinDomain(test.ec2(), domainId, vpc);
    await expectError(leave(), 'IncorrectState', `${vpc.subnetIds[0]} is in invalid state`);
    await test.advance(50);
    await leave();
    expect(await states(test, domainId)).toEqual(['disassociating']);
    await expectError(leave(), 'IncorrectState');
    await test.advance(50);
    expect(await states(test, domainId)).toEqual([]);
    await expectError(leave(), MISSING);
    // Its place is free again.
    expect(await joinDomain(test.ec2(), domainId, vpc)).toEqual(['associating']);
  });
});

/** The gateway and the domain are shared with another account, whose VPC is attached. */
async function foreignVpc(
  test: TestCloud,
  gatewayId: string,
  ...domainIds: string[]
): Promise<AttachedVpc> {
  const arn = (type: string, id: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:${type}/${id}`;
  const resourceArns = [
    arn('transit-gateway', gatewayId),
    ...domainIds.map((id) => arn('transit-gateway-multicast-domain', id)),
  ];
  const share = await makeShare(test.ram(), { resourceArns, principals: [OTHER_ACCOUNT] });
  await test.advance(1000);
  await join(test.ram(OTHER_ACCOUNT), share);
  await test.advance(1000);
  const vpc = await attachNumberedVpc(test.ec2(OTHER_ACCOUNT), gatewayId, 9);
  const TransitGatewayAttachmentId = vpc.attachmentId;
  await test.ec2().acceptTransitGatewayVpcAttachment({ TransitGatewayAttachmentId });
  await test.advance(50);
  return vpc;
}

describe('subnets of another account', () => {
  it('C-117 wait until the domain’s owner accepts', async () => {
    const test = await made({ transitions: 'fast' });
    const { domainId, gatewayId } = test;
    const vpc = await foreignVpc(test, gatewayId, domainId);
    const guest = test.ec2(OTHER_ACCOUNT);
    expect(await joinDomain(guest, domainId, vpc)).toEqual(['pendingAcceptance']);
    const accept = (account = ACCOUNT) =>
      test.ec2(account).acceptTransitGatewayMulticastDomainAssociations(jointOf(domainId, vpc));
    // Only the owner answers.
    const unseen = 'InvalidTransitGatewayMulticastDomainId.NotFound';
    await expectError(accept(OTHER_ACCOUNT), unseen);
    expect((await accept()).Associations!.Subnets![0]!.State).toBe('associating');
    await expectError(accept(), 'IncorrectState');
    await test.advance(50);
    expect(await states(test, domainId, OTHER_ACCOUNT)).toEqual(['associated']);
    expect(faultsOf(test.cloud.model)).toEqual([]);
    // Only its own interfaces.
    const { NetworkInterfaceId } = await makeInterface(guest, vpc.subnetIds[0]!);
    const request = {
      TransitGatewayMulticastDomainId: domainId,
      GroupIpAddress: '224.0.1.5',
      NetworkInterfaceIds: [NetworkInterfaceId],
    };
    const register = (account: string) =>
      test.ec2(account).registerTransitGatewayMulticastGroupMembers(request);
    await expectError(register(ACCOUNT), 'InvalidNetworkInterfaceID.NotFound');
    await register(OTHER_ACCOUNT);
    // The owner may take out what others put in.
    await test.ec2().deregisterTransitGatewayMulticastGroupMembers(request);
    expect(await groupLines(guest, domainId)).toEqual([]);
  });

  it('C-117 are rejected, shown for a while, and may be asked for again', async () => {
    const test = await made({ transitions: 'fast' });
    const { domainId, gatewayId } = test;
    const vpc = await foreignVpc(test, gatewayId, domainId);
    const reject = () =>
      test.ec2().rejectTransitGatewayMulticastDomainAssociations({
        TransitGatewayMulticastDomainId: domainId,
        TransitGatewayAttachmentId: vpc.attachmentId,
      });
    await expectError(reject(), MISSING);
    await joinDomain(test.ec2(OTHER_ACCOUNT), domainId, vpc);
    expect((await reject()).Associations!.Subnets![0]!.State).toBe('rejected');
    await expectError(reject(), MISSING);
    expect(await states(test, domainId)).toEqual(['rejected']);
    await test.advance(TWO_HOURS);
    expect(await states(test, domainId)).toEqual([]);
    await joinDomain(test.ec2(OTHER_ACCOUNT), domainId, vpc);
    await reject();
    expect(await joinDomain(test.ec2(OTHER_ACCOUNT), domainId, vpc)).toEqual(['pendingAcceptance']);
    await test.advance(TWO_HOURS);
    expect(await states(test, domainId)).toEqual(['pendingAcceptance']);
  });

  it('C-117 are taken back while they wait, or accepted by the domain itself', async () => {
    const test = await made({ transitions: 'fast' });
    const { domainId, gatewayId } = test;
    const open = await makeDomain(test.ec2(), gatewayId, {
      AutoAcceptSharedAssociations: 'enable',
    });
    const vpc = await foreignVpc(test, gatewayId, domainId, open);
    const guest = test.ec2(OTHER_ACCOUNT);
    await joinDomain(guest, domainId, vpc);
    await guest.disassociateTransitGatewayMulticastDomain(jointOf(domainId, vpc));
    await test.advance(50);
    expect(await states(test, domainId)).toEqual([]);
    expect(await joinDomain(guest, open, vpc)).toEqual(['associating']);
  });

  it('are nobody else’s to name', async () => {
    const test = await made();
    const { domainId, vpc, gatewayId } = test;
    const theirs = await foreignVpc(test, gatewayId, domainId);
    await expectError(joinDomain(test.ec2(), domainId, theirs), 'InvalidSubnetID.NotFound');
    const guest = test.ec2(OTHER_ACCOUNT);
    const unseen = 'InvalidTransitGatewayAttachmentID.NotFound';
    await expectError(joinDomain(guest, domainId, vpc), unseen);
    await joinDomain(test.ec2(), domainId, vpc);
    const leave = guest.disassociateTransitGatewayMulticastDomain(jointOf(domainId, vpc));
    await expectError(leave, unseen);
    const { TransitGatewayMulticastDomains } = await guest.describeTransitGatewayMulticastDomains(
      {},
    );
    expect(TransitGatewayMulticastDomains).toHaveLength(1);
  });

  it('need a domain and an attachment to be answered about', async () => {
    const { ec2, domainId } = await made();
    const accept = (input: object) => ec2().acceptTransitGatewayMulticastDomainAssociations(input);
    await expectError(accept({}), 'MissingParameter');
    await expectError(
      accept({ TransitGatewayMulticastDomainId: domainId }),
      'MissingParameter',
      'The request must contain the parameter TransitGatewayAttachmentId',
    );
  });
});

describe('GetTransitGatewayMulticastDomainAssociations', () => {
  it('filters by what its reference lists, a page at a time', async () => {
    const test = await made({}, 6);
    const { domainId, vpc } = test;
    await joinDomain(test.ec2(), domainId, vpc);
    const look = async (Name: string, value: string) => {
      const { MulticastDomainAssociations } = await test
        .ec2()
        .getTransitGatewayMulticastDomainAssociations({
          TransitGatewayMulticastDomainId: domainId,
          Filters: [{ Name, Values: [value] }],
        });
      return MulticastDomainAssociations!.length;
    };
    expect(await look('resource-id', vpc.vpcId)).toBe(6);
    expect(await look('resource-type', 'vpc')).toBe(6);
    expect(await look('state', 'associated')).toBe(6);
    expect(await look('state', 'disassociated')).toBe(0);
    expect(await look('subnet-id', vpc.subnetIds[2]!)).toBe(1);
    expect(await look('transit-gateway-attachment-id', vpc.attachmentId)).toBe(6);
    await expectError(look('vpc-id', vpc.vpcId), 'InvalidParameterValue');
    const page = { TransitGatewayMulticastDomainId: domainId, MaxResults: 5 };
    const first = await test.ec2().getTransitGatewayMulticastDomainAssociations(page);
    expect(first.MulticastDomainAssociations).toHaveLength(5);
    const rest = await test
      .ec2()
      .getTransitGatewayMulticastDomainAssociations({ ...page, NextToken: first.NextToken! });
    expect(rest.MulticastDomainAssociations).toHaveLength(1);
    expect(rest.NextToken).toBeUndefined();
  });
});

describe('what ends takes its associations along', () => {
  it('an attachment', async () => {
    const test = await testCloud({ transitions: 'fast' });
    const ec2 = test.ec2();
    const gatewayId = await makeMulticastGateway(ec2);
    await test.advance(50);
    const domainId = await makeDomain(ec2, gatewayId);
    const vpc = await attachNumberedVpc(ec2, gatewayId, 1, 2);
    await test.advance(50);
    const [first, second] = vpc.subnetIds;
    await joinDomain(ec2, domainId, { ...vpc, subnetIds: [first!] });
    await test.advance(50);
    await joinDomain(ec2, domainId, { ...vpc, subnetIds: [second!] });
    const { NetworkInterfaceId } = await makeInterface(ec2, first!);
    await ec2.registerTransitGatewayMulticastGroupMembers({
      TransitGatewayMulticastDomainId: domainId,
      GroupIpAddress: 'ff0e::5',
      NetworkInterfaceIds: [NetworkInterfaceId],
    });
    await ec2.deleteTransitGatewayVpcAttachment({ TransitGatewayAttachmentId: vpc.attachmentId });
    expect(await states(test, domainId)).toEqual(['disassociating', 'failed']);
    expect(await groupLines(ec2, domainId)).toEqual([]);
    await test.advance(50);
    expect(await states(test, domainId)).toEqual([]);
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });

  it('a subnet', async () => {
    const test = await made();
    const { domainId, vpc } = test;
    const { SubnetId } = await makeSubnet(test.ec2(), vpc.vpcId, '10.1.9.0/24');
    await joinDomain(test.ec2(), domainId, { ...vpc, subnetIds: [SubnetId] });
    await test.ec2().deleteSubnet({ SubnetId });
    expect(await states(test, domainId)).toEqual([]);
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });
});
