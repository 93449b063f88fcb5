/** One cloud's life under hostile calls: the same seed makes the same calls and ids. */

import { Random } from '../../../src/net/random.ts';
import { codeOf } from './answer.ts';
import { drawBatch } from './draw-calls.ts';
import { actionOf, type FuzzCall } from './fuzz-call.ts';
import { openWorld, rowsOf } from './fuzz-world.ts';
import { judge, type Verdict, worldFault } from './judge.ts';
import type { Failure } from './shrink.ts';

export interface Tally {
  calls: number;
  races: number;
  accepted: number;
  /** Refusals by code. */
  readonly codes: Map<string, number>;
  /** Successes by action. */
  readonly done: Map<string, number>;
  /** Milliseconds of the slowest call, and which it was. */
  slowest: number;
  slowestAction: string;
}

export function newTally(): Tally {
  return {
    calls: 0,
    races: 0,
    accepted: 0,
    codes: new Map(),
    done: new Map(),
    slowest: 0,
    slowestAction: '',
  };
}

/** Where a cloud is looked at as a whole. */
const CHECK_EVERY = 40;

export interface EpisodeOptions {
  readonly seed: number;
  readonly calls: number;
  readonly tally: Tally;
  /** Told before each step, so that a hang can be traced to it. */
  readonly onStep?: (index: number) => void;
}

/** Runs an episode; resolves with what went wrong, or undefined. */
export async function runEpisode(options: EpisodeOptions): Promise<Failure | undefined> {
  const { seed, calls, tally, onStep } = options;
  const world = await openWorld(seed);
  const random = new Random(seed ^ 0x5eed);
  for (let index = 0; index < calls; index++) {
    onStep?.(index);
    if (random.chance(0.05)) await world.lab.cloud.advance(random.pick([60, 60, 3.7e6, 7e8]));
    const rows = rowsOf(world.lab.cloud);
    const batch = drawBatch(random, world.lab.cloud.model);
    const verdict = await judge(world, batch);
    const fault = verdict.fault ?? (index % CHECK_EVERY === 0 ? worldFault(world) : undefined);
    count(tally, batch, verdict);
    if (fault !== undefined) return { seed, rows, calls: batch, fault };
  }
  const fault = worldFault(world);
  if (fault === undefined) return undefined;
  return { seed, rows: rowsOf(world.lab.cloud), calls: [], fault };
}

function count(tally: Tally, batch: readonly FuzzCall[], { responses, millis }: Verdict): void {
  tally.calls += batch.length;
  if (batch.length > 1) tally.races += 1;
  for (const [index, response] of responses.entries()) {
    const action = actionOf(batch[index]!);
    if (response.status === 200) {
      tally.accepted += 1;
      tally.done.set(action, (tally.done.get(action) ?? 0) + 1);
    } else {
      const code = codeOf(response) ?? '?';
      tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1);
    }
  }
  if (millis <= tally.slowest) return;
  tally.slowest = millis;
  tally.slowestAction = actionOf(batch[0]!);
}
