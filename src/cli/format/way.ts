/** A packet's way as a person reads it: one line a place. */
import { formatHeader, type Hop, type Trace } from '../../fabric/trace.ts';
import { columns } from './columns.ts';
import type { Labels } from './labels.ts';
import type { Paint } from './paint.ts';
import { formatRule } from './rule.ts';

/** Under a hop: as far in as the kinds. */
const INDENT = ' '.repeat(7);

/** @param before hops of which the way is the continuation */
export function formatWay(
  title: string,
  trace: Trace,
  labels: Labels,
  paint: Paint,
  before = 0,
): string[] {
  const { hops, disposition } = trace;
  const sent = sentHeader(hops);
  const rows = hops.map((hop, index) => {
    const stopped = disposition === 'dropped' && index === hops.length - 1;
    const mark = stopped ? paint('red', '✗') : paint('green', '✓');
    const { kind, resource, direction } = hop;
    const place = `${String(before + index + 1).padStart(4)} ${mark} ${kind}`;
    return [place, labels(resource), direction, paint('dim', formatRule(hop))];
  });
  const lines = columns(rows).flatMap((line, index) => {
    const header = changeAt(hops, index, sent);
    return header === undefined ? [line] : [line, `${INDENT}becomes ${header}`];
  });
  const head = paint('bold', title) + (sent === undefined || before > 0 ? '' : `: ${sent}`);
  return [head, ...lines, ...dropLines(trace, paint)];
}

/** Why the last hop is the last. */
function dropLines({ disposition, reason, message }: Trace, paint: Paint): string[] {
  if (disposition !== 'dropped') return [];
  return [`${INDENT}${paint('red', `${reason}`)}: ${message}`];
}

/** What left the sender; unknown where the first hop changes it already. */
function sentHeader([first]: readonly Hop[]): string | undefined {
  if (first === undefined || first.kind === 'internet-gateway') return undefined;
  return formatHeader(first.packet);
}

/** The header as it leaves a hop that changed it. */
function changeAt(hops: readonly Hop[], index: number, sent: string | undefined) {
  const before = index === 0 ? sent : formatHeader(hops[index - 1]!.packet);
  const header = formatHeader(hops[index]!.packet);
  return header === before ? undefined : header;
}
