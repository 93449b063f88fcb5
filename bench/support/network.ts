/** What large clouds are made of, each by the commands that the AWS door runs. */
import { acceptPeering } from '../../src/control/peering/answer-peering.ts';
import { createPeering } from '../../src/control/peering/request-peering.ts';
import type { Transaction } from '../../src/control/transaction.ts';
import { createRoute } from '../../src/control/vpc/route.ts';
import { createSubnet } from '../../src/control/vpc/subnet.ts';
import { createVpc } from '../../src/control/vpc/vpc.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Subnet } from '../../src/model/vpc/subnet.ts';
import type { Vpc } from '../../src/model/vpc/vpc.ts';
import { type Cidr4, cidr } from '../../src/net/cidr.ts';
import { type Ipv4, ipv4 } from '../../src/net/ipv4.ts';
import type { Lab } from '../../src/server/lab.ts';
import { launch } from '../../test/random/builder.ts';
import { SCOPE } from './lab.ts';

export interface Site {
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly routeTableId: string;
  /** The VPC's default group. */
  readonly groupId: string;
}

/** A VPC with a block of 4,096 addresses, all of it one subnet; the next index lies beside it. */
export async function addSite({ cloud }: Lab, index: number): Promise<Site> {
  const block = blockOf(index);
  const vpc = await cloud.execute((tx) => createVpc(tx, SCOPE, { cidr: block }));
  const subnet = await cloud.execute((tx) =>
    createSubnet(tx, SCOPE, { vpcId: vpc.id, cidr: block }),
  );
  const { model } = cloud;
  const main = model.first('route-table-association', 'main', vpc.id)!;
  const [group] = model.by('security-group', 'vpc', vpc.id);
  return { vpc, subnet, routeTableId: main.routeTableId, groupId: group!.id };
}

/** 10.0.0.0/20 and what follows it. */
export function blockOf(index: number): Cidr4 {
  return cidr(ipv4(0x0a00_0000 + index * 4096), 20);
}

/** `count` running instances; their interfaces. */
export async function launchMany(
  { cloud }: Lab,
  { subnet, groupId }: Site,
  count: number,
): Promise<NetworkInterface[]> {
  await cloud.execute((tx) => {
    for (let index = 0; index < count; index++) launch(tx, { subnet, groupIds: [groupId] });
  });
  const { model } = cloud;
  return model.by('network-interface', 'subnet', subnet.id).slice(-count);
}

/** An active peering with a route on both sides; its id. */
export async function peerSites({ cloud }: Lab, a: Site, b: Site): Promise<string> {
  const request = { vpcId: a.vpc.id, peerVpcId: b.vpc.id, peer: SCOPE, tags: {} };
  const { id } = await cloud.execute((tx) => createPeering(tx, SCOPE, request));
  await cloud.execute((tx) => acceptPeering(tx, SCOPE, id));
  await cloud.execute((tx) => {
    routeOver(tx, a, b.vpc.cidrs[0]!.cidr, id);
    routeOver(tx, b, a.vpc.cidrs[0]!.cidr, id);
  });
  return id;
}

export function routeOver(
  tx: Transaction,
  { routeTableId }: Site,
  destination: Cidr4,
  peeringId: string,
): void {
  const target = { kind: 'vpc-peering-connection', id: peeringId } as const;
  createRoute(tx, SCOPE, { routeTableId, destination, target });
}

export function addressOf({ addresses }: NetworkInterface): Ipv4 {
  return addresses[0]!.address;
}
