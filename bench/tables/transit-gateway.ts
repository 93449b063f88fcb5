/** A transit gateway at AWS's quotas beside a small one. */
import { Fabric } from '../../src/fabric/fabric.ts';
import { formatIp } from '../../src/net/ip.ts';
import { Random } from '../../src/net/random.ts';
import type { Lab } from '../../src/server/lab.ts';
import { openDoor } from '../support/door.ts';
import { carry, type Flow, isolated, reversed, sent, toRouter } from '../support/frames.ts';
import { addSpoke, attachSpoke, buildHub, type Hub } from '../support/hub.ts';
import { openLab } from '../support/lab.ts';
import { digits, millisOf, nanosEach, ratio, spreadOf } from '../support/measure.ts';
import { addressOf } from '../support/network.ts';
import { startOpenvpc } from '../support/servers.ts';
import type { Bench, Figures } from '../support/table.ts';

const SIZES = [10, 5000];
const FLOWS = 1000;
/** With those that warm up, fewer than a frame's time to live allows. */
const ROUNDS = 20;
const ATTACHED = 20;
const SYN = 2;
const ACK = 16;
const SEARCHES = 200;

export const transitGateway: Bench = {
  name: 'transit-gateway',
  title: 'A transit gateway',
  about:
    'A gateway with as many VPC attachments, of two subnets and two instances each; 20 route ' +
    'tables, each VPC propagating to two of them. A TCP frame between instances of two VPCs; one ' +
    "more VPC attached that propagates to all 20 tables, without the disk's sync, until a packet " +
    'to it finds a route; SearchTransitGatewayRoutes for the longest match of an address, through ' +
    'the AWS door in this process; a server that loads it all from its disk.',
  run,
};

async function run(): Promise<Figures> {
  const rows: string[][] = [];
  let base: number[] | undefined;
  for (const size of SIZES) {
    const figures = await measure(size);
    base ??= figures;
    const beside = base;
    const cells = figures.map((value, index) => {
      return `${digits(value)} (${ratio(value, beside[index]!)})`;
    });
    rows.push([size.toLocaleString('en-US'), ...cells]);
  }
  const columns = [
    'attachments',
    'established, ns',
    'first packet, ns',
    'attach, ms',
    'search, ms',
  ];
  return { columns: [...columns, 'start, ms', 'memory, MB'], rows };
}

async function measure(size: number): Promise<number[]> {
  const lab = await openLab();
  const hub = await buildHub(lab, size);
  const figures = [established(hub), first(hub), await attaching(hub), await searching(hub)];
  const server = await startOpenvpc(async (onDisk: Lab) => {
    await buildHub(onDisk, size);
  });
  const started = [server.startMillis, server.memory()];
  await server.stop();
  return [...figures, ...started];
}

/** Every frame that arrives is ready to be sent again. */
function ownFabric({ lab }: Hub): Fabric {
  const now = () => lab.cloud.now();
  const fabric = new Fabric({ now, deliver: (_to, frame) => toRouter(frame) });
  fabric.apply(lab.cloud.snapshot());
  return fabric;
}

/** Between instances of two VPCs each, drawn from all. */
function flowsOf({ spokes }: Hub): Flow[] {
  const random = new Random(1);
  return Array.from({ length: FLOWS }, (_, index) => {
    const from = random.below(spokes.length);
    const to = (from + 1 + random.below(spokes.length - 1)) % spokes.length;
    const [near, far] = [spokes[from]!, spokes[to]!].map(({ hosts }) => hosts[index % 2]!);
    return { from: near!, to: far!, sourcePort: 2000 + index, port: 443 };
  });
}

function established(hub: Hub): number {
  const fabric = ownFabric(hub);
  const flows = flowsOf(hub);
  carry(
    fabric,
    flows.map((flow) => sent(flow, SYN)),
  );
  if (fabric.counters.forwarded !== FLOWS) throw new Error('a flow was refused');
  const frames = flows.map((flow, index) => sent(index % 2 ? reversed(flow) : flow, ACK));
  return nanosEach(ROUNDS * FLOWS, () => {
    for (let round = 0; round < ROUNDS; round++) carry(fabric, frames);
  });
}

function first(hub: Hub): number {
  const fabric = ownFabric(hub);
  const frames = flowsOf(hub).map((flow) => sent(flow, SYN));
  return nanosEach(ROUNDS * FLOWS, () => {
    for (let round = 0; round < ROUNDS; round++) {
      isolated(fabric, undefined, () => carry(fabric, frames));
    }
  });
}

/** Median of several VPCs that are attached one after the other. */
async function attaching(hub: Hub): Promise<number> {
  const { lab, spokes, tableIds } = hub;
  const { dropped } = lab.fabric.counters;
  const from = spokes[0]!.hosts[0]!;
  const more = await Promise.all(
    Array.from({ length: ATTACHED }, (_, index) => addSpoke(lab, spokes.length + index)),
  );
  const samples = await millisOf(ATTACHED, async (index) => {
    const spoke = more[index]!;
    await attachSpoke(hub, spoke, tableIds.slice(1));
    const before = dropped.get('TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT');
    const flow = { from, to: spoke.hosts[0]!, sourcePort: 2000 + index, port: 443 };
    carry(lab.fabric, [sent(flow, SYN)]);
    if (dropped.get('TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT') !== before) {
      throw new Error('the packet did not obey');
    }
  });
  return spreadOf(samples).median;
}

async function searching({ lab, spokes, tableIds }: Hub): Promise<number> {
  const call = openDoor(lab);
  const samples = await millisOf(SEARCHES, async (index) => {
    const { hosts } = spokes[index % spokes.length]!;
    const answer = await call('SearchTransitGatewayRoutes', {
      TransitGatewayRouteTableId: tableIds[0]!,
      'Filter.1.Name': 'route-search.longest-prefix-match',
      'Filter.1.Value.1': formatIp(addressOf(hosts[0]!)),
    });
    if (!answer.includes('<type>propagated</type>')) throw new Error(`not found: ${answer}`);
  });
  return spreadOf(samples).median;
}
