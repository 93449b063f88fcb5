/** Clouds to measure: built through commands, without quotas, in memory unless told otherwise. */
import { Lab } from '../../src/server/lab.ts';
import type { Store } from '../../src/store/store.ts';

export const SCOPE = { account: '111111111111', region: 'us-east-1' } as const;

/** Keeps nothing: what is measured beside it is the disk. */
export const NOWHERE: Store = {
  load: async () => [],
  commit: async () => {},
  close: async () => {},
};

export function openLab(store: Store = NOWHERE): Promise<Lab> {
  return Lab.open({
    store,
    seed: 1,
    transitions: 'instant',
    quotas: false,
    zones: { shuffled: false, seed: 1 },
    realNow: () => Date.now(),
    micros: () => performance.now() * 1000,
    setTimer: () => () => {},
    onStoreFailure: (error) => {
      throw error;
    },
    onDefect: (error) => {
      throw error;
    },
  });
}
