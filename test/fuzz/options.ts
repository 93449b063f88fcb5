/** What `npm run fuzz` can be told. */
import { parseArgs } from 'node:util';

export const PHASES = ['calls', 'imports', 'http', 'frames'] as const;
export type Phase = (typeof PHASES)[number];

export interface FuzzOptions {
  /** Calls that are refused, in all. */
  readonly calls: number;
  readonly frames: number;
  readonly seed: number;
  readonly phases: readonly Phase[];
  /** The one episode to run again, by its own seed. */
  readonly episode: number | undefined;
}

export const USAGE = `npm run fuzz -- [--calls N] [--frames N] [--seed N] [--only ${PHASES.join('|')}] [--episode N]`;

/** @throws Error about what cannot be meant */
export function readOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '200000' },
      frames: { type: 'string', default: '2000000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      episode: { type: 'string' },
    },
  });
  const { only } = values;
  const phases = PHASES.filter((phase) => only === undefined || phase === only);
  if (phases.length === 0) throw new Error(`there is no phase '${only}'`);
  return {
    calls: wholeNumber('calls', values.calls),
    frames: wholeNumber('frames', values.frames),
    seed: wholeNumber('seed', values.seed),
    phases,
    episode: values.episode === undefined ? undefined : wholeNumber('episode', values.episode),
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number, not '${text}'`);
}
