/** The answer to a question that goes to a multicast group: one packet, and each copy's fate. */
import type { Answer, Observed, Question } from './question.ts';
import type { CopyOutcome, Trace } from './trace.ts';

/** One copy of the question's packet. */
export interface Copy {
  /** The member it was for. */
  readonly interfaceId: string;
  readonly instanceId: string | undefined;
  readonly trace: Trace;
}

export interface GroupWay {
  /** Of the packet, until it was copied or dropped. */
  readonly original: Trace;
  /** In whatever order. */
  readonly copies: readonly Copy[];
  /** Instances that took the message, in whatever order; an instance may be there twice. */
  readonly receivers: readonly string[];
  /** What each of them sees of it. */
  readonly observed: Observed;
}

export function groupAnswer({ sourcePort }: Question, way: GroupWay): Answer {
  const copies = way.copies.toSorted((a, b) => (a.interfaceId < b.interfaceId ? -1 : 1));
  const receivers = [...new Set(way.receivers)].sort();
  const outcomes = copies.map(outcomeOf);
  const arrives = outcomes.some(({ disposition }) => disposition === 'delivered');
  return {
    reachable: receivers.length > 0,
    receivers,
    forward: {
      ...fateOf(way.original, outcomes),
      hops: way.original.hops,
      copies: copies.map(({ trace }) => trace.hops),
      outcomes,
    },
    return: null,
    observed: arrives ? way.observed : null,
    sourcePort,
  };
}

function outcomeOf({ interfaceId, instanceId, trace }: Copy): CopyOutcome {
  const { hops: _, copies: __, outcomes: ___, ...fate } = trace;
  const instance = instanceId === undefined ? {} : { instance: instanceId };
  return { networkInterface: interfaceId, ...instance, ...fate };
}

/** It is delivered when one copy is; where none is, the first tells why. */
function fateOf(original: Trace, outcomes: readonly CopyOutcome[]): Omit<Trace, 'hops'> {
  const [first] = outcomes;
  if (first === undefined) {
    const { hops: _, ...fate } = original;
    return fate;
  }
  if (outcomes.some(({ disposition }) => disposition === 'delivered')) {
    return { disposition: 'delivered' };
  }
  const { networkInterface: _, instance: __, ...fate } = first;
  return fate;
}
