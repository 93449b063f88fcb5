/** One question, put to the data plane twice and to the oracle: where they differ. */
import type { Answer } from '../../src/fabric/question.ts';
import type { ModelReader } from '../../src/model/model.ts';
import type { Lab } from '../../src/server/lab.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { askOracle, type OracleAnswer } from '../oracle/oracle.ts';
import { isJoined } from './isolation.ts';

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
  const told = differ('probe and trace', whole(probe), whole(trace));
  const { oracle, differences } = judge(lab.cloud.model, question, trace);
  const crossed = isolationFaults(lab.cloud.model, question, probe);
  return { probe, trace, oracle, differences: [...told, ...differences, ...crossed] };
}

/** The answer of the oracle's that this one is, or else its first and what differs from it. */
export function judge(
  model: ModelReader,
  question: QuestionInput,
  answer: Answer,
): Pick<Comparison, 'oracle' | 'differences'> {
  let first: Pick<Comparison, 'oracle' | 'differences'> | undefined;
  const { sourcePort } = answer;
  for (const oracle of askOracle(model, { ...question, sourcePort })) {
    const differences = differ('trace and oracle', verdict(answer), verdict(oracle));
    if (differences.length === 0) return { oracle, differences };
    first ??= { oracle, differences };
  }
  return first!;
}

/** A packet that came to another VPC than its sender's, which nothing joins to it. */
function isolationFaults(model: ModelReader, { from }: QuestionInput, { observed }: Answer) {
  const asker = model.get('instance', from) ?? model.get('network-interface', from);
  const receiver = model.get('instance', observed?.instance ?? '');
  if (asker === undefined || receiver === undefined) return [];
  if (isJoined(model, asker.vpcId, receiver.vpcId)) return [];
  return [`nothing joins ${asker.vpcId} to ${receiver.vpcId}, and a packet has passed`];
}

/** All that a probe and a trace both tell. */
function whole({ reachable, forward, return: back, observed, sourcePort }: Answer) {
  return { reachable, forward, return: back, observed, sourcePort };
}

function verdict(answer: Answer | OracleAnswer) {
  const { reachable, forward, return: back, observed } = answer;
  const site = 'hops' in forward ? siteAt(answer as Answer) : (answer as OracleAnswer).site;
  return { reachable, forward: short(forward), return: back && short(back), observed, site };
}

/** The site that the request arrived at. */
function siteAt({ forward: { disposition, hops } }: Answer): string | undefined {
  const last = hops.at(-1);
  return disposition === 'delivered' && last?.kind === 'site' ? last.resource : undefined;
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
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
