/** What must hold between the records of customer gateways, VPN connections and their gateways. */
import { linkRecord, linksOfSite } from '../../model/hybrid/link.ts';
import { type Site, UPLINK_KINDS, UPLINK_PREFIXES } from '../../model/hybrid/site.ts';
import { siteConflict, siteFault } from '../../model/hybrid/site-fault.ts';
import {
  isLiveConnection,
  type VpnConnection,
  vpnConnectionRouteId,
} from '../../model/hybrid/vpn-connection.ts';
import {
  attachedVpc,
  type VpnGateway,
  vgwRoutePropagationId,
  vpcOfVpnGateway,
} from '../../model/hybrid/vpn-gateway.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Kind, Records } from '../../model/schema.ts';
import { isPropagated, type Route } from '../../model/vpc/route-table.ts';
import { cidrFamily } from '../../net/cidr.ts';
import { familyOf, ipKey } from '../../net/ip.ts';

type Reference = readonly [kind: Kind, id: string | undefined];

/** Routes to gateways that are gone stay; what was propagated goes with the propagation. */
export function routeReferences(route: Route): readonly Reference[] {
  const { routeTableId, target } = route;
  const table: Reference = ['route-table', routeTableId];
  if (!isPropagated(route) || target.kind !== 'vpn-gateway') return [table];
  return [table, ['vgw-route-propagation', vgwRoutePropagationId(routeTableId, target.id)]];
}

/** The gateway of an edge table. */
export function edgeReference(gatewayId: string | undefined): Reference {
  return [gatewayId?.startsWith('vgw-') ? 'vpn-gateway' : 'internet-gateway', gatewayId];
}

export function vpnGatewayReferences(gateway: VpnGateway): readonly Reference[] {
  return [['vpc', vpcOfVpnGateway(gateway)]];
}

export function vpnConnectionReferences(connection: VpnConnection): readonly Reference[] {
  if (!isLiveConnection(connection)) return [];
  const { customerGatewayId, gateway } = connection;
  const end: readonly Reference[] = gateway === undefined ? [] : [[gateway.kind, gateway.id]];
  return [['customer-gateway', customerGatewayId], ...end];
}

type References = { readonly [K in Kind]?: (record: Records[K]) => readonly Reference[] };

/** What tells of now goes with what it tells of. */
export const SESSION_REFERENCES: References = {
  'bgp-session': ({ linkId }) => [linkRecord(linkId)],
  'learned-route': ({ sessionId }) => [['bgp-session', sessionId]],
  'site-route': ({ siteId }) => [['site', siteId]],
  'transit-gateway-learned-route': ({ attachmentId }) => [
    ['transit-gateway-attachment', attachmentId],
  ],
};

type DerivedIds = { readonly [K in Kind]?: (record: Records[K]) => string };

export const HYBRID_IDS: DerivedIds = {
  'vgw-route-propagation': ({ routeTableId, vpnGatewayId }) =>
    vgwRoutePropagationId(routeTableId, vpnGatewayId),
  'vpn-connection-route': ({ vpnConnectionId, destination }) =>
    vpnConnectionRouteId(vpnConnectionId, destination),
};

type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => string | undefined;
};

export const HYBRID_RULES: Rules = {
  'vpn-gateway': (reader, gateway) => {
    const vpcId = vpcOfVpnGateway(gateway);
    const isShared = vpcId !== undefined && reader.count('vpn-gateway', 'vpc', vpcId) > 1;
    return isShared ? 'its VPC has another virtual private gateway' : undefined;
  },
  'vgw-route-propagation': (reader, { routeTableId, vpnGatewayId }) => {
    const { vpcId } = reader.get('route-table', routeTableId)!;
    return attachedVpc(reader.get('vpn-gateway', vpnGatewayId)!) === vpcId
      ? undefined
      : 'its gateway is not attached to the VPC of its table';
  },
  'vpn-connection': connectionFault,
  site: siteFaultAmong,
};

/** What it stands behind may be gone; then it has no links (contract). */
function siteFaultAmong(reader: ModelReader, site: Site): string | undefined {
  const fault = siteFault(site) ?? siteConflict(reader, site);
  if (fault !== undefined) return fault.message;
  const { uplink, links, neighborAsns, account, region } = site;
  if (!uplink.id.startsWith(UPLINK_PREFIXES[uplink.kind])) {
    return `'${uplink.id}' is no id of a ${uplink.kind}`;
  }
  const record = reader.get(UPLINK_KINDS[uplink.kind], uplink.id);
  if (record !== undefined && (record.account !== account || record.region !== region)) {
    return `it stands behind '${uplink.id}' of another account or Region`;
  }
  const own = linksOfSite(reader, site).map(({ id }) => id);
  const stray = [...Object.keys(links), ...Object.keys(neighborAsns)].find(
    (id) => !own.includes(id),
  );
  return stray === undefined ? undefined : `it has no link '${stray}'`;
}

function connectionFault(reader: ModelReader, connection: VpnConnection): string | undefined {
  const { id, tunnels, insideFamily, outsideFamily, localCidr, remoteCidr } = connection;
  for (const { outsideAddress, insideCidr, insideIpv6Cidr } of tunnels) {
    const key = String(ipKey(outsideAddress));
    const [holder, other] = reader.by('vpn-connection', 'outsideAddress', key);
    if (holder?.id !== id || other !== undefined) return 'its address belongs to another tunnel';
    const isLaidOut =
      familyOf(outsideAddress) === outsideFamily &&
      insideCidr.length === 30 &&
      (insideIpv6Cidr?.length ?? 126) === 126 &&
      (insideIpv6Cidr !== undefined) === (insideFamily === 6);
    if (!isLaidOut) return 'its addresses are not those of its families';
  }
  if (ipKey(tunnels[0].outsideAddress) === ipKey(tunnels[1].outsideAddress)) {
    return 'its tunnels have one address';
  }
  return [localCidr, remoteCidr].every((block) => cidrFamily(block) === insideFamily)
    ? undefined
    : 'its traffic selectors are of the other family';
}
