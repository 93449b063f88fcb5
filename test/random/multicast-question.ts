/** Random questions to multicast groups, and where those who answer them differ. */
import type { Answer } from '../../src/fabric/question.ts';
import type { ModelReader } from '../../src/model/model.ts';
import { isIpv4, parseIp } from '../../src/net/ip.ts';
import type { Lab } from '../../src/server/lab.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { askGroup } from '../oracle/multicast.ts';
import { any, type Builder } from './builder.ts';
import { canonical } from './compare.ts';
import { hasFamily, isRunning } from './interface-state.ts';
import { domainOf, GROUPS } from './kinds/multicast.ts';
import { randomSize, randomSourcePort } from './question.ts';
import { PORTS } from './traffic.ts';

/** From whoever has an address like the group's, mostly in a domain; undefined: nobody has. */
export function randomGroupQuestion(builder: Builder): QuestionInput | undefined {
  const { random } = builder;
  const to = random.chance(0.93) ? random.pick(GROUPS) : random.pick(['224.0.0.251', 'ff02::1']);
  const family = isIpv4(parseIp(to)!) ? 4 : 6;
  const anywhere = random.chance(0.1);
  const stopped = random.chance(0.03);
  const asker = any(
    builder,
    'network-interface',
    (eni) =>
      !eni.requesterManaged &&
      hasFamily(eni, family) &&
      isRunning(builder, eni) !== stopped &&
      (anywhere || domainOf(builder, eni.subnetId) !== undefined),
  );
  if (asker === undefined) return undefined;
  const protocol = random.pick(['udp', 'udp', 'udp', 'udp', 'udp', 'udp', 'icmp', 'tcp'] as const);
  return {
    from: asker.id,
    to,
    protocol,
    ...(protocol === 'icmp' ? {} : { port: random.pick(PORTS) }),
    ...(random.chance(0.5) ? {} : { sourcePort: randomSourcePort(random) }),
    ...(random.chance(0.8) ? {} : { size: randomSize(random, protocol, family) }),
    ...(random.chance(0.8) ? {} : { dontFragment: random.chance(0.8) }),
    ...(random.chance(0.94) ? {} : { ttl: 1 + random.below(3) }),
  };
}

export function compareGroup(lab: Lab, question: QuestionInput) {
  const probe = lab.probe(question);
  const trace = lab.trace(question);
  const { oracle, agrees } = judgeGroup(lab.cloud.model, question, trace);
  const differences: string[] = [];
  if (whole(probe) !== whole(trace)) differences.push('probe and trace');
  if (!agrees) differences.push('trace and oracle');
  return { probe, trace, oracle, differences };
}

/** Whether the oracle says the same. */
export function judgeGroup(model: ModelReader, question: QuestionInput, answer: Answer) {
  const { reachable, receivers, observed, sourcePort } = answer;
  const oracle = askGroup(model, { ...question, sourcePort });
  const { disposition, reason, at, outcomes = [] } = answer.forward;
  const forward = { disposition, reason, at, outcomes: outcomes.map(withoutMessage) };
  const agrees = canonical({ reachable, receivers, forward, observed }) === canonical(oracle);
  return { oracle, agrees };
}

/** All that a probe and a trace both tell. */
function whole({ reachable, receivers, forward, return: back, observed, sourcePort }: Answer) {
  return canonical({ reachable, receivers, forward, back, observed, sourcePort });
}

function withoutMessage<T extends { readonly message?: string }>({ message: _, ...rest }: T) {
  return rest;
}
