/** Random clouds: a seed makes the same one each time. */
import { Random } from '../../src/net/random.ts';
import { Lab } from '../../src/server/lab.ts';
import type { Store } from '../../src/store/store.ts';
import type { Builder } from './builder.ts';
import { changeSomething } from './change.ts';
import { SimulatedTime } from './simulated-time.ts';
import { buildSkeleton } from './skeleton.ts';

const NEW_YEAR = Date.UTC(2026, 0, 1);
const CHANGES = 24;

export interface RandomLab extends Builder {
  readonly lab: Lab;
  readonly time: SimulatedTime;
}

/** A lab with nothing in it, whose clock stands still. */
export async function emptyLab(seed: number, time = new SimulatedTime()): Promise<Lab> {
  return Lab.open({
    store: nowhere(),
    realNow: () => NEW_YEAR,
    seed,
    transitions: 'fast',
    quotas: false,
    // Every second cloud as AWS had it once: each account has names of its own for zones.
    zones: { shuffled: seed % 2 === 1, seed },
    // Only `advance` lets anything of the cloud become due.
    setTimer: time.setTimer,
    onStoreFailure: (error) => {
      throw error;
    },
    onDefect: (error) => {
      throw error;
    },
    micros: time.micros,
  });
}

export async function randomLab(seed: number): Promise<RandomLab> {
  const time = new SimulatedTime();
  const lab = await emptyLab(seed, time);
  const builder = { lab, time, cloud: lab.cloud, random: new Random(seed) };
  await buildSkeleton(builder);
  for (let index = 0; index < CHANGES; index++) await changeSomething(builder);
  time.settle(builder.cloud.model);
  return builder;
}

function nowhere(): Store {
  return { load: async () => [], commit: async () => {}, close: async () => {} } as Store;
}
