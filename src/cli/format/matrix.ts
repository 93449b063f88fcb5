import type { TopologyResource } from '../../server/topology.ts';
import { columns } from './columns.ts';
import type { Paint } from './paint.ts';

/** A row a sender, a column a receiver; columns are numbered as the rows are. */
export function matrixTable(
  instances: readonly TopologyResource[],
  reachable: readonly (readonly (boolean | null)[])[],
  paint: Paint,
): string {
  if (instances.length === 0) return 'no instance is running';
  const numbers = instances.map((_, index) => String(index + 1));
  const rows = instances.map(({ id, name }, row) => [
    `${numbers[row]} ${name ?? id}`,
    ...reachable[row]!.map((cell) => (cell === null ? '·' : cell ? '✓' : '✗')),
  ]);
  return columns([['from \\ to', ...numbers], ...rows])
    .map((line, index) => (index === 0 ? line : colored(line, paint)))
    .join('\n');
}

function colored(line: string, paint: Paint): string {
  return line.replaceAll('✓', () => paint('green', '✓')).replaceAll('✗', () => paint('red', '✗'));
}
