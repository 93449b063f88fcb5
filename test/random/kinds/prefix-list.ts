/** Prefix lists, and the routes and rules that refer to them. */
import { createPrefixList } from '../../../src/control/vpc/prefix-list.ts';
import { modifyPrefixList } from '../../../src/control/vpc/prefix-list-change.ts';
import {
  createPrefixListRoute,
  deletePrefixListRoute,
} from '../../../src/control/vpc/prefix-list-route.ts';
import { type Cidr, cidrEquals, cidrFamily } from '../../../src/net/cidr.ts';
import type { Family } from '../../../src/net/ip.ts';
import {
  addRule,
  all,
  any,
  attempt,
  type Builder,
  block,
  type Changes,
  NO_TOKEN,
  scopeOf,
  tableOf,
} from '../builder.ts';
import { randomBlock, randomTraffic } from '../traffic.ts';
import { randomTarget } from './target.ts';

const MAX_ENTRIES = 10;

/** Some lists, and routes and rules that refer to them. */
export async function buildLists(builder: Builder): Promise<void> {
  for (let count = 0; count < 6; count++) await addList(builder);
  await builder.cloud.advance(1000);
  for (let count = 0; count < 10; count++) {
    await routeToList(builder);
    await ruleForList(builder);
  }
}

function addList(builder: Builder) {
  const { random } = builder;
  const vpc = any(builder, 'vpc')!;
  const family = random.chance(0.7) ? 4 : 6;
  return create(builder, vpc, family, newEntries(builder, family, 1 + random.below(4)));
}

function create(
  builder: Builder,
  owner: { account: string; region: string },
  family: Family,
  entries: readonly { cidr: Cidr }[],
) {
  const request = { name: 'blocks', family, maxEntries: MAX_ENTRIES, entries, tags: {} } as const;
  return attempt(builder, (tx) =>
    createPrefixList(tx, scopeOf(owner), { ...request, clientToken: NO_TOKEN }),
  );
}

/**
 * Entries that come later are not refused: what a gateway's own table leads to an appliance, the
 * appliance's table leads out again by an egress-only gateway.
 */
export async function misleadByLists(builder: Builder): Promise<void> {
  const { cloud, random } = builder;
  for (const gateway of all(builder, 'egress-only-internet-gateway')) {
    for (const { destination, target } of steered(builder, gateway.vpcId)) {
      const outside = block(`2a10:${random.below(9999)}::/32`);
      if (isTaken(builder, outside) || isTaken(builder, destination)) continue;
      const routeTableId = tableOf(builder, cloud.model.get('network-interface', target.id)!);
      const list = await create(builder, gateway, 6, [{ cidr: outside }]);
      await cloud.advance(1000);
      const { kind, id } = { kind: 'egress-only-internet-gateway', id: gateway.id } as const;
      const request = { routeTableId, prefixListId: list!.id, target: { kind, id } };
      await attempt(builder, (tx) => createPrefixListRoute(tx, scopeOf(gateway), request));
      const change = { currentVersion: list!.version, add: [{ cidr: destination }], remove: [] };
      await attempt(builder, (tx) => modifyPrefixList(tx, scopeOf(gateway), list!.id, change));
      await cloud.advance(1000);
    }
  }
}

/** The IPv6 subnets that a VPC's gateway leads to an interface. */
function steered({ cloud: { model } }: Builder, vpcId: string) {
  return model
    .by('route-table-association', 'vpc', vpcId)
    .filter(({ gatewayId }) => gatewayId !== undefined)
    .flatMap(({ routeTableId }) => model.by('route', 'table', routeTableId))
    .filter(({ destination }) => cidrFamily(destination) === 6)
    .flatMap(({ destination, target }) =>
      target.kind === 'network-interface' ? [{ destination, target }] : [],
    );
}

function changeList(builder: Builder) {
  const { random, cloud } = builder;
  const list = any(builder, 'prefix-list');
  if (list === undefined) return undefined;
  const present = cloud.model
    .by('prefix-list-version', 'list', list.id)
    .find(({ version }) => version === list.version);
  const remove = (present?.entries ?? []).filter(() => random.chance(0.3)).map(({ cidr }) => cidr);
  const add = newEntries(builder, list.family, random.below(3));
  const change = { currentVersion: list.version, add, remove };
  return attempt(builder, (tx) => modifyPrefixList(tx, scopeOf(list), list.id, change));
}

function routeToList(builder: Builder) {
  const table = any(builder, 'route-table')!;
  const list = listFor(builder, table);
  const target = randomTarget(builder, table.vpcId);
  if (list === undefined || target === undefined) return undefined;
  const request = { routeTableId: table.id, prefixListId: list.id, target };
  return attempt(builder, (tx) => createPrefixListRoute(tx, scopeOf(table), request));
}

function loseRouteToList(builder: Builder) {
  const route = any(builder, 'prefix-list-route');
  const table = route && builder.cloud.model.get('route-table', route.routeTableId);
  if (table === undefined) return undefined;
  return attempt(builder, (tx) => deletePrefixListRoute(tx, scopeOf(table), route!));
}

function ruleForList(builder: Builder) {
  const { random } = builder;
  const group = any(builder, 'security-group')!;
  const list = listFor(builder, group);
  if (list === undefined) return undefined;
  const peer = { kind: 'prefix-list', prefixListId: list.id } as const;
  const rule = { groupId: group.id, egress: random.chance(0.3), traffic: randomTraffic(random) };
  return attempt(builder, (tx) => addRule(tx, { ...rule, peer }));
}

function listFor(builder: Builder, { account, region }: { account: string; region: string }) {
  return any(builder, 'prefix-list', (one) => one.account === account && one.region === region);
}

function isTaken(builder: Builder, block: Cidr): boolean {
  const taken = all(builder, 'prefix-list-version').flatMap(({ entries }) => entries);
  return taken.some(({ cidr }) => cidrEquals(cidr, block));
}

/** Blocks that no list has had yet: which of two lists wins is anybody's choice. */
function newEntries(builder: Builder, family: Family, count: number): { cidr: Cidr }[] {
  const { random } = builder;
  const entries: { cidr: Cidr }[] = [];
  for (let tries = 0; tries < 4 * count && entries.length < count; tries++) {
    const outside = `8.${random.below(16)}.0.0/16`;
    const cidr = random.chance(0.3) ? block(outside) : randomBlock(builder);
    const isListed = entries.some((other) => cidrEquals(other.cidr, cidr));
    if (cidrFamily(cidr) !== family || isListed || isTaken(builder, cidr)) continue;
    entries.push({ cidr });
  }
  return entries;
}

export const prefixListChanges: Changes = [
  [2, addList],
  [2, changeList],
  [3, routeToList],
  [1, loseRouteToList],
  [2, ruleForList],
];
