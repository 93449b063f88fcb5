/** What a question is answered whose name nobody resolves: it ends where the name was asked. */
import type { Answer } from '../fabric/question.ts';
import { reasonSentence } from '../fabric/reason.ts';
import type { Hop } from '../fabric/trace.ts';
import type { NamedQuestion } from './question.ts';

/** Dropped at the asker's VPC; from outside, at the Internet's own name servers. */
export function unresolved({ name, vpcId, header, sourcePort }: NamedQuestion): Answer {
  const at = vpcId ?? 'internet';
  const reason = 'NAME_NOT_RESOLVED';
  const kind = vpcId === undefined ? 'internet' : 'vpc';
  const hop: Hop = { kind, resource: at, direction: 'egress', packet: header };
  const message = `${reasonSentence(reason, at, name)} (${name})`;
  return {
    reachable: false,
    forward: { disposition: 'dropped', reason, at, message, hops: [hop] },
    return: null,
    observed: null,
    sourcePort,
  };
}
