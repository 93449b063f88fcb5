/** Inputs that AWS would mostly take, for the operations of transit gateways. */
import type { TransitGatewayAttachment } from '../../../src/model/transit-gateway/attachment.ts';
import { formatCidr } from '../../../src/net/cidr.ts';
import { drawBlock, drawId, type Pool } from './draw.ts';

type Input = Record<string, unknown>;

const ABLE = ['enable', 'disable'] as const;

/** Options of these names, each given now and then. */
function options(pool: Pool, names: readonly string[], chance = 0.3): Input {
  const { random } = pool;
  const chosen = names.filter(() => random.chance(chance));
  return Object.fromEntries(chosen.map((name) => [name, random.pick(ABLE)]));
}

const SHARED = ['DnsSupport', 'SecurityGroupReferencingSupport'];
const GATEWAY = [
  ...SHARED,
  ...['AutoAcceptSharedAttachments', 'DefaultRouteTableAssociation'],
  ...['DefaultRouteTablePropagation', 'VpnEcmpSupport', 'MulticastSupport'],
];
const CHANGEABLE = GATEWAY.filter((name) => name !== 'MulticastSupport'); // C-006
const VPC = [...SHARED, 'Ipv6Support', 'ApplianceModeSupport'];

/** Blocks that a gateway gives addresses from, now and then. */
function blocks({ random }: Pool, name: string, chance: number): Input {
  if (!random.chance(chance)) return {};
  return { [name]: [random.pick(['10.200.0.0/24', '2001:db8:200::/64'])] };
}

const gateway = (pool: Pool): Input => ({ TransitGatewayId: drawId(pool, 'tgw') });

/** Subnets of the pool's VPC, mostly one a zone. */
function subnetIds({ model, random, vpc }: Pool): string[] {
  const subnets = vpc === undefined ? [] : model.by('subnet', 'vpc', vpc.id);
  const zones = new Map(subnets.map(({ zoneId, id }) => [zoneId, id]));
  const ids = random.chance(0.9) ? [...zones.values()] : subnets.map(({ id }) => id);
  return ids.length === 0 ? ['subnet-00000000'] : ids.slice(0, 1 + random.below(3));
}

/** An attachment of the caller's in one of some states, rather than another. */
function attachment(
  pool: Pool,
  resourceType: TransitGatewayAttachment['resourceType'] | undefined,
  states: readonly TransitGatewayAttachment['state'][],
): Input {
  const { model, random, account, region } = pool;
  const all = model
    .by('transit-gateway-attachment', 'owner', `${account}|${region}`)
    .filter((one) => resourceType === undefined || one.resourceType === resourceType);
  const ready = all.filter(({ state }) => states.includes(state));
  const from = ready.length > 0 && random.chance(0.8) ? ready : all;
  const id = from.length === 0 ? drawId(pool, 'tgw-attach') : random.pick(from).id;
  return { TransitGatewayAttachmentId: id };
}

/** A table with an attachment of its gateway, mostly. */
function joint(pool: Pool): Input {
  const { model, random } = pool;
  const TransitGatewayRouteTableId = drawId(pool, 'tgw-rtb');
  const table = model.get('transit-gateway-route-table', TransitGatewayRouteTableId);
  const own =
    table === undefined
      ? []
      : model.by('transit-gateway-attachment', 'gateway', table.transitGatewayId);
  const ready = own.filter(({ state }) => state === 'available');
  const from = ready.length > 0 ? ready : own;
  const id = from.length === 0 ? drawId(pool, 'tgw-attach') : random.pick(from).id;
  return { TransitGatewayRouteTableId, TransitGatewayAttachmentId: id };
}

const target = (pool: Pool, input: Input): Input => {
  if (pool.random.chance(0.8)) return input;
  const { TransitGatewayAttachmentId: _, ...rest } = input;
  return { ...rest, Blackhole: true };
};

const route = (pool: Pool): Input => ({
  ...target(pool, joint(pool)),
  DestinationCidrBlock: drawBlock(pool, pool.random.chance(0.8) ? 4 : 6),
});

/** A route there is. */
function knownRoute(pool: Pool): Input {
  const { model, random } = pool;
  const TransitGatewayRouteTableId = drawId(pool, 'tgw-rtb');
  const routes = model.by('transit-gateway-route', 'table', TransitGatewayRouteTableId);
  const block = routes.length === 0 ? '10.0.0.0/8' : formatCidr(random.pick(routes).destination);
  return { TransitGatewayRouteTableId, DestinationCidrBlock: block };
}

const SEARCHES = ['exact-match', 'longest-prefix-match', 'subnet-of-match', 'supernet-of-match'];

const search = (pool: Pool): Input => {
  const { random } = pool;
  const name = `route-search.${random.pick(SEARCHES)}`;
  const others = [
    { Name: 'type', Values: [random.pick(['static', 'propagated'])] },
    { Name: 'state', Values: [random.pick(['active', 'blackhole'])] },
    { Name: 'attachment.resource-type', Values: ['vpc'] },
  ];
  return {
    TransitGatewayRouteTableId: drawId(pool, 'tgw-rtb'),
    Filters: [{ Name: name, Values: [drawBlock(pool, 4)] }, random.pick(others)],
  };
};

const reference = (pool: Pool): Input => ({
  ...target(pool, joint(pool)),
  PrefixListId: drawId(pool, 'pl'),
});

const peer = (pool: Pool): Input => {
  const { random, model } = pool;
  const all = [...model.all('transit-gateway')];
  const other = all.length === 0 ? undefined : random.pick(all);
  return {
    TransitGatewayId: drawId(pool, 'tgw'),
    PeerTransitGatewayId: other?.id ?? drawId(pool, 'tgw'),
    PeerAccountId: other?.account ?? '111111111111',
    PeerRegion: other?.region ?? 'us-east-1',
  };
};

const policy = (pool: Pool): Input => ({
  TransitGatewayPolicyTableId: drawId(pool, 'tgw-ptb'),
  ...attachment(pool, 'peering', ['available']),
});

const connectPeer = (pool: Pool): Input => {
  const { random } = pool;
  return {
    ...attachment(pool, 'connect', ['available']),
    PeerAddress: random.pick(['10.0.0.10', '192.0.2.1', 'fd00::1']),
    InsideCidrBlocks: [
      `169.254.${random.below(9)}.${8 * random.below(4)}/29`,
      ...(random.chance(0.2) ? [`fd00::${8 * random.below(2)}/125`] : []),
    ],
    ...(random.chance(0.3) && { TransitGatewayAddress: `10.200.0.${random.below(256)}` }),
    ...(random.chance(0.3) && { BgpOptions: { PeerAsn: 64_512 + random.below(3) } }),
  };
};

const transport = (pool: Pool): Input => {
  const { TransitGatewayAttachmentId } = attachment(pool, 'vpc', ['available']);
  return {
    TransportTransitGatewayAttachmentId: TransitGatewayAttachmentId,
    Options: { Protocol: 'gre' },
  };
};

export const TRANSIT_RECIPES: Readonly<Record<string, (pool: Pool) => Input>> = {
  CreateTransitGateway: (pool) => ({
    Options: { ...options(pool, GATEWAY), ...blocks(pool, 'TransitGatewayCidrBlocks', 0.5) },
  }),
  ModifyTransitGateway: (pool) => ({
    ...gateway(pool),
    Options: {
      ...options(pool, CHANGEABLE),
      ...blocks(pool, 'AddTransitGatewayCidrBlocks', 0.3),
      ...blocks(pool, 'RemoveTransitGatewayCidrBlocks', 0.2),
    },
  }),
  DeleteTransitGateway: gateway,
  CreateTransitGatewayVpcAttachment: (pool) => ({
    ...gateway(pool),
    VpcId: pool.vpc?.id ?? drawId(pool, 'vpc'),
    SubnetIds: subnetIds(pool),
    Options: options(pool, VPC),
  }),
  ModifyTransitGatewayVpcAttachment: (pool) => ({
    ...attachment(pool, 'vpc', ['available']),
    AddSubnetIds: [drawId(pool, 'subnet')],
    Options: options(pool, VPC),
  }),
  AcceptTransitGatewayVpcAttachment: (pool) => attachment(pool, 'vpc', ['pendingAcceptance']),
  RejectTransitGatewayVpcAttachment: (pool) => attachment(pool, 'vpc', ['pendingAcceptance']),
  DeleteTransitGatewayVpcAttachment: (pool) => attachment(pool, 'vpc', ['available']),
  CreateTransitGatewayPeeringAttachment: peer,
  AcceptTransitGatewayPeeringAttachment: (pool) =>
    attachment(pool, 'peering', ['pendingAcceptance']),
  RejectTransitGatewayPeeringAttachment: (pool) =>
    attachment(pool, 'peering', ['pendingAcceptance']),
  DeleteTransitGatewayPeeringAttachment: (pool) => attachment(pool, 'peering', ['available']),
  CreateTransitGatewayConnect: transport,
  DeleteTransitGatewayConnect: (pool) => attachment(pool, 'connect', ['available']),
  CreateTransitGatewayConnectPeer: connectPeer,
  DeleteTransitGatewayConnectPeer: (pool) => ({
    TransitGatewayConnectPeerId: drawId(pool, 'tgw-connect-peer'),
  }),
  CreateTransitGatewayRouteTable: gateway,
  DeleteTransitGatewayRouteTable: (pool) => ({
    TransitGatewayRouteTableId: drawId(pool, 'tgw-rtb'),
  }),
  AssociateTransitGatewayRouteTable: joint,
  DisassociateTransitGatewayRouteTable: joint,
  EnableTransitGatewayRouteTablePropagation: joint,
  DisableTransitGatewayRouteTablePropagation: joint,
  CreateTransitGatewayRoute: route,
  ReplaceTransitGatewayRoute: route,
  DeleteTransitGatewayRoute: knownRoute,
  SearchTransitGatewayRoutes: search,
  CreateTransitGatewayPrefixListReference: reference,
  ModifyTransitGatewayPrefixListReference: reference,
  DeleteTransitGatewayPrefixListReference: (pool) => ({
    TransitGatewayRouteTableId: drawId(pool, 'tgw-rtb'),
    PrefixListId: drawId(pool, 'pl'),
  }),
  CreateTransitGatewayPolicyTable: gateway,
  AssociateTransitGatewayPolicyTable: policy,
  DisassociateTransitGatewayPolicyTable: policy,
};
