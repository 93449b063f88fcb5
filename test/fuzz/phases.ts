/** The fuzzer's parts, one after the other, with their figures. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newTally, runEpisode } from './calls/episode.ts';
import { actionOf } from './calls/fuzz-call.ts';
import { type ImportTally, runImport } from './calls/import-episode.ts';
import { type Failure, shrink } from './calls/shrink.ts';
import { newFrameTally, runFrames } from './frames/run.ts';
import { type HttpTally, runHttp } from './http/run.ts';
import { growthFault, median, megabytes, type Sample, sampleMemory } from './memory.ts';
import type { FuzzOptions, Phase } from './options.ts';
import type { Watchdog } from './watchdog.ts';

/** Of all calls, those that come over sockets and those that come after a spoilt import. */
const SHARES = { http: 0.1, imports: 0.05 };
const CALLS_PER_CLOUD = 400;
const FRAMES_PER_CLOUD = 20_000;
const SAMPLES = 24;

type Say = (line: string) => void;

interface Context {
  readonly options: FuzzOptions;
  readonly watchdog: Watchdog;
  readonly say: Say;
}

/** Whether everything went well. */
export async function runPhases(options: FuzzOptions, watchdog: Watchdog, say: Say) {
  const context: Context = { options, watchdog, say };
  const runs: Readonly<Record<Phase, (context: Context) => Promise<boolean>>> = {
    calls: runCalls,
    imports: runImports,
    http: runSockets,
    frames: runAllFrames,
  };
  let isWell = true;
  for (const phase of options.phases) {
    const begin = performance.now();
    isWell = (await runs[phase](context)) && isWell;
    say(`  ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  }
  say(isWell ? 'nothing went wrong' : 'something went wrong');
  return isWell;
}

/** Runs episodes until `enough`, looking at memory now and then; resolves with the samples. */
async function episodes<F>(
  { options, say }: Context,
  progress: () => number,
  run: (seed: number) => Promise<F | undefined>,
  tell: (failure: F, seed: number) => Promise<void> | void,
): Promise<boolean> {
  const samples: Sample[] = [];
  for (let count = 0; progress() < 1; count++) {
    const seed = options.episode ?? (options.seed * 1_000_003 + count) >>> 0;
    const failure = await run(seed);
    if (failure !== undefined) {
      await tell(failure, seed);
      return false;
    }
    if (options.episode !== undefined) break;
    if (progress() >= (samples.length + 1) / SAMPLES) samples.push(sampleMemory());
  }
  return memoryIsFlat(samples, say);
}

function memoryIsFlat(samples: readonly Sample[], say: Say): boolean {
  if (samples.length === 0) return true;
  const fault = growthFault(samples);
  const half = (samples.length + 1) >> 1;
  const peak = Math.max(...samples.map(({ resident }) => resident));
  const [early, late] = [samples.slice(0, half), samples.slice(-half)].map(median);
  say(
    `  in use ${megabytes(early!)}, later ${megabytes(late!)}; resident ${megabytes(peak)} at most`,
  );
  if (fault !== undefined) say(`  ${fault}`);
  return fault === undefined;
}

async function runCalls(context: Context): Promise<boolean> {
  const { options, watchdog, say } = context;
  const tally = newTally();
  const wanted = options.calls * (1 - SHARES.http - SHARES.imports);
  const refused = () => tally.calls - tally.accepted;
  say(`calls in process, until ${wanted} are refused`);
  const isWell = await episodes(
    context,
    () => refused() / wanted,
    (seed) => {
      const onStep = (index: number) => watchdog.beat('calls', seed, index);
      return runEpisode({ seed, calls: CALLS_PER_CLOUD, tally, onStep });
    },
    (failure) => tellFailure(failure, 'calls', context),
  );
  say(`  ${tally.calls} calls: ${refused()} refused with ${tally.codes.size} codes, `);
  say(`  ${tally.accepted} accepted of ${tally.done.size} actions, ${tally.races} races`);
  say(`  slowest ${tally.slowest.toFixed(0)} ms (${tally.slowestAction})`);
  return isWell;
}

async function tellFailure(failure: Failure, phase: Phase, { say, watchdog }: Context) {
  const { seed } = failure;
  const beats = setInterval(() => watchdog.beat(phase, seed, -1), 1000);
  const { fault, calls, rows } = await shrink(failure).finally(() => clearInterval(beats));
  say(`FAILED: npm run fuzz -- --only ${phase} --episode ${seed}`);
  say(fault);
  for (const call of calls) {
    say(`${call.account} ${call.region} ${actionOf(call)} ${JSON.stringify(call).slice(0, 1000)}`);
  }
  const file = join('test-results', `fuzz-${phase}-${seed}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ seed, calls, rows, fault }, undefined, 1));
  say(`on a cloud of ${rows.length} records, all of it in ${file}`);
}

async function runImports(context: Context): Promise<boolean> {
  const { options, watchdog, say } = context;
  const tally: ImportTally = { documents: 0, accepted: 0, calls: 0 };
  const wanted = options.calls * SHARES.imports;
  say(`spoilt states imported, until ${wanted} documents and calls`);
  const isWell = await episodes(
    context,
    () => (tally.documents + tally.calls) / wanted,
    (seed) => {
      const onStep = (index: number) => watchdog.beat('imports', seed, index);
      return runImport({ seed, calls: CALLS_PER_CLOUD, onStep }, tally);
    },
    ({ seed, fault, calls }) => {
      say(`FAILED: npm run fuzz -- --only imports --episode ${seed}`);
      say(`${fault}\n${JSON.stringify(calls)}`);
    },
  );
  say(`  ${tally.documents} documents: ${tally.accepted} accepted, ${tally.calls} calls after`);
  return isWell;
}

async function runSockets({ options, watchdog, say }: Context): Promise<boolean> {
  const total = options.calls * SHARES.http;
  const seed = options.episode ?? options.seed;
  const samples: Sample[] = [];
  let steps = 0;
  say(`requests and connections over sockets to one server, ${total}`);
  const { tally, fault } = await runHttp({
    seed,
    calls: Math.ceil(total * 0.5),
    own: Math.ceil(total * 0.3),
    sockets: Math.ceil(total * 0.2),
    patienceMillis: 500,
    onStep: (index) => {
      steps = index;
      watchdog.beat('http', seed, index);
    },
    onReset: (share) => {
      if (share >= (samples.length + 1) / SAMPLES) samples.push(sampleMemory());
    },
  });
  if (fault !== undefined) {
    say(`FAILED: npm run fuzz -- --only http --calls ${options.calls} --episode ${seed}`);
    say(`at step ${steps}: ${fault}`);
  }
  sayHttp(tally, say);
  return memoryIsFlat(samples, say) && fault === undefined;
}

function sayHttp({ calls, own, sockets, statuses, open }: HttpTally, say: Say): void {
  const answers = [...statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
  say(`  ${calls} calls, ${own} requests to own endpoints, ${sockets} bad connections`);
  say(`  answers ${answers.join(', ')}; ${open} connections without an answer`);
}

async function runAllFrames(context: Context): Promise<boolean> {
  const { options, watchdog, say } = context;
  const tally = newFrameTally();
  say(`malformed frames, ${options.frames}`);
  const isWell = await episodes(
    context,
    () => tally.frames / options.frames,
    (seed) => {
      const onStep = (index: number) => watchdog.beat('frames', seed, index);
      const frames = Math.min(FRAMES_PER_CLOUD, options.frames);
      return runFrames({ seed, frames, tally, onStep });
    },
    ({ seed, index, from, frame, fault }) => {
      say(`FAILED: npm run fuzz -- --only frames --episode ${seed}`);
      say(`frame ${index} from ${from}: ${frame}\n${fault}`);
    },
  );
  const dropped = [...tally.dropped.values()].reduce((sum, times) => sum + times, 0);
  const atHosts = [...tally.atHosts.values()].reduce((sum, times) => sum + times, 0);
  say(`  ${tally.frames} frames into ${tally.clouds} clouds, ${tally.answers} sent in answer`);
  const { forwarded, malformed, orphans, ignored } = tally;
  say(`  ${forwarded} forwarded, ${malformed} malformed, ${orphans} orphans, ${ignored} ignored, `);
  say(`  ${dropped} dropped for ${tally.dropped.size} reasons, ${atHosts} at hosts`);
  return isWell;
}
