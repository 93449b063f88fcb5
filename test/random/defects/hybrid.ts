/** Mistakes about VPN connections, Direct Connect, Connect peers and what is learned there. */
import type { Network } from '../../../src/fabric/compile/state.ts';
import type { Station } from '../../../src/fabric/station.ts';
import type { Action, Table } from '../../../src/fabric/table.ts';
import type { LearnedPath } from '../../../src/model/hybrid/learned-route.ts';
import { cidrEquals } from '../../../src/net/cidr.ts';
import { ON_PREMISES } from '../kinds/hybrid.ts';
import { type Defect, told, withActions, without } from './defect.ts';

function eachLink(change: (stations: { out: Station; into: Station; end: Station }) => void) {
  return ({ links }: Network) => {
    for (const node of links.values()) change(node);
  };
}

/** A table that leads on whatever it knows nothing of. */
function withRest(table: Table, to: Station): Table {
  return { ...table, otherwise: { match: {}, actions: [{ do: 'go', to }] } };
}

/** Learned paths told as others. */
function withPaths(change: (path: LearnedPath, linkId: string) => LearnedPath) {
  return told('learned-route', (route) => ({ ...route, path: change(route.path, route.linkId) }));
}

export const hybridDefects: readonly Defect[] = [
  {
    name: 'H-024 a tunnel that is down carries packets',
    tellWrongly: told('vpn-connection', (one) => {
      const [first, second] = one.tunnels;
      const up = <T extends typeof first>(tunnel: T) => ({
        ...tunnel,
        status: { ...tunnel.status, ipsec: true },
      });
      return { ...one, tunnels: [up(first), up(second)] };
    }),
  },
  {
    name: 'H-045 a device that is silent answers',
    tellWrongly: told('site', (site) => ({ ...site, links: {} })),
  },
  {
    name: 'H-014 traffic selectors are ignored',
    spoil: eachLink(({ out, into }) => {
      for (const station of [out, into]) {
        const rule = station.table.rules.find(({ match }) => match.source && match.destination);
        if (rule) station.table = { ...station.table, otherwise: { ...rule, match: {} } };
      }
    }),
  },
  {
    name: 'H-038 tunnels carry 1500 bytes',
    spoil: eachLink(({ out, into }) => {
      for (const station of [out, into]) {
        station.table = withActions(station.table, (actions) =>
          actions.map((action) =>
            action.do === 'check-size' && action.mtu < 1500 ? { ...action, mtu: 1500 } : action,
          ),
        );
      }
    }),
  },
  {
    name: 'H-065 virtual interfaces carry jumbo frames',
    tellWrongly: told('direct-connect-virtual-interface', (one) => ({ ...one, mtu: 9001 })),
  },
  {
    name: 'H-066 routes that were made carry jumbo frames, too',
    spoil: ({ vpnGateways }) => {
      for (const { out, outJumbo } of vpnGateways.values()) out.table = outJumbo.table;
    },
  },
  {
    name: 'A-029 the longer AS path is preferred',
    tellWrongly: withPaths((path) => ({ ...path, length: 10 - path.length })),
  },
  {
    name: 'A-029 H-109 the higher MED is preferred',
    tellWrongly: withPaths((path) => ({ ...path, med: 1000 - path.med })),
  },
  {
    name: 'A-029 a gateway’s static routes go after what it has learned',
    tellWrongly: (changes) => {
      const learned = new Set(
        changes.flatMap(({ kind, after }) =>
          kind === 'learned-route' && after ? [JSON.stringify(after.destination)] : [],
        ),
      );
      return told('vpn-connection-route', (route) =>
        learned.has(JSON.stringify(route.destination)) ? undefined : route,
      )(changes);
    },
  },
  {
    name: 'C-064 C-065 a transit gateway takes the first route that it has learned, not the best',
    tellWrongly: told('transit-gateway-learned-route', (route) => ({
      ...route,
      path: { ...route.path, length: 10 - route.path.length, med: 1000 - route.path.med },
    })),
  },
  {
    name: 'C-064 VPNs go before Direct Connect and Connect',
    tellWrongly: (changes) => {
      const byVpn = new Set(
        changes.flatMap(({ kind, after }) =>
          kind === 'transit-gateway-learned-route' && after?.resourceType === 'vpn'
            ? [`${after.transitGatewayId} ${JSON.stringify(after.destination)}`]
            : [],
        ),
      );
      return told('transit-gateway-learned-route', (route) =>
        route.resourceType !== 'vpn' &&
        byVpn.has(`${route.transitGatewayId} ${JSON.stringify(route.destination)}`)
          ? undefined
          : route,
      )(changes);
    },
  },
  {
    name: 'C-096 C-101 traffic is shared over unequal AS paths',
    tellWrongly: told('transit-gateway-learned-route', (route) => {
      const attributes = { ...route.path.attributes, asPath: [] };
      return { ...route, path: { ...route.path, attributes, length: 0, med: 0 } };
    }),
  },
  {
    name: 'H-047 what a gateway does not know goes by some link',
    spoil: ({ vpnGateways, links }) => {
      const some = [...links.values()].find(({ out }) => out.kind === 'vpn-connection')?.out;
      for (const { routes } of vpnGateways.values()) {
        if (some) routes.table = withRest(routes.table, some);
      }
    },
  },
  {
    name: 'A-110 what comes by a transit gateway leaves by a virtual private one',
    spoil: ({ vpnGateways }) => {
      for (const { out, outJumbo } of vpnGateways.values()) {
        for (const station of [out, outJumbo]) {
          const [, own] = station.table.rules;
          if (own) station.table = { rules: [], otherwise: { ...own, match: {} } };
        }
      }
    },
  },
  {
    name: 'H-044 nothing is propagated to tables of VPCs',
    tellWrongly: told('route', (route) =>
      route.origin === 'EnableVgwRoutePropagation' ? undefined : route,
    ),
  },
  {
    name: 'H-050 sites hear of VPCs alone',
    tellWrongly: told('site-route', (route) =>
      ON_PREMISES.some((block) => cidrEquals(block, route.destination)) ? undefined : route,
    ),
  },
  {
    name: 'A-026 what is propagated to a VPC goes before its static routes',
    tellWrongly: (changes) => {
      const propagated = new Set(
        changes.flatMap(({ kind, after }) =>
          kind === 'route' && after?.origin === 'EnableVgwRoutePropagation'
            ? [`${after.routeTableId} ${JSON.stringify(after.destination)}`]
            : [],
        ),
      );
      return told('route', (route) =>
        route.origin === 'CreateRoute' &&
        propagated.has(`${route.routeTableId} ${JSON.stringify(route.destination)}`)
          ? undefined
          : route,
      )(changes);
    },
  },
  {
    name: 'C-089 what goes to a Connect peer is not wrapped',
    spoil: eachLink(({ out }) => {
      out.table = withActions(out.table, (actions) =>
        actions.map((action) => (action.do === 'wrap' ? { do: 'go', to: action.to } : action)),
      );
    }),
  },
  {
    name: 'C-099 a Connect peer needs no route, ACL or group of its VPC',
    spoil: ({ links }) => {
      for (const { into, end } of links.values()) {
        into.table = withActions(into.table, (actions) =>
          actions.flatMap((action): Action[] =>
            action.do === 'wrap' ? [{ do: 'go', to: end }] : [action],
          ),
        );
      }
    },
  },
  {
    name: 'H-079 sites’ routers do not count the time to live down',
    spoil: ({ sites }) => {
      for (const { send, arrive } of sites.values()) {
        for (const station of [send, arrive]) {
          station.table = withActions(station.table, without('decrement-ttl'));
        }
      }
    },
  },
  {
    name: 'C-052 what comes by a VPN is routed without an associated table’s leave',
    spoil: ({ transitLinks }) => {
      const tables = [...transitLinks.values()].map(({ entry }) => entry.table);
      const working = tables.find(({ otherwise }) => otherwise.actions.at(-1)?.do === 'go');
      for (const { entry } of transitLinks.values()) if (working) entry.table = working;
    },
  },
];
