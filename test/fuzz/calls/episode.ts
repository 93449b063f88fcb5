/** One cloud's life under hostile calls: the same seed makes the same calls and ids. */

import { EC2_OPERATIONS } from '../../../src/aws/ec2/operations.ts';
import { loadModel } from '../../../src/aws/protocol/model.ts';
import { Random } from '../../../src/net/random.ts';
import { codeOf } from './answer.ts';
import { type Pool, poolOf } from './draw.ts';
import { actionOf, type FuzzCall } from './fuzz-call.ts';
import { ACCOUNTS, type FuzzWorld, openWorld, REGIONS, rowsOf } from './fuzz-world.ts';
import { garbage } from './garbage.ts';
import { genericInput } from './generic-input.ts';
import { judge, type Verdict, worldFault } from './judge.ts';
import { mutated } from './mutate.ts';
import { RECIPES } from './recipes.ts';
import { serialize } from './serialize.ts';
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

const EC2 = loadModel('ec2');
const STS = loadModel('sts');
const STS_OPERATIONS = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'];
const CHANGING = EC2_OPERATIONS.filter((name) => !/^(Describe|Get)/.test(name));
/** What fills a cloud is asked for more often than what empties it. */
const FILLING = CHANGING.filter((name) => /^(Create|Run|Attach|Associate|Authorize)/.test(name));
/** Who calls most. */
const HOME = { account: ACCOUNTS[0], region: REGIONS[0] };
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
    const batch = drawBatch(random, world);
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
  for (const [index, { status, body }] of responses.entries()) {
    const action = actionOf(batch[index]!);
    if (status === 200) {
      tally.accepted += 1;
      tally.done.set(action, (tally.done.get(action) ?? 0) + 1);
    } else {
      const code = codeOf(body) ?? '?';
      tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1);
    }
  }
  if (millis <= tally.slowest) return;
  tally.slowest = millis;
  tally.slowestAction = actionOf(batch[0]!);
}

/** One call, or some that are sent before the first is answered. */
function drawBatch(random: Random, world: FuzzWorld): FuzzCall[] {
  const isUsual = random.chance(0.7);
  const caller = isUsual ? HOME : { account: random.pick(ACCOUNTS), region: random.pick(REGIONS) };
  const pool = poolOf(world.lab.cloud.model, random, caller);
  const call = drawValid(pool);
  const ticket = random.below(100);
  if (ticket < 42) return [call];
  if (ticket < 78) return [mutated(call, pool)];
  if (ticket < 86) return [garbage(random, call)];
  return race(pool, call);
}

/** The same call twice, or several about the same things. */
function race(pool: Pool, call: FuzzCall): FuzzCall[] {
  const { random } = pool;
  const operation = random.pick(CHANGING);
  const one = random.chance(0.5) ? call : valid(pool, operation);
  if (random.chance(0.4)) return [one, { ...one }];
  return [one, valid(pool, operation), valid(pool, random.pick(CHANGING))];
}

function drawValid(pool: Pool): FuzzCall {
  const { random } = pool;
  if (random.chance(0.02)) return sts(pool);
  return valid(pool, random.pick(random.pick([FILLING, FILLING, CHANGING, EC2_OPERATIONS])));
}

function valid(pool: Pool, operation: string): FuzzCall {
  const { account, region, random } = pool;
  const recipe = RECIPES[operation];
  const input =
    recipe !== undefined && random.chance(0.85) ? recipe(pool) : genericInput(EC2, operation, pool);
  return { account, region, service: 'ec2', parameters: serialize(EC2, operation, input) };
}

function sts(pool: Pool): FuzzCall {
  const { account, region, random } = pool;
  const operation = random.pick(STS_OPERATIONS);
  const input =
    operation === 'AssumeRole'
      ? { RoleArn: `arn:aws:iam::${account}:role/fuzz`, RoleSessionName: 'fuzz' }
      : {};
  return { account, region, service: 'sts', parameters: serialize(STS, operation, input) };
}
