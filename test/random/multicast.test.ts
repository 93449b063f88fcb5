/** Transit gateway multicast in random clouds: probe, trace and oracle agree on who gets what. */
import { describe, expect, it } from 'vitest';
import { Fabric } from '../../src/fabric/fabric.ts';
import type { Reason } from '../../src/fabric/reason.ts';
import { formatIp } from '../../src/net/ip.ts';
import type { Lab } from '../../src/server/lab.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { trace } from '../../src/server/trace.ts';
import { type Judge, membershipsOf } from '../oracle/igmp.ts';
import { newWorld } from '../oracle/world.ts';
import type { Changes } from './builder.ts';
import { changeOneOf } from './change.ts';
import { instanceChanges } from './kinds/instance.ts';
import { interfaceChanges } from './kinds/interface.ts';
import { multicastLab } from './kinds/multicast.ts';
import { multicastChanges } from './kinds/multicast-change.ts';
import { networkAclChanges } from './kinds/network-acl.ts';
import { securityGroupChanges } from './kinds/security-group.ts';
import { transitGatewayChanges } from './kinds/transit-gateway-change.ts';
import { compareGroup, randomGroupQuestion } from './multicast-question.ts';

const CLOUDS = 16;
const QUESTIONS_A_CLOUD = 250;
const OFTEN = 10;
/** Three queries unanswered, and one more for whoever was out of step. */
const SETTLED_MILLIS = 10 * 60_000;

/** What becomes of packets to groups. */
const MET: readonly Reason[] = [
  'MULTICAST_NOT_SUPPORTED',
  'MULTICAST_NO_MEMBERS',
  'MULTICAST_SOURCE_NOT_REGISTERED',
  'MULTICAST_FRAGMENTS_NOT_SUPPORTED',
  'TGW_ATTACH_IPV6_NOT_SUPPORTED',
  'MTU_EXCEEDED',
  'TTL_EXPIRED',
  'BAD_STATE',
  'SUBNET_ACL_RESTRICTION',
  'ENI_SG_RULES_MISMATCH',
  'SG_HAS_NO_RULES',
  'SG_REFERENCES_NOT_PRESERVED',
];

describe('multicast in random clouds', () => {
  it('C-118 C-121 C-122 C-134 probe, trace and oracle agree on the receivers', async () => {
    const reasons = new Map<Reason | undefined, number>();
    let asked = 0;
    let reachable = 0;
    let several = 0;
    for (let seed = 1; seed <= CLOUDS; seed++) {
      const { lab, ...builder } = await multicastLab(seed);
      for (let index = 0; index < QUESTIONS_A_CLOUD; index++) {
        const question = randomGroupQuestion(builder);
        if (question === undefined) continue;
        const { forward, receivers } = agreed(lab, question, `seed ${seed}, question ${index}`);
        asked += 1;
        if (receivers!.length > 0) reachable += 1;
        if (receivers!.length > 1) several += 1;
        for (const { reason } of [forward, ...(forward.outcomes ?? [])]) {
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
      }
    }
    expect(reachable / asked).toBeGreaterThan(0.3);
    expect(reachable / asked).toBeLessThan(0.7);
    expect(several / asked).toBeGreaterThan(0.15);
    expect(MET.filter((reason) => (reasons.get(reason) ?? 0) < OFTEN)).toEqual([]);
  }, 600_000);

  it('C-119 C-120 C-123 those are members by IGMP who hear queries and are heard', async () => {
    let members = 0;
    let wanted = 0;
    for (let seed = 101; seed <= 100 + CLOUDS; seed++) {
      const { lab } = await multicastLab(seed);
      await lab.cloud.advance(SETTLED_MILLIS);
      expect(byIgmp(lab), `seed ${seed}`).toEqual(expected(lab, 'ACLs and groups'));
      members += byIgmp(lab).length;
      wanted += expected(lab, 'nobody').length;
    }
    expect(members).toBeGreaterThan(50);
    expect(wanted - members).toBeGreaterThan(15);
  }, 600_000);
});

const CHANGES: Changes = [
  ...multicastChanges,
  ...multicastChanges,
  ...networkAclChanges,
  ...securityGroupChanges,
  ...instanceChanges,
  ...interfaceChanges,
  ...transitGatewayChanges,
];
const SEQUENCES = 8;
const CHANGES_A_CLOUD = 60;
const QUESTIONS_A_CHANGE = 5;

describe('random changes of multicast', () => {
  it('leave the tables as a fresh compilation makes them', async () => {
    for (let seed = 1001; seed <= 1000 + SEQUENCES; seed++) {
      const { lab, ...builder } = await multicastLab(seed);
      for (let count = 1; count <= CHANGES_A_CLOUD; count++) {
        const change = await changeOneOf(builder, CHANGES);
        const fresh = new Fabric({ now: () => lab.cloud.now(), deliver: () => {} });
        fresh.apply(lab.cloud.snapshot());
        for (let index = 0; index < QUESTIONS_A_CHANGE; index++) {
          const question = randomGroupQuestion(builder);
          if (question === undefined) continue;
          const where = `seed ${seed}, change ${count} (${change}), question ${index}`;
          const told = agreed(lab, question, where);
          expect(told, where).toEqual(trace(fresh.network, question, lab.cloud.now()));
        }
      }
      await lab.cloud.advance(SETTLED_MILLIS);
      const possible = expected(lab, 'ACLs');
      expect(byIgmp(lab).filter((one) => !possible.includes(one))).toEqual([]);
    }
  }, 600_000);
});

/** The answer of a trace that all others give as well. */
function agreed(lab: Lab, question: QuestionInput, where: string) {
  const { differences, probe, trace: told, oracle } = compareGroup(lab, question);
  if (differences.length === 0) return told;
  const answers = [probe, told, oracle].map((answer) => JSON.stringify(answer));
  expect.fail([where, JSON.stringify(question), ...differences, ...answers].join('\n'));
}

function expected({ cloud: { model } }: Lab, judge: Judge): string[] {
  return membershipsOf(
    newWorld(model, ([only]) => only!),
    judge,
  );
}

/** `DOMAIN GROUP INTERFACE`, sorted. */
function byIgmp({ cloud: { model } }: Lab): string[] {
  return [...model.all('transit-gateway-multicast-group-entry')]
    .filter(({ origin }) => origin === 'igmp')
    .map((one) => `${one.domainId} ${formatIp(one.group)} ${one.networkInterfaceId}`)
    .sort();
}
