/** Pages that are made from the code: a stale one fails; with UPDATE=1 it is written anew. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { REASON_CODES, reasonRow } from '../src/fabric/reason.ts';

const root = dirname(import.meta.dirname);

const PAGES: Readonly<Record<string, () => string>> = {
  'docs/reasons.md': reasonsPage,
};

it.each(Object.entries(PAGES))('%s says what the code says', (path, make) => {
  const file = join(root, path);
  if (process.env.UPDATE === '1') writeFileSync(file, make());
  const page = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(page, `${path} is stale: UPDATE=1 npm test -- test/docs`).toBe(make());
});

function reasonsPage(): string {
  const rows = [...REASON_CODES].sort().map((code) => {
    const { cause, at, authority } = reasonRow(code);
    return [`\`${code}\``, cause, at, authority ?? 'openvpc’s own'];
  });
  return `# Why a packet did not arrive

Every dropped packet carries one of these codes as its \`reason\`, the resource that dropped it as
\`at\`, and a plain sentence as its \`message\`: in the answers of \`trace\` and \`probe\`, in captures,
in events and in the metrics. The list is closed. Most codes are the explanation codes of AWS's
Reachability Analyzer, with their number in openvpc's rulebook; the others are openvpc's own, in the
same style.

Made from \`src/fabric/reason.ts\`.

${table(['code', 'cause', 'at', 'Reachability Analyzer'], rows)}
`;
}

/** Columns aligned, as the formatter has them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
