/** A small stage for scenarios: networks made by AWS's API, questions put to the data plane. */
import type { EC2, IpPermission } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import type { Answer } from '../../src/fabric/question.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { ACCOUNT, REGION, type TestCloud, testCloud } from '../support/test-cloud.ts';

export interface SceneVpc {
  readonly id: string;
  readonly ec2: EC2;
  readonly account: string;
  readonly region: string;
  readonly mainTable: string;
  readonly defaultAcl: string;
  readonly defaultGroup: string;
  /** A group that lets everyone in and everything out. */
  readonly open: string;
}

export interface SceneSubnet {
  readonly id: string;
  readonly vpc: SceneVpc;
}

export interface SceneHost {
  readonly id: string;
  readonly eni: string;
  readonly address: string;
  readonly ipv6: string;
  readonly publicAddress: string;
}

export interface HostOptions {
  /** The VPC's open group unless given. */
  readonly groups?: readonly string[];
  readonly publicAddress?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  /** Source/destination check off. */
  readonly forwards?: boolean;
}

const ANYONE: IpPermission[] = [
  { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
];

export type Scene = Awaited<ReturnType<typeof newScene>>;

export async function newScene(options: Parameters<typeof testCloud>[0] = {}) {
  const test = await testCloud(options);
  return {
    ...test,
    vpc: (block: string, where: Where = {}) => makeVpc(test, block, where),
    /** What the tables say, after packets have done the same. */
    ask: (question: QuestionInput) => ask(test, question),
    fate: (question: QuestionInput) => fateOf(ask(test, question)),
  };
}

interface Where {
  readonly account?: string;
  readonly region?: string;
  readonly ipv6?: boolean;
}

async function makeVpc(test: TestCloud, block: string, where: Where): Promise<SceneVpc> {
  const { account = ACCOUNT, region = REGION, ipv6 = false } = where;
  const ec2 = test.ec2(account, region);
  const { Vpc } = await ec2.createVpc({ CidrBlock: block, AmazonProvidedIpv6CidrBlock: ipv6 });
  const id = Vpc!.VpcId!;
  const Filters = [{ Name: 'vpc-id', Values: [id] }];
  const { RouteTables } = await ec2.describeRouteTables({ Filters });
  const { NetworkAcls } = await ec2.describeNetworkAcls({ Filters });
  const { SecurityGroups } = await ec2.describeSecurityGroups({ Filters });
  const vpc = {
    id,
    ec2,
    account,
    region,
    mainTable: RouteTables![0]!.RouteTableId!,
    defaultAcl: NetworkAcls![0]!.NetworkAclId!,
    defaultGroup: SecurityGroups![0]!.GroupId!,
  };
  const open = await newGroup(vpc, 'open');
  await ec2.authorizeSecurityGroupIngress({ GroupId: open, IpPermissions: ANYONE });
  return { ...vpc, open };
}

/** A group as AWS makes it: nobody in, everything out. */
export async function newGroup(vpc: Pick<SceneVpc, 'id' | 'ec2'>, name: string): Promise<string> {
  const request = { VpcId: vpc.id, GroupName: name, Description: name };
  return (await vpc.ec2.createSecurityGroup(request)).GroupId!;
}

export function allowIn({ ec2 }: SceneVpc, GroupId: string, ...IpPermissions: IpPermission[]) {
  return ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
}

/** Takes away all that the group lets out. */
export async function silence({ ec2 }: SceneVpc, GroupId: string): Promise<void> {
  const { SecurityGroups } = await ec2.describeSecurityGroups({ GroupIds: [GroupId] });
  const { IpPermissionsEgress } = SecurityGroups![0]!;
  await ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: IpPermissionsEgress! });
}

export const tcp = (port: number, from = '0.0.0.0/0'): IpPermission => {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: from }] };
};
export const membersOf = (GroupId: string): IpPermission => {
  return { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] };
};

/** With an IPv6 block where the VPC has one: the `index`-th /64. */
export async function newSubnet(vpc: SceneVpc, block: string, index = 0): Promise<SceneSubnet> {
  const { ec2, id } = vpc;
  const { Vpcs } = await ec2.describeVpcs({ VpcIds: [id] });
  const [ipv6] = Vpcs![0]!.Ipv6CidrBlockAssociationSet ?? [];
  const prefix = ipv6?.Ipv6CidrBlock?.replace(/00::\/56$/, `0${index}::/64`);
  const { Subnet } = await ec2.createSubnet({
    VpcId: id,
    CidrBlock: block,
    ...(prefix === undefined ? {} : { Ipv6CidrBlock: prefix }),
  });
  return { id: Subnet!.SubnetId!, vpc };
}

/** A running instance. */
export async function newHost(subnet: SceneSubnet, options: HostOptions = {}): Promise<SceneHost> {
  const { vpc } = subnet;
  const { groups = [vpc.open], publicAddress = false, tags = {}, forwards = false } = options;
  const { Subnets } = await vpc.ec2.describeSubnets({ SubnetIds: [subnet.id] });
  const hasIpv6 = (Subnets![0]!.Ipv6CidrBlockAssociationSet ?? []).length > 0;
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const { Instances } = await vpc.ec2.runInstances({
    ImageId: 'ami-0123456789abcdef0',
    InstanceType: 'm5.large',
    MinCount: 1,
    MaxCount: 1,
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: subnet.id,
        Groups: [...groups],
        AssociatePublicIpAddress: publicAddress,
        ...(hasIpv6 ? { Ipv6AddressCount: 1 } : {}),
      },
    ],
    ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
  });
  const id = Instances![0]!.InstanceId!;
  if (forwards) await stopChecking(vpc, id);
  const { Reservations } = await vpc.ec2.describeInstances({ InstanceIds: [id] });
  const [eni] = Reservations![0]!.Instances![0]!.NetworkInterfaces!;
  return {
    id,
    eni: eni!.NetworkInterfaceId!,
    address: eni!.PrivateIpAddress!,
    ipv6: eni!.Ipv6Addresses?.[0]?.Ipv6Address ?? '',
    publicAddress: eni!.Association?.PublicIp ?? '',
  };
}

export function stopChecking({ ec2 }: SceneVpc, InstanceId: string) {
  return ec2.modifyInstanceAttribute({ InstanceId, SourceDestCheck: { Value: false } });
}

/** A route table of its own for a subnet. */
export async function ownTable({ id, vpc }: SceneSubnet): Promise<string> {
  const { RouteTable } = await vpc.ec2.createRouteTable({ VpcId: vpc.id });
  const RouteTableId = RouteTable!.RouteTableId!;
  await vpc.ec2.associateRouteTable({ RouteTableId, SubnetId: id });
  return RouteTableId;
}

/** An attached gateway, with default routes of both families in the main table. */
export async function newGateway(vpc: SceneVpc): Promise<string> {
  const { ec2, id, mainTable } = vpc;
  const { InternetGateway } = await ec2.createInternetGateway({});
  const GatewayId = InternetGateway!.InternetGatewayId!;
  await ec2.attachInternetGateway({ InternetGatewayId: GatewayId, VpcId: id });
  await routeTo(vpc, mainTable, '0.0.0.0/0', { GatewayId });
  await routeTo(vpc, mainTable, '::/0', { GatewayId });
  return GatewayId;
}

type Target =
  | { readonly GatewayId: string }
  | { readonly NetworkInterfaceId: string }
  | { readonly NatGatewayId: string }
  | { readonly EgressOnlyInternetGatewayId: string }
  | { readonly VpcPeeringConnectionId: string };

export function routeTo({ ec2 }: SceneVpc, RouteTableId: string, block: string, target: Target) {
  const destination = block.includes(':')
    ? { DestinationIpv6CidrBlock: block }
    : { DestinationCidrBlock: block };
  return ec2.createRoute({ RouteTableId, ...destination, ...target });
}

/** A request for a connection. */
export async function askToPeer(from: SceneVpc, to: SceneVpc): Promise<string> {
  const { VpcPeeringConnection } = await from.ec2.createVpcPeeringConnection({
    VpcId: from.id,
    PeerVpcId: to.id,
    PeerOwnerId: to.account,
    PeerRegion: to.region,
  });
  return VpcPeeringConnection!.VpcPeeringConnectionId!;
}

/** An active connection, without routes. */
export async function peer(from: SceneVpc, to: SceneVpc): Promise<string> {
  const id = await askToPeer(from, to);
  await to.ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
  return id;
}

/** An ACL with these entries, in place of a subnet's own. */
export async function newAcl(subnet: SceneSubnet, entries: readonly Entry[]): Promise<string> {
  const { ec2, id } = subnet.vpc;
  const { NetworkAcl } = await ec2.createNetworkAcl({ VpcId: id });
  const NetworkAclId = NetworkAcl!.NetworkAclId!;
  for (const [number, direction, action, protocol, block, from, to = from] of entries) {
    await ec2.createNetworkAclEntry({
      NetworkAclId,
      RuleNumber: number,
      Egress: direction === 'out',
      RuleAction: action,
      Protocol: protocol,
      CidrBlock: block,
      ...(from === undefined ? {} : { PortRange: { From: from, To: to! } }),
    });
  }
  const Filters = [{ Name: 'association.subnet-id', Values: [subnet.id] }];
  const { NetworkAcls } = await ec2.describeNetworkAcls({ Filters });
  const old = NetworkAcls![0]!.Associations!.find(({ SubnetId }) => SubnetId === subnet.id)!;
  const AssociationId = old.NetworkAclAssociationId!;
  await ec2.replaceNetworkAclAssociation({ AssociationId, NetworkAclId });
  return NetworkAclId;
}

/** Number, direction, action, protocol, block, and ports from and to. */
export type Entry = readonly [
  number: number,
  direction: 'in' | 'out',
  action: 'allow' | 'deny',
  protocol: '-1' | '6' | '17',
  block: string,
  from?: number,
  to?: number,
];
export const ALL_OUT: Entry = [100, 'out', 'allow', '-1', '0.0.0.0/0'];
export const ALL_IN: Entry = [100, 'in', 'allow', '-1', '0.0.0.0/0'];

function ask({ lab }: TestCloud, question: QuestionInput): Answer {
  const trace = lab.trace(question);
  const { packets: _, rttMicros: __, ...probe } = lab.probe(question);
  expect(probe, 'what the packets did').toEqual(trace);
  return trace;
}

/** `reachable`, or where and why it ends: `REASON at RESOURCE`, on the way back with `back:`. */
export function fateOf({ reachable, forward, return: back }: Answer): string {
  if (reachable) return 'reachable';
  if (forward.disposition === 'dropped') return `${forward.reason} at ${forward.at}`;
  if (back?.disposition === 'dropped') return `back: ${back.reason} at ${back.at}`;
  return 'no answer';
}

/** The kinds of a way's hops, in order. */
export function kindsOf(trace: Answer['forward'] | null): string[] {
  return (trace?.hops ?? []).map(({ kind, direction }) => `${kind} ${direction}`);
}
