/**
 * One random question again: `scripts/node test/random/replay.ts SEED INDEX [CHANGES]`, or with a
 * question's JSON in place of the index.
 */
import type { Answer } from '../../src/fabric/question.ts';
import type { Trace } from '../../src/fabric/trace.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import type { OracleAnswer } from '../oracle/oracle.ts';
import { changeSomething } from './change.ts';
import { compare } from './compare.ts';
import { randomQuestion } from './question.ts';
import { QUESTIONS_A_CHANGE } from './sizes.ts';
import { randomLab } from './topology.ts';

const [seed = '1', which = '0', changes = '0'] = process.argv.slice(2);
const { lab, time, ...builder } = await randomLab(Number(seed));
for (let made = 1; made <= Number(changes); made++) {
  const name = await changeSomething(builder);
  time.settle(builder.cloud.model);
  console.log(`change ${made}: ${name}`);
  if (made < Number(changes)) ask(QUESTIONS_A_CHANGE);
}
const question = which.startsWith('{')
  ? (JSON.parse(which) as QuestionInput)
  : ask(Number(which) + 1)!;
console.log(JSON.stringify(question));
const { probe, trace, oracle, differences } = compare(lab, question);
show('probe', probe);
show('trace', trace);
show('oracle', oracle);
console.log(differences.length === 0 ? 'they agree' : differences.join('\n'));

/** Questions drawn in turn: the last one. */
function ask(count: number): QuestionInput | undefined {
  let last: QuestionInput | undefined;
  for (let index = 0; index < count; index++) last = randomQuestion(builder);
  return last;
}

function show(who: string, { reachable, observed, forward, return: back }: Answer | OracleAnswer) {
  console.log(`${who}: reachable ${reachable}, observed ${JSON.stringify(observed)}`);
  for (const [way, trace] of [
    ['forward', forward],
    ['return', back],
  ] as const) {
    console.log(`  ${way}: ${[trace?.disposition, trace?.reason, trace?.at].join(' ')}`);
    for (const hop of (trace as Trace | null)?.hops ?? []) {
      const { kind, direction, resource, packet, rule } = hop;
      const text = [kind, direction, resource, JSON.stringify(packet), JSON.stringify(rule)];
      console.log(`    ${text.join(' ')}`);
    }
  }
}
