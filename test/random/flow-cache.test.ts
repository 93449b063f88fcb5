/** A fabric that remembers the ways of flows does with every frame what one that walks them does. */
import { describe, expect, it } from 'vitest';
import { type Endpoint, endpointKey } from '../../src/fabric/endpoint.ts';
import { Fabric, type FabricOptions } from '../../src/fabric/fabric.ts';
import type { Random } from '../../src/net/random.ts';
import { toHex } from '../../src/wire/bytes.ts';
import { changeSomething } from './change.ts';
import { answerTo, randomFlow, type SentFrame } from './frames.ts';
import { randomLab } from './topology.ts';

const CLOUDS = 12;
const STEPS = 1500;
/** Frames that are sent again and again, besides new ones. */
const POOL = 40;

/** A fabric and everything it has done, in words. */
class Subject {
  readonly fabric: Fabric;
  readonly delivered: SentFrame[] = [];
  readonly #log: string[] = [];

  constructor(now: () => number, options: Partial<FabricOptions>) {
    this.fabric = new Fabric({
      now,
      deliver: (to, bytes) => {
        this.#log.push(`to ${endpointKey(to)}: ${toHex(bytes)}`);
        this.delivered.push({ from: to, bytes: bytes.slice() });
      },
      watch: {
        sent: () => {},
        dropped: (from, _packet, { reason, station }) => {
          this.#log.push(`${from && endpointKey(from)}: ${reason} at ${station.resource}`);
        },
      },
      ...options,
    });
  }

  /** What becomes of a frame, and what is left behind. */
  carry(from: Endpoint, bytes: Uint8Array): string {
    this.#log.length = this.delivered.length = 0;
    this.fabric.send(from, bytes.slice());
    this.fabric.drain();
    return [...this.#log, `${this.fabric.sessionCount} sessions`].join('\n');
  }
}

describe('remembered ways', () => {
  it('A-072 A-073 lead where walking leads, whatever changes meanwhile', async () => {
    let known = 0;
    for (let seed = 2001; seed <= 2000 + CLOUDS; seed++) known += await compareOnCloud(seed);
    // Otherwise nothing has been compared.
    expect(known).toBeGreaterThan((CLOUDS * STEPS) / 20);
  }, 120_000);
});

/** @returns how many packets went a way that was known */
async function compareOnCloud(seed: number): Promise<number> {
  const { lab, ...builder } = await randomLab(seed);
  const { random } = builder;
  let now = lab.cloud.now();
  const walking = new Subject(() => now, { cachedFlowsMax: 0 });
  const knowing = new Subject(() => now, {});
  // Soon full: it forgets everything again and again.
  const forgetful = new Subject(() => now, { cachedFlowsMax: 6 });
  const subjects = [walking, knowing, forgetful];
  for (const { fabric } of subjects) fabric.apply(lab.cloud.snapshot());
  lab.cloud.subscribe((changes) => {
    for (const { fabric } of subjects) fabric.apply(changes);
  });
  const pool: SentFrame[] = [];
  for (let step = 0; step < STEPS; step++) {
    if (random.chance(0.02)) await changeSomething(builder);
    if (random.chance(0.05)) now += pause(random);
    const frame = nextFrame(pool, random, () => randomFlow(builder));
    if (frame === undefined) continue;
    const expected = walking.carry(frame.from, frame.bytes);
    for (const subject of [knowing, forgetful]) {
      const found = subject.carry(frame.from, frame.bytes);
      if (found !== expected) {
        expect(`${found}\nseed ${seed}, step ${step}`).toBe(expected);
      }
    }
    // Whoever got it answers; sooner or later.
    for (const arrived of walking.delivered) {
      const answer = answerTo(arrived, random);
      if (answer !== undefined && pool.length < POOL * 2) pool.push(answer);
    }
  }
  return knowing.fabric.counters.known;
}

/** An old frame mostly; the pool forgets one for each that comes. */
function nextFrame(
  pool: SentFrame[],
  random: Random,
  make: () => SentFrame | undefined,
): SentFrame | undefined {
  if (pool.length > 0 && random.chance(0.85)) return random.pick(pool);
  const made = make();
  if (made === undefined) return undefined;
  if (pool.length >= POOL) pool[random.below(pool.length)] = made;
  else pool.push(made);
  return made;
}

/** Moments, and at times longer than flows live. */
function pause(random: Random): number {
  return random.pick([1, 900, 31_000, 181_000, 601_000, 432_000_000]);
}
