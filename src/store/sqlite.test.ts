import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_FILE, openSqliteStore } from './sqlite.ts';
import type { StoredRecord, StoreError } from './store.ts';

const SOURCE = import.meta.dirname;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openvpc-sqlite-'));
  file = join(folder, DATABASE_FILE);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function failureOf(work: Promise<unknown>): Promise<StoreError> {
  const outcome = await work.then(
    () => new Error('it succeeded'),
    (error: StoreError) => error,
  );
  expect(outcome.name, outcome.message).toBe('StoreError');
  return outcome as StoreError;
}

async function fill(count: number): Promise<void> {
  const store = await openSqliteStore(folder);
  const ids = Array.from({ length: count }, (_, index) => `id-${index}`);
  await store.commit(ids.map((id) => ({ kind: 'Vpc', id, value: 'x'.repeat(100) })));
  await store.close();
}

/** Opens and reads whatever is there, and lets go of it in any case. */
async function openAndLoad(): Promise<StoredRecord[]> {
  const store = await openSqliteStore(folder);
  try {
    return await store.load();
  } finally {
    await store.close();
  }
}

/** Runs a script under Node with a store module to import. */
function run(script: string, command: readonly string[] = []) {
  const [program, ...args] = [...command, process.execPath, '--input-type=module', '-e', script];
  return spawnSync(program!, args, { encoding: 'utf8' });
}

describe('the data folder', () => {
  it('is made, its files readable by the owner alone', async () => {
    const deep = join(folder, 'a', 'b');
    const store = await openSqliteStore(deep);
    await store.commit([{ kind: 'Vpc', id: 'a', value: 1 }]);
    expect([join(folder, 'a'), deep].map((path) => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o700,
    ]);
    const files = readdirSync(deep);
    expect(files).toContain(`${DATABASE_FILE}-wal`);
    for (const name of files) expect(statSync(join(deep, name)).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('is refused while another store has it, and free afterwards', async () => {
    const store = await openSqliteStore(folder);
    const error = await failureOf(openSqliteStore(folder));
    expect(error.code).toBe('InUse');
    expect(error.message).toContain(file);
    await store.commit([{ kind: 'Vpc', id: 'a', value: 1 }]);
    await store.close();
    expect(await openAndLoad()).toHaveLength(1);
  });

  it('is refused while another process has it', async () => {
    const store = await openSqliteStore(folder);
    const { stdout } = run(`
      import { openSqliteStore } from ${JSON.stringify(join(SOURCE, 'sqlite.ts'))};
      await openSqliteStore(${JSON.stringify(folder)}).catch((error) => console.log(error.code));
    `);
    expect(stdout).toBe('InUse\n');
    await store.close();
  });

  it('is refused when it is a file', async () => {
    writeFileSync(join(folder, 'plain'), '');
    expect((await failureOf(openSqliteStore(join(folder, 'plain')))).code).toBe('Failed');
  });
});

describe('a database of version 1', () => {
  const VERSION_1 = `
    CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
    INSERT INTO record VALUES ('Vpc', 'b', '1'), ('Subnet', 'a', '2'), ('Vpc', 'a', '3');
    PRAGMA user_version = 1`;

  it('keeps its records, which can be changed and deleted', async () => {
    const database = new DatabaseSync(file);
    database.exec(VERSION_1);
    database.close();
    const store = await openSqliteStore(folder);
    await store.commit([
      { kind: 'Vpc', id: 'a', value: 4 },
      { kind: 'Vpc', id: 'b', value: null },
      { kind: 'Vpc', id: 'c', value: 5 },
    ]);
    await store.close();
    expect(await openAndLoad()).toEqual([
      { kind: 'Subnet', id: 'a', value: 2 },
      { kind: 'Vpc', id: 'a', value: 4 },
      { kind: 'Vpc', id: 'c', value: 5 },
    ]);
  });
});

describe('a damaged database', () => {
  it('is refused when it is something else', async () => {
    writeFileSync(file, 'this is no database, though long enough to be read as one'.repeat(50));
    const error = await failureOf(openSqliteStore(folder));
    expect(error.code).toBe('Corrupt');
    expect(error.message).toContain(file);
  });

  it('is refused when it has lost its end', async () => {
    await fill(1000);
    truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096);
    expect((await failureOf(openAndLoad())).code).toBe('Corrupt');
  });

  it('is refused when a page is overwritten', async () => {
    await fill(1000);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, 4096, 3 * 4096));
    expect((await failureOf(openAndLoad())).code).toBe('Corrupt');
  });

  it('is refused when a value is no JSON', async () => {
    await fill(1);
    const database = new DatabaseSync(file);
    database.exec(`UPDATE record SET value = '{'`);
    database.close();
    const error = await failureOf(openAndLoad());
    expect([error.code, error.message]).toEqual(['Corrupt', 'the stored Vpc id-0 is not JSON']);
  });

  it('is refused when it holds a record twice', async () => {
    await fill(1);
    const database = new DatabaseSync(file);
    database.exec('INSERT INTO record (kind, id, value) SELECT kind, id, value FROM record');
    database.close();
    const error = await failureOf(openSqliteStore(folder));
    expect([error.code, error.message]).toEqual(['Corrupt', `${file} holds Vpc id-0 twice`]);
  });

  it('of a later version is left alone', async () => {
    await fill(1);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 999');
    database.close();
    const error = await failureOf(openSqliteStore(folder));
    expect([error.code, error.message]).toEqual(['NewerVersion', expect.stringContaining('999')]);
  });
});

/** Commits until it fails, then once more; prints both codes. */
const fillUp = (data: string) => `
  import { openSqliteStore } from ${JSON.stringify(join(SOURCE, 'sqlite.ts'))};
  const store = await openSqliteStore(${JSON.stringify(data)});
  const commit = (id) => store.commit([{ kind: 'Vpc', id, value: 'x'.repeat(1e5) }]);
  const code = (id) => commit(id).then(() => 'done', (error) => error.code);
  let kept = 0;
  const before = () => commit('id-' + kept).then(() => ++kept < 1000);
  try { while (await before()); } catch (error) {
    const later = await Promise.all([code('x'), code('y')]);
    await store.close();
    console.log(JSON.stringify([kept > 0, error.code, ...later, kept]));
  }
`;

const mountable = (options: string) =>
  spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o ${options} none /mnt`]).status === 0;
const canMount = mountable('size=1m');
const needs = canMount ? '' : ' (skipped: needs mount namespaces)';

describe('a commit that cannot be written', () => {
  it('fails the store, and what was acknowledged is still there', async () => {
    // A file size limit of 1 MiB, in blocks of 512 bytes.
    const { stdout, stderr } = run(fillUp(folder), ['sh', '-c', 'ulimit -f 2048; exec "$0" "$@"']);
    expect(stderr).toBe('');
    const [some, ...rest] = JSON.parse(stdout) as unknown[];
    const kept = rest.pop();
    expect([some, ...rest]).toEqual([true, 'Failed', 'Failed', 'Failed']);
    expect(await openAndLoad()).toHaveLength(kept as number);
  });

  it.skipIf(!canMount)(`says that the disk is full${needs}`, () => {
    const inside = 'mount -t tmpfs -o size=1m none /mnt && exec "$0" "$@"';
    const { stdout } = run(fillUp('/mnt/data'), ['unshare', '-rm', 'sh', '-c', inside]);
    const codes = (JSON.parse(stdout) as unknown[]).slice(0, 4);
    expect(codes).toEqual([true, 'DiskFull', 'DiskFull', 'DiskFull']);
  });

  it.skipIf(!canMount)(`says that the disk is read-only${needs}`, () => {
    const inside = 'mount -t tmpfs -o ro none /mnt && exec "$0" "$@"';
    const script = `
      import { openSqliteStore } from ${JSON.stringify(join(SOURCE, 'sqlite.ts'))};
      await openSqliteStore('/mnt/data').catch((error) => console.log(error.code));
    `;
    expect(run(script, ['unshare', '-rm', 'sh', '-c', inside]).stdout).toBe('ReadOnly\n');
  });
});

describe('the compiled store', () => {
  it('finds its thread beside it', () => {
    const compiled = join(folder, 'dist');
    mkdirSync(compiled);
    writeFileSync(join(compiled, 'package.json'), '{"type":"module"}');
    const sources = readdirSync(SOURCE).filter((name) => /^[\w-]+\.ts$/.test(name));
    for (const name of sources) {
      const text = stripTypeScriptTypes(readFileSync(join(SOURCE, name), 'utf8'));
      const target = join(compiled, name.replace(/\.ts$/, '.js'));
      writeFileSync(target, text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
    }
    const { stdout, stderr } = run(`
      import { openSqliteStore } from ${JSON.stringify(join(compiled, 'sqlite.js'))};
      const store = await openSqliteStore(${JSON.stringify(join(folder, 'data'))});
      await store.commit([{ kind: 'Vpc', id: 'a', value: { n: 1 } }]);
      console.log(JSON.stringify(await store.load()));
      await store.close();
    `);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([{ kind: 'Vpc', id: 'a', value: { n: 1 } }]);
    expect(existsSync(join(folder, 'data', DATABASE_FILE))).toBe(true);
  });
});
