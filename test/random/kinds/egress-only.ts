/** Egress-only internet gateways, some beside an internet gateway, and routes to them. */
import {
  createEgressOnlyInternetGateway,
  deleteEgressOnlyInternetGateway,
} from '../../../src/control/vpc/egress-only-internet-gateway.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import {
  all,
  any,
  attempt,
  type Builder,
  block,
  type Changes,
  NO_TOKEN,
  scopeOf,
  setRoute,
} from '../builder.ts';

const KIND = 'egress-only-internet-gateway';

export async function buildEgressOnlyGateways(builder: Builder): Promise<void> {
  const { random, cloud } = builder;
  for (const vpc of all(builder, 'vpc')) {
    const isAlone = cloud.model.first('internet-gateway', 'vpc', vpc.id) === undefined;
    if (vpc.ipv6Cidrs.length > 0 && random.chance(isAlone ? 0.8 : 0.55)) await create(builder, vpc);
  }
}

/** With the default route of some tables. */
function create(builder: Builder, vpc: Vpc) {
  const { random } = builder;
  const scope = scopeOf(vpc);
  return attempt(builder, (tx) => {
    const request = { vpcId: vpc.id, tags: {}, clientToken: NO_TOKEN };
    const { id } = createEgressOnlyInternetGateway(tx, scope, request);
    for (const table of tx.by('route-table', 'vpc', vpc.id)) {
      if (random.chance(0.3)) continue;
      const isEdge = tx
        .by('route-table-association', 'table', table.id)
        .some(({ gatewayId }) => gatewayId !== undefined);
      if (!isEdge) setRoute(tx, table.id, block('::/0'), { kind: KIND, id });
    }
  });
}

function addEgressOnlyGateway(builder: Builder) {
  const vpc = any(builder, 'vpc', ({ ipv6Cidrs }) => ipv6Cidrs.length > 0);
  return vpc && create(builder, vpc);
}

function endEgressOnlyGateway(builder: Builder) {
  const gateway = any(builder, KIND);
  if (gateway === undefined) return undefined;
  return attempt(builder, (tx) =>
    deleteEgressOnlyInternetGateway(tx, scopeOf(gateway), gateway.id),
  );
}

export const egressOnlyChanges: Changes = [
  [2, addEgressOnlyGateway],
  [1, endEgressOnlyGateway],
];
