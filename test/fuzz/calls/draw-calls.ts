/** What the fuzzer asks next of a cloud: right, spoilt, hardly anything, or several at once. */
import { EC2_OPERATIONS } from '../../../src/aws/ec2/operations.ts';
import { loadModel } from '../../../src/aws/protocol/model.ts';
import type { ModelReader } from '../../../src/model/model.ts';
import type { Random } from '../../../src/net/random.ts';
import { drawDirectConnect } from './direct-connect-calls.ts';
import { type Pool, poolOf } from './draw.ts';
import type { FuzzCall } from './fuzz-call.ts';
import { ACCOUNTS, REGIONS } from './fuzz-world.ts';
import { garbage } from './garbage.ts';
import { genericInput } from './generic-input.ts';
import { mutated } from './mutate.ts';
import { drawRam } from './ram-calls.ts';
import { RECIPES } from './recipes.ts';
import { serialize } from './serialize.ts';

const EC2 = loadModel('ec2');
const STS = loadModel('sts');
const STS_OPERATIONS = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'];
const CHANGING = EC2_OPERATIONS.filter((name) => !/^(Describe|Get)/.test(name));
/** What fills a cloud is asked for more often than what empties it. */
const FILLING = CHANGING.filter((name) => /^(Create|Run|Attach|Associate|Authorize)/.test(name));
/** Who calls most. */
const HOME = { account: ACCOUNTS[0], region: REGIONS[0] };
/** One call, or some that are sent before the first is answered. */
export function drawBatch(random: Random, model: ModelReader): FuzzCall[] {
  const isUsual = random.chance(0.7);
  const caller = isUsual ? HOME : { account: random.pick(ACCOUNTS), region: random.pick(REGIONS) };
  const pool = poolOf(model, random, caller);
  if (random.chance(0.12)) return drawRam(pool);
  if (random.chance(0.12)) return drawDirectConnect(pool);
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
