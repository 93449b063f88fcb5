/** An answer of trace or probe as a person reads it: the verdict, both ways, and what was seen. */
import type { Answer, Observed } from '../../fabric/question.ts';
import { formatHeader, type Trace } from '../../fabric/trace.ts';
import type { QuestionInput } from '../../server/question.ts';
import { copiesLine, formatGroupWay, receiversLine } from './group.ts';
import type { Labels } from './labels.ts';
import type { Paint } from './paint.ts';
import { formatWay } from './way.ts';

export interface ShownAnswer extends Answer {
  /** These two of a probe only. */
  readonly packets?: number;
  readonly rttMicros?: number;
}

/** What was asked, FROM and TO as they were typed. */
export type Asked = Omit<QuestionInput, 'account' | 'region' | 'sourcePort'>;

export interface AnswerStyle {
  readonly labels: Labels;
  readonly paint: Paint;
}

export function formatAnswer(answer: ShownAnswer, asked: Asked, style: AnswerStyle): string {
  const { forward, return: back } = answer;
  const { labels, paint } = style;
  const closing = closingLines(answer, style);
  return [
    verdictLine(answer, asked, style),
    '',
    ...formatGroupWay(forward, labels, paint),
    ...(back === null ? [] : ['', ...formatWay('return', back, labels, paint)]),
    ...(closing.length === 0 ? [] : ['', ...closing]),
  ].join('\n');
}

/** `✗ web → db tcp/443: not reachable, the reply is dropped at rtb-… (db)` */
function verdictLine(answer: ShownAnswer, asked: Asked, { labels, paint }: AnswerStyle): string {
  const { reachable, forward, return: back } = answer;
  const question = paint('bold', formatAsked(asked));
  if (reachable) return `${paint('green', '✓')} ${question}: ${paint('green', 'reachable')}`;
  const why =
    forward.disposition === 'dropped'
      ? `dropped at ${labels(forward.at!)}`
      : back?.disposition === 'dropped'
        ? `the reply is dropped at ${labels(back.at!)}`
        : NOT_ANSWERED[back === null ? 'silent' : 'refused'];
  return `${paint('red', '✗')} ${question}: ${paint('red', 'not reachable')}, ${why}`;
}

const NOT_ANSWERED = {
  silent: 'it arrives and nothing answers there',
  refused: 'it arrives and is refused there',
} as const;

/** `web → db tcp/443 size 1400 df` */
export function formatAsked(asked: Asked): string {
  const { from, to, protocol = 'icmp', port, family, size, dontFragment, ttl } = asked;
  return [
    `${from} → ${to} ${protocol}${port === undefined ? '' : `/${port}`}`,
    ...(family === 6 ? ['IPv6'] : []),
    ...(size === undefined ? [] : [`size ${size}`]),
    ...(dontFragment ? ['df'] : []),
    ...(ttl === undefined ? [] : [`ttl ${ttl}`]),
  ].join(' ');
}

/** What the far end observed; of a probe, what it took. */
function closingLines(answer: ShownAnswer, { labels }: AnswerStyle): string[] {
  const { reachable, observed, forward, packets, rttMicros = 0 } = answer;
  const seen = packets === undefined ? 'would be seen' : 'seen';
  const { receivers } = answer;
  if (receivers !== undefined) return groupLines(answer, receivers, labels);
  const lines = observed === null ? [] : [`${seen} ${observedText(observed, forward, labels)}`];
  if (packets === undefined) return lines;
  const sent = `${packets} packet${packets === 1 ? '' : 's'}`;
  const time = reachable ? `round trip ${(rttMicros / 1000).toFixed(2)} ms` : 'no answer';
  return [...lines, `${sent}, ${time}`];
}

function groupLines(
  { forward: { outcomes = [] }, packets }: ShownAnswer,
  receivers: readonly string[],
  labels: Labels,
): string[] {
  const lines = [receiversLine(receivers, packets !== undefined, labels)];
  if (packets === undefined) return lines;
  const sent = `${packets} packet${packets === 1 ? '' : 's'}`;
  return [...lines, outcomes.length === 0 ? sent : `${sent}, ${copiesLine(outcomes)}`];
}

function observedText(observed: Observed, { hops }: Trace, labels: Labels): string {
  const { source, destination, sourcePort, port, instance } = observed;
  const last = hops.at(-1);
  const protocol = last?.packet.protocol ?? 'icmp';
  const outside = last?.kind === 'site' ? `at site ${last.resource}` : 'outside';
  const where = instance === undefined ? outside : `by ${labels(instance)}`;
  const ports = sourcePort === undefined || port === undefined ? {} : { sourcePort, port };
  return `${where}: ${formatHeader({ source, destination, protocol, ...ports })}`;
}

/** Why an answer is no, in one line. */
export function reasonOf({ reachable, forward, return: back }: Answer): string {
  if (reachable) return 'reachable';
  const dropped = [forward, back].find((way) => way?.disposition === 'dropped');
  if (!dropped) return NOT_ANSWERED[back === null ? 'silent' : 'refused'];
  const reply = dropped === back ? 'the reply: ' : '';
  return `${reply}${dropped.reason}: ${dropped.message}`;
}
