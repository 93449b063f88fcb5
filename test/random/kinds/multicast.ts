/** Transit gateway multicast: a gateway in each Region, its domains, and who is in which group. */
import { acceptInvitation } from '../../../src/control/sharing/invitation.ts';
import { createShare } from '../../../src/control/sharing/share.ts';
import { putTags } from '../../../src/control/tags.ts';
import { createTransitGateway } from '../../../src/control/transit-gateway/gateway.ts';
import {
  acceptMulticastAssociations,
  associateMulticastDomain,
} from '../../../src/control/transit-gateway/multicast-association.ts';
import { createMulticastDomain } from '../../../src/control/transit-gateway/multicast-domain.ts';
import { registerInGroup } from '../../../src/control/transit-gateway/multicast-group.ts';
import { formatArn } from '../../../src/model/sharing/arn.ts';
import type { MulticastDomain } from '../../../src/model/transit-gateway/multicast-domain.ts';
import type { MulticastRole } from '../../../src/model/transit-gateway/multicast-group.ts';
import {
  DEFAULT_TRANSIT_GATEWAY_OPTIONS,
  type TransitGateway,
} from '../../../src/model/transit-gateway/transit-gateway.ts';
import type { NetworkInterface } from '../../../src/model/vpc/network-interface.ts';
import type { Subnet } from '../../../src/model/vpc/subnet.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import { parseIp } from '../../../src/net/ip.ts';
import { all, any, attempt, type Builder, NO_TOKEN, scopeOf } from '../builder.ts';
import { type RandomLab, randomLab } from '../topology.ts';
import { attach } from './transit-gateway.ts';

export const GROUPS = ['224.0.1.5', '239.1.1.1', 'ff0e::5'] as const;
/** C-115 */
export const SUPPORTS = ['IGMP', 'static sources', 'neither'] as const;
const DOMAIN = 'transit-gateway-multicast-domain';

/** A random cloud, and upon whatever there is: domains, subnets in them, members and sources. */
export async function multicastLab(seed: number): Promise<RandomLab> {
  const made = await randomLab(seed);
  await buildMulticast(made);
  return made;
}

async function buildMulticast(builder: Builder): Promise<void> {
  const { random, cloud } = builder;
  const vpcs = all(builder, 'vpc');
  for (const home of new Map(vpcs.map((vpc) => [vpc.region, vpc])).values()) {
    const made = await addMulticastGateway(builder, home);
    await cloud.advance(1000);
    const gateway = cloud.model.get('transit-gateway', made!.id)!;
    for (const vpc of vpcs) if (vpc.region === home.region) await attach(builder, gateway, vpc);
    for (const support of SUPPORTS) await addDomain(builder, gateway, support);
    await cloud.advance(1000);
    await shareAll(builder, gateway);
  }
  for (const subnet of all(builder, 'subnet')) {
    if (random.chance(0.9)) await joinSome(builder, subnet);
  }
  await cloud.advance(1000);
  for (const instance of all(builder, 'instance')) {
    if (random.chance(0.8)) await tagJoin(builder, instance.id);
  }
  for (const eni of all(builder, 'network-interface')) {
    const byItself = domainOf(builder, eni.subnetId)?.options.igmpv2Support;
    if (random.chance(byItself ? 0.25 : 0.6)) await register(builder, eni, 'member');
    if (random.chance(0.95)) await register(builder, eni, 'source');
  }
}

function addMulticastGateway(builder: Builder, home: Vpc) {
  const options = {
    ...DEFAULT_TRANSIT_GATEWAY_OPTIONS,
    autoAcceptSharedAttachments: true,
    multicastSupport: true,
    securityGroupReferencingSupport: builder.random.chance(0.5),
  };
  const request = { description: '', options, tags: {} };
  return attempt(builder, (tx) => createTransitGateway(tx, scopeOf(home), request));
}

export function addDomain(
  builder: Builder,
  gateway: TransitGateway,
  support: (typeof SUPPORTS)[number],
) {
  const options = {
    igmpv2Support: support === 'IGMP',
    staticSourcesSupport: support === 'static sources',
    autoAcceptSharedAssociations: builder.random.chance(0.4),
  };
  const request = { transitGatewayId: gateway.id, options, tags: {} };
  return attempt(builder, (tx) => createMulticastDomain(tx, scopeOf(gateway), request));
}

/** The gateway and its domains, with every other account. */
async function shareAll(builder: Builder, gateway: TransitGateway): Promise<void> {
  const { cloud } = builder;
  const scope = scopeOf(gateway);
  const others = all(builder, 'vpc').map(({ account }) => account);
  const principals = [...new Set(others)].filter((account) => account !== scope.account);
  if (principals.length === 0) return;
  const things = [
    { type: 'transit-gateway', id: gateway.id },
    ...domainsOf(builder, gateway.id).map(({ id }) => ({ type: DOMAIN, id })),
  ];
  const resourceArns = things.map((thing) => formatArn({ service: 'ec2', ...scope, ...thing }));
  await attempt(builder, (tx) =>
    createShare(tx, scope, {
      name: 'multicast',
      allowExternalPrincipals: true,
      permissionArns: [],
      tags: {},
      clientToken: NO_TOKEN,
      resourceArns,
      principals,
    }),
  );
  await cloud.advance(1000);
  for (const { id: arn, receiver, region } of all(builder, 'resource-share-invitation')) {
    const invited = { account: receiver, region };
    const answer = { arn, clientToken: NO_TOKEN };
    await attempt(builder, (tx) => acceptInvitation(tx, invited, answer));
  }
}

function domainsOf({ cloud }: Builder, gatewayId: string): readonly MulticastDomain[] {
  return cloud.model.by(DOMAIN, 'gateway', gatewayId);
}

/** The subnet into a domain that its VPC is near; its owner may have to be asked. */
export async function joinSome(builder: Builder, subnet: Subnet): Promise<void> {
  const attachment = any(
    builder,
    'transit-gateway-attachment',
    (one) =>
      one.resourceType === 'vpc' &&
      one.vpcId === subnet.vpcId &&
      domainsOf(builder, one.transitGatewayId).length > 0,
  );
  if (attachment === undefined) return;
  const domain = builder.random.pick(domainsOf(builder, attachment.transitGatewayId));
  const joint = { domainId: domain.id, attachmentId: attachment.id, subnetIds: [subnet.id] };
  await attempt(builder, (tx) => associateMulticastDomain(tx, scopeOf(subnet), joint));
  if (builder.random.chance(0.5)) return;
  await attempt(builder, (tx) => acceptMulticastAssociations(tx, scopeOf(domain), joint));
}

/** The domain that the interface's subnet is in, on whatever terms. */
export function domainOf({ cloud }: Builder, subnetId: string): MulticastDomain | undefined {
  const { model } = cloud;
  const kind = 'transit-gateway-multicast-domain-association';
  const domainId = model.first(kind, 'subnet', subnetId)?.domainId;
  return domainId === undefined ? undefined : model.get(DOMAIN, domainId);
}

export async function register(
  builder: Builder,
  eni: NetworkInterface,
  role: MulticastRole,
): Promise<void> {
  const domain = domainOf(builder, eni.subnetId);
  if (domain === undefined) return;
  for (const name of GROUPS) {
    if (builder.random.chance(0.35)) continue;
    const group = parseIp(name)!;
    const request = { domainId: domain.id, group, networkInterfaceIds: [eni.id] };
    await attempt(builder, (tx) => registerInGroup(tx, scopeOf(eni), role, request));
  }
}

export function tagJoin(builder: Builder, instanceId: string) {
  const { random, cloud } = builder;
  const scope = scopeOf(cloud.model.get('instance', instanceId)!);
  const groups = GROUPS.filter((name) => !name.includes(':') && random.chance(0.6));
  const tags = { 'openvpc:join': groups.join(', ') };
  return attempt(builder, (tx) => putTags(tx, scope, 'instance', instanceId, tags));
}
