/** What must hold between the records of transit gateways. */
import type { ModelReader } from '../../model/model.ts';
import type { Kind, Records } from '../../model/schema.ts';
import {
  concerns,
  hasEnded,
  isOnGateway,
  sidesOf,
  type TransitGatewayAttachment,
  type VpcAttachment,
} from '../../model/transit-gateway/attachment.ts';
import { traitsOf } from '../../model/transit-gateway/attachment-traits.ts';
import { transitGatewayPolicyTableAssociationId } from '../../model/transit-gateway/policy-table.ts';
import {
  propagatedRouteId,
  staticRouteId,
  transitGatewayPrefixListReferenceId,
} from '../../model/transit-gateway/route.ts';
import {
  transitGatewayAssociationId,
  transitGatewayPropagationId,
} from '../../model/transit-gateway/route-table.ts';
import { connectFault } from './connect-rules.ts';

type Reference = readonly [kind: Kind, id: string | undefined];

/** Routes to attachments that are gone stay, as black holes (C-043). */
export function attachmentReferences(record: TransitGatewayAttachment): readonly Reference[] {
  if (hasEnded(record)) return [];
  const gateways = sidesOf(record)
    .filter(({ transitGatewayId }) => concerns(record, transitGatewayId))
    .map(({ transitGatewayId }): Reference => ['transit-gateway', transitGatewayId]);
  return [...gateways, ...attachedReferences(record)];
}

function attachedReferences(record: TransitGatewayAttachment): readonly Reference[] {
  switch (record.resourceType) {
    case 'peering': // Its gateways are all there is to it.
      return [];
    case 'direct-connect-gateway':
      return [['direct-connect-gateway', record.directConnectGatewayId]];
    case 'vpn':
      return [['vpn-connection', record.vpnConnectionId]];
    case 'connect':
      return [['transit-gateway-attachment', record.transportAttachmentId]];
    case 'vpc':
      return [
        ['vpc', record.vpcId],
        ...record.subnets.flatMap(({ subnetId, networkInterfaceId }): Reference[] => [
          ['subnet', subnetId],
          ['network-interface', networkInterfaceId],
        ]),
      ];
  }
}

/** What is propagated goes with whatever propagates it. */
export function transitRouteReferences(
  route: Records['transit-gateway-route'],
): readonly Reference[] {
  const table: Reference = ['transit-gateway-route-table', route.routeTableId];
  if (route.type === 'static') return [table];
  return [table, ['transit-gateway-attachment', route.attachmentId]];
}

type DerivedIds = { readonly [K in Kind]?: (record: Records[K]) => string };

export const TRANSIT_GATEWAY_IDS: DerivedIds = {
  'transit-gateway-route-table-association': ({ transitGatewayId, attachmentId }) =>
    transitGatewayAssociationId(transitGatewayId, attachmentId),
  'transit-gateway-route-table-propagation': ({ routeTableId, attachmentId }) =>
    transitGatewayPropagationId(routeTableId, attachmentId),
  'transit-gateway-route': (route) =>
    route.type === 'static'
      ? staticRouteId(route.routeTableId, route.destination)
      : propagatedRouteId(route.routeTableId, route.destination, route.attachmentId),
  'transit-gateway-prefix-list-reference': ({ routeTableId, prefixListId }) =>
    transitGatewayPrefixListReferenceId(routeTableId, prefixListId),
  'transit-gateway-policy-table-association': ({ transitGatewayId, attachmentId }) =>
    transitGatewayPolicyTableAssociationId(transitGatewayId, attachmentId),
};

type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => string | undefined;
};

export const TRANSIT_GATEWAY_RULES: Rules = {
  'transit-gateway': (reader, { id, options }) => {
    const { associationDefaultRouteTableId, propagationDefaultRouteTableId } = options;
    const isOwn = (table: string | undefined) =>
      table === undefined ||
      reader.get('transit-gateway-route-table', table)?.transitGatewayId === id;
    return isOwn(associationDefaultRouteTableId) && isOwn(propagationDefaultRouteTableId)
      ? undefined
      : 'its default route table is missing';
  },
  'transit-gateway-attachment': attachmentFault,
  'transit-gateway-route-table-association': jointFault,
  'transit-gateway-route-table-propagation': jointFault,
  'transit-gateway-route': (reader, route) =>
    tableFault(reader, route) ??
    (route.type === 'propagated' ? resourceFault(reader, route) : targetFault(reader, route)),
  'transit-gateway-prefix-list-reference': (reader, reference) =>
    tableFault(reader, reference) ?? targetFault(reader, reference),
  'transit-gateway-policy-table-association': (reader, { policyTableId, ...record }) => {
    const table = reader.get('transit-gateway-policy-table', policyTableId);
    if (table?.transitGatewayId !== record.transitGatewayId) return OTHER_GATEWAY;
    return sideFault(reader, record);
  },
};

const OTHER_GATEWAY = 'its table is of another transit gateway';

function attachmentFault(reader: ModelReader, record: TransitGatewayAttachment) {
  if (hasEnded(record)) return undefined;
  for (const { transitGatewayId, account, region } of ownersOf(record)) {
    const gateway = reader.get('transit-gateway', transitGatewayId);
    const isOwner = gateway?.account === account && gateway.region === region;
    if (concerns(record, transitGatewayId) && !isOwner) {
      return `its gateway '${transitGatewayId}' is not whose it says`;
    }
  }
  return attachedFault(reader, record);
}

function attachedFault(reader: ModelReader, record: TransitGatewayAttachment): string | undefined {
  switch (record.resourceType) {
    case 'vpc':
      return vpcFault(reader, record);
    case 'connect':
      return connectFault(reader, record);
    case 'vpn':
    case 'peering':
    case 'direct-connect-gateway':
      return undefined;
  }
}

/** The owners of an attachment's gateways, as it remembers them. */
function ownersOf(record: TransitGatewayAttachment) {
  const { transitGatewayId, transitGatewayOwnerId: account, region } = record;
  const own = { transitGatewayId, account, region };
  return record.resourceType === 'peering' ? [own, record.accepter] : [own];
}

function vpcFault(reader: ModelReader, { vpcId, subnets, id }: VpcAttachment) {
  const isInVpc = subnets.every(({ subnetId, zoneId, networkInterfaceId }) => {
    const subnet = reader.get('subnet', subnetId);
    const eni = reader.get('network-interface', networkInterfaceId ?? '');
    if (subnet?.vpcId !== vpcId || subnet.zoneId !== zoneId) return false;
    return networkInterfaceId === undefined || eni?.subnetId === subnetId;
  });
  if (subnets.length === 0 || !isInVpc) return 'its subnets are not those of its VPC';
  const zones = new Set(subnets.map(({ zoneId }) => zoneId));
  if (zones.size < subnets.length) return 'two of its subnets are in one zone';
  const shared = subnets.some(
    ({ networkInterfaceId: own }) =>
      own !== undefined && reader.first('transit-gateway-attachment', 'interface', own)?.id !== id,
  );
  return shared ? 'its interface is of another attachment' : undefined;
}

interface InTable {
  readonly routeTableId: string;
  readonly transitGatewayId: string;
}

function tableFault(reader: ModelReader, { routeTableId, transitGatewayId }: InTable) {
  const table = reader.get('transit-gateway-route-table', routeTableId);
  return table?.transitGatewayId === transitGatewayId ? undefined : OTHER_GATEWAY;
}

/** C-072 */
function targetFault(reader: ModelReader, { attachmentId = '' }: { attachmentId?: string }) {
  const attachment = reader.get('transit-gateway-attachment', attachmentId);
  if (attachment === undefined || traitsOf(attachment).takesStaticRoutes) return undefined;
  return 'it leads to an attachment that takes no static routes';
}

interface OnGateway {
  readonly transitGatewayId: string;
  readonly attachmentId: string;
}

function sideFault(reader: ModelReader, { transitGatewayId, attachmentId }: OnGateway) {
  const attachment = reader.get('transit-gateway-attachment', attachmentId);
  if (attachment !== undefined && isOnGateway(attachment, transitGatewayId)) return undefined;
  return 'its attachment is of another transit gateway';
}

function jointFault(reader: ModelReader, record: InTable & OnGateway) {
  return tableFault(reader, record) ?? sideFault(reader, record);
}

function resourceFault(
  reader: ModelReader,
  route: Extract<Records['transit-gateway-route'], { type: 'propagated' }>,
) {
  const attachment = reader.get('transit-gateway-attachment', route.attachmentId);
  if (attachment?.resourceType !== route.resourceType) return 'its resource is of another type';
  return sideFault(reader, route);
}
