/** Random traffic of rules and entries, near what questions ask. */
import type { PeerRequest } from '../../src/control/vpc/rule-peer.ts';
import type { NetworkAclEntry } from '../../src/model/vpc/network-acl.ts';
import type { Traffic } from '../../src/model/vpc/traffic.ts';
import { type Cidr, hostCidr } from '../../src/net/cidr.ts';
import type { Random } from '../../src/net/random.ts';
import { all, any, type Builder, block } from './builder.ts';

export const PORTS = [22, 53, 80, 443, 8080] as const;
export const EVERYTHING: Traffic = { protocol: -1 };

/** What clients send from, rightly and wrongly. */
const EPHEMERAL = [
  { from: 1024, to: 65535 },
  { from: 32768, to: 61000 },
  { from: 49152, to: 65535 },
  { from: 49152, to: 57000 },
] as const;

export function randomTraffic(random: Random): Traffic {
  switch (random.below(8)) {
    case 0:
    case 1:
      return EVERYTHING;
    case 2:
      return { protocol: random.chance(0.8) ? 1 : 58, icmp: randomIcmp(random) };
    case 3:
      return { protocol: random.pick([6, 17]), ports: random.pick(EPHEMERAL) };
    case 4:
      return { protocol: random.pick([6, 17]), ports: { from: 0, to: 65535 } };
    default: {
      const port = random.pick(PORTS);
      const wide = random.chance(0.3);
      const ports = wide ? { from: port - 10, to: port + 10 } : { from: port, to: port };
      return { protocol: random.pick([6, 6, 17]), ports };
    }
  }
}

function randomIcmp(random: Random): { type: number; code: number } {
  if (random.chance(0.5)) return { type: -1, code: -1 };
  return { type: random.pick([0, 3, 8, 128, 129, 2]), code: random.pick([-1, 0, 3, 4]) };
}

/** The entries of a new ACL: open both ways, or services in and replies out, or not all of that. */
export function aclEntries(random: Random): NetworkAclEntry[] {
  const services = random.chance(0.6);
  return [true, false].flatMap((egress) =>
    ['0.0.0.0/0', '::/0'].flatMap((anyone, index) => {
      const entry = { egress, action: 'allow', cidr: block(anyone) } as const;
      const open = { ...entry, ruleNumber: 300 + index, ...EVERYTHING };
      if (!services) return random.chance(0.9) ? [open] : [];
      return [
        { protocol: 6, ports: { from: 22, to: 8080 } },
        { protocol: 6, ports: random.pick(EPHEMERAL) },
        { protocol: 17, ports: random.pick(EPHEMERAL) },
        { protocol: index === 0 ? 1 : 58, icmp: { type: -1, code: -1 } },
      ].map((traffic, place) => ({ ...entry, ruleNumber: 300 + 10 * place + index, ...traffic }));
    }),
  );
}

/** Anyone, a VPC's block, a subnet's, or one interface. */
export function randomBlock(builder: Builder): Cidr {
  const { random } = builder;
  const vpc = any(builder, 'vpc')!;
  switch (random.below(6)) {
    case 0:
      return random.chance(0.7) ? block('0.0.0.0/0') : block('::/0');
    case 1:
      return random.pick([...vpc.cidrs, ...vpc.ipv6Cidrs]).cidr;
    case 2:
      return any(builder, 'subnet')?.cidr ?? block('10.0.0.0/8');
    case 3: {
      const [address] = any(builder, 'network-interface')?.addresses ?? [];
      return address ? hostCidr(address.address) : block('0.0.0.0/0');
    }
    case 4:
      return block(random.pick(['10.0.0.0/8', '198.51.100.0/24', '0.0.0.0/1', '128.0.0.0/1']));
    default:
      return vpc.ipv6Cidrs[0]?.cidr ?? block('::/0');
  }
}

/** Whom a rule of the group speaks of. */
export function randomPeer(builder: Builder, groupId: string): PeerRequest {
  const { random } = builder;
  if (random.chance(0.5)) return { kind: 'cidr', cidr: randomBlock(builder) };
  const own = builder.cloud.model.get('security-group', groupId)!;
  const groups = all(builder, 'security-group');
  const near = groups.filter(({ vpcId }) => vpcId === own.vpcId);
  const named = random.pick(random.chance(0.5) ? near : groups);
  return { kind: 'group', group: { groupId: named.id } };
}
