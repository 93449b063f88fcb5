/** One packet to a group: what its copies cost. */
import { Fabric } from '../../src/fabric/fabric.ts';
import { udpFrame } from '../../src/fabric/test-frames.ts';
import { parseIpv4 } from '../../src/net/ipv4.ts';
import { carry, type Sent } from '../support/frames.ts';
import { openLab } from '../support/lab.ts';
import { digits, nanosEach, ratio } from '../support/measure.ts';
import { buildDomain, fillGroup, type MulticastDomain } from '../support/multicast.ts';
import { addressOf } from '../support/network.ts';
import type { Bench, Figures } from '../support/table.ts';

const MEMBERS = [1, 10, 100];
/** With two hosts each, more than there are members. */
const VPCS = 51;
const FLOWS = 100;
/** With those that warm up, fewer than a frame's time to live allows. */
const ROUNDS = 20;
const TTL = 255;

export const multicast: Bench = {
  name: 'multicast',
  title: 'Multicast',
  about:
    'UDP datagrams of 64 bytes to a group of a multicast domain over 51 VPCs, with members in as ' +
    'many of them as it has, two a VPC; until every copy has arrived.',
  run,
};

async function run(): Promise<Figures> {
  const domain = await buildDomain(await openLab(), VPCS);
  const rows: string[][] = [];
  let base: number | undefined;
  for (const [index, members] of MEMBERS.entries()) {
    const group = parseIpv4(`239.0.0.${index + 1}`)!;
    await fillGroup(domain, group, members);
    const nanos = toGroup(domain, `239.0.0.${index + 1}`, members);
    base ??= nanos;
    rows.push([`${members}`, digits(nanos), ratio(nanos, base), digits(nanos / members)]);
  }
  return { columns: ['members', 'packet, ns', 'ratio', 'copy, ns'], rows };
}

function toGroup({ lab, hosts }: MulticastDomain, destination: string, members: number): number {
  const fabric = new Fabric({ now: () => lab.cloud.now(), deliver: () => {} });
  fabric.apply(lab.cloud.snapshot());
  const [sender] = hosts;
  const ends = { source: addressOf(sender!), destination, from: sender!.mac, ttl: TTL };
  const payload = new Uint8Array(64);
  const from = { kind: 'interface', id: sender!.id } as const;
  const frames = Array.from({ length: FLOWS }, (_, index): Sent => {
    return { from, bytes: udpFrame({ ...ends, sourcePort: 2000 + index, port: 5000 }, payload) };
  });
  carry(fabric, frames);
  if (fabric.counters.forwarded !== FLOWS * members) throw new Error('a copy was refused');
  return nanosEach(ROUNDS * FLOWS, () => {
    for (let round = 0; round < ROUNDS; round++) carry(fabric, frames);
  });
}
