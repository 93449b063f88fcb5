/** Transit gateways for a test network, by names in place of ids. */
import {
  DEFAULT_VPC_ATTACHMENT_OPTIONS,
  type VpcAttachment,
  type VpcAttachmentOptions,
} from '../model/transit-gateway/attachment.ts';
import { propagatedRouteId, staticRouteId } from '../model/transit-gateway/route.ts';
import { transitGatewayAssociationId } from '../model/transit-gateway/route-table.ts';
import {
  DEFAULT_TRANSIT_GATEWAY_OPTIONS,
  type TransitGatewayOptions,
} from '../model/transit-gateway/transit-gateway.ts';
import type { TestNetwork } from './test-network.ts';
import { block } from './test-values.ts';

const OWNED = { account: '111111111111', region: 'us-east-1' };

export function transitGateway(
  test: TestNetwork,
  id: string,
  options: Partial<TransitGatewayOptions> = {},
): void {
  test.put('transit-gateway', {
    id,
    ...OWNED,
    state: 'available',
    description: '',
    creationTime: 0,
    options: { ...DEFAULT_TRANSIT_GATEWAY_OPTIONS, ...options },
  });
}

/**
 * Attaches `vpc-NAME` as `tgw-attach-NAME` in subnets: an interface `eni-tgw-SUBNET` in each with
 * the address given.
 */
export function attachVpc(
  test: TestNetwork,
  transitGatewayId: string,
  name: string,
  subnets: Readonly<Record<string, string>>,
  options: Partial<VpcAttachmentOptions> = {},
): void {
  const id = `tgw-attach-${name}`;
  test.together(() => {
    const made = Object.entries(subnets).map(([subnet, address]) => {
      test.host(`tgw-${subnet}`, subnet, address, { instance: null, groups: [] });
      test.update('network-interface', `eni-tgw-${subnet}`, {
        status: 'in-use',
        interfaceType: 'transit_gateway',
        requesterManaged: true,
        sourceDestCheck: false,
      });
      const { id: subnetId, zoneId } = test.get('subnet', `subnet-${subnet}`);
      return { subnetId, zoneId, networkInterfaceId: `eni-tgw-${subnet}` };
    });
    test.put('transit-gateway-attachment', {
      id,
      ...OWNED,
      resourceType: 'vpc',
      state: 'available',
      transitGatewayId,
      transitGatewayOwnerId: OWNED.account,
      creationTime: 0,
      vpcId: `vpc-${name}`,
      subnets: made,
      options: { ...DEFAULT_VPC_ATTACHMENT_OPTIONS, ...options },
    } satisfies VpcAttachment);
  });
}

/** `tgw-attach-NAME` between two gateways, available. */
export function peerGateways(test: TestNetwork, name: string, from: string, to: string): void {
  test.put('transit-gateway-attachment', {
    id: `tgw-attach-${name}`,
    ...OWNED,
    resourceType: 'peering',
    state: 'available',
    transitGatewayId: from,
    transitGatewayOwnerId: OWNED.account,
    accepter: { ...OWNED, transitGatewayId: to },
    creationTime: 0,
    dynamicRouting: false,
  });
}

export function transitTable(test: TestNetwork, id: string, transitGatewayId: string): void {
  const made = { id, ...OWNED, transitGatewayId, creationTime: 0 };
  test.put('transit-gateway-route-table', { ...made, state: 'available' });
}

/** What comes in by `tgw-attach-NAME` is routed by the table. */
export function associate(test: TestNetwork, routeTableId: string, name: string): void {
  const { transitGatewayId } = test.get('transit-gateway-route-table', routeTableId);
  const attachmentId = `tgw-attach-${name}`;
  const id = transitGatewayAssociationId(transitGatewayId, attachmentId);
  const record = { id, transitGatewayId, attachmentId, routeTableId };
  test.put('transit-gateway-route-table-association', { ...record, state: 'associated' });
}

/** A static route; a blackhole without an attachment. */
export function routeTransit(
  test: TestNetwork,
  routeTableId: string,
  destination: string,
  name?: string,
): void {
  const { transitGatewayId } = test.get('transit-gateway-route-table', routeTableId);
  test.put('transit-gateway-route', {
    id: staticRouteId(routeTableId, block(destination)),
    transitGatewayId,
    routeTableId,
    destination: block(destination),
    type: 'static',
    ...(name !== undefined && { attachmentId: `tgw-attach-${name}` }),
  });
}

/** A route that `tgw-attach-NAME` propagates. */
export function propagate(
  test: TestNetwork,
  routeTableId: string,
  destination: string,
  name: string,
  suppressed = false,
): void {
  const { transitGatewayId } = test.get('transit-gateway-route-table', routeTableId);
  const attachmentId = `tgw-attach-${name}`;
  test.put('transit-gateway-route', {
    id: propagatedRouteId(routeTableId, block(destination), attachmentId),
    transitGatewayId,
    routeTableId,
    destination: block(destination),
    type: 'propagated',
    attachmentId,
    resourceType: 'vpc',
    suppressed,
  });
}
