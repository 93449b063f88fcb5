/** Random routes, and which table a subnet has. */
import { deleteRoute } from '../../../src/control/vpc/route.ts';
import { createRouteTable } from '../../../src/control/vpc/route-table.ts';
import {
  associateRouteTable,
  disassociateRouteTable,
  replaceRouteTableAssociation,
} from '../../../src/control/vpc/route-table-association.ts';
import type { TargetRequest } from '../../../src/control/vpc/route-target.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import type { Cidr } from '../../../src/net/cidr.ts';
import {
  any,
  attempt,
  type Builder,
  block,
  type Changes,
  NO_TOKEN,
  scopeOf,
  setRoute,
} from '../builder.ts';
import { randomBlock } from '../traffic.ts';
import { randomTarget } from './target.ts';

/** More than half of a VPC's subnets have a table of their own. */
export async function buildTables(builder: Builder, { id: vpcId, ...vpc }: Vpc): Promise<void> {
  const scope = scopeOf(vpc);
  for (const { id: subnetId } of builder.cloud.model.by('subnet', 'vpc', vpcId)) {
    if (builder.random.chance(0.4)) continue;
    await attempt(builder, (tx) => {
      const { id } = createRouteTable(tx, scope, { vpcId, tags: {}, clientToken: NO_TOKEN });
      associateRouteTable(tx, scope, { routeTableId: id, subnetId });
    });
  }
}

/** Destinations that lead somewhere, nowhere, or where they should not. */
function randomDestination(builder: Builder): Cidr {
  const { random } = builder;
  if (random.chance(0.5)) return randomBlock(builder);
  const wide = ['10.0.0.0/8', '172.16.0.0/12', '100.64.0.0/10', '169.254.0.0/16', '240.0.0.0/4'];
  const nat64 = random.pick(['64:ff9b::/96', '64:ff9b::808:0/112']);
  return block(
    random.pick([
      '0.0.0.0/0',
      '::/0',
      '198.51.100.0/24',
      '8.0.0.0/8',
      ...wide,
      'fc00::/7',
      nat64,
      nat64,
    ]),
  );
}

function addRandomRoute(builder: Builder) {
  const table = any(builder, 'route-table')!;
  const target = randomTarget(builder, table.vpcId);
  const destination = randomDestination(builder);
  if (target === undefined) return undefined;
  return attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
}

function removeRoute(builder: Builder) {
  const route = any(builder, 'route', ({ origin }) => origin === 'CreateRoute');
  if (route === undefined) return undefined;
  const scope = scopeOf(builder.cloud.model.get('route-table', route.routeTableId)!);
  return attempt(builder, (tx) => deleteRoute(tx, scope, route));
}

/** a whole subnet, or the whole VPC, over an interface. */
function retargetLocal(builder: Builder) {
  const { random } = builder;
  const table = any(builder, 'route-table')!;
  const eni = any(
    builder,
    'network-interface',
    ({ vpcId, sourceDestCheck }) => vpcId === table.vpcId && !sourceDestCheck,
  );
  const subnet = any(builder, 'subnet', ({ vpcId }) => vpcId === table.vpcId);
  const local = any(
    builder,
    'route',
    ({ routeTableId, origin }) => routeTableId === table.id && origin === 'CreateRouteTable',
  );
  if (eni === undefined || subnet === undefined || local === undefined) return undefined;
  const back = random.chance(0.3);
  const destination = back || random.chance(0.3) ? local.destination : subnet.cidr;
  const target: TargetRequest = back
    ? { kind: 'local' }
    : { kind: 'network-interface', id: eni.id };
  if (destination === undefined) return undefined;
  return attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
}

function giveTable(builder: Builder) {
  const subnet = any(builder, 'subnet')!;
  const scope = scopeOf(subnet);
  const { vpcId } = subnet;
  return attempt(builder, (tx) => {
    const tables = tx.by('route-table', 'vpc', vpcId);
    const table = builder.random.chance(0.3)
      ? createRouteTable(tx, scope, { vpcId, tags: {}, clientToken: NO_TOKEN })
      : builder.random.pick(tables);
    const old = tx.first('route-table-association', 'subnet', subnet.id);
    const routeTableId = table.id;
    if (old === undefined) associateRouteTable(tx, scope, { routeTableId, subnetId: subnet.id });
    else replaceRouteTableAssociation(tx, scope, { associationId: old.id, routeTableId });
  });
}

function loseTable(builder: Builder) {
  const association = any(builder, 'route-table-association', ({ main }) => !main);
  const table = association && builder.cloud.model.get('route-table', association.routeTableId);
  if (table === undefined) return undefined;
  return attempt(builder, (tx) => disassociateRouteTable(tx, scopeOf(table), association!.id));
}

function replaceMain(builder: Builder) {
  const main = any(builder, 'route-table-association', (one) => one.main)!;
  const table = any(builder, 'route-table', ({ vpcId }) => vpcId === main.vpcId)!;
  const request = { associationId: main.id, routeTableId: table.id };
  return attempt(builder, (tx) => replaceRouteTableAssociation(tx, scopeOf(table), request));
}

export const routeChanges: Changes = [
  [8, addRandomRoute],
  [3, removeRoute],
  [2, giveTable],
  [1, loseTable],
  [3, replaceMain],
  [3, retargetLocal],
];
