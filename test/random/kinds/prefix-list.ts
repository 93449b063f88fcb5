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
  const entries = newEntries(builder, family, 1 + random.below(4));
  const request = { name: 'blocks', family, maxEntries: MAX_ENTRIES, entries, tags: {} } as const;
  return attempt(builder, (tx) =>
    createPrefixList(tx, scopeOf(vpc), { ...request, clientToken: NO_TOKEN }),
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

/** Blocks that no list has had yet: which of two lists wins is anybody's choice. */
function newEntries(builder: Builder, family: Family, count: number): { cidr: Cidr }[] {
  const { random } = builder;
  const taken = all(builder, 'prefix-list-version').flatMap(({ entries }) => entries);
  const used = taken.map(({ cidr }) => cidr);
  const entries: { cidr: Cidr }[] = [];
  for (let tries = 0; tries < 4 * count && entries.length < count; tries++) {
    const outside = `8.${random.below(16)}.0.0/16`;
    const cidr = random.chance(0.3) ? block(outside) : randomBlock(builder);
    if (cidrFamily(cidr) !== family || used.some((other) => cidrEquals(other, cidr))) continue;
    used.push(cidr);
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
