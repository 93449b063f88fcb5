/** Which records each kind of record speaks of. */
import { KINDS, type Kind, type Records } from '../../src/model/schema.ts';

export interface Reference {
  /** The record is of one of these. */
  readonly kinds: readonly Kind[];
  readonly id: string;
  /** It may be of another account or Region. */
  readonly foreign?: boolean;
}

type References = { readonly [K in Kind]: (record: Records[K]) => readonly Reference[] };

const to = (kind: Kind, id: string | undefined): Reference[] =>
  id === undefined ? [] : [{ kinds: [kind], id }];
const toForeign = (kind: Kind, id: string): Reference[] => [{ kinds: [kind], id, foreign: true }];
const NONE: readonly Reference[] = [];

/**
 * A row a kind: one that is missing does not compile. Left out is what AWS lets outlive its end:
 * routes to what is gone, stale rules, ended connections (B-010).
 */
const REFERENCES: References = {
  vpc: ({ dhcpOptionsId }) =>
    dhcpOptionsId === 'default' ? NONE : to('dhcp-options', dhcpOptionsId),
  subnet: ({ vpcId }) => to('vpc', vpcId),
  'address-cursor': ({ id }) => to('subnet', id),
  'route-table': ({ vpcId }) => to('vpc', vpcId),
  'route-table-association': ({ routeTableId, vpcId, subnetId, gatewayId }) => [
    ...to('route-table', routeTableId),
    ...to('vpc', vpcId),
    ...to('subnet', subnetId),
    ...(gatewayId === undefined
      ? NONE
      : [{ kinds: ['internet-gateway', 'vpn-gateway'] as const, id: gatewayId }]),
  ],
  route: ({ routeTableId, origin, target }) => [
    ...to('route-table', routeTableId),
    ...(origin === 'EnableVgwRoutePropagation' && target.kind !== 'local'
      ? [
          ...to('vpn-gateway', target.id),
          ...to('vgw-route-propagation', `${routeTableId}|${target.id}`),
        ]
      : NONE),
  ],
  'prefix-list': () => NONE,
  'prefix-list-version': ({ prefixListId }) => to('prefix-list', prefixListId),
  'prefix-list-route': ({ routeTableId }) => to('route-table', routeTableId),
  'network-acl': ({ vpcId }) => to('vpc', vpcId),
  'network-acl-association': ({ networkAclId, subnetId }) => [
    ...to('network-acl', networkAclId),
    ...to('subnet', subnetId),
  ],
  'security-group': ({ vpcId }) => to('vpc', vpcId),
  'security-group-rule': ({ groupId }) => to('security-group', groupId),
  'network-interface': ({ vpcId, subnetId, groupIds, attachment, addresses }) => [
    ...to('vpc', vpcId),
    ...to('subnet', subnetId),
    ...groupIds.flatMap((id) => to('security-group', id)),
    ...to('instance', attachment?.instanceId),
    ...addresses.flatMap(({ elastic }) => to('elastic-ip', elastic?.allocationId)),
  ],
  instance: ({ state, vpcId, subnetId }) =>
    state === 'terminated' ? NONE : [...to('vpc', vpcId), ...to('subnet', subnetId)],
  'elastic-ip': () => NONE,
  'address-transfer': ({ allocationId, acceptedAt }) =>
    acceptedAt === undefined ? to('elastic-ip', allocationId) : NONE,
  natgateway: ({ state, vpcId, subnetId, networkInterfaceId }) =>
    ['failed', 'deleted'].includes(state)
      ? NONE
      : [
          ...to('vpc', vpcId),
          ...to('subnet', subnetId),
          ...to('network-interface', networkInterfaceId),
        ],
  'egress-only-internet-gateway': ({ vpcId }) => to('vpc', vpcId),
  'internet-gateway': ({ attachment }) => to('vpc', attachment?.vpcId),
  'dhcp-options': () => NONE,
  'vpc-peering-connection': ({ status, requester, accepter }) =>
    ['pending-acceptance', 'provisioning', 'active'].includes(status)
      ? [...toForeign('vpc', requester.vpcId), ...toForeign('vpc', accepter.vpcId)]
      : NONE,
  'customer-gateway': () => NONE,
  'vpn-gateway': ({ attachment }) =>
    attachment?.state === 'detached' ? NONE : to('vpc', attachment?.vpcId),
  'vgw-route-propagation': ({ routeTableId, vpnGatewayId }) => [
    ...to('route-table', routeTableId),
    ...to('vpn-gateway', vpnGatewayId),
  ],
  'vpn-connection': ({ state, customerGatewayId, gateway }) =>
    state === 'deleted'
      ? NONE
      : [
          ...to('customer-gateway', customerGatewayId),
          ...(gateway === undefined ? NONE : to(gateway.kind, gateway.id)),
        ],
  'vpn-connection-route': ({ vpnConnectionId }) => to('vpn-connection', vpnConnectionId),
  'transit-gateway': () => NONE,
  'transit-gateway-attachment': (record) =>
    ['failed', 'rejected', 'deleted'].includes(record.state)
      ? NONE
      : [...toForeign('transit-gateway', record.transitGatewayId), ...attached(record)],
  'transit-gateway-route-table': ({ transitGatewayId }) => to('transit-gateway', transitGatewayId),
  'transit-gateway-route-table-association': ({ routeTableId, attachmentId }) => [
    ...to('transit-gateway-route-table', routeTableId),
    ...toForeign('transit-gateway-attachment', attachmentId),
  ],
  'transit-gateway-route-table-propagation': ({ routeTableId, attachmentId }) => [
    ...to('transit-gateway-route-table', routeTableId),
    ...toForeign('transit-gateway-attachment', attachmentId),
  ],
  'transit-gateway-route': ({ routeTableId }) => to('transit-gateway-route-table', routeTableId),
  'transit-gateway-prefix-list-reference': ({ routeTableId }) =>
    to('transit-gateway-route-table', routeTableId),
  'transit-gateway-policy-table': ({ transitGatewayId }) => to('transit-gateway', transitGatewayId),
  'transit-gateway-policy-table-association': ({ policyTableId, attachmentId }) => [
    ...to('transit-gateway-policy-table', policyTableId),
    ...toForeign('transit-gateway-attachment', attachmentId),
  ],
  'resource-share': () => NONE,
  'resource-share-association': ({ shareId, resource, status }) => [
    ...to('resource-share', shareId),
    ...(status.startsWith('ASSOCIAT') && resource !== undefined
      ? to(resource.kind, resource.id)
      : NONE),
  ],
  'resource-share-invitation': ({ shareId }) => to('resource-share', shareId),
  'transit-gateway-multicast-domain': ({ state, transitGatewayId }) =>
    state === 'deleted' ? NONE : to('transit-gateway', transitGatewayId),
  'transit-gateway-multicast-domain-association': ({ state, domainId, attachmentId, subnetId }) => [
    ...to('transit-gateway-multicast-domain', domainId),
    ...(state === 'rejected'
      ? NONE
      : [...to('transit-gateway-attachment', attachmentId), ...to('subnet', subnetId)]),
  ],
  'transit-gateway-multicast-group-entry': ({ domainId, networkInterfaceId }) => [
    ...to('transit-gateway-multicast-domain', domainId),
    ...to('network-interface', networkInterfaceId),
  ],
  'transit-gateway-igmp-host': ({ domainId, networkInterfaceId }) => [
    ...to('transit-gateway-multicast-domain', domainId),
    ...to('network-interface', networkInterfaceId),
  ],
  'transit-gateway-connect-peer': ({ state, transitGatewayId, attachmentId }) =>
    state === 'deleted'
      ? NONE
      : [
          ...to('transit-gateway', transitGatewayId),
          ...to('transit-gateway-attachment', attachmentId),
        ],
  'direct-connect-lag': () => NONE,
  'direct-connect-connection': ({ state, lagId, hosted }) =>
    ['deleted', 'rejected'].includes(state)
      ? NONE
      : [...to('direct-connect-lag', lagId), ...toCarrier(hosted?.parentId)],
  'direct-connect-gateway': () => NONE,
  'direct-connect-virtual-interface': ({ state, connectionId, gateway }) =>
    ['deleted', 'rejected'].includes(state)
      ? NONE
      : [
          ...toCarrier(connectionId),
          ...(gateway === undefined ? NONE : toForeign(gateway.kind, gateway.id)),
        ],
  'direct-connect-gateway-association': ({ directConnectGatewayId, gateway, attachmentId }) => [
    ...toForeign('direct-connect-gateway', directConnectGatewayId),
    ...toForeign(gateway.kind, gateway.id),
    ...to('transit-gateway-attachment', attachmentId),
  ],
  'direct-connect-gateway-association-proposal': () => NONE,
  'direct-connect-failover-test': () => NONE,
  site: () => NONE,
  'bgp-session': () => NONE,
  'learned-route': ({ sessionId }) => to('bgp-session', sessionId),
  'transit-gateway-learned-route': ({ attachmentId }) =>
    to('transit-gateway-attachment', attachmentId),
  'site-route': ({ siteId }) => to('site', siteId),
  'tag-set': ({ resourceId }) => [{ kinds: KINDS, id: resourceId, foreign: true }],
  // Timers of a block's association name the association, which is no record of its own.
  timer: ({ target }) => {
    if (target.includes('-cidr-assoc-')) return NONE;
    // Those of a tunnel name it by its connection and address.
    const id = /^vpn-[0-9a-f]+\|[0-9.]+$/.test(target) ? target.split('|')[0]! : target;
    return [{ kinds: KINDS, id, foreign: true }];
  },
  idempotency: ({ resourceId }) =>
    resourceId.startsWith('r-') ? NONE : [{ kinds: KINDS, id: resourceId, foreign: true }],
  credential: () => NONE,
  setting: () => NONE,
};

/** What virtual interfaces and hosted connections run over. */
function toCarrier(id: string | undefined): readonly Reference[] {
  const kinds = ['direct-connect-connection', 'direct-connect-lag'] as const;
  return id === undefined ? NONE : [{ kinds, id, foreign: true }];
}

/** What is attached to a transit gateway. */
function attached(record: Records['transit-gateway-attachment']): readonly Reference[] {
  switch (record.resourceType) {
    case 'peering':
      // A request that is on its way may name a gateway of nobody (C-082).
      return ['initiatingRequest', 'failing'].includes(record.state)
        ? NONE
        : toForeign('transit-gateway', record.accepter.transitGatewayId);
    case 'vpn':
      return to('vpn-connection', record.vpnConnectionId);
    case 'connect': // The transport may be of another account's VPC.
      return toForeign('transit-gateway-attachment', record.transportAttachmentId);
    case 'direct-connect-gateway':
      return toForeign('direct-connect-gateway', record.directConnectGatewayId);
    case 'vpc':
      return [
        ...to('vpc', record.vpcId),
        ...record.subnets.flatMap(({ subnetId, networkInterfaceId }) => [
          ...to('subnet', subnetId),
          ...to('network-interface', networkInterfaceId),
        ]),
      ];
  }
}

/** What a record needs to be there. */
export function referencesOf(kind: Kind, record: { readonly id: string }): readonly Reference[] {
  return (REFERENCES[kind] as (record: { readonly id: string }) => readonly Reference[])(record);
}
