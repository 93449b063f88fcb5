/** A bad link: a decorator of any frame transport that loses, repeats, delays and reorders. */
import type { Random } from '../net/random.ts';

export type Transmit = (frame: Uint8Array) => void;

export interface FaultOptions {
  /** Probabilities, 0 to 1, each decided for every frame. */
  readonly loss?: number;
  readonly duplication?: number;
  /** Held back by `reorderMs`, so that frames sent later overtake. */
  readonly reordering?: number;
  readonly reorderMs?: number;
  /** Of every frame, drawn evenly between the two; milliseconds. */
  readonly delayMs?: { readonly from: number; readonly to: number };
  /** The same seed spoils the same frames. */
  readonly random: Random;
  /** Runs something later; the owner of the clock decides when that is. */
  readonly schedule: (afterMs: number, action: () => void) => void;
}

/** Wraps `transmit` in a link with these faults. */
export function withFaults(transmit: Transmit, options: FaultOptions): Transmit {
  const { loss = 0, duplication = 0, random } = options;
  return (frame) => {
    if (random.chance(loss)) return;
    const copies = random.chance(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = delayOf(options);
      // A frame is its taker's to change: each copy is one of its own.
      const bytes = copy === 0 ? frame : frame.slice();
      if (late === 0) transmit(bytes);
      else options.schedule(late, () => transmit(bytes));
    }
  };
}

function delayOf({ delayMs, reordering = 0, reorderMs = 10, random }: FaultOptions): number {
  const base = delayMs ? delayMs.from + random.below(delayMs.to - delayMs.from + 1) : 0;
  return random.chance(reordering) ? base + reorderMs : base;
}
