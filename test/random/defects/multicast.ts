/** Mistakes in what carries multicast. */
import type { Network } from '../../../src/fabric/compile/state.ts';
import type { Action } from '../../../src/fabric/table.ts';
import { parseIp } from '../../../src/net/ip.ts';
import { type Defect, told, withActions, without } from './defect.ts';

export const multicastDefects: readonly Defect[] = [
  {
    name: 'C-118 everybody may send',
    tellWrongly: told('transit-gateway-multicast-domain', (domain) => ({
      ...domain,
      options: { ...domain.options, staticSourcesSupport: false },
    })),
  },
  {
    name: 'C-121 one VPC’s members alone get copies',
    spoil: ({ multicastDomains }) => {
      for (const { groups } of multicastDomains.values()) {
        for (const { members } of groups.values()) {
          const [first] = members.values();
          for (const [id, { node }] of members) {
            if (node.vpcId !== first!.node.vpcId) members.delete(id);
          }
        }
      }
    },
  },
  {
    name: 'C-122 fragments pass',
    spoil: ({ multicastDomains }) => {
      for (const { station } of multicastDomains.values()) {
        station.table = { ...station.table, rules: [] };
      }
    },
  },
  {
    name: 'C-123 members know the sender’s groups',
    spoil: ({ multicastPorts }) => {
      for (const { exit } of multicastPorts.values()) {
        exit.table = withActions(exit.table, without('set-identity'));
      }
    },
  },
  {
    name: 'C-134 the source subnet’s ACL is not asked',
    spoil: ({ multicastPorts }) => {
      for (const { out, entry } of multicastPorts.values()) {
        out.table = { rules: [], otherwise: { match: {}, actions: [{ do: 'go', to: entry }] } };
      }
    },
  },
  {
    name: 'C-023 attachments without IPv6 carry it',
    spoil: ({ multicastPorts }) => {
      for (const { entry, exit } of multicastPorts.values()) {
        for (const station of [entry, exit]) station.table = { ...station.table, rules: [] };
      }
    },
  },
  {
    name: 'C-129 any size passes',
    spoil: (network) => changeRules(network, without('check-size')),
  },
  {
    name: 'F-044 nothing is counted down',
    spoil: (network) => changeRules(network, without('decrement-ttl')),
  },
  {
    name: 'C-117 a subnet need not be accepted',
    tellWrongly: told('transit-gateway-multicast-domain-association', (one) => ({
      ...one,
      state: 'associated',
    })),
  },
];

function changeRules(
  { multicastDomains }: Network,
  change: (actions: readonly Action[]) => readonly Action[],
): void {
  for (const { groups, rules } of multicastDomains.values()) {
    for (const name of groups.keys()) {
      const group = parseIp(name)!;
      const rule = rules.get(group)!;
      rules.set(group, { ...rule, actions: change(rule.actions) });
    }
  }
}
