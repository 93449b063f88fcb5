/** A question to a multicast group, answered from the tables, nothing sent. */
import type { Network } from './compile/state.ts';
import { entrance } from './endpoint.ts';
import { type Copy, groupAnswer } from './group-answer.ts';
import { listenOf, listensOn } from './listen.ts';
import { type Answer, observe, type Question } from './question.ts';
import { firstPacket } from './question-packet.ts';
import { SessionTable } from './session.ts';
import { TraceRecorder } from './trace.ts';
import { TranslationTable } from './translation.ts';
import { type Flows, walkCopy, walkThrough } from './walk.ts';

export function explainGroup(network: Network, question: Question, now: number): Answer {
  const flows: Flows = { sessions: new SessionTable(), translations: new TranslationTable() };
  const packet = firstPacket(question);
  const original = new TraceRecorder();
  const verdict = walkThrough(entrance(network, question.from)!, packet, flows, now, original);
  const copies: Copy[] = [];
  if (verdict.disposition === 'copied') {
    const { group, sender } = verdict;
    for (const member of group.members.values()) {
      if (member.node === sender) continue;
      const recorder = new TraceRecorder(original);
      walkCopy(member, packet, flows, now, recorder);
      const { id: interfaceId, instanceId } = member.node;
      copies.push({ interfaceId, instanceId, trace: recorder.trace() });
    }
  }
  return groupAnswer(question, {
    original: original.trace(),
    copies,
    receivers: copies.flatMap((copy) => receiverOf(network, question, copy)),
    observed: observe(packet, undefined),
  });
}

/**
 * Only UDP is taken by many: who has opened the port. RFC 1122 section 3.2.1.3: nobody takes a
 * message from an address of its own, which somebody in another VPC may have as well.
 */
function receiverOf(
  network: Network,
  { source, protocol, port }: Question,
  { interfaceId, instanceId, trace }: Copy,
): string[] {
  if (trace.disposition === 'dropped' || protocol !== 'udp') return [];
  if (network.interfaces.get(interfaceId)?.own.get(source) !== undefined) return [];
  const isOpen = listensOn(listenOf(network, interfaceId), 'udp', port);
  return isOpen && instanceId !== undefined ? [instanceId] : [];
}
