/** Mistakes about ACLs and security groups. */
import { type Defect, told, withActions, without } from './defect.ts';

export const filterDefects: readonly Defect[] = [
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
];

function anyPort<T extends object>(entry: T): T {
  return { ...entry, ports: { from: 0, to: 65535 } };
}
