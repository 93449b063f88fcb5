/** Real time of a lab, on which BGP runs: it passes when it is told to. */

import type { ModelReader } from '../../src/model/model.ts';

/** Longer than a silent session is held, of Direct Connect and of others (H-078). */
const HELD_MILLIS = { circuit: 95_000, other: 36_000 } as const;

function hasTunnels(model: ModelReader): boolean {
  return [...model.all('site')].some(
    ({ uplink }) => uplink.kind === 'transit-gateway-connect-peer',
  );
}

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

export class SimulatedTime {
  #millis = 0;
  readonly #waiting = new Set<Waiting>();

  readonly micros = (): number => this.#millis * 1000;

  readonly setTimer = (millis: number, callback: () => void): (() => void) => {
    const waiting = { at: this.#millis + millis, callback };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  };

  /**
   * Lets every session end that will, and come up that can. Most follow from what is told: time has
   * to pass for devices that have fallen silent, and where others carry a Connect peer's packets.
   */
  settle(model: ModelReader): void {
    const silent = [...model.all('site')].flatMap(({ links }) =>
      Object.keys(links).filter((id) => links[id] === 'unreachable'),
    );
    const dying = [...model.all('bgp-session')].filter(
      ({ established, linkId }) => established && silent.includes(linkId),
    );
    if (dying.some(({ linkId }) => linkId.startsWith('dxvif-'))) this.pass(HELD_MILLIS.circuit);
    else if (dying.length > 0 || hasTunnels(model)) this.pass(HELD_MILLIS.other);
  }

  pass(millis: number): void {
    const end = this.#millis + millis;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#waiting.delete(next);
      this.#millis = Math.max(this.#millis, next.at);
      next.callback();
    }
    this.#millis = end;
  }

  #next(end: number): Waiting | undefined {
    let first: Waiting | undefined;
    for (const one of this.#waiting) {
      if (one.at <= end && (first === undefined || one.at < first.at)) first = one;
    }
    return first;
  }
}
