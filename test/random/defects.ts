/** Mistakes a compiler might make, each put in from outside. */
import type { Network } from '../../src/fabric/compile/state.ts';
import type { Station } from '../../src/fabric/station.ts';
import type { Action, Rule, Table } from '../../src/fabric/table.ts';
import type { ModelReader } from '../../src/model/model.ts';
import type { Change, Kind, Records } from '../../src/model/schema.ts';
import { routeState } from '../../src/model/vpc/route-state.ts';

export interface Defect {
  /** With the rule it breaks. */
  readonly name: string;
  /** What the compiler is told in place of the truth. */
  readonly tellWrongly?: (changes: readonly Change[], model: ModelReader) => readonly Change[];
  /** What is done to the tables afterwards. */
  readonly spoil?: (network: Network) => void;
}

/** Every record of a kind told as something else; undefined: not at all. */
function told<K extends Kind>(kind: K, as: (record: Records[K]) => Records[K] | undefined) {
  return (changes: readonly Change[]): Change[] =>
    changes.flatMap((change) => {
      if (change.kind !== kind) return [change];
      const after = as(change.after as Records[K]);
      return after === undefined ? [] : [{ ...change, after } as Change];
    });
}

/** A table with each rule's actions changed. */
function withActions(
  table: Table,
  change: (actions: readonly Action[], rule: Rule) => readonly Action[],
): Table {
  const changed = (rule: Rule): Rule => ({ ...rule, actions: change(rule.actions, rule) });
  return { ...table, rules: table.rules.map(changed), otherwise: changed(table.otherwise) };
}

function without(kind: Action['do']) {
  return (actions: readonly Action[]) => actions.filter((action) => action.do !== kind);
}

function peeringStations({ peerings }: Network): Station[] {
  return [...peerings.values()].flatMap(({ toAccepter, toRequester }) => [toAccepter, toRequester]);
}

const reliable = { status: 'active' } as const;

export const DEFECTS: readonly Defect[] = [
  {
    name: 'A-058 an ACL denies nothing',
    tellWrongly: told('network-acl', (acl) => ({
      ...acl,
      entries: acl.entries.map((entry) => ({ ...entry, action: 'allow' })),
    })),
  },
  {
    name: 'A-058 an ACL is read from its highest number down',
    tellWrongly: told('network-acl', (acl) => ({
      ...acl,
      entries: acl.entries.map((entry) => ({ ...entry, ruleNumber: 32767 - entry.ruleNumber })),
    })),
  },
  {
    name: 'A-062 an ACL knows connections',
    tellWrongly: told('network-acl', (acl) => ({
      ...acl,
      entries: acl.entries.map((entry) => (entry.protocol === 6 ? anyPort(entry) : entry)),
    })),
  },
  {
    name: 'A-063 an ACL stands inside the subnet',
    spoil: ({ subnets }) => {
      for (const { arrive } of subnets.values()) arrive.table = { ...arrive.table, rules: [] };
    },
  },
  {
    name: 'A-082 a stale rule goes on matching',
    tellWrongly: (changes) => [...changes, ...peeringsForReferences(changes)],
  },
  {
    name: 'A-071 a reply is judged by the rules',
    spoil: ({ interfaces }) => {
      for (const { groupsIn, groupsOut } of interfaces.values()) {
        for (const gate of [groupsIn, groupsOut]) {
          gate.table = withActions(gate.table, without('remember'));
        }
      }
    },
  },
  {
    name: 'A-040 a blackhole is passed over',
    tellWrongly: (changes, model) =>
      told('route', (route) => (routeState(model, route) === 'active' ? route : undefined))(
        changes,
      ),
  },
  {
    name: 'A-019 the first table made stays the main one',
    tellWrongly: (changes, model) =>
      told('route-table-association', (one) =>
        one.main ? { ...one, routeTableId: model.by('route-table', 'vpc', one.vpcId)[0]!.id } : one,
      )(changes),
  },
  {
    name: 'A-019 a subnet’s own table is overlooked',
    tellWrongly: told('route-table-association', (one) => (one.subnetId ? undefined : one)),
  },
  {
    name: 'A-045 a gateway’s own table is overlooked',
    tellWrongly: told('route-table-association', (one) => (one.gatewayId ? undefined : one)),
  },
  {
    name: 'A-024 a route to one subnet gives way to the VPC’s own',
    tellWrongly: told('route', (route) =>
      route.target.kind === 'network-interface' && route.destination.length > 20
        ? undefined
        : route,
    ),
  },
  {
    name: 'A-027 a prefix list is empty',
    tellWrongly: told('prefix-list-version', (version) => ({ ...version, entries: [] })),
  },
  {
    name: 'B-040 a peering carries on to third parties',
    spoil: (network) => {
      for (const station of peeringStations(network)) {
        const [inside] = station.table.rules;
        if (inside) station.table = { rules: [], otherwise: { ...inside, match: {} } };
      }
    },
  },
  {
    name: 'B-003 a pending peering carries packets',
    tellWrongly: told('vpc-peering-connection', (one) =>
      one.status === 'pending-acceptance' ? { ...one, ...reliable } : one,
    ),
  },
  {
    name: 'B-061 an inter-Region peering carries 9001 bytes',
    spoil: (network) => {
      for (const station of peeringStations(network)) {
        station.table = withActions(station.table, without('check-size'));
      }
    },
  },
  {
    name: 'A-080 a forwarded packet keeps its group',
    spoil: ({ interfaces }) => {
      for (const { out } of interfaces.values()) {
        out.table = withActions(out.table, (actions) =>
          actions.filter((action) => action.do !== 'set-identity' || action.to !== undefined),
        );
      }
    },
  },
  {
    name: 'A-089 an internet gateway lets private sources out',
    spoil: ({ gateways, internet }) => {
      const leave: Action = { do: 'go', to: internet.station };
      for (const { out } of gateways.values()) {
        out.table = { ...out.table, otherwise: { match: {}, actions: [leave] } };
      }
    },
  },
  {
    name: 'A-090 an internet gateway lets private sources in',
    spoil: ({ gateways }) => {
      for (const { into } of gateways.values()) into.table = { ...into.table, rules: [] };
    },
  },
  {
    name: 'A-087 nobody checks source and destination',
    tellWrongly: told('network-interface', (eni) => ({ ...eni, sourceDestCheck: false })),
  },
  {
    name: 'A-086 groups stand before the resolver',
    spoil: ({ interfaces, vpcs }) => {
      const resolvers = new Set([...vpcs.values()].map(({ resolver }) => resolver));
      for (const { out } of interfaces.values()) {
        const rules = out.table.rules.filter(
          ({ actions }) =>
            !actions.some((action) => action.do === 'go' && resolvers.has(action.to)),
        );
        out.table = { ...out.table, rules };
      }
    },
  },
  {
    name: 'FC-01 a stopped instance answers',
    tellWrongly: told('instance', (instance) => ({ ...instance, state: 'running' })),
  },
];

function anyPort<T extends object>(entry: T): T {
  return { ...entry, ports: { from: 0, to: 65535 } };
}

/** Active connections that never were, between the VPCs of every reference from group to group. */
function peeringsForReferences(changes: readonly Change[]): Change[] {
  const vpcOf = new Map<string, string>();
  for (const { kind, after } of changes) {
    if (kind === 'security-group' && after) vpcOf.set(after.id, after.vpcId);
  }
  return changes.flatMap((change) => {
    if (change.kind !== 'security-group-rule' || change.after?.peer.kind !== 'group') return [];
    const { id, account, region, groupId, peer } = change.after;
    const [own, other] = [vpcOf.get(groupId), vpcOf.get(peer.groupId)];
    if (own === undefined || other === undefined || own === other) return [];
    const side = (vpcId: string) => {
      return { account, region, vpcId, allowDnsResolutionFromRemoteVpc: false };
    };
    const pcx = `pcx-of-${id}`;
    const after = { id: pcx, account, region, requester: side(own), accepter: side(other) };
    const kind = 'vpc-peering-connection' as const;
    return [{ kind, id: pcx, before: undefined, after: { ...after, ...reliable } }];
  });
}
