/** Inputs that AWS would mostly take, for operations whose members have to fit each other. */
import type { IndexOf, Records } from '../../../src/model/schema.ts';
import { formatCidr, isCidr4 } from '../../../src/net/cidr.ts';
import { formatIp } from '../../../src/net/ip.ts';
import { drawAddress, drawBlock, drawBlockOfVpc, drawId, drawVpcBlock, type Pool } from './draw.ts';
import { MULTICAST_RECIPES } from './multicast-recipes.ts';
import { TRANSIT_RECIPES } from './transit-recipes.ts';
import { VPN_RECIPES } from './vpn-recipes.ts';

type Input = Record<string, unknown>;

const some = (pool: Pool, input: Input, chance = 0.2): Input =>
  pool.random.chance(chance) ? input : {};

const tags = (pool: Pool, ResourceType: string): Input =>
  some(pool, {
    TagSpecifications: [
      { ResourceType, Tags: [{ Key: pool.random.pick(['Name', 'a']), Value: 'x' }] },
    ],
  });

/** One record of a kind in the pool's VPC, or undefined. */
function nearby<K extends 'network-acl' | 'route-table' | 'network-interface'>(
  { model, random, vpc }: Pool,
  kind: K,
): Records[K] | undefined {
  const records = vpc === undefined ? [] : model.by(kind, 'vpc' as IndexOf<K>, vpc.id);
  return records.length === 0 ? undefined : random.pick(records);
}

/** An entry there is, to be replaced or deleted. */
function knownEntry(pool: Pool): Input {
  const { random } = pool;
  const acl = nearby(pool, 'network-acl');
  const known = acl?.entries.length ? random.pick(acl.entries) : undefined;
  return {
    NetworkAclId: acl?.id ?? drawId(pool, 'acl'),
    RuleNumber: known?.ruleNumber ?? 7,
    Egress: known?.egress ?? false,
  };
}

/** A route there is. */
function knownRoute(pool: Pool): Input {
  const { random, model } = pool;
  const table = nearby(pool, 'route-table');
  const routes = table === undefined ? [] : model.by('route', 'table', table.id);
  if (table === undefined || routes.length === 0) return { RouteTableId: 'rtb-00000000' };
  const route = random.pick(routes).destination;
  const name = isCidr4(route) ? 'DestinationCidrBlock' : 'DestinationIpv6CidrBlock';
  return { RouteTableId: table.id, [name]: formatCidr(route) };
}

/** An interface there is, with one of its addresses. */
function knownAddress(pool: Pool, family: 4 | 6): Input {
  const { random } = pool;
  const eni = nearby(pool, 'network-interface');
  const { addresses: all = [], ipv6Addresses = [] } = eni ?? {};
  const texts =
    family === 4 ? all.map((one) => formatIp(one.address)) : ipv6Addresses.map(formatIp);
  const address = texts.length === 0 ? drawAddress(pool, family) : random.pick(texts);
  return {
    NetworkInterfaceId: eni?.id ?? drawId(pool, 'eni'),
    [family === 4 ? 'PrivateIpAddresses' : 'Ipv6Addresses']: [address],
  };
}

/** A connection of the caller's, with a request that waits for it rather than another. */
function knownPeering(pool: Pool): Input {
  const { model, random, account, region } = pool;
  const all = model.by('vpc-peering-connection', 'owner', `${account}|${region}`);
  const waiting = all.filter(
    ({ status, accepter }) => status === 'pending-acceptance' && accepter.account === account,
  );
  const from = waiting.length > 0 && random.chance(0.7) ? waiting : all;
  const id = from.length === 0 ? drawId(pool, 'pcx') : random.pick(from).id;
  return { VpcPeeringConnectionId: id };
}

function addresses(pool: Pool): Input {
  const { random } = pool;
  switch (random.below(6)) {
    case 0:
      return { PrivateIpAddress: drawAddress(pool, 4) };
    case 1:
      return { SecondaryPrivateIpAddressCount: random.below(4) };
    case 2:
      return { Ipv6AddressCount: 1 + random.below(2) };
    case 3:
      return { Ipv6Addresses: [{ Ipv6Address: drawAddress(pool, 6) }] };
    default:
      return {};
  }
}

function permission(pool: Pool): Input {
  const { random } = pool;
  const protocol = random.pick(['tcp', 'udp', 'icmp', '-1', '50']);
  const port = random.pick([22, 80, 443, 0, 65535]);
  const ports =
    protocol === 'icmp'
      ? { FromPort: random.pick([-1, 8]), ToPort: -1 }
      : { FromPort: port, ToPort: Math.min(65535, port + random.below(10)) };
  const whom = random.pick<() => Input>([
    () => ({ IpRanges: [{ CidrIp: drawBlock(pool, 4), Description: 'd' }] }),
    () => ({ Ipv6Ranges: [{ CidrIpv6: drawBlock(pool, 6) }] }),
    () => ({ UserIdGroupPairs: [{ GroupId: drawId(pool, 'sg') }] }),
  ]);
  return { IpProtocol: protocol, ...(protocol === '-1' ? {} : ports), ...whom() };
}

function routeTarget(pool: Pool): Input {
  return pool.random.pick<() => Input>([
    () => ({ GatewayId: drawId(pool, pool.random.pick(['igw', 'igw', 'vgw'])) }),
    () => ({ NetworkInterfaceId: drawId(pool, 'eni') }),
    () => ({ InstanceId: drawId(pool, 'i') }),
    () => ({ VpcPeeringConnectionId: drawId(pool, 'pcx') }),
    () => ({ NatGatewayId: drawId(pool, 'nat') }),
    () => ({ TransitGatewayId: drawId(pool, 'tgw') }),
  ])();
}

function destination(pool: Pool): Input {
  return pool.random.chance(0.75)
    ? { DestinationCidrBlock: drawBlock(pool, 4) }
    : { DestinationIpv6CidrBlock: drawBlock(pool, 6) };
}

function entry(pool: Pool): Input {
  const { random } = pool;
  const protocol = random.pick(['6', '17', '1', '-1']);
  return {
    NetworkAclId: drawId(pool, 'acl'),
    RuleNumber: 1 + random.below(random.chance(0.8) ? 30 : 32766),
    Egress: random.chance(0.5),
    Protocol: protocol,
    RuleAction: random.pick(['allow', 'deny']),
    CidrBlock: drawBlock(pool, 4),
    ...(protocol === '6' || protocol === '17' ? { PortRange: { From: 80, To: 90 } } : {}),
    ...(protocol === '1' ? { IcmpTypeCode: { Type: -1, Code: -1 } } : {}),
  };
}

const authorize = (pool: Pool): Input => ({
  GroupId: drawId(pool, 'sg'),
  IpPermissions: [permission(pool), ...(pool.random.chance(0.2) ? [permission(pool)] : [])],
});

const instances = (pool: Pool): Input => ({ InstanceIds: [drawId(pool, 'i')] });

/** By operation; the others are made from the model alone. */
export const RECIPES: Readonly<Record<string, (pool: Pool) => Input>> = {
  ...VPN_RECIPES,
  CreateVpc: (pool) => ({
    CidrBlock: drawVpcBlock(pool),
    ...some(pool, { AmazonProvidedIpv6CidrBlock: true }, 0.5),
    ...tags(pool, 'vpc'),
  }),
  DeleteVpc: (pool) => ({ VpcId: drawId(pool, 'vpc') }),
  AssociateVpcCidrBlock: (pool) => ({
    VpcId: drawId(pool, 'vpc'),
    ...(pool.random.chance(0.7)
      ? { CidrBlock: drawVpcBlock(pool) }
      : { AmazonProvidedIpv6CidrBlock: true }),
  }),
  DisassociateVpcCidrBlock: (pool) => ({ AssociationId: drawId(pool, 'vpc-cidr-assoc') }),
  ModifyVpcAttribute: (pool) => ({
    VpcId: drawId(pool, 'vpc'),
    [pool.random.pick(['EnableDnsSupport', 'EnableDnsHostnames'])]: {
      Value: pool.random.chance(0.5),
    },
  }),
  CreateSubnet: (pool) => ({
    VpcId: drawId(pool, 'vpc'),
    CidrBlock: drawBlockOfVpc(pool, 4),
    ...some(pool, { Ipv6CidrBlock: drawBlockOfVpc(pool, 6) }, 0.3),
    ...tags(pool, 'subnet'),
  }),
  DeleteSubnet: (pool) => ({ SubnetId: drawId(pool, 'subnet') }),
  ModifySubnetAttribute: (pool) => ({
    SubnetId: drawId(pool, 'subnet'),
    MapPublicIpOnLaunch: { Value: pool.random.chance(0.7) },
  }),
  AssociateSubnetCidrBlock: (pool) => ({
    SubnetId: drawId(pool, 'subnet'),
    Ipv6CidrBlock: drawBlockOfVpc(pool, 6),
  }),
  DisassociateSubnetCidrBlock: (pool) => ({ AssociationId: drawId(pool, 'subnet-cidr-assoc') }),
  CreateRouteTable: (pool) => ({
    VpcId: drawId(pool, 'vpc'),
    ...some(pool, { ClientToken: `token-${pool.random.below(5)}` }),
    ...tags(pool, 'route-table'),
  }),
  DeleteRouteTable: (pool) => ({ RouteTableId: drawId(pool, 'rtb') }),
  AssociateRouteTable: (pool) => ({
    RouteTableId: drawId(pool, 'rtb'),
    ...(pool.random.chance(0.85)
      ? { SubnetId: drawId(pool, 'subnet') }
      : { GatewayId: drawId(pool, pool.random.pick(['igw', 'vgw'])) }),
  }),
  DisassociateRouteTable: (pool) => ({ AssociationId: drawId(pool, 'rtbassoc') }),
  ReplaceRouteTableAssociation: (pool) => ({
    AssociationId: drawId(pool, 'rtbassoc'),
    RouteTableId: drawId(pool, 'rtb'),
  }),
  CreateRoute: (pool) => ({
    RouteTableId: drawId(pool, 'rtb'),
    ...destination(pool),
    ...routeTarget(pool),
  }),
  ReplaceRoute: (pool) => ({ ...knownRoute(pool), ...routeTarget(pool) }),
  DeleteRoute: knownRoute,
  CreateNetworkAcl: (pool) => ({ VpcId: drawId(pool, 'vpc'), ...tags(pool, 'network-acl') }),
  DeleteNetworkAcl: (pool) => ({ NetworkAclId: drawId(pool, 'acl') }),
  CreateNetworkAclEntry: entry,
  ReplaceNetworkAclEntry: (pool) => ({ ...entry(pool), ...knownEntry(pool) }),
  DeleteNetworkAclEntry: knownEntry,
  ReplaceNetworkAclAssociation: (pool) => ({
    AssociationId: drawId(pool, 'aclassoc'),
    NetworkAclId: drawId(pool, 'acl'),
  }),
  CreateSecurityGroup: (pool) => ({
    GroupName: `group-${pool.random.below(12)}`,
    Description: 'a group',
    VpcId: drawId(pool, 'vpc'),
    ...tags(pool, 'security-group'),
  }),
  DeleteSecurityGroup: (pool) => ({ GroupId: drawId(pool, 'sg') }),
  AuthorizeSecurityGroupIngress: authorize,
  AuthorizeSecurityGroupEgress: authorize,
  RevokeSecurityGroupIngress: (pool) => ({
    GroupId: drawId(pool, 'sg'),
    SecurityGroupRuleIds: [drawId(pool, 'sgr')],
  }),
  RevokeSecurityGroupEgress: authorize,
  CreateNetworkInterface: (pool) => ({
    SubnetId: drawId(pool, 'subnet'),
    ...addresses(pool),
    ...some(pool, { Groups: [drawId(pool, 'sg')] }),
  }),
  DeleteNetworkInterface: (pool) => ({ NetworkInterfaceId: drawId(pool, 'eni') }),
  AttachNetworkInterface: (pool) => ({
    NetworkInterfaceId: drawId(pool, 'eni'),
    InstanceId: drawId(pool, 'i'),
    DeviceIndex: 1 + pool.random.below(2),
  }),
  DetachNetworkInterface: (pool) => ({
    AttachmentId: drawId(pool, 'eni-attach'),
    ...some(pool, { Force: true }),
  }),
  AssignPrivateIpAddresses: (pool) => ({
    NetworkInterfaceId: drawId(pool, 'eni'),
    ...(pool.random.chance(0.5)
      ? { SecondaryPrivateIpAddressCount: 1 + pool.random.below(3) }
      : { PrivateIpAddresses: [drawAddress(pool, 4)] }),
    ...some(pool, { AllowReassignment: true }),
  }),
  UnassignPrivateIpAddresses: (pool) => knownAddress(pool, 4),
  AssignIpv6Addresses: (pool) => ({
    NetworkInterfaceId: drawId(pool, 'eni'),
    ...(pool.random.chance(0.5)
      ? { Ipv6AddressCount: 1 }
      : { Ipv6Addresses: [drawAddress(pool, 6)] }),
  }),
  UnassignIpv6Addresses: (pool) => knownAddress(pool, 6),
  RunInstances: (pool) => ({
    ImageId: 'ami-12345678',
    InstanceType: pool.random.pick(['t3.micro', 't3.micro', 'm5.large', 'c5n.18xlarge']),
    MinCount: 1,
    MaxCount: 1 + pool.random.below(2),
    SubnetId: drawId(pool, 'subnet'),
    ...some(pool, { SecurityGroupIds: [drawId(pool, 'sg')] }),
    ...some(pool, { ClientToken: `token-${pool.random.below(5)}` }, 0.1),
    ...tags(pool, 'instance'),
  }),
  StartInstances: instances,
  StopInstances: instances,
  RebootInstances: instances,
  TerminateInstances: instances,
  CreateInternetGateway: (pool) => tags(pool, 'internet-gateway'),
  AttachInternetGateway: (pool) => ({
    InternetGatewayId: drawId(pool, 'igw'),
    VpcId: drawId(pool, 'vpc'),
  }),
  DetachInternetGateway: (pool) => ({
    InternetGatewayId: drawId(pool, 'igw'),
    VpcId: drawId(pool, 'vpc'),
  }),
  DeleteInternetGateway: (pool) => ({ InternetGatewayId: drawId(pool, 'igw') }),
  CreateTags: (pool) => ({
    Resources: [
      drawId(pool, pool.random.pick(['vpc', 'i', 'subnet', 'eni', 'pcx', 'tgw-attach', 'vpn'])),
    ],
    Tags: [{ Key: pool.random.pick(['Name', 'a', '__proto__', 'x'.repeat(128)]), Value: 'aaaa' }],
  }),
  CreateVpcPeeringConnection: (pool) => ({
    VpcId: drawId(pool, 'vpc'),
    PeerVpcId: drawId(pool, 'vpc'),
    ...some(pool, { PeerOwnerId: pool.random.pick(['111111111111', '222222222222']) }, 0.4),
    ...some(pool, { PeerRegion: pool.random.pick(['us-east-1', 'eu-west-1']) }, 0.3),
  }),
  AcceptVpcPeeringConnection: knownPeering,
  RejectVpcPeeringConnection: knownPeering,
  DeleteVpcPeeringConnection: knownPeering,
  ModifyVpcPeeringConnectionOptions: (pool) => ({
    ...knownPeering(pool),
    RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: true },
  }),
  ...TRANSIT_RECIPES,
  ...MULTICAST_RECIPES,
};
