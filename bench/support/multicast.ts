/** A multicast domain over several VPCs, with a group of any size in it. */
import { createTransitGateway } from '../../src/control/transit-gateway/gateway.ts';
import { associateMulticastDomain } from '../../src/control/transit-gateway/multicast-association.ts';
import { createMulticastDomain } from '../../src/control/transit-gateway/multicast-domain.ts';
import { registerInGroup } from '../../src/control/transit-gateway/multicast-group.ts';
import { DEFAULT_MULTICAST_DOMAIN_OPTIONS } from '../../src/model/transit-gateway/multicast-domain.ts';
import { DEFAULT_TRANSIT_GATEWAY_OPTIONS } from '../../src/model/transit-gateway/transit-gateway.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Ip } from '../../src/net/ip.ts';
import type { Lab } from '../../src/server/lab.ts';
import { addSpoke, attachSpoke } from './hub.ts';
import { SCOPE } from './lab.ts';

export interface MulticastDomain {
  readonly lab: Lab;
  readonly domainId: string;
  /** Two a VPC, in subnets of the domain. */
  readonly hosts: readonly NetworkInterface[];
}

export async function buildDomain(lab: Lab, vpcs: number): Promise<MulticastDomain> {
  const { cloud } = lab;
  const options = { ...DEFAULT_TRANSIT_GATEWAY_OPTIONS, multicastSupport: true };
  const request = { description: '', options, tags: {} };
  const { id } = await cloud.execute((tx) => createTransitGateway(tx, SCOPE, request));
  const { id: domainId } = await cloud.execute((tx) =>
    createMulticastDomain(tx, SCOPE, {
      transitGatewayId: id,
      options: DEFAULT_MULTICAST_DOMAIN_OPTIONS,
      tags: {},
    }),
  );
  const hosts: NetworkInterface[] = [];
  for (let index = 0; index < vpcs; index++) {
    const spoke = await addSpoke(lab, index);
    const attachmentId = await attachSpoke({ lab, transitGatewayId: id }, spoke, []);
    const joint = { domainId, attachmentId, subnetIds: spoke.subnetIds };
    await cloud.execute((tx) => associateMulticastDomain(tx, SCOPE, joint));
    hosts.push(...spoke.hosts);
  }
  return { lab, domainId, hosts };
}

/** Makes the first so many hosts, the very first left out, members of a group. */
export async function fillGroup(
  { lab, domainId, hosts }: MulticastDomain,
  group: Ip,
  members: number,
): Promise<void> {
  const networkInterfaceIds = hosts.slice(1, members + 1).map(({ id }) => id);
  await lab.cloud.execute((tx) =>
    registerInGroup(tx, SCOPE, 'member', { domainId, group, networkInterfaceIds }),
  );
}
