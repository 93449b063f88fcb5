/** Mistakes put into the compiled tables, or into what the compiler is told: each is noticed. */
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/fabric/explain.ts';
import { Fabric } from '../../src/fabric/fabric.ts';
import { resolveQuestion } from '../../src/server/question.ts';
import { judge } from './compare.ts';
import { DEFECTS, type Defect } from './defects.ts';
import { randomQuestion } from './question.ts';
import { type RandomLab, randomLab } from './topology.ts';

const CLOUDS = 40;
const QUESTIONS_A_CLOUD = 250;
const FIRST_SEED = 1;

/** Questions asked until the oracle disagrees with a fabric that has the defect. */
async function questionsUntilNoticed(defect: Defect): Promise<number> {
  for (let cloud = 0; cloud < CLOUDS; cloud++) {
    const builder = await randomLab(FIRST_SEED + cloud);
    const fabric = faultyFabric(builder, defect);
    for (let index = 0; index < QUESTIONS_A_CLOUD; index++) {
      if (disagrees(builder, fabric)) return cloud * QUESTIONS_A_CLOUD + index + 1;
    }
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

function disagrees(builder: RandomLab, { network }: Fabric): boolean {
  const { cloud } = builder;
  const input = randomQuestion(builder);
  const question = resolveQuestion(network, input);
  if ('name' in question) return false;
  const answer = explain(network, question, cloud.now());
  return judge(cloud.model, input, answer).differences.length > 0;
}

describe('the oracle notices', () => {
  it.each(DEFECTS.map((defect) => [defect.name, defect] as const))('%s', async (_name, defect) => {
    expect(await questionsUntilNoticed(defect)).toBeLessThanOrEqual(CLOUDS * QUESTIONS_A_CLOUD);
  });

  it('nothing where nothing is wrong', async () => {
    const sound = { name: 'sound' };
    expect(await questionsUntilNoticed(sound)).toBe(Number.POSITIVE_INFINITY);
  });
});
