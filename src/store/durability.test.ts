import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../net/random.ts';
import { openSqliteStore } from './sqlite.ts';
import type { StoredRecord } from './store.ts';

const CHILD = fileURLToPath(new URL('./durability.child.ts', import.meta.url));

/** Programs are started here, one of them under strace: a busy machine takes its time. */
const MINUTES = 10 * 60_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openvpc-durability-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command until it has acknowledged `count` commits and a moment longer, then kills it. */
function runUntil(command: readonly string[], count: number, delayMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    let counted = false;
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      if (counted || output.split('done ').length <= count) return;
      counted = true;
      setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`ended by itself: ${code} ${signal}`));
    });
    child.on('close', () => resolve(output));
  });
}

/** Complete lines only: what was cut off was not said. */
function acknowledged(output: string): number[] {
  return [...output.matchAll(/^done ([0-9]+)\n/gm)].map(([, digits]) => Number(digits));
}

async function loadAll(): Promise<StoredRecord[]> {
  const store = await openSqliteStore(folder);
  try {
    return await store.load();
  } finally {
    await store.close();
  }
}

function numbersOf(records: readonly StoredRecord[], kind: string): number[] {
  return records
    .filter((record) => record.kind === kind)
    .map((record) => Number(record.id))
    .sort((a, b) => a - b);
}

describe('a process that is killed', () => {
  it(
    'has lost nothing it acknowledged and written nothing by half',
    async () => {
      const random = new Random(1);
      for (let round = 0; round < 6; round++) {
        const writers = String(round % 2 === 0 ? 8 : 1);
        const command = [process.execPath, CHILD, folder, writers];
        const output = await runUntil(command, 1 + random.below(40), random.below(15));
        const records = await loadAll();
        const first = numbersOf(records, 'first');
        expect(first).toEqual(expect.arrayContaining(acknowledged(output)));
        // Atomic: both halves of each commit are there, or neither.
        expect(numbersOf(records, 'second')).toEqual(first);
        // In order: whatever is there has all that was called before it.
        expect(first).toEqual(first.map((_, index) => index));
        expect(records.find(({ kind }) => kind === 'counter')?.value).toBe(first.length - 1);
      }
    },
    MINUTES,
  );
});

const hasStrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;

interface Call {
  readonly name: string;
  readonly target: string;
  readonly text: string;
}

/** System calls in the order in which they returned. */
function callsOf(log: string): Call[] {
  const started = new Map<string, string>();
  const calls: Call[] = [];
  for (const line of log.split('\n')) {
    const [, thread, text] = /^([0-9]+)\s+(.*)$/.exec(line) ?? [];
    if (thread === undefined || text === undefined) continue;
    if (text.endsWith('<unfinished ...>')) {
      started.set(thread, text.slice(0, -'<unfinished ...>'.length));
      continue;
    }
    const whole = text.replace(/^<\.\.\. \w+ resumed>/, () => started.get(thread) ?? '');
    const [, name, target] = /^(\w+)\(\d+<([^>]*)>.* = \d+$/.exec(whole) ?? [];
    if (name !== undefined && target !== undefined) calls.push({ name, target, text: whole });
  }
  return calls;
}

describe('the disk', () => {
  const title = 'is synced between each call and its acknowledgement';
  it.skipIf(!hasStrace)(
    `${title}${hasStrace ? '' : ' (skipped: needs strace)'}`,
    () => {
      const log = join(folder, 'strace.log');
      const trace = ['-f', '-y', '-e', 'trace=fsync,fdatasync,write,pwrite64', '-o', log];
      const child = [process.execPath, CHILD, join(folder, 'data'), '1', '20'];
      const { status, stderr } = spawnSync('strace', [...trace, ...child], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const calls = callsOf(readFileSync(log, 'utf8'));
      const at = (text: string) =>
        calls.findIndex((call) => call.name === 'write' && call.text.includes(`"${text}\\n"`));
      for (let number = 0; number < 20; number++) {
        const [from, to] = [at(`call ${number}`), at(`done ${number}`)];
        expect(from >= 0 && to > from, `commit ${number}`).toBe(true);
        const between = calls.slice(from, to).filter(({ target }) => target.endsWith('.db-wal'));
        const written = between.findLastIndex((call) => call.name === 'pwrite64');
        const synced = between.findLastIndex((call) => call.name.endsWith('sync'));
        expect(written).toBeGreaterThanOrEqual(0);
        expect(synced).toBeGreaterThan(written);
      }
    },
    MINUTES,
  );
});
