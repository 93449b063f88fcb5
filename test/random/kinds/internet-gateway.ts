/** Internet gateways: routes to them, and the tables that steer what they let in. */
import { associateGateway } from '../../../src/control/vpc/edge-table.ts';
import {
  attachInternetGateway,
  createInternetGateway,
  detachInternetGateway,
} from '../../../src/control/vpc/internet-gateway.ts';
import { disassociateRouteTable } from '../../../src/control/vpc/route-table-association.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import type { Builder, Changes } from '../builder.ts';
import { all, any, attempt, block, scopeOf, setRoute } from '../builder.ts';

/** Everything not known otherwise goes to the VPC's gateway, from most tables. */
export async function addDefaultRoutes(builder: Builder, vpc: Vpc): Promise<void> {
  const { random, cloud } = builder;
  const gateway = cloud.model.first('internet-gateway', 'vpc', vpc.id);
  if (gateway === undefined) return;
  const target = { kind: 'gateway', id: gateway.id } as const;
  for (const table of all(builder, 'route-table').filter(({ vpcId }) => vpcId === vpc.id)) {
    for (const destination of ['0.0.0.0/0', '::/0']) {
      if (random.chance(0.08)) continue;
      await attempt(builder, (tx) => setRoute(tx, table.id, block(destination), target));
    }
  }
}

function moveGateway(builder: Builder) {
  const vpc = any(builder, 'vpc')!;
  const scope = scopeOf(vpc);
  const vpcId = vpc.id;
  return attempt(builder, (tx) => {
    const attached = tx.first('internet-gateway', 'vpc', vpcId);
    if (attached !== undefined) return detachInternetGateway(tx, scope, attached.id, vpcId);
    const free = tx.by('internet-gateway', 'owner', `${scope.account}|${scope.region}`);
    const gateway = free.find(({ attachment }) => attachment === undefined);
    const { id } = gateway ?? createInternetGateway(tx, scope);
    attachInternetGateway(tx, scope, id, vpcId);
  });
}

/** a table for what enters by a gateway, or none any more. */
function steerGateway(builder: Builder) {
  const gateway = any(builder, 'internet-gateway', ({ attachment }) => attachment !== undefined);
  if (gateway === undefined) return undefined;
  const { id: gatewayId, attachment } = gateway;
  const scope = scopeOf(gateway);
  const table = any(builder, 'route-table', ({ vpcId }) => vpcId === attachment?.vpcId)!;
  return attempt(builder, (tx) => {
    const old = tx.first('route-table-association', 'gateway', gatewayId);
    if (old !== undefined) disassociateRouteTable(tx, scope, old.id);
    else associateGateway(tx, scope, { routeTableId: table.id, gatewayId });
  });
}

export const internetGatewayChanges: Changes = [
  [2, steerGateway],
  [2, moveGateway],
];
