/** Inputs for any operation, from AWS's model alone: members by their types and their names. */
import {
  isScalar,
  type Member,
  membersOf,
  type ServiceModel,
} from '../../../src/aws/protocol/model.ts';
import {
  drawAddress,
  drawBlock,
  drawBlockOfVpc,
  drawHostile,
  drawId,
  drawVpcBlock,
  type Pool,
} from './draw.ts';

const DEPTH_MAX = 3;
const OPTIONAL = 0.12;

/** What a string member holds, by the end of its name; the first that fits counts. */
const BY_NAME: readonly (readonly [name: RegExp, draw: (pool: Pool) => string])[] = [
  ...(
    [
      ['VpcPeeringConnectionId', 'pcx'],
      ['TransitGatewayRouteTableId', 'tgw-rtb'],
      ['DefaultRouteTableId', 'tgw-rtb'],
      ['TransitGatewayAttachmentId', 'tgw-attach'],
      ['TransitGatewayPolicyTableId', 'tgw-ptb'],
      ['TransitGatewayId', 'tgw'],
      ['VpcEndpointId', 'vpce'],
      ['VpcId', 'vpc'],
      ['SubnetId', 'subnet'],
      ['RouteTableId', 'rtb'],
      ['NetworkAclId', 'acl'],
      ['SecurityGroupRuleId', 'sgr'],
      ['NetworkInterfaceId', 'eni'],
      ['InstanceId', 'i'],
      ['EgressOnlyInternetGatewayId', 'eigw'],
      ['InternetGatewayId', 'igw'],
      ['NatGatewayId', 'nat'],
      ['CustomerGatewayId', 'cgw'],
      ['VpnGatewayId', 'vgw'],
      ['TransitGatewayId', 'tgw'],
      ['VpnConnectionId', 'vpn'],
      ['GatewayId', 'igw'],
      ['PrefixListId', 'pl'],
      ['DhcpOptionsId', 'dopt'],
      ['AllocationId', 'eipalloc'],
      ['AttachmentId', 'eni-attach'],
    ] as const
  ).map(([name, prefix]) => [new RegExp(`${name}s?$`), drawer(prefix)] as const),
  [/(SecurityGroup|Group)s?(Id)?s?$/, drawer('sg')],
  [
    /AssociationId$/,
    (pool) =>
      drawId(
        pool,
        pool.random.pick([
          'rtbassoc',
          'aclassoc',
          'vpc-cidr-assoc',
          'subnet-cidr-assoc',
          'eipassoc',
        ]),
      ),
  ],
  [/^(Resource)s?(Id)?$/, (pool) => drawId(pool, pool.random.pick([...pool.own.keys(), 'vpc']))],
  [/Ipv6(Address|Addresses)$/, (pool) => drawAddress(pool, 6)],
  [/Ipv6.*(Cidr|Prefix)/, (pool) => drawBlock(pool, 6)],
  [/(Cidr|Prefix)/, (pool) => drawBlock(pool, 4)],
  [/(IpAddress|IpAddresses|PublicIp|PrivateIp)$/, (pool) => drawAddress(pool, 4)],
  [/Protocol$/, ({ random }) => random.pick(['tcp', 'udp', 'icmp', '-1', '6', '58', 'icmpv6'])],
  [/Region$/, ({ random }) => random.pick(['us-east-1', 'eu-west-1', 'mars-north-1'])],
  [/(Owner|Owner|User|Account)(Id)?$/, ({ random }) => random.pick(OWNERS)],
  [/AvailabilityZone$/, ({ region, random }) => region + random.pick(['a', 'b', 'c', 'z'])],
  [/(Token)$/, ({ random }) => `token-${random.below(6)}`],
  [/^Key$/, ({ random }) => random.pick(['Name', 'a', 'openvpc:listen', 'openvpc:forward'])],
  [/^Value$/, ({ random }) => random.pick(['', 'b', '80/tcp', 'nat', 'drop', 'a'.repeat(256)])],
  [/ImageId$/, ({ random }) => `ami-${random.hex(8)}`],
];

const OWNERS = ['111111111111', '222222222222', '333333333333', '999999999999', 'self'];

function drawer(prefix: string): (pool: Pool) => string {
  return (pool) => drawId(pool, prefix);
}

export function genericInput(
  model: ServiceModel,
  operation: string,
  pool: Pool,
): Record<string, unknown> {
  return structure(model, model.operations[operation]?.input, pool, 0);
}

function structure(
  model: ServiceModel,
  name: string | undefined,
  pool: Pool,
  depth: number,
): Record<string, unknown> {
  const { random } = pool;
  const members = membersOf(model, name);
  const chance = members.length > 6 ? OPTIONAL : 0.5;
  const wanted = members.filter(
    ({ name: member, required = false }) =>
      required || (random.chance(member === 'DryRun' ? 0.04 : chance) && depth < DEPTH_MAX),
  );
  return Object.fromEntries(
    wanted.map((member) => [member.name, valueFor(model, member, member.type, pool, depth)]),
  );
}

function valueFor(
  model: ServiceModel,
  member: Member,
  type: string,
  pool: Pool,
  depth: number,
): unknown {
  const { random } = pool;
  if (isScalar(type)) return scalar(model, member, type, pool);
  const list = model.lists[type];
  if (list === undefined) return structure(model, type, pool, depth + 1);
  if (member.name === 'Filters') return filters(pool);
  const count = 1 + random.below(random.chance(0.9) ? 2 : 6);
  return Array.from({ length: count }, () => valueFor(model, member, list.type, pool, depth));
}

function scalar(model: ServiceModel, member: Member, type: string, pool: Pool): unknown {
  const { random } = pool;
  const values = member.enum === undefined ? undefined : model.enums[member.enum];
  if (values !== undefined && values.length > 0) return random.pick(values);
  if (type === 'boolean') return random.chance(0.5);
  if (type === 'integer') return random.pick(INTEGERS);
  if (type === 'timestamp') return '2026-01-02T03:04:05Z';
  const draw = BY_NAME.find(([name]) => name.test(member.name))?.[1];
  if (draw !== undefined) return draw(pool);
  return random.chance(0.8) ? `text-${random.below(20)}` : drawHostile(pool, 'text');
}

const INTEGERS = [0, 1, 1, 2, 3, 5, 10, 100, 443, 1000, 32766, 65535, -1];

const FILTER_NAMES = [
  ...['vpc-id', 'subnet-id', 'cidr', 'cidr-block', 'state', 'tag:Name', 'tag-key', 'tag:a'],
  ...['group-id', 'group-name', 'instance-id', 'instance-state-name', 'network-interface-id'],
  ...['private-ip-address', 'availability-zone', 'owner-id', 'is-default', 'status-code', 'key'],
  ...['route.destination-cidr-block', 'association.main', 'entry.cidr', 'ip-permission.cidr'],
  ...['attachment.vpc-id', 'resource-id', 'value', 'description', 'route-table-id'],
];

export function filters(pool: Pool): { Name: string; Values: string[] }[] {
  const { random } = pool;
  return Array.from({ length: 1 + random.below(2) }, () => ({
    Name: random.chance(0.9) ? random.pick(FILTER_NAMES) : drawHostile(pool, 'vpc-id'),
    Values: Array.from({ length: random.below(3) }, () => filterValue(pool)),
  }));
}

function filterValue(pool: Pool): string {
  const { random } = pool;
  switch (random.below(5)) {
    case 0:
      return drawId(pool, random.pick(['vpc', 'subnet', 'i', 'sg']));
    case 1:
      return random.pick(['available', 'true', 'default', 'active', 'running', 'a'.repeat(256)]);
    case 2:
      return random.pick(['*', 'vpc-*', '10.?.0.0/*', '?', '\\*', '*a*a*a*a*a*a*a*b']);
    case 3:
      return random.chance(0.5) ? drawVpcBlock(pool) : drawBlockOfVpc(pool, 4);
    default:
      return drawHostile(pool, 'available');
  }
}
