/** A question to a multicast group: one message sent, and whoever gets it reports so. */
import type { Endpoint } from '../fabric/endpoint.ts';
import { explainGroup } from '../fabric/explain-group.ts';
import type { Observer } from '../fabric/fabric.ts';
import { type Copy, groupAnswer } from '../fabric/group-answer.ts';
import type { CopyTarget } from '../fabric/multicast-group.ts';
import type { InterfaceNode } from '../fabric/node.ts';
import type { Packet } from '../fabric/packet.ts';
import { type Answer, type Observed, observe, type Question } from '../fabric/question.ts';
import { TraceRecorder } from '../fabric/trace.ts';
import type { Recorder } from '../fabric/walk.ts';
import type { Guests } from '../guests/guests.ts';
import { ipEquals } from '../net/ip.ts';
import { exchange, framesMaxOf, isolated, type ProbeAnswer, type ProbeContext } from './probe.ts';

/** @param micros a clock for the time until all have it, in microseconds */
export function probeGroup(
  context: ProbeContext,
  question: Question,
  micros: () => number,
): ProbeAnswer {
  const { fabric, now } = context;
  const witness = new GroupWitness(question);
  const instances: string[] = [];
  let took = 0;
  const run = (guests: Guests) => {
    const host = guests.host(question.from);
    if (host === undefined) return;
    const begin = micros();
    exchange(host, question, () => {});
    fabric.drain();
    took = Math.round(micros() - begin);
  };
  const asking: ProbeContext = {
    ...context,
    onObserved: (at, { protocol, destination }) => {
      const node = at.kind === 'interface' ? fabric.network.interfaces.get(at.id) : undefined;
      if (protocol !== 'udp' || !ipEquals(destination, question.destination)) return;
      if (node?.instanceId !== undefined) instances.push(node.instanceId);
    },
  };
  isolated(asking, witness, run, framesMaxOf(question));
  // A host that refuses to send (too big for its own link) put nothing on the wire.
  const answer =
    witness.packets === 0
      ? explainGroup(fabric.network, question, now())
      : witness.answer(instances);
  return { ...answer, packets: witness.packets, rttMicros: answer.reachable ? took : 0 };
}

/** Sees the question's packet, and each copy that is made of it. */
class GroupWitness implements Observer {
  readonly #question: Question;
  readonly #copies: Copy[] = [];
  /** The copy that is on its way. */
  #current: { readonly recorder: TraceRecorder; readonly member: InterfaceNode } | undefined;
  #original: { readonly recorder: TraceRecorder; readonly observed: Observed } | undefined;
  packets = 0;

  constructor(question: Question) {
    this.#question = question;
  }

  begin(_from: Endpoint | undefined, packet: Packet): Recorder {
    this.packets += 1;
    const recorder = new TraceRecorder();
    // The first piece, where the message is cut.
    this.#original ??= { recorder, observed: observe(packet, undefined) };
    return recorder;
  }

  copy(original: Recorder | undefined, { node: member }: CopyTarget): Recorder {
    const recorder = new TraceRecorder(original as TraceRecorder);
    this.#current = { recorder, member };
    return recorder;
  }

  end(): void {
    if (this.#current === undefined) return;
    const { recorder, member } = this.#current;
    const { id: interfaceId, instanceId } = member;
    this.#copies.push({ interfaceId, instanceId, trace: recorder.trace() });
    this.#current = undefined;
  }

  answer(receivers: readonly string[]): Answer {
    const { recorder, observed } = this.#original!;
    const copies = this.#copies;
    return groupAnswer(this.#question, {
      original: recorder.trace(),
      copies,
      receivers,
      observed,
    });
  }
}
