/** Malformed frames into random clouds. */
import { endpointKey } from '../../../src/fabric/endpoint.ts';
import { Random } from '../../../src/net/random.ts';
import { recordExchanges } from './corpus.ts';
import { FuzzNetwork, hex, type SentFrame } from './fuzz-network.ts';
import { spoilt } from './spoil-frame.ts';

export interface FrameTally {
  frames: number;
  clouds: number;
  /** Frames that hosts sent in answer. */
  answers: number;
  /** What hosts told multicast domains. */
  heard: number;
  /** Packets that came out of GRE tunnels. */
  unwrapped: number;
  forwarded: number;
  malformed: number;
  orphans: number;
  ignored: number;
  readonly dropped: Map<string, number>;
  /** Hosts' own drops by reason. */
  readonly atHosts: Map<string, number>;
}

export function newFrameTally(): FrameTally {
  const dropped = new Map<string, number>();
  const atHosts = new Map<string, number>();
  return {
    frames: 0,
    clouds: 0,
    answers: 0,
    heard: 0,
    unwrapped: 0,
    forwarded: 0,
    malformed: 0,
    orphans: 0,
    ignored: 0,
    dropped,
    atHosts,
  };
}

export interface FrameEpisode {
  readonly seed: number;
  readonly frames: number;
  readonly tally: FrameTally;
  readonly onStep?: (index: number) => void;
}

/** A frame and what came of it. */
export interface FrameFailure {
  readonly seed: number;
  readonly index: number;
  readonly from: string;
  readonly frame: string;
  readonly fault: string;
}

/** How often hosts get a frame directly, past the fabric. */
const DIRECT = 0.15;
const PASS_EVERY = 500;

/** Runs one cloud's share; resolves with the first failure. */
export async function runFrames(episode: FrameEpisode): Promise<FrameFailure | undefined> {
  const { seed, frames, tally } = episode;
  const network = await FuzzNetwork.open(seed);
  const random = new Random(seed ^ 0xf4a3e);
  const corpus = recordExchanges(network, random);
  if (corpus.length === 0) return undefined;
  tally.clouds += 1;
  const failure = injectAll(episode, network, random, corpus);
  count(tally, network, frames);
  return failure;
}

function injectAll(
  { seed, frames, onStep }: FrameEpisode,
  network: FuzzNetwork,
  random: Random,
  corpus: readonly SentFrame[],
): FrameFailure | undefined {
  for (let index = 0; index < frames; index++) {
    onStep?.(index);
    const { from, bytes: whole } = random.pick(corpus);
    const bytes = spoilt(random, whole);
    const isDirect = random.chance(DIRECT);
    // The fabric rewrites what it carries.
    const kept = bytes.slice();
    const fault = attempt(network, { from, bytes }, isDirect, index);
    if (fault === undefined) continue;
    return { seed, index, from: endpointKey(from), frame: hex(kept), fault };
  }
  return undefined;
}

function attempt(
  network: FuzzNetwork,
  frame: SentFrame,
  isDirect: boolean,
  index: number,
): string | undefined {
  try {
    if (isDirect) {
      network.host(frame.from)?.receive(frame.bytes);
      network.settle();
    } else network.inject(frame);
    if (index % PASS_EVERY === 0) network.pass(index % 10_000 === 0 ? 700_000 : 1_100);
    return network.fault;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function count(tally: FrameTally, network: FuzzNetwork, frames: number): void {
  const { counters } = network.fabric;
  tally.frames += frames;
  tally.answers += network.answers;
  tally.heard += network.heard;
  tally.unwrapped += network.unwrapped;
  tally.forwarded += counters.forwarded;
  tally.malformed += counters.malformed;
  tally.orphans += counters.orphans;
  tally.ignored += counters.ignored;
  for (const [reason, times] of counters.dropped) add(tally.dropped, reason, times);
  for (const endpoint of network.endpoints) {
    for (const [reason, times] of network.host(endpoint)?.drops ?? []) {
      add(tally.atHosts, reason, times);
    }
  }
}

function add(counts: Map<string, number>, key: string, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}
