/** What happens to multicast domains in random clouds. */
import { removeTags } from '../../../src/control/tags.ts';
import { disassociateMulticastDomain } from '../../../src/control/transit-gateway/multicast-association.ts';
import { deleteMulticastDomain } from '../../../src/control/transit-gateway/multicast-domain.ts';
import { deregisterFromGroup } from '../../../src/control/transit-gateway/multicast-group.ts';
import { any, attempt, type Builder, type Changes, scopeOf } from '../builder.ts';
import { addDomain, joinSome, register, SUPPORTS, tagJoin } from './multicast.ts';

function addMember(builder: Builder) {
  const eni = any(builder, 'network-interface');
  return eni && register(builder, eni, 'member');
}

function addSource(builder: Builder) {
  const eni = any(builder, 'network-interface');
  return eni && register(builder, eni, 'source');
}

function removeFromGroup(builder: Builder) {
  const entry = any(builder, 'transit-gateway-multicast-group-entry');
  const domain = builder.cloud.model.get('transit-gateway-multicast-domain', entry?.domainId ?? '');
  if (entry === undefined || domain === undefined) return undefined;
  const { domainId, group, networkInterfaceId, role } = entry;
  const request = { domainId, group, networkInterfaceIds: [networkInterfaceId] };
  return attempt(builder, (tx) => deregisterFromGroup(tx, scopeOf(domain), role, request));
}

function moveSubnet(builder: Builder) {
  const { random, cloud } = builder;
  const subnet = any(builder, 'subnet')!;
  const kind = 'transit-gateway-multicast-domain-association';
  const association = cloud.model.first(kind, 'subnet', subnet.id);
  if (association === undefined || random.chance(0.5)) return joinSome(builder, subnet);
  const { domainId, attachmentId } = association;
  const joint = { domainId, attachmentId, subnetIds: [subnet.id] };
  return attempt(builder, (tx) => disassociateMulticastDomain(tx, scopeOf(subnet), joint));
}

function changeJoin(builder: Builder) {
  const instance = any(builder, 'instance', ({ state }) => state !== 'terminated');
  if (instance === undefined) return undefined;
  if (builder.random.chance(0.7)) return tagJoin(builder, instance.id);
  const wanted = [{ key: 'openvpc:join' }];
  return attempt(builder, (tx) => removeTags(tx, scopeOf(instance), instance.id, wanted));
}

function addOneDomain(builder: Builder) {
  const gateway = any(builder, 'transit-gateway', ({ options }) => options.multicastSupport);
  return gateway && addDomain(builder, gateway, builder.random.pick(SUPPORTS));
}

/** Refused while subnets are in it. */
function endDomain(builder: Builder) {
  const domain = any(builder, 'transit-gateway-multicast-domain');
  if (domain === undefined) return undefined;
  return attempt(builder, (tx) => deleteMulticastDomain(tx, scopeOf(domain), domain.id));
}

/** Until queries are due, or silent hosts given up. */
function waitForQueries({ cloud, random }: Builder) {
  return cloud.advance(random.pick([1000, 120_000, 420_000]));
}

export const multicastChanges: Changes = [
  [6, addMember],
  [4, addSource],
  [6, removeFromGroup],
  [6, moveSubnet],
  [6, changeJoin],
  [1, addOneDomain],
  [1, endDomain],
  [6, waitForQueries],
];
