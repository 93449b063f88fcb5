/** NAT gateways, public and private, of one or more addresses, and routes over them. */
import { allocateAddress } from '../../../src/control/vpc/elastic-address.ts';
import { createNatGateway, deleteNatGateway } from '../../../src/control/vpc/nat-gateway.ts';
import {
  assignPrivateNatGatewayAddress,
  associateNatGatewayAddress,
  disassociateNatGatewayAddress,
  unassignPrivateNatGatewayAddress,
} from '../../../src/control/vpc/nat-gateway-address.ts';
import type { NatGateway } from '../../../src/model/vpc/nat-gateway.ts';
import { groupNameKey } from '../../../src/model/vpc/security-group.ts';
import type { Subnet } from '../../../src/model/vpc/subnet.ts';
import {
  all,
  any,
  attempt,
  type Builder,
  block,
  type Changes,
  launch,
  NO_TOKEN,
  scopeOf,
  setRoute,
  tableOf,
} from '../builder.ts';

/** In most VPCs one or two. */
export async function buildNatGateways(builder: Builder): Promise<void> {
  const { random } = builder;
  for (const vpc of all(builder, 'vpc')) {
    const count = random.pick([0, 1, 1, 2, 2]);
    const draw = () => any(builder, 'subnet', (one) => one.vpcId === vpc.id && hasIpv4(one));
    let subnet = draw();
    for (let index = 0; index < count && subnet !== undefined; index++) {
      await create(builder, subnet);
      if (random.chance(0.4)) subnet = draw();
    }
  }
  await builder.cloud.advance(1000);
  for (const gateway of all(builder, 'natgateway')) {
    if (gateway.state !== 'available') continue;
    await routeOver(builder, gateway);
    if (random.chance(0.8)) await followSteering(builder, gateway);
  }
}

function hasIpv4({ cidr }: Subnet): boolean {
  return cidr !== undefined;
}

function create(builder: Builder, subnet: Subnet) {
  const { random, cloud } = builder;
  const scope = scopeOf(subnet);
  const { id: subnetId, vpcId } = subnet;
  const count = random.pick([1, 1, 1, 2, 3]);
  // Without an internet gateway a public one fails.
  const hasGateway = cloud.model.first('internet-gateway', 'vpc', vpcId) !== undefined;
  const isPublic = random.chance(hasGateway ? 0.75 : 0.1);
  return attempt(builder, (tx) => {
    const elastic = Array.from({ length: count }, () => allocateAddress(tx, scope).id);
    return createNatGateway(tx, scope, {
      subnetId,
      connectivityType: isPublic ? 'public' : 'private',
      allocationIds: isPublic ? elastic : [],
      secondaryPrivateAddresses: [],
      secondaryPrivateAddressCount: isPublic ? 0 : count - 1,
      tags: {},
      clientToken: NO_TOKEN,
    });
  });
}

/** Outwards, NAT64, to peers and to another subnet. */
async function routeOver(builder: Builder, gateway: NatGateway): Promise<void> {
  const { random, cloud } = builder;
  const { model } = cloud;
  const { id, vpcId } = gateway;
  const beyond = model
    .by('vpc-peering-connection', 'vpc', vpcId)
    .flatMap(({ requester, accepter }) => [requester, accepter])
    .flatMap((side) => (side.vpcId === vpcId ? [] : (model.get('vpc', side.vpcId)?.cidrs ?? [])))
    .map(({ cidr }) => cidr);
  const inner = any(builder, 'subnet', (one) => one.vpcId === vpcId && one.id !== gateway.subnetId);
  const behind = inner?.cidr;
  if (inner !== undefined && random.chance(0.4)) await launchMember(builder, inner);
  const outwards = [block('0.0.0.0/0'), block('64:ff9b::/96'), ...beyond];
  // Where gateways lead to each other or to themselves, packets run in circles: seldom.
  const own = tableOf(builder, gateway);
  const others = all(builder, 'natgateway').map((one) => tableOf(builder, one));
  for (const table of model.by('route-table', 'vpc', vpcId)) {
    if (table.id === own && random.chance(0.95)) continue;
    const inCircles = others.includes(table.id) && random.chance(0.9);
    for (const destination of [...(inCircles ? [] : outwards), behind]) {
      if (destination === undefined || random.chance(0.45)) continue;
      await attempt(builder, (tx) =>
        setRoute(tx, table.id, destination, { kind: 'nat-gateway', id }),
      );
    }
  }
}

/** Somebody who knows senders by their groups: behind a NAT gateway they have none. */
function launchMember(builder: Builder, subnet: Subnet) {
  const { id } = builder.cloud.model.first(
    'security-group',
    'name',
    groupNameKey(subnet.vpcId, 'members'),
  )!;
  return attempt(builder, (tx) => launch(tx, { subnet, groupIds: [id] }));
}

/** what a gateway's own table leads to an interface goes on by the NAT gateway. */
async function followSteering(builder: Builder, gateway: NatGateway): Promise<void> {
  const { model } = builder.cloud;
  const { id, vpcId } = gateway;
  for (const association of model.by('route-table-association', 'vpc', vpcId)) {
    if (association.gatewayId === undefined) continue;
    for (const { target, destination } of model.by('route', 'table', association.routeTableId)) {
      if (target.kind !== 'network-interface') continue;
      const table = tableOf(builder, model.get('network-interface', target.id)!);
      if (table === tableOf(builder, gateway)) continue;
      await attempt(builder, (tx) => setRoute(tx, table, destination, { kind: 'nat-gateway', id }));
    }
  }
}

function addNatGateway(builder: Builder) {
  const subnet = any(builder, 'subnet', hasIpv4);
  return subnet && create(builder, subnet);
}

function endNatGateway(builder: Builder) {
  const gateway = any(builder, 'natgateway', ({ state }) => state !== 'deleted');
  return gateway && attempt(builder, (tx) => deleteNatGateway(tx, scopeOf(gateway), gateway.id));
}

function anyAvailable(builder: Builder) {
  return any(builder, 'natgateway', ({ state }) => state === 'available');
}

function addNatAddress(builder: Builder) {
  const gateway = anyAvailable(builder);
  if (gateway === undefined) return undefined;
  const { id: natGatewayId, connectivityType } = gateway;
  const scope = scopeOf(gateway);
  return attempt(builder, (tx) => {
    if (connectivityType === 'private') {
      return assignPrivateNatGatewayAddress(tx, scope, { natGatewayId, addresses: [], count: 1 });
    }
    const allocationIds = [allocateAddress(tx, scope).id];
    const request = { natGatewayId, allocationIds, privateAddresses: [] };
    return associateNatGatewayAddress(tx, scope, request);
  });
}

function takeNatAddress(builder: Builder) {
  const gateway = anyAvailable(builder);
  const address = gateway?.addresses.find(({ primary }) => !primary);
  if (gateway === undefined || address === undefined) return undefined;
  const { elastic, privateAddress } = address;
  const scope = scopeOf(gateway);
  return attempt(builder, (tx) =>
    elastic === undefined
      ? unassignPrivateNatGatewayAddress(tx, scope, gateway.id, [privateAddress], 1)
      : disassociateNatGatewayAddress(tx, scope, gateway.id, [elastic.associationId], 1),
  );
}

export const natGatewayChanges: Changes = [
  [2, addNatGateway],
  [2, endNatGateway],
  [2, addNatAddress],
  [3, takeNatAddress],
];
