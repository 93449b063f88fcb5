/** Clouds of any size: VPCs of one subnet and ten running instances, every second pair peered. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Lab } from '../../src/server/lab.ts';
import { openLab } from './lab.ts';
import { addSite, launchMany, peerSites, type Site } from './network.ts';

const INSTANCES = 10;

export interface LargeCloud {
  readonly lab: Lab;
  readonly pairs: readonly Pair[];
}

/** Two VPCs with an active peering, routes both ways and an instance in each. */
export interface Pair {
  readonly near: Site;
  readonly far: Site;
  readonly peeringId: string;
  readonly from: NetworkInterface;
  readonly to: NetworkInterface;
}

/** A cloud of `vpcs` VPCs: ten times as many interfaces, half as many peerings. */
export async function largeCloud(vpcs: number): Promise<LargeCloud> {
  const lab = await openLab();
  const pairs: Pair[] = [];
  for (let index = 0; index < vpcs; index += 2) {
    const [near, far] = [await addSite(lab, index), await addSite(lab, index + 1)];
    const [from] = await launchMany(lab, near, INSTANCES);
    const [to] = await launchMany(lab, far, INSTANCES);
    const peeringId = await peerSites(lab, near, far);
    pairs.push({ near, far, peeringId, from: from!, to: to! });
  }
  return { lab, pairs };
}
