/** Whether memory stays flat: what is in use after a collection, at intervals. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Sample {
  /** Octets in use by objects and buffers. */
  readonly used: number;
  readonly resident: number;
}

let collect: (() => void) | undefined;

export function sampleMemory(): Sample {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, resident: rss };
}

/** Growth that is no leak: compiled code, caches that fill. */
const GROWTH_OCTETS = 8 * 1024 * 1024;
const GROWTH_SHARE = 1.1;
const SAMPLES_MIN = 8;

/** What is wrong with a series of samples; the first quarter is for warming up. */
export function growthFault(samples: readonly Sample[]): string | undefined {
  if (samples.length < SAMPLES_MIN) return undefined;
  const quarter = samples.length >> 2;
  const early = median(samples.slice(quarter, 2 * quarter));
  const late = median(samples.slice(-quarter));
  if (late <= early * GROWTH_SHARE + GROWTH_OCTETS) return undefined;
  return `memory grew from ${megabytes(early)} to ${megabytes(late)}`;
}

export function median(samples: readonly Sample[]): number {
  const sorted = samples.map(({ used }) => used).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

export function megabytes(octets: number): string {
  return `${(octets / 1024 / 1024).toFixed(1)} MB`;
}
