/** What a disagreement looks like to whoever has to mend it. */
import type { Lab } from '../../src/server/lab.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { type Comparison, compare } from './compare.ts';

export interface Place {
  readonly seed: number;
  /** Changes made before the question. */
  readonly changes: number;
  /** Questions asked before it, since the last change. */
  readonly index: number;
}

export function report(
  { seed, changes, index }: Place,
  lab: Lab,
  question: QuestionInput,
  { differences, probe, trace, oracle }: Comparison,
): string {
  const lines = [
    `seed ${seed}, change ${changes}, question ${index}: ${JSON.stringify(question)}`,
    ...differences,
    `probe:  ${JSON.stringify(probe)}`,
    `trace:  ${JSON.stringify(trace)}`,
    `oracle: ${JSON.stringify(oracle)}`,
    `smallest: ${JSON.stringify(shrink(lab, question))}`,
    `again: scripts/node test/random/replay.ts ${seed} ${index} ${changes}`,
  ];
  return lines.join('\n');
}

/** The question without whatever it can do without and still divide them. */
export function shrink(lab: Lab, question: QuestionInput): QuestionInput {
  const optional = ['size', 'ttl', 'dontFragment', 'sourcePort', 'port', 'protocol'] as const;
  let smallest = question;
  for (const name of optional) {
    const { [name]: _, ...less } = smallest;
    if (name in smallest && compare(lab, less).differences.length > 0) smallest = less;
  }
  return smallest;
}
