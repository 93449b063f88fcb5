/** A cloud that mostly works: a call for each kind of thing, in the order of their needs. */
import { deletePeering } from '../../src/control/peering/delete-peering.ts';
import { all, attempt, type Builder } from './builder.ts';
import { buildConnects } from './kinds/connect.ts';
import { buildDirectConnects } from './kinds/direct-connect.ts';
import { buildEgressOnlyGateways } from './kinds/egress-only.ts';
import { buildElasticAddresses } from './kinds/elastic-address.ts';
import { buildForwarders } from './kinds/forwarder.ts';
import { buildVpns, leadToSites } from './kinds/hybrid.ts';
import { breakStatic, changeLink, tellAnew } from './kinds/hybrid-change.ts';
import { buildInstances } from './kinds/instance.ts';
import { buildAddresses } from './kinds/interface-address.ts';
import { addDefaultRoutes } from './kinds/internet-gateway.ts';
import { buildNameServers, buildNames } from './kinds/name.ts';
import { buildNatGateways } from './kinds/nat-gateway.ts';
import { buildNetworkAcls } from './kinds/network-acl.ts';
import { peerSome } from './kinds/peering.ts';
import { buildLists, misleadByLists } from './kinds/prefix-list.ts';
import { buildTables } from './kinds/route.ts';
import { buildTransitGateways, referToLists } from './kinds/transit-gateway.ts';
import { buildVpc } from './kinds/vpc.ts';

export async function buildSkeleton(builder: Builder): Promise<void> {
  const { random } = builder;
  const count = 4 + random.below(3);
  for (let index = 0; index < count; index++) await buildVpc(builder);
  await buildNames(builder);
  for (const vpc of all(builder, 'vpc')) {
    await buildTables(builder, vpc);
    await addDefaultRoutes(builder, vpc);
    await buildInstances(builder, vpc);
  }
  for (let index = 0; index < count; index++) await peerSome(builder);
  await buildTransitGateways(builder);
  await buildEgressOnlyGateways(builder);
  await buildForwarders(builder);
  await buildNatGateways(builder);
  await buildAddresses(builder);
  await buildNetworkAcls(builder);
  await buildElasticAddresses(builder);
  await buildNameServers(builder);
  await buildLists(builder);
  await referToLists(builder);
  await misleadByLists(builder);
  await buildVpns(builder);
  await buildConnects(builder);
  await buildDirectConnects(builder);
  await leadToSites(builder);
  for (let index = 0; index < 4; index++) await changeLink(builder);
  for (let index = 0; index < 2; index++) await breakStatic(builder);
  for (let index = 0; index < 8; index++) await tellAnew(builder);
  for (const { id, status, requester } of all(builder, 'vpc-peering-connection')) {
    if (status !== 'active' || random.chance(0.8)) continue;
    await attempt(builder, (tx) => deletePeering(tx, requester, id));
  }
}
