/**
 * One shape for all matches, one for all rules, one for all actions: a field of objects of many
 * shapes takes the engine ten times as long to read, and a packet reads hundreds of them.
 */
import type { Action, Match, Rule, Table } from './table.ts';

type Members<T> = T extends unknown ? keyof T : never;

/** What was shaped before, so that shared tables and rules stay shared. */
const tables = new WeakMap<Table, Table>();
const rules = new WeakMap<Rule, Rule>();

/** The same table, its rules in one shape. What its index holds is left as it is. */
export function shapeTable(table: Table): Table {
  let shaped = tables.get(table);
  if (shaped === undefined) {
    const { index } = table;
    shaped = {
      rules: table.rules.map(shapeRule),
      ...(index && { index }),
      otherwise: shapeRule(table.otherwise),
    };
    tables.set(table, shaped);
    tables.set(shaped, shaped);
  }
  return shaped;
}

function shapeRule(rule: Rule): Rule {
  let shaped = rules.get(rule);
  if (shaped === undefined) {
    const { match, actions, cites, resource, towards, zones, propagated } = rule;
    const shapes = { match: shapeMatch(match), actions: actions.map(shapeAction) };
    shaped = { ...shapes, cites, resource, towards, zones, propagated } as Rule;
    rules.set(rule, shaped);
    rules.set(shaped, shaped);
  }
  return shaped;
}

function shapeMatch(match: Match): Match {
  const { family, source, destination, identity, protocol, ports } = match;
  const { sourcePorts, established, icmp, subnet, toRouter, fragment, zone, entry } = match;
  const whole: { [K in keyof Required<Match>]: Match[K] | undefined } = {
    family,
    source,
    destination,
    identity,
    protocol,
    ports,
    sourcePorts,
    established,
    icmp,
    subnet,
    toRouter,
    fragment,
    zone,
    entry,
  };
  return whole as Match;
}

function shapeAction(action: Action): Action {
  const all: { readonly [K in Members<Action>]?: unknown } = action;
  const whole: { [K in Members<Action>]-?: unknown } = {
    do: all.do,
    to: all.to,
    by: all.by,
    from: all.from,
    hosts: all.hosts,
    mtu: all.mtu,
    reason: all.reason,
    routes: all.routes,
    zone: all.zone,
    entry: all.entry,
    among: all.among,
    sentBy: all.sentBy,
    receivedBy: all.receivedBy,
  };
  return whole as Action;
}
