/** A fabric that remembers flows' ways does with every frame what one that walks them does. */
import { describe, expect, it } from 'vitest';
import { type Endpoint, endpointKey } from '../../src/fabric/endpoint.ts';
import { Fabric, type FabricOptions } from '../../src/fabric/fabric.ts';
import type { Random } from '../../src/net/random.ts';
import { toHex } from '../../src/wire/bytes.ts';
import { changeSomething } from './change.ts';
import { answerTo, frameOf, randomTalk, type Talk } from './frames.ts';
import { randomLab } from './topology.ts';

const CLOUDS = 12;
const STEPS = 1500;
/** Directions of flows that go on, besides new ones. */
const POOL = 40;

/** A fabric and everything it has done, in words. */
class Subject {
  readonly fabric: Fabric;
  readonly arrived: { readonly at: Endpoint; readonly bytes: Uint8Array }[] = [];
  readonly #log: string[] = [];

  constructor(now: () => number, options: Partial<FabricOptions>) {
    this.fabric = new Fabric({
      now,
      deliver: (to, bytes) => {
        this.#log.push(`to ${endpointKey(to)}: ${toHex(bytes)}`);
        this.arrived.push({ at: to, bytes });
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
    this.#log.length = this.arrived.length = 0;
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
  const pool: Talk[] = [];
  for (let step = 0; step < STEPS; step++) {
    if (random.chance(0.02)) await changeSomething(builder);
    if (random.chance(0.05)) now += pause(random);
    const talk = nextTalk(pool, random, () => randomTalk(builder));
    if (talk === undefined) continue;
    const frame = frameOf(talk, random);
    const expected = walking.carry(talk.from, frame);
    for (const subject of [knowing, forgetful]) {
      const found = subject.carry(talk.from, frame);
      if (found !== expected) expect.fail(`seed ${seed}, step ${step}: ${found}, not ${expected}`);
    }
    // Whoever got it may answer from now on.
    for (const { at, bytes } of walking.arrived) {
      const answer = answerTo(at, bytes);
      if (answer !== undefined && random.chance(0.3)) put(pool, random, answer);
    }
  }
  return knowing.fabric.counters.known;
}

/** Of a flow that goes on mostly. */
function nextTalk(pool: Talk[], random: Random, make: () => Talk | undefined): Talk | undefined {
  if (pool.length > 0 && random.chance(0.9)) return random.pick(pool);
  const made = make();
  if (made !== undefined) put(pool, random, made);
  return made;
}

/** The pool forgets one for each that comes once it is full. */
function put(pool: Talk[], random: Random, talk: Talk): void {
  if (pool.length >= POOL) pool[random.below(pool.length)] = talk;
  else pool.push(talk);
}

/** Moments, and at times longer than flows live. */
function pause(random: Random): number {
  return random.pick([1, 900, 31_000, 181_000, 601_000, 432_000_000]);
}
