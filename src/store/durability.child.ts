/**
 * Commits until it is killed or has made so many: run by durability.test.ts.
 * Arguments: folder, writers, commits.
 */
import { writeSync } from 'node:fs';
import { openSqliteStore } from './sqlite.ts';

const [folder, writers, commits = Infinity] = process.argv.slice(2);
const store = await openSqliteStore(folder!);
const records = await store.load();
let next = records.filter((record) => record.kind === 'first').length;

/** Synchronous: once the parent can read it, it has been said. A full pipe is tried again. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

async function write(): Promise<void> {
  while (next < Number(commits)) {
    const number = next++;
    const id = String(number);
    say(`call ${number}\n`);
    await store.commit([
      { kind: 'first', id, value: number },
      { kind: 'counter', id: 'counter', value: number },
      { kind: 'second', id, value: { number, padding: 'x'.repeat(number % 500) } },
    ]);
    say(`done ${number}\n`);
  }
}

await Promise.all(Array.from({ length: Number(writers) }, write));
await store.close();
