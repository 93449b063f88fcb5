/** Probe, trace and oracle answer alike; so does a fabric that saw every change. */
import { describe, expect, it } from 'vitest';
import { Fabric } from '../../src/fabric/fabric.ts';
import type { Answer } from '../../src/fabric/question.ts';
import { REASON_CODES, type Reason } from '../../src/fabric/reason.ts';
import type { Lab } from '../../src/server/lab.ts';
import { trace } from '../../src/server/trace.ts';
import { changeSomething } from './change.ts';
import { compare } from './compare.ts';
import { randomQuestion } from './question.ts';
import { report } from './report.ts';
import { QUESTIONS_A_CHANGE } from './sizes.ts';
import { randomLab } from './topology.ts';

const CLOUDS = 60;
const QUESTIONS_A_CLOUD = 450;

/** Which reasons no question can meet: each asks about one new flow. */
const NEVER: readonly Reason[] = [
  // One flow takes a port each time it is translated: as often as its time to live allows.
  'PORT_ALLOCATION_ERROR',
  // Packets to groups have random clouds of their own (multicast.test.ts).
  'MULTICAST_NO_MEMBERS',
  'MULTICAST_SOURCE_NOT_REGISTERED',
  'MULTICAST_FRAGMENTS_NOT_SUPPORTED',
  // Who asks sends no GRE himself, and what gateways and appliances make is well formed and whole.
  'GRE_MALFORMED',
  'GRE_FRAGMENTS_NOT_SUPPORTED',
];
const OFTEN = 20;

describe('random clouds', () => {
  it('A-024 B-040 C-061 H-048 probe, trace and oracle agree on 20,000 questions', async () => {
    const reasons = new Map<Reason | undefined, number>();
    let reachable = 0;
    for (let seed = 1; seed <= CLOUDS; seed++) {
      const { lab, ...builder } = await randomLab(seed);
      for (let index = 0; index < QUESTIONS_A_CLOUD; index++) {
        const question = randomQuestion(builder);
        const comparison = compare(lab, question);
        const { oracle, differences } = comparison;
        if (differences.length > 0) {
          expect.fail(report({ seed, changes: 0, index }, lab, question, comparison));
        }
        if (oracle.reachable) reachable += 1;
        for (const trace of [oracle.forward, oracle.return]) {
          reasons.set(trace?.reason, (reasons.get(trace?.reason) ?? 0) + 1);
        }
      }
    }
    const share = reachable / (CLOUDS * QUESTIONS_A_CLOUD);
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
    const rare = REASON_CODES.filter(
      (reason) => (reasons.get(reason) ?? 0) < OFTEN && !NEVER.includes(reason),
    );
    expect(rare).toEqual([]);
    expect(NEVER.filter((reason) => reasons.has(reason))).toEqual([]);
  }, 600_000);
});

const SEQUENCES = 20;
const CHANGES = 60;

describe('random changes', () => {
  it('leave the tables as a fresh compilation makes them', async () => {
    for (let seed = 1001; seed <= 1000 + SEQUENCES; seed++) {
      const { lab, time, ...builder } = await randomLab(seed);
      for (let changes = 1; changes <= CHANGES; changes++) {
        const change = await changeSomething(builder);
        time.settle(builder.cloud.model);
        const fresh = freshFabric(lab);
        for (let index = 0; index < QUESTIONS_A_CHANGE; index++) {
          const question = randomQuestion(builder);
          const comparison = compare(lab, question);
          const expected = trace(fresh.network, question, lab.cloud.now());
          const same = equal(comparison.trace, expected);
          if (same && comparison.differences.length === 0) continue;
          const where = { seed, changes, index };
          const text = report(where, lab, question, comparison);
          expect.fail(`after ${change}:\n${text}\nfresh: ${JSON.stringify(expected, null, 1)}`);
        }
      }
    }
  }, 600_000);
});

/** A fabric that learns of the cloud as it is now, all at once. */
function freshFabric({ cloud }: Lab): Fabric {
  const fabric = new Fabric({ now: () => cloud.now(), deliver: () => {} });
  fabric.apply(cloud.snapshot());
  return fabric;
}

function equal(a: Answer, b: Answer): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
