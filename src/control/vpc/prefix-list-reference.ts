/** Who refers to a prefix list, and what that counts against quotas. */
import { awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Owned } from '../../model/resource.ts';
import {
  type PrefixList,
  prefixListContent,
  prefixListWeight,
} from '../../model/vpc/prefix-list.ts';
import { directionKey, ruleFamilies } from '../../model/vpc/security-group.ts';
import type { Family } from '../../net/ip.ts';
import type { Transaction } from '../transaction.ts';
import { gatewayRouteWeight } from '../transit-gateway/route-quota.ts';

/** The route tables, of VPCs and gateways, and groups that refer to a list, each once. */
export function prefixListReferences(reader: ModelReader, id: string): Owned[] {
  const tables = reader
    .by('prefix-list-route', 'list', id)
    .map(({ routeTableId }) => reader.get('route-table', routeTableId)!);
  const groups = reader
    .by('security-group-rule', 'prefixList', id)
    .map(({ groupId }) => reader.get('security-group', groupId)!);
  const gatewayTables = reader
    .by('transit-gateway-prefix-list-reference', 'list', id)
    .map(({ routeTableId }) => reader.get('transit-gateway-route-table', routeTableId)!);
  const all: readonly Owned[] = [...tables, ...groups, ...gatewayTables];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

/** The resources that refer to a list and could not if it were of this size. */
export function resourcesWithoutRoom(tx: Transaction, list: PrefixList, size: number): string[] {
  const growth = size - list.maxEntries;
  if (growth <= 0) return [];
  const tables = tx
    .by('prefix-list-route', 'list', list.id)
    .map(({ routeTableId }) => routeTableId)
    .filter((id) => routeWeight(tx, id, list.family) + growth > routeQuota(tx));
  const sides = Map.groupBy(tx.by('security-group-rule', 'prefixList', list.id), (rule) =>
    directionKey(rule.groupId, rule.egress),
  );
  const groups = [...sides.values()].flatMap((rules) => {
    const { groupId, egress } = rules[0]!;
    const weight = ruleWeight(tx, groupId, egress, list.family) + growth * rules.length;
    return weight > tx.quota('rulesPerGroupDirectionFamily') ? [groupId] : [];
  });
  return [...new Set([...tables, ...groups, ...gatewaysWithoutRoom(tx, list, growth)])];
}

/** C-015: all tables of a gateway count together. */
function gatewaysWithoutRoom(tx: Transaction, { id }: PrefixList, growth: number): string[] {
  const references = tx.by('transit-gateway-prefix-list-reference', 'list', id);
  const gateways = Map.groupBy(references, ({ transitGatewayId }) => transitGatewayId);
  return [...gateways].flatMap(([gateway, own]) => {
    const weight = gatewayRouteWeight(tx, gateway) + growth * own.length;
    return weight > tx.quota('routesPerTransitGateway') ? [gateway] : [];
  });
}

function routeQuota(tx: Transaction): number {
  return tx.quota('routesPerTablePerFamily');
}

/** What the made routes of a table count in one family. */
export function routeWeight(reader: ModelReader, routeTableId: string, family: Family): number {
  let weight = reader.count('route', 'quota', `${routeTableId}|${family}`);
  for (const { prefixListId } of reader.by('prefix-list-route', 'table', routeTableId)) {
    const list = prefixListContent(reader, prefixListId);
    if (list?.family === family) weight += list.weight;
  }
  return weight;
}

/** @throws AwsError RouteLimitExceeded unless a table can take routes of this weight more */
export function checkRouteRoom(
  tx: Transaction,
  routeTableId: string,
  family: Family,
  weight: number,
): void {
  if (routeWeight(tx, routeTableId, family) + weight <= routeQuota(tx)) return;
  throw awsError('RouteLimitExceeded', 'The maximum number of routes has been reached.');
}

/** What the rules of a group count in one direction and family. */
export function ruleWeight(
  reader: ModelReader,
  groupId: string,
  egress: boolean,
  family: Family,
): number {
  let weight = reader.count('security-group-rule', 'family', directionKey(groupId, egress, family));
  for (const { peer } of reader.by(
    'security-group-rule',
    'direction',
    directionKey(groupId, egress),
  )) {
    if (peer.kind !== 'prefix-list' || !ruleFamilies({ peer }).includes(family)) continue;
    weight += prefixListWeight(reader, peer.prefixListId) - 1;
  }
  return weight;
}
