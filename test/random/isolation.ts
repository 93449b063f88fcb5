/**
 * What no run may break: a packet that comes from one VPC to another has a chain of configuration
 * that joins the two. Coarser than the oracle, and written without it: it asks of no address, only
 * whether anybody has joined the VPCs.
 */
import type { Site } from '../../src/model/hybrid/site.ts';
import type { ModelReader } from '../../src/model/model.ts';
import type { RouteTarget } from '../../src/model/vpc/route-table.ts';

/** Whether something leads from one VPC to another, over whatever lies between. */
export function isJoined(model: ModelReader, from: string, to: string): boolean {
  const seen = new Set([from]);
  const next = [from];
  for (let vpcId = next.pop(); vpcId !== undefined; vpcId = next.pop()) {
    if (vpcId === to) return true;
    for (const other of neighbours(model, vpcId)) {
      if (seen.has(other)) continue;
      seen.add(other);
      next.push(other);
    }
  }
  return false;
}

/** The VPCs that a VPC's own routes lead to. */
function neighbours(model: ModelReader, vpcId: string): string[] {
  const targets = targetsOf(model, vpcId);
  return [
    ...peers(model, vpcId, targets),
    ...targets.flatMap(({ kind, id }) =>
      kind === 'transit-gateway' ? overGateway(model, vpcId, id) : [],
    ),
    ...targets.flatMap(({ kind, id }) => (kind === 'vpn-gateway' ? overSites(model, id) : [])),
    ...overInternet(model, targets),
  ];
}

function targetsOf(model: ModelReader, vpcId: string): Exclude<RouteTarget, { kind: 'local' }>[] {
  const tables = [...model.all('route-table')].filter((table) => table.vpcId === vpcId);
  const ids = tables.map(({ id }) => id);
  const routes = [...model.all('route'), ...model.all('prefix-list-route')];
  return routes.flatMap(({ routeTableId, target }) =>
    ids.includes(routeTableId) && target.kind !== 'local' ? [target] : [],
  );
}

function peers(model: ModelReader, vpcId: string, targets: readonly RouteTarget[]): string[] {
  return [...model.all('vpc-peering-connection')].flatMap(({ id, status, requester, accepter }) => {
    const led = targets.some(
      (target) => target.kind === 'vpc-peering-connection' && target.id === id,
    );
    if (status !== 'active' || !led) return [];
    return requester.vpcId === vpcId ? [accepter.vpcId] : [requester.vpcId];
  });
}

/** From the table that the VPC is associated with, through peered gateways as far as it goes. */
function overGateway(model: ModelReader, vpcId: string, gatewayId: string): string[] {
  const attachment = attachments(model).find(
    (one) =>
      one.resourceType === 'vpc' && one.vpcId === vpcId && one.transitGatewayId === gatewayId,
  );
  if (attachment === undefined) return [];
  const reached: string[] = [];
  const seen = new Set<string>();
  const next = [tableOf(model, gatewayId, attachment.id)];
  for (let tableId = next.pop(); tableId !== undefined; tableId = next.pop()) {
    if (seen.has(tableId)) continue;
    seen.add(tableId);
    for (const to of attachmentsIn(model, tableId)) {
      if (to.resourceType === 'vpc') reached.push(to.vpcId);
      else if (to.resourceType === 'peering') {
        for (const side of [to.transitGatewayId, to.accepter.transitGatewayId]) {
          const other = tableOf(model, side, to.id);
          if (other !== undefined) next.push(other);
        }
      } else {
        reached.push(...overSites(model, to.transitGatewayId));
      }
    }
  }
  return reached;
}

/** On premises, a router leads from one gateway to another. */
function overSites(model: ModelReader, gatewayId: string): string[] {
  return [...model.all('site')].flatMap((site) => {
    const gateways = gatewaysOf(model, site);
    return gateways.includes(gatewayId) ? gateways.flatMap((id) => vpcsAt(model, id)) : [];
  });
}

/** The gateways that a site's links end at, and those joined to them. */
function gatewaysOf(model: ModelReader, { uplink }: Site): string[] {
  const connections = [...model.all('vpn-connection')].filter(
    ({ customerGatewayId }) => customerGatewayId === uplink.id,
  );
  const circuit = model.get('direct-connect-virtual-interface', uplink.id)?.gateway?.id;
  const joined = [...model.all('direct-connect-gateway-association')].filter(
    ({ directConnectGatewayId }) => directConnectGatewayId === circuit,
  );
  const peer = model.get('transit-gateway-connect-peer', uplink.id)?.transitGatewayId;
  return [
    ...connections.map(({ gateway }) => gateway?.id),
    ...joined.map(({ gateway }) => gateway.id),
    ...[circuit, peer],
  ].filter((id) => id !== undefined);
}

function vpcsAt(model: ModelReader, gatewayId: string): string[] {
  const own = model.get('vpn-gateway', gatewayId)?.attachment;
  const attached = attachments(model).flatMap((one) =>
    one.resourceType === 'vpc' && one.transitGatewayId === gatewayId ? [one.vpcId] : [],
  );
  return own?.state === 'attached' ? [own.vpcId, ...attached] : attached;
}

function attachments(model: ModelReader) {
  return [...model.all('transit-gateway-attachment')].filter(({ state }) =>
    ['available', 'modifying', 'rollingBack'].includes(state),
  );
}

function tableOf(model: ModelReader, gatewayId: string, attachmentId: string): string | undefined {
  return [...model.all('transit-gateway-route-table-association')].find(
    (one) =>
      one.transitGatewayId === gatewayId &&
      one.attachmentId === attachmentId &&
      one.state === 'associated',
  )?.routeTableId;
}

function attachmentsIn(model: ModelReader, tableId: string) {
  const named = [
    ...model.all('transit-gateway-route'),
    ...model.all('transit-gateway-prefix-list-reference'),
    ...model.all('transit-gateway-route-table-propagation'),
  ]
    .filter(({ routeTableId }) => routeTableId === tableId)
    .map(({ attachmentId }) => attachmentId);
  return attachments(model).filter(({ id }) => named.includes(id));
}

/** Out by a gateway of one's own, in by that of a VPC where somebody has a public address. */
function overInternet(model: ModelReader, targets: readonly RouteTarget[]): string[] {
  const outwards = ['internet-gateway', 'egress-only-internet-gateway'];
  if (!targets.some(({ kind }) => outwards.includes(kind))) return [];
  return [...model.all('internet-gateway')].flatMap(({ attachment }) => {
    if (attachment?.state !== 'available') return [];
    const isKnown = [...model.all('network-interface')].some(
      ({ vpcId, addresses, ipv6Addresses }) =>
        vpcId === attachment.vpcId &&
        (ipv6Addresses.length > 0 ||
          addresses.some(({ publicAddress }) => publicAddress !== undefined)),
    );
    return isKnown ? [attachment.vpcId] : [];
  });
}
