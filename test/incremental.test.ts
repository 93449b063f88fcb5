/**
 * Compiling as changes come is compiling what they amount to: a fabric that heard every change of a
 * cloud's life answers as one that is told the outcome.
 */
import { describe, expect, it } from 'vitest';
import { explain } from '../src/fabric/explain.ts';
import { Fabric } from '../src/fabric/fabric.ts';
import type { Question } from '../src/fabric/question.ts';
import type { Change } from '../src/model/schema.ts';
import { Random } from '../src/net/random.ts';
import { type QuestionInput, resolveQuestion } from '../src/server/question.ts';
import type { Builder } from './random/builder.ts';
import { changeSomething } from './random/change.ts';
import { randomQuestion } from './random/question.ts';
import { buildSkeleton } from './random/skeleton.ts';
import { emptyLab } from './random/topology.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const ROUNDS = 6;
const CHANGES = 12;
const QUESTIONS = 80;

function newFabric(): Fabric {
  return new Fabric({ now: () => 0, deliver: () => {} });
}

/** A question as the tables take it; undefined for a name, or where nobody can be asked. */
function askable(fabric: Fabric, input: QuestionInput): Question | undefined {
  try {
    const question = resolveQuestion(fabric.network, input);
    return 'name' in question ? undefined : question;
  } catch {
    return undefined;
  }
}

/** What differs from the fabric that heard all at once. */
function differences(fresh: Fabric, others: Record<string, Fabric>, questions: QuestionInput[]) {
  return questions.flatMap((input) => {
    const question = askable(fresh, input);
    if (question === undefined) return [];
    const expected = explain(fresh.network, question, 0);
    return Object.entries(others).flatMap(([name, { network }]) => {
      const answer = explain(network, question, 0);
      const texts = [expected, answer].map((one) => JSON.stringify(one));
      return texts[0] === texts[1] ? [] : [`${name} ${JSON.stringify(input)}\n${texts.join('\n')}`];
    });
  });
}

describe.each(SEEDS)('seed %i', (seed) => {
  it('one by one, command by command and all at once answer alike', async () => {
    const lab = await emptyLab(seed);
    const builder: Builder = { cloud: lab.cloud, random: new Random(seed) };
    const single = newFabric();
    lab.cloud.subscribe((changes) => {
      for (const change of changes) single.apply([change]);
    });
    await buildSkeleton(builder);
    for (let round = 0; round < ROUNDS; round++) {
      const done: string[] = [];
      for (let count = 0; count < CHANGES; count++) done.push(await changeSomething(builder));
      const fresh = newFabric();
      fresh.apply(lab.cloud.snapshot());
      const others = { 'one by one': single, 'by command': lab.fabric, shuffled: newFabric() };
      others.shuffled.apply(shuffled(lab.cloud.snapshot(), new Random(seed + round)));
      const questions = Array.from({ length: QUESTIONS }, () => randomQuestion(builder));
      expect(differences(fresh, others, questions), done.join(', ')).toEqual([]);
    }
  });
});

/** The same records in another order. */
function shuffled(changes: Change[], random: Random): Change[] {
  const keys = new Map(changes.map((change) => [change, random.uint32()]));
  return changes.sort((a, b) => keys.get(a)! - keys.get(b)!);
}
