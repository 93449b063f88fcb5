/** One question, put to the data plane twice and to the oracle: where they differ. */
import type { Answer } from '../../src/fabric/question.ts';
import type { Lab } from '../../src/server/lab.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { askOracle, type OracleAnswer } from '../oracle/oracle.ts';

export interface Comparison {
  readonly probe: Answer;
  readonly trace: Answer;
  readonly oracle: OracleAnswer;
  /** What differs; empty where all three agree. */
  readonly differences: readonly string[];
}

export function compare(lab: Lab, question: QuestionInput): Comparison {
  const probe = lab.probe(question);
  const trace = lab.trace(question);
  const sourcePort = question.sourcePort ?? trace.sourcePort;
  const oracle = askOracle(lab.cloud.model, { ...question, sourcePort });
  const differences = [
    ...differ('probe and trace', whole(probe), whole(trace)),
    ...differ('trace and oracle', verdict(trace), verdict(oracle)),
  ];
  return { probe, trace, oracle, differences };
}

/** Whether two answers tell different stories: verdict, reason, place, what the far end saw. */
export function verdictsDiffer(a: Answer | OracleAnswer, b: Answer | OracleAnswer): boolean {
  return differ('', verdict(a), verdict(b)).length > 0;
}

/** All that a probe and a trace both tell. */
function whole({ reachable, forward, return: back, observed, sourcePort }: Answer) {
  return { reachable, forward, return: back, observed, sourcePort };
}

function verdict({ reachable, forward, return: back, observed }: Answer | OracleAnswer) {
  return { reachable, forward: short(forward), return: back && short(back), observed };
}

function short({ disposition, reason, at }: OracleAnswer['forward']) {
  return { disposition, reason, at };
}

function differ(who: string, a: object, b: object): string[] {
  return Object.keys(a).flatMap((name) => {
    const [one, other] = [a, b].map((answer) => canonical(answer[name as never]));
    return one === other ? [] : [`${who}: ${name}\n    ${one}\n    ${other}`];
  });
}

/** JSON with members in order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
