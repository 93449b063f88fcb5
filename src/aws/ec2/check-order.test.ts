import type { EC2 } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeGroup, makeNetwork, type Network } from '../../../test/support/instance-fixture.ts';
import { mainTable, makeGateway } from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';

interface Row {
  /** The quota's error. */
  readonly limit: string;
  /** A call that is right in itself; another one for each number. */
  readonly fill: (number: number) => Promise<unknown>;
  /** What is wrong with a call whatever the quota says, by the error. */
  readonly wrong: Readonly<Record<string, () => Promise<unknown>>>;
}

/** Beyond every quota of the table. */
const CALLS = 300;

async function fillUp({ fill, limit }: Row): Promise<void> {
  for (let number = 0; number < CALLS; number++) {
    const error = await fill(number).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    if (error === undefined) continue;
    expect(error.name).toBe(limit);
    return;
  }
  expect.unreachable('the quota refuses nothing');
}

type MakeRow = (ec2: EC2, network: Network) => Row | Promise<Row>;

const ROWS: Readonly<Record<string, MakeRow>> = {
  CreateVpc: (ec2) => ({
    limit: 'VpcLimitExceeded',
    fill: (number) => ec2.createVpc({ CidrBlock: `10.${number + 1}.0.0/16` }),
    wrong: {
      'InvalidVpc.Range': () => ec2.createVpc({ CidrBlock: '10.0.0.0/8' }),
      InvalidParameterValue: () => ec2.createVpc({ CidrBlock: 'ten' }),
    },
  }),

  CreateSubnet: (ec2, { vpcId: VpcId }) => {
    const make = (CidrBlock: string) => ec2.createSubnet({ VpcId, CidrBlock });
    return {
      limit: 'SubnetLimitExceeded',
      fill: (number) => make(`10.0.${16 + (number >> 4)}.${(number & 15) * 16}/28`),
      wrong: {
        'InvalidSubnet.Range': () => make('10.1.0.0/24'),
        'InvalidSubnet.Conflict': () => make('10.0.0.0/25'),
        'InvalidVpcID.NotFound': () =>
          ec2.createSubnet({ VpcId: 'vpc-00000000', CidrBlock: '10.0.200.0/24' }),
      },
    };
  },

  AssociateVpcCidrBlock: (ec2, { vpcId: VpcId }) => {
    const add = (CidrBlock: string) => ec2.associateVpcCidrBlock({ VpcId, CidrBlock });
    return {
      limit: 'CidrLimitExceeded',
      fill: (number) => add(`10.${number + 1}.0.0/16`),
      wrong: { 'InvalidVpc.Range': () => add('10.0.128.0/17') },
    };
  },

  CreateNetworkAclEntry: async (ec2, { vpcId }) => {
    const { NetworkAcl } = await ec2.createNetworkAcl({ VpcId: vpcId });
    const add = (RuleNumber: number) =>
      ec2.createNetworkAclEntry({
        NetworkAclId: NetworkAcl!.NetworkAclId!,
        RuleNumber,
        Protocol: '-1',
        RuleAction: 'allow',
        Egress: false,
        CidrBlock: '0.0.0.0/0',
      });
    return {
      limit: 'NetworkAclEntryLimitExceeded',
      fill: (number) => add(number + 1),
      wrong: {
        NetworkAclEntryAlreadyExists: () => add(1),
        InvalidParameterValue: () => add(40_000),
      },
    };
  },

  CreateRoute: async (ec2, { vpcId }) => {
    const GatewayId = await makeGateway(ec2, vpcId);
    const { RouteTableId } = await mainTable(ec2, vpcId);
    const add = (DestinationCidrBlock: string, gateway = GatewayId) =>
      ec2.createRoute({ RouteTableId, DestinationCidrBlock, GatewayId: gateway });
    return {
      limit: 'RouteLimitExceeded',
      fill: (number) => add(`172.16.${number}.0/24`),
      wrong: {
        RouteAlreadyExists: () => add('172.16.0.0/24'),
        'InvalidGatewayID.NotFound': () => add('172.17.0.0/24', 'igw-00000000'),
      },
    };
  },

  AuthorizeSecurityGroupIngress: async (ec2, { vpcId }) => {
    const GroupId = await makeGroup(ec2, vpcId, 'web');
    const add = (port: number, CidrIp = '10.0.0.0/8') =>
      ec2.authorizeSecurityGroupIngress({
        GroupId,
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        CidrIp,
      });
    return {
      limit: 'RulesPerSecurityGroupLimitExceeded',
      fill: (number) => add(number + 1),
      wrong: {
        'InvalidPermission.Duplicate': () => add(1),
        InvalidParameterValue: () => add(5000, 'ten'),
      },
    };
  },

  CreateManagedPrefixList: (ec2) => {
    const make = (PrefixListName: string, ...blocks: string[]) =>
      ec2.createManagedPrefixList({
        PrefixListName,
        AddressFamily: 'IPv4',
        MaxEntries: 1,
        Entries: blocks.map((Cidr) => ({ Cidr })),
      });
    return {
      limit: 'PrefixListLimitExceeded',
      fill: (number) => make(`list-${number}`),
      wrong: {
        InvalidParameterValue: () => make('com.amazonaws.mine'),
        PrefixListMaxEntriesExceeded: () => make('large', '10.0.0.0/8', '11.0.0.0/8'),
      },
    };
  },

  CreateNatGateway: (ec2, { subnetId: SubnetId }) => {
    const make = (PrivateIpAddress?: string) =>
      ec2.createNatGateway({ SubnetId, ConnectivityType: 'private', PrivateIpAddress });
    return {
      limit: 'NatGatewayLimitExceeded',
      fill: (number) => make(`10.0.0.${100 + number}`),
      wrong: { 'InvalidIPAddress.InUse': () => make('10.0.0.100') },
    };
  },

  CreateVpcPeeringConnection: (ec2, { vpcId: VpcId }) => {
    const ask = (number: number) =>
      ec2.createVpcPeeringConnection({
        VpcId,
        PeerVpcId: `vpc-${String(number).padStart(8, '0')}`,
        PeerOwnerId: OTHER_ACCOUNT,
      });
    return {
      limit: 'OutstandingVpcPeeringConnectionLimitExceeded',
      fill: ask,
      wrong: { VpcPeeringConnectionAlreadyExists: () => ask(0) },
    };
  },
};

describe('what is wrong with a call itself is told before a quota that is used up', () => {
  it.each(Object.keys(ROWS))('%s', async (name) => {
    const { ec2 } = await testCloud({ transitions: 'aws' });
    const client = ec2();
    const row = await ROWS[name]!(client, await makeNetwork(client));
    await fillUp(row);
    for (const [code, call] of Object.entries(row.wrong)) await expectError(call(), code);
  });
});
