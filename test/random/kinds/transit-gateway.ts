/** Transit gateways: a hub in each Region, VPCs on it, tables, and gateways joined. */
import {
  associateTransitGatewayRouteTable,
  disassociateTransitGatewayRouteTable,
} from '../../../src/control/transit-gateway/association.ts';
import { createTransitGateway } from '../../../src/control/transit-gateway/gateway.ts';
import { modifyTransitGateway } from '../../../src/control/transit-gateway/modify-gateway.ts';
import {
  acceptPeeringAttachment,
  createPeeringAttachment,
} from '../../../src/control/transit-gateway/peering-attachment.ts';
import { createPrefixListReference } from '../../../src/control/transit-gateway/prefix-list-reference.ts';
import { enablePropagation } from '../../../src/control/transit-gateway/propagation.ts';
import { createTransitGatewayRoute } from '../../../src/control/transit-gateway/route.ts';
import { createTransitGatewayRouteTable } from '../../../src/control/transit-gateway/route-table.ts';
import { attachVpc } from '../../../src/control/transit-gateway/vpc-attachment.ts';
import type {
  TransitGatewayAttachment,
  VpcAttachment,
} from '../../../src/model/transit-gateway/attachment.ts';
import {
  DEFAULT_TRANSIT_GATEWAY_OPTIONS,
  type TransitGateway,
} from '../../../src/model/transit-gateway/transit-gateway.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { type Cidr, cidrEquals } from '../../../src/net/cidr.ts';
import {
  addRule,
  all,
  any,
  attempt,
  type Builder,
  block,
  launch,
  scopeOf,
  setRoute,
} from '../builder.ts';
import { EVERYTHING } from '../traffic.ts';
import { group } from './security-group.ts';

/** One or two a Region, with most of its VPCs, joined with those of other Regions. */
export async function buildTransitGateways(builder: Builder): Promise<void> {
  const { random, cloud } = builder;
  const vpcs = all(builder, 'vpc');
  const homes = new Map(vpcs.map((vpc) => [vpc.region, vpc]));
  for (const home of homes.values()) {
    await addGateway(builder, home);
    if (random.chance(0.3)) await addGateway(builder, home);
  }
  await cloud.advance(1000);
  for (const vpc of vpcs) await attachToSome(builder, vpc);
  await cloud.advance(1000);
  for (const gateway of all(builder, 'transit-gateway')) await buildTables(builder, gateway);
  await joinGateways(builder);
  for (const attachment of vpcAttachments(builder)) await routeToGateway(builder, attachment);
  for (const gateway of all(builder, 'transit-gateway')) {
    if (random.chance(0.5)) await forgetGroups(builder, gateway);
  }
  await cloud.advance(1000);
}

/** C-050: rules that name groups over a gateway stay, and match no more. */
function forgetGroups(builder: Builder, gateway: TransitGateway) {
  const options = { securityGroupReferencingSupport: false };
  const change = { options, addBlocks: [], removeBlocks: [] };
  return attempt(builder, (tx) => modifyTransitGateway(tx, scopeOf(gateway), gateway.id, change));
}

/** C-064, C-074: lists in the tables of gateways. */
export async function referToLists(builder: Builder): Promise<void> {
  const { random } = builder;
  for (const table of all(builder, 'transit-gateway-route-table')) {
    const scope = scopeOf(table);
    for (const list of all(builder, 'prefix-list')) {
      if (list.account !== table.account || list.region !== table.region) continue;
      if (random.chance(0.6)) continue;
      const to = random.chance(0.15) ? undefined : onGateway(builder, table.transitGatewayId);
      const target = to === undefined ? {} : { attachmentId: to.id };
      const request = { routeTableId: table.id, prefixListId: list.id, ...target };
      await attempt(builder, (tx) => createPrefixListReference(tx, scope, request));
    }
  }
  await builder.cloud.advance(1000);
}

export function vpcAttachments(builder: Builder): VpcAttachment[] {
  return all(builder, 'transit-gateway-attachment').filter((one) => one.resourceType === 'vpc');
}

export function addGateway(builder: Builder, home: Vpc) {
  const { random } = builder;
  const options = {
    ...DEFAULT_TRANSIT_GATEWAY_OPTIONS,
    autoAcceptSharedAttachments: true,
    securityGroupReferencingSupport: random.chance(0.8),
    dnsSupport: random.chance(0.5),
  };
  const request = { description: '', options, tags: {} };
  return attempt(builder, (tx) => createTransitGateway(tx, scopeOf(home), request));
}

async function attachToSome(builder: Builder, vpc: Vpc): Promise<void> {
  for (const gateway of all(builder, 'transit-gateway')) {
    if (gateway.region !== vpc.region || builder.random.chance(0.2)) continue;
    await attach(builder, gateway, vpc);
  }
}

/** In one subnet of each zone, as a rule; somebody else's gateway has been shared. */
export function attach(builder: Builder, gateway: TransitGateway, vpc: Vpc) {
  const { random, cloud } = builder;
  const zones = new Map<string, string>();
  for (const { id, zoneId, cidr } of cloud.model.by('subnet', 'vpc', vpc.id)) {
    if (cidr !== undefined && (!zones.has(zoneId) || random.chance(0.5))) zones.set(zoneId, id);
  }
  const subnetIds = [...zones.values()].filter((_, index) => index === 0 || random.chance(0.9));
  return attempt(builder, (tx) =>
    attachVpc(tx, scopeOf(vpc), gateway, {
      vpcId: vpc.id,
      subnetIds,
      options: {
        dnsSupport: random.chance(0.7),
        securityGroupReferencingSupport: random.chance(0.85),
        ipv6Support: random.chance(0.9),
        applianceModeSupport: random.chance(0.3),
      },
      tags: {},
    }),
  );
}

/** A second table at times, which has some of the attachments' routes and leads elsewhere. */
async function buildTables(builder: Builder, gateway: TransitGateway): Promise<void> {
  const { random, cloud } = builder;
  const scope = scopeOf(gateway);
  if (random.chance(0.6)) {
    await attempt(builder, (tx) => createTransitGatewayRouteTable(tx, scope, gateway.id, {}));
    await cloud.advance(1000);
  }
  const attachments = cloud.model.by('transit-gateway-attachment', 'gateway', gateway.id);
  for (const { id: routeTableId } of cloud.model.by(
    'transit-gateway-route-table',
    'gateway',
    gateway.id,
  )) {
    for (const { id: attachmentId } of attachments) {
      if (random.chance(0.08)) continue;
      await attempt(builder, (tx) => enablePropagation(tx, scope, { routeTableId, attachmentId }));
    }
    await routeSome(builder, gateway, routeTableId);
  }
  await cloud.advance(1000);
  await spreadAssociations(builder, gateway);
}

/** Some attachments are routed by another table than the default one. */
async function spreadAssociations(builder: Builder, gateway: TransitGateway): Promise<void> {
  const { random, cloud } = builder;
  const scope = scopeOf(gateway);
  const tables = cloud.model.by('transit-gateway-route-table', 'gateway', gateway.id);
  const moved = all(builder, 'transit-gateway-route-table-association').filter(
    ({ transitGatewayId }) => transitGatewayId === gateway.id && random.chance(0.25),
  );
  for (const { routeTableId, attachmentId } of moved) {
    const joint = { routeTableId, attachmentId };
    await attempt(builder, (tx) => disassociateTransitGatewayRouteTable(tx, scope, joint));
  }
  await cloud.advance(1000);
  for (const { attachmentId } of moved) {
    const joint = { routeTableId: random.pick(tables).id, attachmentId };
    await attempt(builder, (tx) => associateTransitGatewayRouteTable(tx, scope, joint));
  }
  await cloud.advance(1000);
}

/** To the Internet and to everything by one of the VPCs; and some nowhere. */
async function routeSome(
  builder: Builder,
  gateway: TransitGateway,
  routeTableId: string,
): Promise<void> {
  const { random } = builder;
  for (const wide of ['0.0.0.0/0', '::/0', '10.0.0.0/8', '10.9.0.0/16']) {
    if (random.chance(0.82)) continue;
    const to = random.chance(0.25) ? undefined : onGateway(builder, gateway.id);
    await addTransitRoute(builder, gateway, routeTableId, block(wide), to);
  }
}

function onGateway(builder: Builder, id: string): TransitGatewayAttachment | undefined {
  return any(
    builder,
    'transit-gateway-attachment',
    (one) => one.resourceType === 'vpc' && one.transitGatewayId === id,
  );
}

function addTransitRoute(
  builder: Builder,
  gateway: TransitGateway,
  routeTableId: string,
  destination: Cidr,
  to: TransitGatewayAttachment | undefined,
) {
  const target = to === undefined ? {} : { attachmentId: to.id };
  const request = { routeTableId, destination, ...target };
  return attempt(builder, (tx) => createTransitGatewayRoute(tx, scopeOf(gateway), request));
}

/** Each pair of gateways at times, with routes to the VPCs at the other end. */
async function joinGateways(builder: Builder): Promise<void> {
  const { random, cloud } = builder;
  const gateways = all(builder, 'transit-gateway');
  for (const [index, near] of gateways.entries()) {
    for (const far of gateways.slice(index + 1)) {
      if (random.chance(0.4)) continue;
      const made = await joinTwo(builder, near, far);
      await cloud.advance(1000);
      if (made === undefined) continue;
      for (const ends of [
        [near, far],
        [far, near],
      ] as const) {
        await routeOver(builder, ends, made);
      }
    }
  }
}

export async function joinTwo(builder: Builder, near: TransitGateway, far: TransitGateway) {
  const peer = { transitGatewayId: far.id, ...scopeOf(far) };
  const made = await attempt(builder, (tx) =>
    createPeeringAttachment(tx, scopeOf(near), {
      transitGatewayId: near.id,
      peer,
      dynamicRouting: false,
      tags: {},
    }),
  );
  await builder.cloud.advance(1000);
  if (made === undefined) return undefined;
  await attempt(builder, (tx) => acceptPeeringAttachment(tx, scopeOf(far), made.id));
  return made;
}

async function routeOver(
  builder: Builder,
  [near, far]: readonly [TransitGateway, TransitGateway],
  peering: TransitGatewayAttachment,
): Promise<void> {
  const { random, cloud } = builder;
  const blocks = vpcAttachments(builder)
    .filter(({ transitGatewayId }) => transitGatewayId === far.id)
    .flatMap(({ vpcId }) => blocksOf(builder, vpcId));
  for (const table of cloud.model.by('transit-gateway-route-table', 'gateway', near.id)) {
    for (const destination of blocks) {
      if (random.chance(0.15)) continue;
      await addTransitRoute(builder, near, table.id, destination, peering);
    }
  }
}

function blocksOf({ cloud }: Builder, vpcId: string): Cidr[] {
  const vpc = cloud.model.get('vpc', vpcId);
  return [...(vpc?.cidrs ?? []), ...(vpc?.ipv6Cidrs ?? [])].map(({ cidr }) => cidr);
}

/** From a VPC's tables to the other VPCs, and at times everything. */
async function routeToGateway(builder: Builder, attachment: VpcAttachment): Promise<void> {
  const { random, cloud } = builder;
  const { vpcId, transitGatewayId: id } = attachment;
  const others = all(builder, 'vpc').filter((vpc) => vpc.id !== vpcId);
  const wide = random.chance(0.06) ? ['10.0.0.0/8', '0.0.0.0/0', '::/0'].map(block) : [];
  for (const table of cloud.model.by('route-table', 'vpc', vpcId)) {
    for (const destination of [...others.flatMap((vpc) => blocksOf(builder, vpc.id)), ...wide]) {
      // Peerings have most of these routes already.
      const isKnown = cloud.model
        .by('route', 'table', table.id)
        .some((route) => cidrEquals(route.destination, destination) && random.chance(0.85));
      if (isKnown || random.chance(0.12)) continue;
      const target = { kind: 'transit-gateway', id } as const;
      await attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
    }
  }
  if (random.chance(0.65)) await referOver(builder, attachment);
}

/** C-048: an instance that lets in one group of another VPC only, and each of its own likewise. */
async function referOver(builder: Builder, { vpcId, transitGatewayId }: VpcAttachment) {
  const { random, cloud } = builder;
  const far = vpcAttachments(builder).filter(
    (one) => one.transitGatewayId === transitGatewayId && one.vpcId !== vpcId,
  );
  const subnet = any(builder, 'subnet', (one) => one.vpcId === vpcId && one.cidr !== undefined);
  if (far.length === 0 || subnet === undefined) return;
  const their = random.pick(far).vpcId;
  const named = any(
    builder,
    'security-group',
    (one) => one.vpcId === their && one.groupName === 'open',
  );
  if (named === undefined) return;
  const vpc = cloud.model.get('vpc', vpcId)!;
  const groupId = await group(builder, vpc, `users in ${their}`);
  if (groupId === '') return;
  const peer = { kind: 'group', group: { groupId: named.id } } as const;
  const rule = { groupId, egress: false, traffic: EVERYTHING, peer };
  await attempt(builder, (tx) => addRule(tx, rule));
  await attempt(builder, (tx) => launch(tx, { subnet, groupIds: [groupId] }));
}
