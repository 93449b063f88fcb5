/** Mistakes put into the compiled tables, or into what the compiler is told: each is noticed. */
import { describe, expect, it } from 'vitest';
import { Fabric } from '../../src/fabric/fabric.ts';
import type { Answer } from '../../src/fabric/question.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { trace } from '../../src/server/trace.ts';
import { judge } from './compare.ts';
import { DEFECTS } from './defects/all.ts';
import type { Defect } from './defects/defect.ts';
import { randomQuestion } from './question.ts';
import { type RandomLab, randomLab } from './topology.ts';

const CLOUDS = 56;
const QUESTIONS_A_CLOUD = 250;
const FIRST_SEED = 1;

/** A cloud, what is asked of it, and what a fabric without defects answers. */
interface Exam {
  readonly lab: RandomLab;
  readonly questions: readonly { readonly input: QuestionInput; readonly sound: Answer }[];
}

/** The same for every defect. */
const exams = new Map<number, Promise<Exam>>();

function examOf(seed: number): Promise<Exam> {
  const exam = exams.get(seed) ?? newExam(seed);
  exams.set(seed, exam);
  return exam;
}

async function newExam(seed: number): Promise<Exam> {
  const lab = await randomLab(seed);
  const questions = Array.from({ length: QUESTIONS_A_CLOUD }, () => {
    const input = randomQuestion(lab);
    return { input, sound: lab.lab.trace(input) };
  });
  return { lab, questions };
}

/** Questions asked until the oracle disagrees with a fabric that has the defect. */
async function questionsUntilNoticed(defect: Defect): Promise<number> {
  for (let cloud = 0; cloud < CLOUDS; cloud++) {
    const { lab, questions } = await examOf(FIRST_SEED + cloud);
    const { network } = faultyFabric(lab, defect);
    const { model } = lab.cloud;
    const found = questions.findIndex(({ input, sound }) => {
      const answer = trace(network, input, lab.cloud.now());
      // What the sound one says the oracle says too: see below.
      const isSound = JSON.stringify(answer) === JSON.stringify(sound);
      return !isSound && judge(model, input, answer).differences.length > 0;
    });
    if (found >= 0) return cloud * QUESTIONS_A_CLOUD + found + 1;
  }
  return Number.POSITIVE_INFINITY;
}

function faultyFabric({ cloud }: RandomLab, { tellWrongly, spoil }: Defect): Fabric {
  const fabric = new Fabric({ now: () => cloud.now(), deliver: () => {} });
  const changes = cloud.snapshot();
  fabric.apply(tellWrongly ? tellWrongly(changes, cloud.model) : changes);
  spoil?.(fabric.network);
  return fabric;
}

describe('the oracle notices', () => {
  it.each(DEFECTS.map((defect) => [defect.name, defect] as const))(
    '%s',
    async (_name, defect) => {
      expect(await questionsUntilNoticed(defect)).toBeLessThanOrEqual(CLOUDS * QUESTIONS_A_CLOUD);
    },
    300_000,
  );

  it('nothing where nothing is wrong', async () => {
    for (let cloud = 0; cloud < CLOUDS; cloud++) {
      const { lab, questions } = await examOf(FIRST_SEED + cloud);
      for (const { input, sound } of questions) {
        expect(judge(lab.cloud.model, input, sound).differences, JSON.stringify(input)).toEqual([]);
      }
    }
  }, 300_000);
});
