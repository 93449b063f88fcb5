/** What a packet costs: from a frame's arrival at an interface to its delivery at another. */
import type { Observer } from '../../src/fabric/fabric.ts';
import { TraceRecorder } from '../../src/fabric/trace.ts';
import { type ForwardingWorld, forwardingWorld } from '../support/forwarding-world.ts';
import { carry, isolated } from '../support/frames.ts';
import { linearScan } from '../support/linear-scan.ts';
import { digits, nanosEach, ratio } from '../support/measure.ts';
import type { Bench, Figures } from '../support/table.ts';

const FIRST_PACKETS = 20_000;
const PACKETS = 200_000;

export const forwarding: Bench = {
  name: 'forwarding',
  title: 'Forwarding, one core',
  about:
    'A TCP frame from an instance of one VPC to an instance of another, over a peering: read, ' +
    'decided, rewritten, delivered. 1,000 routes a table, 60 rules a direction in both groups, ' +
    '20 entries a direction in both ACLs; flows are spread over 10 × 10 instances and all rules. ' +
    'Beside it: a look-up of the same frames in a plain `Map` by a key of addresses and ports, ' +
    'and the same tables as arrays that are scanned (decision only).',
  run,
};

async function run(): Promise<Figures> {
  const world = await forwardingWorld();
  const rows: string[][] = [];
  const row = (what: string, flows: number, nanos: number, base: number) =>
    rows.push([
      what,
      flows.toLocaleString('en-US'),
      digits(nanos),
      digits(1e9 / nanos),
      ratio(nanos, base),
    ]);
  for (const flows of [1000, 100_000]) {
    const [nanos, base] = [established(world, flows), mapLookUp(world, flows)];
    row('established', flows, nanos, base);
    row('plain `Map`, key as text', flows, base, base);
  }
  const scan = scanned(world);
  row('first packet', FIRST_PACKETS, first(world, undefined), scan);
  row('first packet, way written down', FIRST_PACKETS, first(world, traced()), scan);
  row('tables as arrays, scanned', FIRST_PACKETS, scan, scan);
  return { columns: ['packet', 'flows', 'ns', 'packets/s', 'ratio'], rows };
}

function established({ fabric, delivered, openings, further }: ForwardingWorld, flows: number) {
  const frames = further(flows);
  const repeat = Math.ceil(PACKETS / flows);
  const before = delivered();
  carry(fabric, openings(flows));
  if (delivered() - before !== flows) throw new Error('a flow was refused');
  return nanosEach(repeat * flows, () => {
    for (let index = 0; index < repeat; index++) carry(fabric, frames);
  });
}

/** Every round meets empty flow tables. */
function first(
  { fabric, delivered, openings }: ForwardingWorld,
  observer: Observer | undefined,
): number {
  const frames = openings(FIRST_PACKETS);
  const before = delivered();
  const nanos = nanosEach(FIRST_PACKETS, () =>
    isolated(fabric, observer, () => carry(fabric, frames)),
  );
  if ((delivered() - before) % FIRST_PACKETS !== 0) throw new Error('a flow was refused');
  return nanos;
}

function traced(): Observer {
  let recorder: TraceRecorder;
  return {
    begin: () => {
      recorder = new TraceRecorder();
      return recorder;
    },
    end: () => {
      recorder.trace();
    },
  };
}

function mapLookUp({ further }: ForwardingWorld, flows: number): number {
  const frames = further(flows);
  const known = new Map(frames.map(({ bytes }, index) => [keyOf(bytes), index]));
  const repeat = Math.ceil(PACKETS / flows);
  let sum = 0;
  const nanos = nanosEach(repeat * flows, () => {
    for (let index = 0; index < repeat; index++) {
      for (const { bytes } of frames) sum += known.get(keyOf(bytes)) ?? Number.NaN;
    }
  });
  if (Number.isNaN(sum)) throw new Error('a flow was not found');
  return nanos;
}

/** Source, destination and ports, from their places in a TCP segment in IPv4 without options. */
function keyOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return `${view.getUint32(26)}|${view.getUint32(30)}|${view.getUint32(34)}`;
}

function scanned({ fabric, openings }: ForwardingWorld): number {
  const frames = openings(FIRST_PACKETS);
  const scan = linearScan(fabric.network.model);
  let delivered = 0;
  const nanos = nanosEach(FIRST_PACKETS, () => {
    for (const { from, bytes } of frames) if (scan(from, bytes)) delivered += 1;
  });
  if (delivered % FIRST_PACKETS !== 0) throw new Error('a flow was refused');
  return nanos;
}
