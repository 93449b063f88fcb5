/** Two peered VPCs under full tables, and frames of many flows between them. */

import { createNetworkAclEntry } from '../../src/control/vpc/network-acl-entry.ts';
import { revokeRules } from '../../src/control/vpc/security-group-rule.ts';
import { Fabric } from '../../src/fabric/fabric.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { cidr } from '../../src/net/cidr.ts';
import { ipv4 } from '../../src/net/ipv4.ts';
import { Random } from '../../src/net/random.ts';
import { addRule, block } from '../../test/random/builder.ts';
import { type Flow, reversed, type Sent, sent, toRouter } from './frames.ts';
import { openLab, SCOPE } from './lab.ts';
import { addSite, launchMany, peerSites, routeOver, type Site } from './network.ts';

const ROUTES = 1000;
const RULES = 60;
/** With the default entry and the final deny, 20. */
const DENIES = 18;
const HOSTS = 10;
const FIRST_PORT = 1000;
const FIRST_SOURCE_PORT = 2000;

const SYN = 2;
const ACK = 16;

export interface ForwardingWorld {
  readonly fabric: Fabric;
  /** Frames delivered so far. */
  readonly delivered: () => number;
  /** The first frames of `count` flows, each flow another, spread over hosts and rules. */
  readonly openings: (count: number) => Sent[];
  /** Further frames of the same flows, both ways, in random order. */
  readonly further: (count: number) => Sent[];
}

export async function forwardingWorld(): Promise<ForwardingWorld> {
  const lab = await openLab();
  const near = await addSite(lab, 0);
  const far = await addSite(lab, 1);
  const peering = await peerSites(lab, near, far);
  for (const site of [near, far]) {
    await lab.cloud.execute((tx) => {
      for (let index = tx.count('route', 'table', site.routeTableId); index < ROUTES; index++) {
        const filler = cidr(ipv4(0x1e00_0000 + index * 0x1_0100), 24 + (index % 5));
        routeOver(tx, site, filler, peering);
      }
    });
    await fillRules(lab, site, site === near ? far : near);
  }
  const clients = await launchMany(lab, near, HOSTS);
  const servers = await launchMany(lab, far, HOSTS);
  let delivered = 0;
  const fabric = new Fabric({
    now: () => lab.cloud.now(),
    deliver: (_to, frame) => {
      delivered += 1;
      toRouter(frame);
    },
  });
  fabric.apply(lab.cloud.snapshot());
  const flows = (count: number) =>
    Array.from({ length: count }, (_, index) => flowOf(index, clients, servers));
  return {
    fabric,
    delivered: () => delivered,
    openings: (count) => flows(count).map((flow) => sent(flow, SYN)),
    further: (count) => {
      const directed = flows(count).map((flow, index) => (index % 2 === 0 ? flow : reversed(flow)));
      // Made in the order of sending: what arrives is new to nobody but the flow's own records.
      return shuffled(directed).map((flow) => sent(flow, ACK));
    },
  };
}

async function fillRules({ cloud }: Awaited<ReturnType<typeof openLab>>, site: Site, peer: Site) {
  const { groupId, subnet } = site;
  const anyone = { kind: 'cidr', cidr: block('0.0.0.0/0') } as const;
  const others = { kind: 'cidr', cidr: peer.vpc.cidrs[0]!.cidr } as const;
  await cloud.execute((tx) => {
    const all = { protocol: -1 };
    revokeRules(tx, SCOPE, { group: { groupId }, egress: true }, [{ traffic: all, peer: anyone }]);
    for (const egress of [true, false]) {
      const present = egress ? 0 : 1;
      for (let index = present; index < RULES; index++) {
        const port = FIRST_PORT + index;
        const traffic = { protocol: 6, ports: { from: port, to: port } };
        addRule(tx, { groupId, egress, traffic, peer: others });
      }
    }
    const { networkAclId } = tx.first('network-acl-association', 'subnet', subnet.id)!;
    for (const egress of [true, false]) {
      for (let ruleNumber = 1; ruleNumber <= DENIES; ruleNumber++) {
        const ports = { from: 50_000 + ruleNumber, to: 50_000 + ruleNumber };
        const entry = { ruleNumber, egress, action: 'deny', protocol: 6, ports } as const;
        createNetworkAclEntry(tx, SCOPE, networkAclId, { ...entry, cidr: block('10.0.0.0/8') });
      }
    }
  });
}

function flowOf(
  index: number,
  clients: readonly NetworkInterface[],
  servers: readonly NetworkInterface[],
): Flow {
  return {
    from: clients[index % HOSTS]!,
    to: servers[Math.floor(index / HOSTS) % HOSTS]!,
    sourcePort: FIRST_SOURCE_PORT + Math.floor(index / HOSTS / HOSTS),
    // The first rule is the group's own of each VPC.
    port: FIRST_PORT + 1 + (index % (RULES - 1)),
  };
}

function shuffled<T>(items: T[]): T[] {
  const random = new Random(1);
  for (let index = items.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [items[index], items[other]] = [items[other]!, items[index]!];
  }
  return items;
}
