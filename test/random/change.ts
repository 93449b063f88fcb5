/** One random change of a cloud: what users do, and the mistakes they make. */
import { acceptPeering, rejectPeering } from '../../src/control/peering/answer-peering.ts';
import { deletePeering } from '../../src/control/peering/delete-peering.ts';
import { createPeering } from '../../src/control/peering/request-peering.ts';
import { putTags, removeTags } from '../../src/control/tags.ts';
import { associateGateway } from '../../src/control/vpc/edge-table.ts';
import {
  startInstances,
  stopInstances,
  terminateInstances,
} from '../../src/control/vpc/instance-state.ts';
import {
  attachNetworkInterface,
  detachNetworkInterface,
} from '../../src/control/vpc/interface-attachment.ts';
import { modifyInterfaceAttribute } from '../../src/control/vpc/interface-attribute.ts';
import {
  attachInternetGateway,
  createInternetGateway,
  detachInternetGateway,
} from '../../src/control/vpc/internet-gateway.ts';
import { createNetworkAcl } from '../../src/control/vpc/network-acl.ts';
import { replaceNetworkAclAssociation } from '../../src/control/vpc/network-acl-association.ts';
import {
  createNetworkAclEntry,
  deleteNetworkAclEntry,
} from '../../src/control/vpc/network-acl-entry.ts';
import { deleteNetworkInterface } from '../../src/control/vpc/network-interface.ts';
import { deleteRoute } from '../../src/control/vpc/route.ts';
import { createRouteTable } from '../../src/control/vpc/route-table.ts';
import {
  associateRouteTable,
  disassociateRouteTable,
  replaceRouteTableAssociation,
} from '../../src/control/vpc/route-table-association.ts';
import type { TargetRequest } from '../../src/control/vpc/route-target.ts';
import { createSecurityGroup, deleteSecurityGroup } from '../../src/control/vpc/security-group.ts';
import { revokeRulesById } from '../../src/control/vpc/security-group-rule.ts';
import { modifyVpcAttribute } from '../../src/control/vpc/vpc.ts';
import { associateVpcCidr, disassociateVpcCidr } from '../../src/control/vpc/vpc-cidr.ts';
import type { Cidr } from '../../src/net/cidr.ts';
import {
  addInterface,
  addRule,
  all,
  any,
  attempt,
  type Builder,
  block,
  launch,
  NO_TOKEN,
  scopeOf,
  setRoute,
} from './builder.ts';
import {
  addList,
  changeList,
  loseRouteToList,
  routeToList,
  ruleForList,
} from './change-prefix-list.ts';
import { aclEntries, PORTS, randomBlock, randomPeer, randomTraffic } from './traffic.ts';

type Change = (builder: Builder) => Promise<unknown> | unknown;

/** Each with how often it happens. */
const CHANGES: readonly (readonly [weight: number, change: Change])[] = [
  [8, addRandomRoute],
  [3, removeRoute],
  [2, giveTable],
  [1, loseTable],
  [3, replaceMain],
  [2, steerGateway],
  [3, retargetLocal],
  [5, addEntry],
  [2, removeEntry],
  [3, giveAcl],
  [4, addGroupRule],
  [2, removeGroupRule],
  [1, silenceGroup],
  [3, changeGroups],
  [1, endGroup],
  [2, launchOne],
  [2, stopOrStart],
  [1, terminate],
  [2, addFree],
  [2, attachOrDetach],
  [1, removeFree],
  [3, toggleCheck],
  [3, tagForward],
  [3, tagListen],
  [2, requestPeering],
  [2, answerPeering],
  [1, endPeering],
  [2, moveGateway],
  [2, toggleDns],
  [1, changeBlocks],
  [2, addList],
  [2, changeList],
  [3, (builder) => routeToList(builder, randomTarget)],
  [1, loseRouteToList],
  [2, ruleForList],
  [5, letTimePass],
];
const TOTAL = CHANGES.reduce((sum, [weight]) => sum + weight, 0);

/** Makes one change; what AWS would refuse changes nothing. Says which it was. */
export async function changeSomething(builder: Builder): Promise<string> {
  let ticket = builder.random.below(TOTAL);
  for (const [weight, change] of CHANGES) {
    ticket -= weight;
    if (ticket >= 0) continue;
    await change(builder);
    return change.name || 'routeToList';
  }
  throw new Error('no change');
}

/** Destinations that lead somewhere, nowhere, or where they should not. */
function randomDestination(builder: Builder): Cidr {
  const { random } = builder;
  if (random.chance(0.5)) return randomBlock(builder);
  const wide = ['10.0.0.0/8', '172.16.0.0/12', '100.64.0.0/10', '169.254.0.0/16', '240.0.0.0/4'];
  return block(
    random.pick(['0.0.0.0/0', '::/0', '198.51.100.0/24', '8.0.0.0/8', ...wide, 'fc00::/7']),
  );
}

export function randomTarget(builder: Builder, vpcId: string): TargetRequest | undefined {
  const { random, cloud } = builder;
  switch (random.below(4)) {
    case 0: {
      const gateway = cloud.model.first('internet-gateway', 'vpc', vpcId);
      return gateway && { kind: 'gateway', id: gateway.id };
    }
    case 1: {
      const connection = any(
        builder,
        'vpc-peering-connection',
        ({ requester, accepter }) => requester.vpcId === vpcId || accepter.vpcId === vpcId,
      );
      return connection && { kind: 'vpc-peering-connection', id: connection.id };
    }
    default: {
      // Those that forward are the ones that make a difference.
      const open = random.chance(0.8);
      const eni =
        any(
          builder,
          'network-interface',
          (one) => one.vpcId === vpcId && one.sourceDestCheck !== open,
        ) ?? any(builder, 'network-interface', (one) => one.vpcId === vpcId);
      return eni && { kind: 'network-interface', id: eni.id };
    }
  }
}

function addRandomRoute(builder: Builder) {
  const table = any(builder, 'route-table')!;
  const target = randomTarget(builder, table.vpcId);
  const destination = randomDestination(builder);
  if (target === undefined) return undefined;
  return attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
}

function removeRoute(builder: Builder) {
  const route = any(builder, 'route', ({ origin }) => origin === 'CreateRoute');
  if (route === undefined) return undefined;
  const scope = scopeOf(builder.cloud.model.get('route-table', route.routeTableId)!);
  return attempt(builder, (tx) => deleteRoute(tx, scope, route));
}

/** a whole subnet, or the whole VPC, over an interface. */
function retargetLocal(builder: Builder) {
  const { random } = builder;
  const table = any(builder, 'route-table')!;
  const eni = any(
    builder,
    'network-interface',
    ({ vpcId, sourceDestCheck }) => vpcId === table.vpcId && !sourceDestCheck,
  );
  const subnet = any(builder, 'subnet', ({ vpcId }) => vpcId === table.vpcId);
  const local = any(
    builder,
    'route',
    ({ routeTableId, origin }) => routeTableId === table.id && origin === 'CreateRouteTable',
  );
  if (eni === undefined || subnet === undefined || local === undefined) return undefined;
  const back = random.chance(0.3);
  const destination = back || random.chance(0.3) ? local.destination : subnet.cidr;
  const target: TargetRequest = back
    ? { kind: 'local' }
    : { kind: 'network-interface', id: eni.id };
  if (destination === undefined) return undefined;
  return attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
}

function giveTable(builder: Builder) {
  const subnet = any(builder, 'subnet')!;
  const scope = scopeOf(subnet);
  const { vpcId } = subnet;
  return attempt(builder, (tx) => {
    const tables = tx.by('route-table', 'vpc', vpcId);
    const table = builder.random.chance(0.3)
      ? createRouteTable(tx, scope, { vpcId, tags: {}, clientToken: NO_TOKEN })
      : builder.random.pick(tables);
    const old = tx.first('route-table-association', 'subnet', subnet.id);
    const routeTableId = table.id;
    if (old === undefined) associateRouteTable(tx, scope, { routeTableId, subnetId: subnet.id });
    else replaceRouteTableAssociation(tx, scope, { associationId: old.id, routeTableId });
  });
}

function loseTable(builder: Builder) {
  const association = any(builder, 'route-table-association', ({ main }) => !main);
  const table = association && builder.cloud.model.get('route-table', association.routeTableId);
  if (table === undefined) return undefined;
  return attempt(builder, (tx) => disassociateRouteTable(tx, scopeOf(table), association!.id));
}

function replaceMain(builder: Builder) {
  const main = any(builder, 'route-table-association', (one) => one.main)!;
  const table = any(builder, 'route-table', ({ vpcId }) => vpcId === main.vpcId)!;
  const request = { associationId: main.id, routeTableId: table.id };
  return attempt(builder, (tx) => replaceRouteTableAssociation(tx, scopeOf(table), request));
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

function addEntry(builder: Builder) {
  const { random } = builder;
  // One that is in use: what any other says matters to nobody.
  const association = any(builder, 'network-acl-association');
  const acl = association && builder.cloud.model.get('network-acl', association.networkAclId);
  if (acl === undefined) return undefined;
  const entry = {
    ruleNumber: 1 + random.below(200),
    egress: random.chance(0.5),
    action: random.chance(0.5) ? 'allow' : 'deny',
    cidr: randomBlock(builder),
    ...randomTraffic(random),
  } as const;
  return attempt(builder, (tx) => createNetworkAclEntry(tx, scopeOf(acl), acl.id, entry));
}

function removeEntry(builder: Builder) {
  const acl = any(builder, 'network-acl', ({ entries }) => entries.length > 0);
  if (acl === undefined) return undefined;
  const entry = builder.random.pick(acl.entries);
  return attempt(builder, (tx) => deleteNetworkAclEntry(tx, scopeOf(acl), acl.id, entry));
}

/** Another ACL for a subnet: one there is, or a new one that lets most things pass. */
function giveAcl(builder: Builder) {
  const { random } = builder;
  const subnet = any(builder, 'subnet')!;
  const { vpcId } = subnet;
  const scope = scopeOf(subnet);
  return attempt(builder, (tx) => {
    const existing = random.pick(tx.by('network-acl', 'vpc', vpcId));
    const acl = random.chance(0.6)
      ? createNetworkAcl(tx, scope, { vpcId, tags: {}, clientToken: NO_TOKEN })
      : existing;
    if (acl !== existing) {
      for (const entry of aclEntries(random)) createNetworkAclEntry(tx, scope, acl.id, entry);
    }
    const { id: associationId } = tx.first('network-acl-association', 'subnet', subnet.id)!;
    replaceNetworkAclAssociation(tx, scope, { associationId, networkAclId: acl.id });
  });
}

function addGroupRule(builder: Builder) {
  const { random } = builder;
  const { id: groupId } = any(builder, 'security-group')!;
  const traffic = randomTraffic(random);
  const peer = randomPeer(builder, groupId);
  const egress = random.chance(0.3);
  return attempt(builder, (tx) => addRule(tx, { groupId, egress, traffic, peer }));
}

function removeGroupRule(builder: Builder) {
  const rule = any(builder, 'security-group-rule');
  if (rule === undefined) return undefined;
  const { egress, groupId } = rule;
  const side = { group: { groupId }, egress };
  return attempt(builder, (tx) => revokeRulesById(tx, scopeOf(rule), side, [rule.id]));
}

/** All rules of one direction go. */
function silenceGroup(builder: Builder) {
  const group = any(builder, 'security-group')!;
  const side = { group: { groupId: group.id }, egress: builder.random.chance(0.6) };
  return attempt(builder, (tx) => {
    const rules = tx.by('security-group-rule', 'group', group.id);
    const ids = rules.filter(({ egress }) => egress === side.egress).map(({ id }) => id);
    revokeRulesById(tx, scopeOf(group), side, ids);
  });
}

function changeGroups(builder: Builder) {
  const { random } = builder;
  const eni = any(builder, 'network-interface');
  if (eni === undefined) return undefined;
  const groups = all(builder, 'security-group').filter(({ vpcId }) => vpcId === eni.vpcId);
  const groupIds = [random.pick(groups).id];
  if (random.chance(0.3)) groupIds.push(random.pick(groups).id);
  const change = { attribute: 'groupSet', groupIds } as const;
  return attempt(builder, (tx) => modifyInterfaceAttribute(tx, scopeOf(eni), eni.id, change));
}

/** A new group that a peer's rule names, or the end of one: rules go stale. */
function endGroup(builder: Builder) {
  const { random } = builder;
  const vpc = any(builder, 'vpc')!;
  if (random.chance(0.5)) {
    const groupName = `group ${random.below(1000)}`;
    const request = { vpcId: vpc.id, groupName, description: 'a group', tags: {} };
    return attempt(builder, (tx) => createSecurityGroup(tx, scopeOf(vpc), request));
  }
  const group = any(builder, 'security-group', ({ groupName }) => groupName !== 'default');
  if (group === undefined) return undefined;
  return attempt(builder, (tx) => deleteSecurityGroup(tx, scopeOf(group), group.id));
}

function launchOne(builder: Builder) {
  const { random } = builder;
  const subnet = any(builder, 'subnet')!;
  const group = any(builder, 'security-group', ({ vpcId }) => vpcId === subnet.vpcId)!;
  const publicAddress = random.chance(0.4);
  const ipv6 = random.chance(0.5);
  return attempt(builder, (tx) =>
    launch(tx, { subnet, groupIds: [group.id], publicAddress, ipv6 }),
  );
}

function stopOrStart(builder: Builder) {
  const instance = any(builder, 'instance')!;
  const { id, state } = instance;
  const scope = scopeOf(instance);
  return attempt(builder, (tx) =>
    state === 'stopped' ? startInstances(tx, scope, [id]) : stopInstances(tx, scope, [id]),
  );
}

function terminate(builder: Builder) {
  const instance = any(builder, 'instance')!;
  return attempt(builder, (tx) => terminateInstances(tx, scopeOf(instance), [instance.id]));
}

function addFree(builder: Builder) {
  const { random } = builder;
  const subnet = any(builder, 'subnet')!;
  const group = any(builder, 'security-group', ({ vpcId }) => vpcId === subnet.vpcId)!;
  const addresses = { secondary: random.below(2), ipv6: random.below(2) };
  return attempt(builder, (tx) => addInterface(tx, subnet, [group.id], addresses));
}

function attachOrDetach(builder: Builder) {
  const eni = any(builder, 'network-interface', ({ attachment }) => attachment?.deviceIndex !== 0);
  if (eni === undefined) return undefined;
  const { attachment } = eni;
  const scope = scopeOf(eni);
  if (attachment !== undefined) {
    const force = builder.random.chance(0.3);
    return attempt(builder, (tx) => detachNetworkInterface(tx, scope, attachment.id, force));
  }
  const instance = any(builder, 'instance', ({ vpcId }) => vpcId === eni.vpcId);
  if (instance === undefined) return undefined;
  const request = { networkInterfaceId: eni.id, instanceId: instance.id, deviceIndex: 1 };
  return attempt(builder, (tx) => attachNetworkInterface(tx, scope, request));
}

function removeFree(builder: Builder) {
  const eni = any(builder, 'network-interface', ({ attachment }) => attachment === undefined);
  if (eni === undefined) return undefined;
  return attempt(builder, (tx) => deleteNetworkInterface(tx, scopeOf(eni), eni.id));
}

function toggleCheck(builder: Builder) {
  const eni = any(builder, 'network-interface');
  if (eni === undefined) return undefined;
  const change = { attribute: 'sourceDestCheck', value: builder.random.chance(0.5) } as const;
  return attempt(builder, (tx) => modifyInterfaceAttribute(tx, scopeOf(eni), eni.id, change));
}

function tagForward(builder: Builder) {
  const { random } = builder;
  const eni = any(
    builder,
    'network-interface',
    ({ attachment, sourceDestCheck }) => attachment !== undefined && !sourceDestCheck,
  );
  if (eni === undefined) return undefined;
  const { instanceId } = eni.attachment!;
  const siblings = all(builder, 'network-interface').filter(
    ({ attachment }) => attachment?.instanceId === instanceId,
  );
  const value = random.pick(['nat', 'nat', 'drop', '0', '1', random.pick(siblings).id]);
  return attempt(builder, (tx) =>
    random.chance(0.3)
      ? removeTags(tx, scopeOf(eni), instanceId, [{ key: 'openvpc:forward' }])
      : putTags(tx, scopeOf(eni), 'instance', instanceId, { 'openvpc:forward': value }),
  );
}

function tagListen(builder: Builder) {
  const { random } = builder;
  const instance = any(builder, 'instance')!;
  const ports = PORTS.filter(() => random.chance(0.5));
  const value = ports.map((port) => `${port}/${random.pick(['tcp', 'udp'])}`).join(',');
  return attempt(builder, (tx) =>
    putTags(tx, scopeOf(instance), 'instance', instance.id, { 'openvpc:listen': value }),
  );
}

function requestPeering(builder: Builder) {
  const [from, to] = [any(builder, 'vpc')!, any(builder, 'vpc')!];
  const request = { vpcId: from.id, peerVpcId: to.id, peer: scopeOf(to), tags: {} };
  return attempt(builder, (tx) => createPeering(tx, scopeOf(from), request));
}

function answerPeering(builder: Builder) {
  const connection = any(
    builder,
    'vpc-peering-connection',
    ({ status }) => status === 'pending-acceptance',
  );
  if (connection === undefined) return undefined;
  const scope = scopeOf(connection.accepter);
  const answer = builder.random.chance(0.8) ? acceptPeering : rejectPeering;
  return attempt(builder, (tx) => answer(tx, scope, connection.id));
}

function endPeering(builder: Builder) {
  const connection = any(builder, 'vpc-peering-connection', ({ status }) => status === 'active');
  if (connection === undefined) return undefined;
  const scope = scopeOf(connection.requester);
  return attempt(builder, (tx) => deletePeering(tx, scope, connection.id));
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

function toggleDns(builder: Builder) {
  const vpc = any(builder, 'vpc')!;
  const attributes = { enableDnsSupport: builder.random.chance(0.6) };
  return attempt(builder, (tx) => modifyVpcAttribute(tx, scopeOf(vpc), vpc.id, attributes));
}

function changeBlocks(builder: Builder) {
  const { random } = builder;
  const vpc = any(builder, 'vpc')!;
  const scope = scopeOf(vpc);
  const extra = vpc.cidrs.slice(1);
  if (extra.length > 0 && random.chance(0.6)) {
    const { associationId } = random.pick(extra);
    return attempt(builder, (tx) => disassociateVpcCidr(tx, scope, associationId));
  }
  const added = block(random.pick(['100.66.0.0/20', '10.8.0.0/20', '172.21.0.0/20']));
  return attempt(builder, (tx) => associateVpcCidr(tx, scope, vpc.id, added as never));
}

/** Mostly long enough for what is under way, now and then for requests to expire. */
function letTimePass({ cloud, random }: Builder) {
  return cloud.advance(random.chance(0.95) ? 1000 : 7 * 24 * 3_600_000);
}
