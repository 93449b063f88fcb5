/** Network ACLs: stateless, in order of their numbers. */
import type { NetworkAcl } from '../../src/model/vpc/network-acl.ts';
import type { Subnet } from '../../src/model/vpc/subnet.ts';
import type { Traffic } from '../../src/model/vpc/traffic.ts';
import { containsIp } from '../../src/net/cidr.ts';
import { type Drop, drop, ICMP, ICMPV6, type Packet, TCP, UDP } from './packet.ts';
import type { World } from './world.ts';

/** The drop, or undefined when the subnet's ACL lets the packet pass. */
export function judgeByAcl(
  world: World,
  subnet: Subnet,
  egress: boolean,
  packet: Packet,
): Drop | undefined {
  const acl = aclOf(world, subnet);
  const entries = acl.entries
    .filter((entry) => entry.egress === egress)
    .toSorted((a, b) => a.ruleNumber - b.ruleNumber);
  const remote = egress ? packet.destination : packet.source;
  for (const entry of entries) {
    if (!containsIp(entry.cidr, remote) || !isTraffic(entry, packet)) continue;
    return entry.action === 'allow' ? undefined : drop('SUBNET_ACL_RESTRICTION', acl.id);
  }
  return drop('SUBNET_ACL_RESTRICTION', acl.id);
}

/** the one ACL of a subnet. */
function aclOf({ model }: World, subnet: Subnet): NetworkAcl {
  for (const association of model.all('network-acl-association')) {
    if (association.subnetId === subnet.id) {
      return model.get('network-acl', association.networkAclId)!;
    }
  }
  for (const acl of model.all('network-acl')) {
    if (acl.isDefault && acl.vpcId === subnet.vpcId) return acl;
  }
  throw new Error(`${subnet.id} has no ACL`);
}

/** Whether a packet is of the traffic that an entry or a rule speaks of. */
export function isTraffic({ protocol, ports, icmp }: Traffic, packet: Packet): boolean {
  if (protocol === -1) return true;
  if (protocol !== packet.protocol) return false;
  if (protocol === TCP || protocol === UDP) {
    return ports === undefined || (ports.from <= packet.port && packet.port <= ports.to);
  }
  if ((protocol === ICMP || protocol === ICMPV6) && icmp !== undefined) {
    const type = icmp.type === -1 || icmp.type === packet.icmp?.type;
    return type && (icmp.code === -1 || icmp.code === packet.icmp?.code);
  }
  return true;
}
