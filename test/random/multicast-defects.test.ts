/** Mistakes put into what carries multicast: the oracle notices each. */
import { describe, expect, it } from 'vitest';
import { Fabric } from '../../src/fabric/fabric.ts';
import { trace } from '../../src/server/trace.ts';
import type { Defect } from './defects/defect.ts';
import { multicastDefects } from './defects/multicast.ts';
import { multicastLab } from './kinds/multicast.ts';
import { judgeGroup, randomGroupQuestion } from './multicast-question.ts';
import type { RandomLab } from './topology.ts';

const CLOUDS = 8;
const QUESTIONS_A_CLOUD = 200;

function faultyFabric({ cloud }: RandomLab, { tellWrongly, spoil }: Defect): Fabric {
  const fabric = new Fabric({ now: () => cloud.now(), deliver: () => {} });
  const changes = cloud.snapshot();
  fabric.apply(tellWrongly ? tellWrongly(changes, cloud.model) : changes);
  spoil?.(fabric.network);
  return fabric;
}

async function isNoticed(defect: Defect): Promise<boolean> {
  for (let seed = 1; seed <= CLOUDS; seed++) {
    const made = await multicastLab(seed);
    const { network } = faultyFabric(made, defect);
    for (let index = 0; index < QUESTIONS_A_CLOUD; index++) {
      const input = randomGroupQuestion(made);
      if (input === undefined) continue;
      const answer = trace(network, input, made.cloud.now());
      if (!judgeGroup(made.cloud.model, input, answer).agrees) return true;
    }
  }
  return false;
}

describe('the oracle of multicast notices', () => {
  it.each(multicastDefects.map((defect) => [defect.name, defect] as const))(
    '%s',
    async (_name, defect) => {
      expect(await isNoticed(defect)).toBe(true);
    },
  );

  it('nothing where nothing is wrong', async () => {
    expect(await isNoticed({ name: 'sound' })).toBe(false);
  });
});
