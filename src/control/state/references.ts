/** What must hold between records, so that commands and compilers need not doubt it. */
import type { ModelReader } from '../../model/model.ts';
import { tagSetId } from '../../model/resource.ts';
import type { Kind, Records } from '../../model/schema.ts';
import { associationId, isCurrent } from '../../model/sharing/resource-share.ts';
import { SHAREABLE_TYPES } from '../../model/sharing/shareable.ts';
import { awsPrefixList } from '../../model/vpc/aws-prefix-list.ts';
import { DEFAULT_DHCP } from '../../model/vpc/dhcp-options.ts';
import { addressTransferId, mappingOf } from '../../model/vpc/elastic-address.ts';
import { isLive } from '../../model/vpc/nat-gateway.ts';
import {
  addressesOf,
  addressKey,
  prefixesOf,
  prefixKey,
} from '../../model/vpc/network-interface.ts';
import { prefixListVersionId } from '../../model/vpc/prefix-list.ts';
import {
  isPropagated,
  prefixListRouteId,
  propagatedRouteId,
  routeId,
  routeTargetId,
} from '../../model/vpc/route-table.ts';
import { cidrFamily } from '../../net/cidr.ts';
import { CONNECT_REFERENCES, CONNECT_RULES } from './connect-rules.ts';
import { DIRECT_CONNECT_REFERENCES, DIRECT_CONNECT_RULES } from './direct-connect-rules.ts';
import {
  edgeReference,
  HYBRID_IDS,
  HYBRID_RULES,
  routeReferences,
  vpnConnectionReferences,
  vpnGatewayReferences,
} from './hybrid-rules.ts';
import { MULTICAST_IDS, MULTICAST_REFERENCES, MULTICAST_RULES } from './multicast-rules.ts';
import { associationFault, invitationFault, shareFault } from './sharing-rules.ts';
import {
  attachmentReferences,
  TRANSIT_GATEWAY_IDS,
  TRANSIT_GATEWAY_RULES,
  transitRouteReferences,
} from './transit-gateway-rules.ts';

type Reference = readonly [kind: Kind, id: string | undefined];

type References = { readonly [K in Kind]?: (record: Records[K]) => readonly Reference[] };

/**
 * Records that must exist for another to stand. Routes to what is gone, rules about groups that are
 * gone and ended connections of VPCs that are gone are how AWS shows them, and not listed.
 */
const REFERENCES: References = {
  vpc: ({ dhcpOptionsId }) =>
    dhcpOptionsId === DEFAULT_DHCP ? [] : [['dhcp-options', dhcpOptionsId]],
  subnet: ({ vpcId }) => [['vpc', vpcId]],
  'address-cursor': ({ id }) => [['subnet', id]],
  'route-table': ({ vpcId }) => [['vpc', vpcId]],
  'route-table-association': ({ routeTableId, vpcId, subnetId, gatewayId }) => [
    ['route-table', routeTableId],
    ['vpc', vpcId],
    ['subnet', subnetId],
    edgeReference(gatewayId),
  ],
  route: routeReferences,
  'prefix-list-version': ({ prefixListId }) => [['prefix-list', prefixListId]],
  'prefix-list-route': ({ routeTableId, prefixListId }) => [
    ['route-table', routeTableId],
    ...customersList(prefixListId),
  ],
  'network-acl': ({ vpcId }) => [['vpc', vpcId]],
  'network-acl-association': ({ networkAclId, subnetId }) => [
    ['network-acl', networkAclId],
    ['subnet', subnetId],
  ],
  'security-group': ({ vpcId }) => [['vpc', vpcId]],
  'security-group-rule': ({ groupId, peer }) => [
    ['security-group', groupId],
    ...(peer.kind === 'prefix-list' ? customersList(peer.prefixListId) : []),
  ],
  'network-interface': ({ vpcId, subnetId, groupIds, attachment, addresses }) => [
    ['vpc', vpcId],
    ['subnet', subnetId],
    ...groupIds.map((id): Reference => ['security-group', id]),
    ['instance', attachment?.instanceId],
    ...addresses.map(({ elastic }): Reference => ['elastic-ip', elastic?.allocationId]),
  ],
  instance: ({ state, vpcId, subnetId }) =>
    state === 'terminated'
      ? []
      : [
          ['vpc', vpcId],
          ['subnet', subnetId],
        ],
  natgateway: (record) =>
    isLive(record)
      ? [
          ['vpc', record.vpcId],
          ['subnet', record.subnetId],
          ['network-interface', record.networkInterfaceId],
        ]
      : [],
  'egress-only-internet-gateway': ({ vpcId }) => [['vpc', vpcId]],
  'internet-gateway': ({ attachment }) => [['vpc', attachment?.vpcId]],
  'vpc-peering-connection': ({ status, requester, accepter }) =>
    status === 'active' || status === 'pending-acceptance' || status === 'provisioning'
      ? [
          ['vpc', requester.vpcId],
          ['vpc', accepter.vpcId],
        ]
      : [],
  'vpn-gateway': vpnGatewayReferences,
  'vgw-route-propagation': ({ routeTableId, vpnGatewayId }) => [
    ['route-table', routeTableId],
    ['vpn-gateway', vpnGatewayId],
  ],
  'vpn-connection': vpnConnectionReferences,
  'vpn-connection-route': ({ vpnConnectionId }) => [['vpn-connection', vpnConnectionId]],
  'transit-gateway-attachment': attachmentReferences,
  'transit-gateway-route-table': ({ transitGatewayId }) => [['transit-gateway', transitGatewayId]],
  'transit-gateway-route-table-association': ({ routeTableId, attachmentId }) => [
    ['transit-gateway-route-table', routeTableId],
    ['transit-gateway-attachment', attachmentId],
  ],
  'transit-gateway-route-table-propagation': ({ routeTableId, attachmentId }) => [
    ['transit-gateway-route-table', routeTableId],
    ['transit-gateway-attachment', attachmentId],
  ],
  'transit-gateway-route': transitRouteReferences,
  'transit-gateway-prefix-list-reference': ({ routeTableId, prefixListId }) => [
    ['transit-gateway-route-table', routeTableId],
    ...customersList(prefixListId),
  ],
  'transit-gateway-policy-table': ({ transitGatewayId }) => [['transit-gateway', transitGatewayId]],
  'transit-gateway-policy-table-association': ({ policyTableId, attachmentId }) => [
    ['transit-gateway-policy-table', policyTableId],
    ['transit-gateway-attachment', attachmentId],
  ],
  'resource-share-association': (record) => [
    ['resource-share', record.shareId],
    ...(record.resource !== undefined && isCurrent(record)
      ? [[record.resource.kind, record.resource.id] as const]
      : []),
  ],
  'resource-share-invitation': ({ shareId }) => [['resource-share', shareId]],
  ...MULTICAST_REFERENCES,
  ...CONNECT_REFERENCES,
  ...DIRECT_CONNECT_REFERENCES,
};

/** AWS's own lists are no records. */
function customersList(id: string): readonly Reference[] {
  return awsPrefixList(id) === undefined ? [['prefix-list', id]] : [];
}

/** Ids that say what their record says. */
const DERIVED_IDS: { readonly [K in Kind]?: (record: Records[K]) => string } = {
  ...HYBRID_IDS,
  route: (route) => {
    const { routeTableId, destination, target } = route;
    return isPropagated(route)
      ? propagatedRouteId(routeTableId, destination, routeTargetId(target) ?? '')
      : routeId(routeTableId, destination);
  },
  'prefix-list-version': (record) => prefixListVersionId(record.prefixListId, record.version),
  'prefix-list-route': (record) => prefixListRouteId(record.routeTableId, record.prefixListId),
  'address-transfer': ({ account, allocationId }) => addressTransferId(account, allocationId),
  'resource-share-association': ({ shareId, type, entity }) => associationId(shareId, type, entity),
  'tag-set': ({ account, region, resourceId }) => tagSetId(account, region, resourceId),
  timer: ({ event, target }) => `${event}|${target}`,
  ...TRANSIT_GATEWAY_IDS,
  ...MULTICAST_IDS,
};

/** What a record needs and is not there. */
export function missingReference<K extends Kind>(
  reader: ModelReader,
  kind: K,
  record: Records[K],
): Reference | undefined {
  return REFERENCES[kind]?.(record).find(
    ([to, id]) => id !== undefined && reader.get(to, id) === undefined,
  );
}

/** The first thing wrong with a record among the others, or undefined. */
export function faultOf<K extends Kind>(
  reader: ModelReader,
  kind: K,
  record: Records[K],
): string | undefined {
  const derived = DERIVED_IDS[kind]?.(record);
  if (derived !== undefined && derived !== record.id) return `its id should be '${derived}'`;
  const missing = missingReference(reader, kind, record);
  if (missing !== undefined) return `it needs the ${missing[0]} '${missing[1]}', which is missing`;
  const foreign = foreignReference(reader, kind, record);
  if (foreign !== undefined) return `it refers to '${foreign[1]}' of another account or Region`;
  return RULES[kind]?.(reader, record);
}

type Owned = { readonly account?: string; readonly region?: string };

/** What joins two owners: peered VPCs, a gateway with what others attach to it and ride on. */
const JOINING: { readonly [K in Kind]?: readonly Kind[] } = {
  'vpc-peering-connection': ['vpc'],
  'transit-gateway-attachment': [
    'transit-gateway',
    'transit-gateway-attachment',
    'direct-connect-gateway',
  ],
  // A Direct Connect gateway is of no Region (H-068).
  'direct-connect-connection': ['direct-connect-connection', 'direct-connect-lag'],
  'direct-connect-virtual-interface': [
    'direct-connect-connection',
    'direct-connect-lag',
    'direct-connect-gateway',
  ],
  'direct-connect-gateway-association': [
    'direct-connect-gateway',
    'vpn-gateway',
    'transit-gateway',
  ],
};

/**
 * What a record needs and is another owner's. What can be shared may be another account's, and
 * stays referred to when it is shared no more.
 */
function foreignReference<K extends Kind>(
  reader: ModelReader,
  kind: K,
  record: Records[K],
): Reference | undefined {
  const { account, region } = record as Owned;
  if (account === undefined) return undefined;
  return REFERENCES[kind]?.(record).find(([to, id]) => {
    const other = (id === undefined ? undefined : reader.get(to, id)) as Owned | undefined;
    if (JOINING[kind]?.includes(to)) return false;
    if (other?.account === undefined) return false;
    const isShared = SHAREABLE_TYPES.some(({ kind }) => kind === to);
    return (other.account !== account && !isShared) || other.region !== region;
  });
}

type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => string | undefined;
};

const RULES: Rules = {
  ...TRANSIT_GATEWAY_RULES,
  ...MULTICAST_RULES,
  ...CONNECT_RULES,
  ...HYBRID_RULES,
  ...DIRECT_CONNECT_RULES,
  'prefix-list': (reader, { id, version, family, maxEntries, next }) => {
    const versions = [version, next?.version ?? version].map((number) =>
      reader.get('prefix-list-version', prefixListVersionId(id, number)),
    );
    const fits = versions.every(
      (one) =>
        one !== undefined &&
        one.entries.length <= maxEntries &&
        one.entries.every(({ cidr }) => cidrFamily(cidr) === family),
    );
    return fits ? undefined : 'its version in force is missing or not as the list says';
  },
  vpc: (reader, { id }) => {
    if (reader.count('route-table-association', 'main', id) !== 1) {
      return 'it has not one main route table';
    }
    if (reader.count('network-acl', 'default', id) !== 1) return 'it has not one default ACL';
    return undefined;
  },
  subnet: (reader, { id }) => {
    if (reader.count('network-acl-association', 'subnet', id) !== 1) return 'it has not one ACL';
    if (reader.count('route-table-association', 'subnet', id) > 1) {
      return 'it has two route tables';
    }
    return undefined;
  },
  'network-interface': (reader, record) => {
    const { id, vpcId, subnetId, mac } = record;
    if (reader.get('subnet', subnetId)!.vpcId !== vpcId) return 'its subnet is in another VPC';
    if (reader.count('network-interface', 'mac', String(mac)) > 1) return 'its MAC is not its own';
    const taken = addressesOf(record).some(
      (address) =>
        reader.first('network-interface', 'address', addressKey(vpcId, address))?.id !== id,
    );
    const overlapping = prefixesOf(record).some(
      (block) => reader.first('network-interface', 'prefix', prefixKey(vpcId, block))?.id !== id,
    );
    return taken || overlapping ? 'its address belongs to another interface' : undefined;
  },
  'elastic-ip': (reader, record) => {
    const { id, publicIp } = record;
    if (reader.count('elastic-ip', 'publicIp', String(publicIp)) > 1) {
      return 'its address is allocated twice';
    }
    const mapping = mappingOf(reader, record);
    return mapping && mapping.own.elastic.allocationId !== id
      ? 'its address is mapped as another allocation'
      : undefined;
  },
  'resource-share': shareFault,
  'resource-share-association': associationFault,
  'resource-share-invitation': invitationFault,
  setting: (_reader, { id, value }) => {
    const isTime = typeof value === 'number' && Number.isFinite(value) && value >= 0;
    return id === 'clock-offset' && !isTime ? 'it is no number of milliseconds' : undefined;
  },
};
