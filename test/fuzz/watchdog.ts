/** Ends the process when a step takes too long, and says which one it was. */
import { Worker } from 'node:worker_threads';
import { PHASES, type Phase } from './options.ts';

export interface Watchdog {
  /** A step begins. */
  beat(phase: Phase, seed: number, index: number): void;
  stop(): Promise<void>;
}

/** What the watcher reads: a count of beats, and where the fuzzer is. */
export interface Pulse {
  readonly places: Int32Array;
  readonly patienceMillis: number;
}

export function startWatchdog(patienceMillis: number): Watchdog {
  const places = new Int32Array(new SharedArrayBuffer(16));
  const pulse: Pulse = { places, patienceMillis };
  const thread = new Worker(new URL('./watchdog-thread.ts', import.meta.url), {
    workerData: pulse,
  });
  thread.unref();
  return {
    beat(phase, seed, index) {
      places[1] = PHASES.indexOf(phase);
      places[2] = seed;
      places[3] = index;
      places[0] = places[0]! + 1;
    },
    stop: async () => {
      await thread.terminate();
    },
  };
}
