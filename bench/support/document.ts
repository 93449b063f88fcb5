/** docs/benchmarks.md: figures stand between markers, the prose around them is written by hand. */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../../docs/benchmarks.md', import.meta.url);

/** Puts `text` in the place marked `name`. Throws where the document has no such place. */
export function place(name: string, text: string): void {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const document = readFileSync(FILE, 'utf8');
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no place ${begin} … ${end}`);
  const before = document.slice(0, from + begin.length);
  writeFileSync(FILE, `${before}\n\n${text}\n\n${document.slice(to)}`);
}
