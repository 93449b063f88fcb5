/** Instances that forward, and routes over them. */
import { putTags, removeTags } from '../../../src/control/tags.ts';
import { associateGateway } from '../../../src/control/vpc/edge-table.ts';
import { modifyInterfaceAttribute } from '../../../src/control/vpc/interface-attribute.ts';
import { createRouteTable } from '../../../src/control/vpc/route-table.ts';
import type { NetworkInterface } from '../../../src/model/vpc/network-interface.ts';
import { groupNameKey } from '../../../src/model/vpc/security-group.ts';
import type { Vpc } from '../../../src/model/vpc/vpc.ts';
import {
  addInterface,
  all,
  any,
  attempt,
  type Builder,
  block,
  type Changes,
  launch,
  NO_TOKEN,
  scopeOf,
  setRoute,
  tableOf,
} from '../builder.ts';

const FORWARD = [undefined, undefined, 'nat', 'nat', 'nat', 'drop', '1', '0', '7'];

/** Instances that do not check, some with two interfaces, and routes that lead over them. */
export async function buildForwarders(builder: Builder): Promise<void> {
  const { random } = builder;
  for (const vpc of all(builder, 'vpc')) {
    const forwarders = await launchForwarder(builder, vpc);
    for (const eni of forwarders) {
      if (random.chance(0.15)) continue;
      const change = { attribute: 'sourceDestCheck', value: false } as const;
      await attempt(builder, (tx) => modifyInterfaceAttribute(tx, scopeOf(vpc), eni.id, change));
    }
    const [via] = forwarders;
    if (via !== undefined) await routeOver(builder, via);
    if (via !== undefined && random.chance(0.65)) await steerOver(builder, via);
  }
}

/** what enters by the gateway for most subnets is led to the interface first. */
async function steerOver(builder: Builder, via: NetworkInterface): Promise<void> {
  const { random, cloud } = builder;
  const { vpcId } = via;
  const gateway = cloud.model.first('internet-gateway', 'vpc', vpcId);
  if (gateway === undefined) return;
  const scope = scopeOf(gateway);
  const table = await attempt(builder, (tx) => {
    const { id } = createRouteTable(tx, scope, { vpcId, tags: {}, clientToken: NO_TOKEN });
    associateGateway(tx, scope, { routeTableId: id, gatewayId: gateway.id });
    return id;
  });
  for (const { cidr, ipv6Cidrs } of cloud.model.by('subnet', 'vpc', vpcId)) {
    for (const destination of [cidr, ...ipv6Cidrs.map((one) => one.cidr)]) {
      if (table === undefined || destination === undefined || random.chance(0.4)) continue;
      const target = { kind: 'network-interface', id: via.id } as const;
      await attempt(builder, (tx) => setRoute(tx, table, destination, target));
    }
  }
}

async function launchForwarder(builder: Builder, vpc: Vpc): Promise<readonly NetworkInterface[]> {
  const { random, cloud } = builder;
  const subnet = any(builder, 'subnet', ({ vpcId }) => vpcId === vpc.id);
  const open = any(
    builder,
    'security-group',
    ({ vpcId, groupName }) => vpcId === vpc.id && groupName === 'open',
  );
  if (subnet === undefined || open === undefined) return [];
  const groupIds = [open.id];
  const forward = random.pick(FORWARD);
  const tags = forward === undefined ? {} : { 'openvpc:forward': forward };
  await attempt(builder, (tx) => {
    const other = random.chance(0.4) ? addInterface(tx, subnet, groupIds) : undefined;
    const more = other === undefined ? [] : [other];
    launch(tx, { subnet, groupIds, ipv6: true, publicAddress: random.chance(0.7), tags, more });
  });
  await cloud.advance(1000);
  const instance = all(builder, 'instance').at(-1)!;
  return cloud.model.by('network-interface', 'instance', instance.id);
}

/** From most tables but its own subnet's, some destinations lead over the interface. */
async function routeOver(builder: Builder, via: NetworkInterface): Promise<void> {
  const { random, cloud } = builder;
  const { model } = cloud;
  const target = { kind: 'network-interface', id: via.id } as const;
  const own = tableOf(builder, via);
  const subnets = model.by('subnet', 'vpc', via.vpcId);
  const behind = random.pick(subnets);
  const members = model.first('security-group', 'name', groupNameKey(via.vpcId, 'members'))!;
  await attempt(builder, (tx) => launch(tx, { subnet: behind, groupIds: [members.id] }));
  for (const table of model.by('route-table', 'vpc', via.vpcId)) {
    if (table.id === own && random.chance(0.85)) continue;
    const inside = [behind.cidr, behind.ipv6Cidrs[0]?.cidr];
    for (const destination of [...inside, block('8.0.0.0/8'), block('2a00::/16')]) {
      if (destination === undefined || random.chance(0.2)) continue;
      await attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
    }
  }
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

export const forwarderChanges: Changes = [[3, tagForward]];
