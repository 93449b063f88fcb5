/** Calls with one thing wrong in them. */
import type { Random } from '../../../src/net/random.ts';
import { drawHostile, type Pool } from './draw.ts';
import type { FuzzCall, Pair } from './fuzz-call.ts';

const NAMES = [
  '__proto__',
  'constructor',
  'constructor.prototype.polluted',
  '__proto__.polluted',
  'toString',
  'Filter.__proto__.Name',
  'Filter.constructor.Value.1',
  'Tag.1.__proto__',
  '',
  '.',
  '..',
  '.1',
  'Filter.',
  'Filter..1',
  'Filter.1',
  'a'.repeat(4000),
  'Filter.1.Value.1.1.1',
  `Filter${'.1'.repeat(30)}`,
  `A${'.b'.repeat(2000)}`,
  'DryRun.1',
  'Version.1',
  'Action.1',
  'vpcid',
  'VPCID',
  ' VpcId',
  'VpcId\u0000',
  'Ünïcode',
  'X-Amz-Credential',
  'Signature',
];

const INDEXES = ['0', '-1', '01', '10000', '10001', '99999', '99999999999999999999', '1e3', '1.1'];

type Mutation = (pairs: Pair[], pool: Pool) => Pair[];

const at = (random: Random, pairs: readonly Pair[]): number => random.below(pairs.length);

const MUTATIONS: readonly Mutation[] = [
  // Another value.
  (pairs, pool) => withValue(pairs, pool, (value) => drawHostile(pool, value)),
  (pairs, pool) => withValue(pairs, pool, (value) => drawHostile(pool, value)),
  (pairs, pool) => withValue(pairs, pool, (value) => drawHostile(pool, value)),
  (pairs, pool) => withValue(pairs, pool, () => ''),
  // One parameter less.
  (pairs, { random }) => pairs.toSpliced(at(random, pairs), 1),
  // One twice.
  (pairs, { random }) => [...pairs, random.pick(pairs)],
  // One more.
  (pairs, { random }) => [...pairs, [random.pick(NAMES), random.pick(['', '1', 'true', 'x'])]],
  // Another name.
  (pairs, { random }) => withName(pairs, random, () => random.pick(NAMES)),
  (pairs, { random }) => withName(pairs, random, (name) => `${name}.1`),
  (pairs, { random }) => withName(pairs, random, (name) => name.replace(/\.\d+/, '')),
  (pairs, { random }) => withName(pairs, random, (name) => name.toLowerCase()),
  // Another index.
  (pairs, { random }) =>
    withName(pairs, random, (name) => name.replace(/\d+/, random.pick(INDEXES))),
  // Very many.
  (pairs, { random }) => [...pairs, ...many(random)],
  // Asked only.
  (pairs) => [...pairs, ['DryRun', 'true']],
  (pairs, { random }) => [
    ...pairs,
    ['MaxResults', random.pick(['0', '-1', '4', '5', '1001', '2147483648'])],
    ['NextToken', random.pick(TOKENS)],
  ],
];

const TOKENS = [
  '',
  'x',
  'A'.repeat(3000),
  ...['null', '[]', '["vpc-1",-5]', '["",1e308]', '["a",9007199254740993]', '[{},{}]'].map((text) =>
    Buffer.from(text).toString('base64url'),
  ),
];

function withValue(pairs: Pair[], { random }: Pool, change: (value: string) => string): Pair[] {
  const index = at(random, pairs);
  const [name, value] = pairs[index]!;
  return pairs.with(index, [name, change(value)]);
}

function withName(pairs: Pair[], random: Random, change: (name: string) => string): Pair[] {
  const index = at(random, pairs);
  const [name, value] = pairs[index]!;
  return pairs.with(index, [change(name), value]);
}

function many(random: Random): Pair[] {
  const stem = random.pick(['Filter.1.Value', 'VpcId', 'Filter', 'ResourceId', 'SubnetId']);
  const tail = stem === 'Filter' ? '.Name' : '';
  const count = random.pick([10, 250, 1100]);
  return Array.from({ length: count }, (_, index) => [`${stem}.${index + 1}${tail}`, 'vpc-id']);
}

/** The same call with one or a few things wrong. */
export function mutated(call: FuzzCall, pool: Pool): FuzzCall {
  const { random } = pool;
  let parameters = [...call.parameters];
  for (let count = random.chance(0.8) ? 1 : 3; count > 0; count--) {
    if (parameters.length > 0) parameters = random.pick(MUTATIONS)(parameters, pool);
  }
  return { ...call, parameters, ...(random.chance(0.05) && { inQuery: true }) };
}
