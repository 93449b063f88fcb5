/** Who reaches whom, as a table, and why some do not. */
import type { TopologyResource } from '../../server/topology.ts';
import { reasonOf, type ShownAnswer } from './answer.ts';
import { columns } from './columns.ts';
import { distinctNames } from './labels.ts';
import type { Paint } from './paint.ts';

/** Row by sender, column by receiver; null on the diagonal. */
export type Answers = readonly (readonly (ShownAnswer | null)[])[];

/** Names head the columns while they fit on a line of this length, numbers where they do not. */
const WIDTH_MAX = 100;
/** Reasons listed below the table. */
const REASONS_MAX = 20;

export function formatMatrix(
  places: readonly TopologyResource[],
  answers: Answers,
  paint: Paint,
): string {
  if (places.length === 0) return 'no instance is running';
  const names = distinctNames(places);
  const longest = Math.max(...names.map((name) => name.length));
  const width = names.reduce((sum, name) => sum + name.length + 2, longest);
  const isWide = width > WIDTH_MAX;
  const labels = isWide ? names.map((name, index) => `${index + 1} ${name}`) : names;
  const heads = isWide ? names.map((_, index) => String(index + 1)) : names;
  const rows = labels.map((label, row) => [
    label,
    ...answers[row]!.map((answer) => mark(answer, paint)),
  ]);
  return [...columns([['from \\ to', ...heads], ...rows]), ...reasons(names, answers)].join('\n');
}

function mark(answer: ShownAnswer | null, paint: Paint): string {
  if (answer === null) return '·';
  return answer.reachable ? paint('green', '✓') : paint('red', '✗');
}

function reasons(names: readonly string[], answers: Answers): string[] {
  const rows = answers.flatMap((row, from) =>
    row.flatMap((answer, to) =>
      answer === null || answer.reachable
        ? []
        : [[`${names[from]} → ${names[to]}`, reasonOf(answer)]],
    ),
  );
  if (rows.length === 0) return [];
  const left = rows.length - REASONS_MAX;
  const more = left > 0 ? [`and ${left} more; --json has them all`] : [];
  return ['', ...columns(rows.slice(0, REASONS_MAX)), ...more];
}
