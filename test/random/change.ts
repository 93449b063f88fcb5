/** One random change of a cloud: what users do, and the mistakes they make. */
import type { Builder, Changes } from './builder.ts';
import { egressOnlyChanges } from './kinds/egress-only.ts';
import { elasticAddressChanges } from './kinds/elastic-address.ts';
import { forwarderChanges } from './kinds/forwarder.ts';
import { hybridChanges } from './kinds/hybrid-change.ts';
import { instanceChanges } from './kinds/instance.ts';
import { interfaceChanges } from './kinds/interface.ts';
import { interfaceAddressChanges } from './kinds/interface-address.ts';
import { internetGatewayChanges } from './kinds/internet-gateway.ts';
import { nameChanges } from './kinds/name.ts';
import { natGatewayChanges } from './kinds/nat-gateway.ts';
import { networkAclChanges } from './kinds/network-acl.ts';
import { peeringChanges } from './kinds/peering.ts';
import { prefixListChanges } from './kinds/prefix-list.ts';
import { routeChanges } from './kinds/route.ts';
import { securityGroupChanges } from './kinds/security-group.ts';
import { transitGatewayChanges } from './kinds/transit-gateway-change.ts';
import { vpcChanges } from './kinds/vpc.ts';

const CHANGES: Changes = [
  ...vpcChanges,
  ...routeChanges,
  ...prefixListChanges,
  ...networkAclChanges,
  ...securityGroupChanges,
  ...instanceChanges,
  ...interfaceChanges,
  ...interfaceAddressChanges,
  ...forwarderChanges,
  ...peeringChanges,
  ...internetGatewayChanges,
  ...egressOnlyChanges,
  ...elasticAddressChanges,
  ...natGatewayChanges,
  ...transitGatewayChanges,
  ...hybridChanges,
  ...nameChanges,
  [5, letTimePass],
];

/** Makes one change; what AWS would refuse changes nothing. Says which it was. */
export function changeSomething(builder: Builder): Promise<string> {
  return changeOneOf(builder, CHANGES);
}

export async function changeOneOf(builder: Builder, changes: Changes): Promise<string> {
  let ticket = builder.random.below(changes.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, change] of changes) {
    ticket -= weight;
    if (ticket >= 0) continue;
    await change(builder);
    return change.name;
  }
  throw new Error('no change');
}

/** Mostly long enough for what is under way, now and then for requests to expire. */
function letTimePass({ cloud, random }: Builder) {
  return cloud.advance(random.chance(0.95) ? 1000 : 7 * 24 * 3_600_000);
}
