/** An answer of trace or probe as a person reads it: one line a place, and the verdict. */
import type { Answer } from '../../fabric/question.ts';
import { formatHeader, type Hop, type Trace } from '../../fabric/trace.ts';
import { columns } from './columns.ts';
import type { Paint } from './paint.ts';
import { formatRule } from './rule.ts';

export interface ShownAnswer extends Answer {
  readonly packets?: number;
  readonly rttMicros?: number;
}

export function formatAnswer(answer: ShownAnswer, paint: Paint): string {
  const { reachable, forward, return: back } = answer;
  const lines = [paint('bold', 'forward'), ...formatTrace(forward, paint)];
  if (back !== null) lines.push(paint('bold', 'return'), ...formatTrace(back, paint));
  lines.push(verdictOf(answer, paint));
  if (reachable) return lines.join('\n');
  const reason = dropOf(forward) ?? (back === null ? undefined : dropOf(back));
  return [...lines, ...(reason === undefined ? [] : [`  ${reason}`])].join('\n');
}

/** Every hop with its mark, place, rule, and the header where it changed. */
function formatTrace({ hops, disposition }: Trace, paint: Paint): string[] {
  const rows = hops.map((hop, index) => {
    const stopped = disposition === 'dropped' && index === hops.length - 1;
    const mark = stopped ? '✗' : '✓';
    const { kind, resource, direction, rule } = hop;
    return [`  ${mark}`, kind, resource, direction, formatRule(rule), changeAt(hops, index)];
  });
  return columns(rows).map((line) =>
    line.replace(
      /^ {2}([✓✗])/,
      (_, mark: string) => `  ${paint(mark === '✓' ? 'green' : 'red', mark)}`,
    ),
  );
}

function changeAt(hops: readonly Hop[], index: number): string {
  const header = formatHeader(hops[index]!.packet);
  const before = hops[index - 1];
  return before !== undefined && formatHeader(before.packet) === header ? '' : header;
}

function verdictOf({ reachable, packets, rttMicros }: ShownAnswer, paint: Paint): string {
  const verdict = reachable ? paint('green', '✓ reachable') : paint('red', '✗ not reachable');
  if (packets === undefined) return verdict;
  const time = reachable && rttMicros !== undefined ? `, ${rttMicros} µs` : '';
  return `${verdict} (${packets} packets${time})`;
}

function dropOf({ disposition, reason, message }: Trace): string | undefined {
  return disposition === 'dropped' ? `${reason}: ${message}` : undefined;
}

/** Why an answer is no, in one line. */
export function reasonOf({ reachable, forward, return: back }: Answer): string {
  if (reachable) return 'reachable';
  const drop = dropOf(forward) ?? (back === null ? undefined : dropOf(back));
  return drop ?? 'delivered, but not answered there';
}
