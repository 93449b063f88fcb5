/** Mistakes about transit gateways. */
import type { Network } from '../../../src/fabric/compile/state.ts';
import type { Station } from '../../../src/fabric/station.ts';
import type { Action } from '../../../src/fabric/table.ts';
import type {
  TransitGatewayAttachment,
  VpcAttachmentOptions,
} from '../../../src/model/transit-gateway/attachment.ts';
import { destinationKey } from '../../../src/model/transit-gateway/route.ts';
import { type Defect, told, withActions, without } from './defect.ts';

/** VPC attachments with other options. */
function withOptions(options: Partial<VpcAttachmentOptions>) {
  return told(
    'transit-gateway-attachment',
    (one): TransitGatewayAttachment =>
      one.resourceType === 'vpc' ? { ...one, options: { ...one.options, ...options } } : one,
  );
}

function eachVpc(change: (stations: { gate: Station; entry: Station; exit: Station }) => void) {
  return ({ transitVpcs }: Network) => {
    for (const node of transitVpcs.values()) change(node);
  };
}

/** Out by whatever zone comes first. */
function firstZone(actions: readonly Action[]): Action[] {
  return actions.map((action) =>
    action.do === 'choose-zone' ? { do: 'go', to: action.by.exits[0]!.to } : action,
  );
}

export const transitGatewayDefects: readonly Defect[] = [
  {
    name: 'C-052 one table routes what comes in by every attachment',
    tellWrongly: (changes) => {
      const first = new Map<string, string>();
      for (const { kind, after } of changes) {
        if (kind !== 'transit-gateway-route-table' || after === undefined) continue;
        if (!first.has(after.transitGatewayId)) first.set(after.transitGatewayId, after.id);
      }
      return told('transit-gateway-route-table-association', (one) => ({
        ...one,
        routeTableId: first.get(one.transitGatewayId) ?? one.routeTableId,
      }))(changes);
    },
  },
  {
    name: 'C-032 a VPC is attached in every zone',
    spoil: eachVpc(({ gate }) => {
      const [first] = gate.table.rules;
      if (first) gate.table = { rules: [], otherwise: { ...first, match: {} } };
    }),
  },
  {
    name: 'C-036 C-037 what comes out enters by the first zone',
    spoil: eachVpc(({ exit }) => {
      exit.table = withActions(exit.table, firstZone);
    }),
  },
  {
    name: 'C-023 attachments carry IPv6 whatever their option says',
    tellWrongly: withOptions({ ipv6Support: true }),
  },
  {
    name: 'C-044 of two blocks that are the same the later one is installed',
    tellWrongly: (changes) => {
      const twice = new Set<string>();
      for (const { kind, after } of changes) {
        if (kind !== 'transit-gateway-route' || after?.type !== 'propagated') continue;
        if (after.suppressed) twice.add(destinationKey(after));
      }
      return told('transit-gateway-route', (route) =>
        route.type === 'propagated' && twice.has(destinationKey(route))
          ? { ...route, suppressed: !route.suppressed }
          : route,
      )(changes);
    },
  },
  {
    name: 'C-064 propagated routes go before static ones',
    tellWrongly: (changes) =>
      changes.filter(({ kind, after }) => {
        if (kind !== 'transit-gateway-route' || after?.type !== 'static') return true;
        return !changes.some(
          (other) =>
            other.kind === 'transit-gateway-route' &&
            other.after?.type === 'propagated' &&
            other.id.startsWith(`${after.id}|`),
        );
      }),
  },
  {
    name: 'C-064 propagated routes go before lists of the same length',
    spoil: ({ transitTables }) => {
      for (const station of transitTables.values()) {
        const { index } = station.table;
        if (index?.by !== 'destination-prefix') continue;
        const { sets: _, ...own } = index;
        station.table = { ...station.table, index: own };
      }
    },
  },
  {
    name: 'C-069 a blackhole is no route',
    tellWrongly: told('transit-gateway-route', (route) =>
      route.type === 'static' && route.attachmentId === undefined ? undefined : route,
    ),
  },
  {
    name: 'C-043 an attachment that is going carries packets',
    tellWrongly: told('transit-gateway-attachment', (one) =>
      one.state === 'deleting' ? { ...one, state: 'available' } : one,
    ),
  },
  {
    name: 'C-050 groups are known over gateways that do not support it',
    // C-010: with the gateway's option those of its attachments went off.
    tellWrongly: (changes) =>
      withOptions({ securityGroupReferencingSupport: true })(
        told('transit-gateway', (gateway) => ({
          ...gateway,
          options: { ...gateway.options, securityGroupReferencingSupport: true },
        }))(changes),
      ),
  },
  {
    name: 'C-129 gateways carry 9001 bytes',
    spoil: eachVpc(({ entry }) => {
      entry.table = withActions(entry.table, without('check-size'));
    }),
  },
  {
    name: 'A-110 what came by a gateway leaves by a peering',
    spoil: ({ peerings }) => {
      for (const { toAccepter, toRequester } of peerings.values()) {
        for (const station of [toAccepter, toRequester]) {
          station.table = { ...station.table, rules: station.table.rules.slice(1) };
        }
      }
    },
  },
];
