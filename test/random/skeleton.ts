/** A cloud that mostly works: VPCs, gateways, instances, peerings and the routes they need. */
import { acceptPeering, rejectPeering } from '../../src/control/peering/answer-peering.ts';
import { deletePeering } from '../../src/control/peering/delete-peering.ts';
import { createPeering } from '../../src/control/peering/request-peering.ts';
import type { Scope } from '../../src/control/scope.ts';
import { associateGateway } from '../../src/control/vpc/edge-table.ts';
import { modifyInterfaceAttribute } from '../../src/control/vpc/interface-attribute.ts';
import {
  attachInternetGateway,
  createInternetGateway,
} from '../../src/control/vpc/internet-gateway.ts';
import { createRouteTable } from '../../src/control/vpc/route-table.ts';
import { associateRouteTable } from '../../src/control/vpc/route-table-association.ts';
import { createSecurityGroup } from '../../src/control/vpc/security-group.ts';
import { revokeRulesById } from '../../src/control/vpc/security-group-rule.ts';
import { createSubnet } from '../../src/control/vpc/subnet.ts';
import { createVpc, modifyVpcAttribute } from '../../src/control/vpc/vpc.ts';
import { associateVpcCidr } from '../../src/control/vpc/vpc-cidr.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { groupNameKey } from '../../src/model/vpc/security-group.ts';
import type { Vpc } from '../../src/model/vpc/vpc.ts';
import { type Cidr4, type Cidr6, cidr, parseCidr4 } from '../../src/net/cidr.ts';
import { addToIp } from '../../src/net/ip.ts';
import { ipv6 } from '../../src/net/ipv6.ts';
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
import { EVERYTHING } from './traffic.ts';

const ACCOUNTS = ['111111111111', '222222222222'];
const REGIONS = ['us-east-1', 'us-east-1', 'eu-west-1'];
/** Some twice: VPCs may overlap as long as nobody peers them. */
const BLOCKS = [
  ...['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/20', '172.16.0.0/20', '100.64.0.0/20'],
  ...['10.0.0.0/16', '192.168.0.0/24', '52.10.0.0/20'],
];

export async function buildSkeleton(builder: Builder): Promise<void> {
  const { random } = builder;
  const count = 4 + random.below(3);
  for (let index = 0; index < count; index++) await buildVpc(builder);
  for (const vpc of all(builder, 'vpc')) await populate(builder, vpc);
  for (let index = 0; index < count; index++) await peerSome(builder);
  await addForwarders(builder);
  for (const { id, status, requester } of all(builder, 'vpc-peering-connection')) {
    if (status !== 'active' || random.chance(0.8)) continue;
    await attempt(builder, (tx) => deletePeering(tx, requester, id));
  }
}

async function buildVpc(builder: Builder): Promise<void> {
  const { random } = builder;
  const scope: Scope = { account: random.pick(ACCOUNTS), region: random.pick(REGIONS) };
  const primary = parseCidr4(random.pick(BLOCKS))!;
  const amazonProvidedIpv6 = random.chance(0.6);
  const vpc = await attempt(builder, (tx) =>
    createVpc(tx, scope, { cidr: primary, amazonProvidedIpv6 }),
  );
  if (vpc === undefined) return;
  if (random.chance(0.4)) {
    const second = parseCidr4(random.pick(['100.65.0.0/20', '10.9.0.0/20', '172.20.0.0/20']))!;
    await attempt(builder, (tx) => associateVpcCidr(tx, scope, vpc.id, second));
  }
  if (random.chance(0.12)) {
    const attributes = { enableDnsSupport: false };
    await attempt(builder, (tx) => modifyVpcAttribute(tx, scope, vpc.id, attributes));
  }
  await builder.cloud.advance(1000);
  const subnets = 2 + random.below(2);
  for (let index = 0; index < subnets; index++) await buildSubnet(builder, vpc.id, index);
  if (random.chance(0.75)) {
    await attempt(builder, (tx) => {
      const { id } = createInternetGateway(tx, scope);
      attachInternetGateway(tx, scope, id, vpc.id);
    });
  }
}

async function buildSubnet(builder: Builder, vpcId: string, index: number): Promise<void> {
  const { random, cloud } = builder;
  const vpc = cloud.model.get('vpc', vpcId)!;
  const outer = index === 2 ? vpc.cidrs.at(-1)!.cidr : vpc.cidrs[0]!.cidr;
  const [ipv6Block] = vpc.ipv6Cidrs;
  const inner: Cidr4 = cidr(addToIp(outer.address, index * 32), 27);
  const zoneId = cloud.zones(vpc.account, vpc.region)[random.chance(0.8) ? 0 : 1]!.id;
  await attempt(builder, (tx) =>
    createSubnet(tx, scopeOf(vpc), {
      vpcId,
      zone: { zoneId },
      cidr: inner,
      ...(ipv6Block && random.chance(0.9) ? { ipv6Cidr: nth64(ipv6Block.cidr, index) } : {}),
    }),
  );
}

function nth64({ address: [a, b, c, d] }: Cidr6, index: number): Cidr6 {
  return cidr(ipv6(a, b + index, c, d), 64);
}

/** Groups, tables and instances. */
async function populate(builder: Builder, vpc: Vpc): Promise<void> {
  const { random } = builder;
  const scope = scopeOf(vpc);
  const open = await group(builder, vpc, 'open');
  await attempt(builder, (tx) => {
    for (const anyone of ['0.0.0.0/0', '::/0']) {
      const peer = { kind: 'cidr', cidr: block(anyone) } as const;
      addRule(tx, { groupId: open, egress: false, traffic: EVERYTHING, peer });
    }
  });
  const members = await group(builder, vpc, 'members');
  await attempt(builder, (tx) => {
    const peer = { kind: 'group', group: { groupId: random.pick([open, members]) } } as const;
    addRule(tx, { groupId: members, egress: false, traffic: EVERYTHING, peer });
  });
  const bare = await group(builder, vpc, 'bare');
  await addDefaultRoutes(builder, vpc);
  for (const subnet of all(builder, 'subnet').filter(({ vpcId }) => vpcId === vpc.id)) {
    if (random.chance(0.6)) {
      await attempt(builder, (tx) => {
        const { id } = createRouteTable(tx, scope, {
          vpcId: vpc.id,
          tags: {},
          clientToken: NO_TOKEN,
        });
        associateRouteTable(tx, scope, { routeTableId: id, subnetId: subnet.id });
      });
    }
    const count = 2 + random.below(2);
    for (let index = 0; index < count; index++) {
      const groupIds = [
        random.chance(0.85) ? open : random.pick([members, members, members, bare]),
      ];
      if (random.chance(0.2)) groupIds.push(members);
      const ipv6 = random.chance(0.8);
      const publicAddress = random.chance(0.5);
      await attempt(builder, (tx) => launch(tx, { subnet, groupIds, ipv6, publicAddress }));
    }
  }
  await addDefaultRoutes(builder, vpc);
}

async function group(builder: Builder, vpc: Vpc, groupName: string): Promise<string> {
  const request = { vpcId: vpc.id, groupName, description: groupName, tags: {} };
  const made = await attempt(builder, (tx) => createSecurityGroup(tx, scopeOf(vpc), request));
  return made?.id ?? '';
}

/** Everything not known otherwise goes to the VPC's gateway, from most tables. */
async function addDefaultRoutes(builder: Builder, vpc: Vpc): Promise<void> {
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

/** Two VPCs, mostly with routes both ways. */
async function peerSome(builder: Builder): Promise<void> {
  const { random } = builder;
  const [from, to] = [any(builder, 'vpc')!, any(builder, 'vpc')!];
  const connection = await attempt(builder, (tx) =>
    createPeering(tx, scopeOf(from), {
      vpcId: from.id,
      peerVpcId: to.id,
      peer: scopeOf(to),
      tags: {},
    }),
  );
  if (connection === undefined) return;
  await builder.cloud.advance(1000);
  const { id } = connection;
  const fate = random.below(10);
  if (fate === 0) await attempt(builder, (tx) => rejectPeering(tx, scopeOf(to), id));
  if (fate > 1) await attempt(builder, (tx) => acceptPeering(tx, scopeOf(to), id));
  await builder.cloud.advance(1000);
  for (const [near, far] of [
    [from, to],
    [to, from],
  ] as const) {
    if (random.chance(0.35)) await referToPeer(builder, near, far);
    for (const table of all(builder, 'route-table').filter(({ vpcId }) => vpcId === near.id)) {
      if (random.chance(0.3)) await routeTooMuch(builder, table.id, id);
      for (const { cidr: destination } of [...far.cidrs, ...far.ipv6Cidrs]) {
        if (random.chance(0.06)) continue;
        const target = { kind: 'vpc-peering-connection', id } as const;
        await attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
      }
    }
  }
}

/** an instance that may speak with one group of the peer VPC only, and it with it. */
async function referToPeer(builder: Builder, near: Vpc, far: Vpc): Promise<void> {
  const { random } = builder;
  const subnet = any(builder, 'subnet', ({ vpcId }) => vpcId === near.id);
  const theirs = any(
    builder,
    'security-group',
    ({ vpcId, groupName }) => vpcId === far.id && groupName === 'open',
  );
  if (subnet === undefined || theirs === undefined) return;
  const groupId = await group(builder, near, `peers of ${far.id}`);
  await attempt(builder, (tx) => {
    const side = { group: { groupId }, egress: true };
    const rules = tx.by('security-group-rule', 'group', groupId).map(({ id }) => id);
    revokeRulesById(tx, scopeOf(near), side, rules);
    const peer = { kind: 'group', group: { groupId: theirs.id } } as const;
    for (const egress of [true, false]) {
      addRule(tx, { groupId, egress, traffic: EVERYTHING, peer });
    }
  });
  const ipv6 = random.chance(0.5);
  await attempt(builder, (tx) => launch(tx, { subnet, groupIds: [groupId], ipv6 }));
}

/** B-040: more than the peer VPC has. */
async function routeTooMuch(builder: Builder, tableId: string, id: string): Promise<void> {
  const destination = block(builder.random.pick(['10.0.0.0/8', '172.16.0.0/12', '8.0.0.0/8']));
  const target = { kind: 'vpc-peering-connection', id } as const;
  await attempt(builder, (tx) => setRoute(tx, tableId, destination, target));
}

const FORWARD = [undefined, undefined, 'nat', 'nat', 'nat', 'drop', '1', '0', '7'];

/** Instances that do not check, some with two interfaces, and routes that lead over them. */
async function addForwarders(builder: Builder): Promise<void> {
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
    if (via !== undefined && random.chance(0.5)) await steerOver(builder, via);
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
  const own = model.first('route-table-association', 'subnet', via.subnetId)?.routeTableId;
  const subnets = model.by('subnet', 'vpc', via.vpcId);
  const behind = random.pick(subnets);
  const members = model.first('security-group', 'name', groupNameKey(via.vpcId, 'members'))!;
  await attempt(builder, (tx) => launch(tx, { subnet: behind, groupIds: [members.id] }));
  for (const table of model.by('route-table', 'vpc', via.vpcId)) {
    if (table.id === own && random.chance(0.8)) continue;
    for (const destination of [behind.cidr, block('8.0.0.0/8'), block('2a00::/16')]) {
      if (destination === undefined || random.chance(0.2)) continue;
      await attempt(builder, (tx) => setRoute(tx, table.id, destination, target));
    }
  }
}
