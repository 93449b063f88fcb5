/** Whether a route leads anywhere now. Derived, never stored: what it leads to changes. */
import { servesVpc } from '../hybrid/vpn-gateway.ts';
import type { ModelReader } from '../model.ts';
import { carriesPackets, vpcAttachment } from '../transit-gateway/attachment.ts';
import { isRunning } from './instance.ts';
import type { RouteTarget } from './route-table.ts';

/** AWS's words. A blackhole drops what matches it. */
export type RouteState = 'active' | 'blackhole';

/** What every route has, whether to a block or to a prefix list. */
export interface TargetedRoute {
  readonly routeTableId: string;
  readonly target: RouteTarget;
}

/** The state of a route of an existing table: blackhole when its target is gone or detached. */
export function routeState(reader: ModelReader, route: TargetedRoute): RouteState {
  return isTargetReady(reader, route) ? 'active' : 'blackhole';
}

function isTargetReady(reader: ModelReader, { routeTableId, target }: TargetedRoute): boolean {
  switch (target.kind) {
    case 'local':
      return true;
    case 'internet-gateway': {
      const attachment = reader.get('internet-gateway', target.id)?.attachment;
      const vpcId = reader.get('route-table', routeTableId)?.vpcId;
      return attachment?.state === 'available' && attachment.vpcId === vpcId;
    }
    case 'vpn-gateway': {
      const gateway = reader.get('vpn-gateway', target.id);
      const vpcId = reader.get('route-table', routeTableId)?.vpcId ?? '';
      return gateway !== undefined && servesVpc(gateway, vpcId);
    }
    case 'network-interface':
      return isInterfaceReady(reader, target.id);
    case 'nat-gateway':
      return reader.get('natgateway', target.id)?.state === 'available';
    case 'egress-only-internet-gateway':
      return reader.get(target.kind, target.id) !== undefined;
    case 'vpc-peering-connection': // B-045, B-046
      return reader.get('vpc-peering-connection', target.id)?.status === 'active';
    case 'transit-gateway': {
      const vpcId = reader.get('route-table', routeTableId)?.vpcId ?? '';
      const attachment = vpcAttachment(reader, target.id, vpcId);
      return attachment !== undefined && carriesPackets(attachment);
    }
  }
}

/** An interface receives what is routed to it while its instance runs, or AWS itself uses it. */
function isInterfaceReady(reader: ModelReader, id: string): boolean {
  const eni = reader.get('network-interface', id);
  if (eni === undefined) return false;
  const { attachment, status } = eni;
  if (attachment === undefined) return status === 'in-use';
  return (
    attachment.status === 'attached' && isRunning(reader.get('instance', attachment.instanceId))
  );
}
