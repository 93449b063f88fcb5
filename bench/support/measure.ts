/** Timing by plain loops: medians of several rounds, so that a pause of the machine shows less. */

export interface Spread {
  readonly median: number;
  readonly p90: number;
}

/** Rounds that only warm up, and rounds that count. */
const WARM_UP = 3;
const ROUNDS = 9;

/**
 * Nanoseconds of this thread's own time that an operation takes, whatever else the machine does:
 * median over rounds of `run`, which does `count` of them.
 */
export function nanosEach(count: number, run: () => void): number {
  const samples: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const begin = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(begin);
    if (round >= WARM_UP) samples.push(((user + system) * 1000) / count);
  }
  return spreadOf(samples).median;
}

/** How long each of several calls took, in milliseconds. */
export async function millisOf(count: number, call: (index: number) => unknown): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const begin = performance.now();
    await call(index);
    samples.push(performance.now() - begin);
  }
  return samples;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), p90: at(0.9) };
}

/** Three significant digits, no exponent. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros));
}

export function ratio(value: number, base: number): string {
  return `${digits(value / base)}×`;
}
