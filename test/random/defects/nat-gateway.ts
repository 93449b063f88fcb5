/** Mistakes about NAT gateways. */
import type { Network } from '../../../src/fabric/compile/state.ts';
import type { InterfaceNode } from '../../../src/fabric/node.ts';
import type { Station } from '../../../src/fabric/station.ts';
import { type Action, ANY, type Masquerade, type Table } from '../../../src/fabric/table.ts';
import { type Defect, told, withActions, without } from './defect.ts';

function natNodes({ interfaces }: Network): InterfaceNode[] {
  return [...interfaces.values()].filter(({ groupsIn }) => groupsIn.role === 'nat-gateway');
}

/** Where a gateway decides, both ways, and where replies go on. */
function stationsOf({ into, guest }: InterfaceNode): Station[] {
  const restore = into.table.otherwise.actions.find((action) => action.do === 'restore');
  return restore?.do === 'restore' ? [into, guest, restore.to] : [into, guest];
}

function inTables(change: (table: Table) => Table) {
  return (network: Network) => {
    for (const node of natNodes(network)) {
      for (const station of stationsOf(node)) station.table = change(station.table);
    }
  };
}

/** With translators that are otherwise. */
function translating(members: Partial<Masquerade>) {
  return inTables((table) =>
    withActions(table, (actions) =>
      actions.map((action): Action => {
        return action.do === 'masquerade'
          ? { ...action, by: { ...action.by, ...members } }
          : action;
      }),
    ),
  );
}

export const natGatewayDefects: readonly Defect[] = [
  {
    name: 'A-101 a NAT gateway that is pending or deleted carries packets',
    tellWrongly: told('natgateway', (gateway) => ({ ...gateway, state: 'available' })),
  },
  {
    name: 'A-095 an address that comes or goes is used for new flows',
    tellWrongly: told('natgateway', (gateway) => ({
      ...gateway,
      addresses: gateway.addresses.map((address) => ({ ...address, status: 'succeeded' })),
    })),
  },
  {
    name: 'A-094 a NAT gateway’s addresses are nobody’s outside',
    tellWrongly: told('network-interface', (eni) =>
      eni.interfaceType === 'nat_gateway'
        ? {
            ...eni,
            addresses: eni.addresses.map(({ address, primary }) => ({ address, primary })),
          }
        : eni,
    ),
  },
  {
    name: 'A-096 a NAT gateway takes a connection up in its middle',
    spoil: translating({ resets: false }),
  },
  {
    name: 'A-097 a NAT gateway takes fragments',
    spoil: inTables((table) => ({
      ...table,
      rules: table.rules.filter(({ match }) => match.fragment === undefined),
    })),
  },
  {
    name: 'A-098 a NAT gateway serves everybody',
    spoil: inTables((table) => ({
      ...table,
      rules: table.rules.map(({ match: { source: _, ...match }, ...rule }) => ({ ...rule, match })),
    })),
  },
  {
    name: 'A-100 NAT64 is forgotten',
    spoil: translating({ nat64: false }),
  },
  {
    name: 'A-108 a NAT gateway carries 9001 bytes',
    spoil: inTables((table) => withActions(table, without('check-size'))),
  },
  {
    name: 'a NAT gateway does not count the time to live down',
    spoil: inTables((table) => withActions(table, without('decrement-ttl'))),
  },
  {
    name: 'A-112 what a NAT gateway sends passes neither ACL nor route table',
    spoil: (network) => {
      for (const { groupsOut, vpcId } of natNodes(network)) {
        const { router } = network.vpcs.get(vpcId)!;
        groupsOut.table = {
          rules: [],
          otherwise: { match: ANY, actions: [{ do: 'go', to: router }] },
        };
      }
    },
  },
  {
    name: 'A-112 no ACL stands before what is led to a NAT gateway',
    spoil: (network) => {
      for (const { subnetId } of natNodes(network)) {
        const { arrive, hosts } = network.subnets.get(subnetId)!;
        const toHosts = { destination: { kind: 'addresses', set: hosts } } as const;
        arrive.table = {
          rules: [...arrive.table.rules, { ...arrive.table.otherwise, match: toHosts }],
          otherwise: { match: ANY, actions: [{ do: 'go-next-hop' }] },
        };
      }
    },
  },
];
