/** The servers under measurement, each a process of its own on a free port of this machine. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../../src/server/lab.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { ask } from './http-client.ts';
import { openLab } from './lab.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/openvpc', import.meta.url));
const START_SECONDS_MAX = 60;

export interface Server {
  readonly name: 'openvpc' | 'moto';
  readonly port: number;
  /** From the process's start to its first answer, in milliseconds. */
  readonly startMillis: number;
  /** Resident memory, in megabytes. */
  readonly memory: () => number;
  /** Processor time used so far, in milliseconds. */
  readonly cpuMillis: () => number;
  readonly stop: () => Promise<void>;
}

export function hasMoto(): boolean {
  return spawnSync('python3', ['-c', 'import moto.server']).status === 0;
}

export async function startMoto(): Promise<Server> {
  const port = await freePort();
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  return started('moto', port, spawn('python3', args, { stdio: 'ignore' }));
}

/** A server that keeps its cloud on disk; `build` fills it before the server starts. */
export async function startOpenvpc(
  build: (lab: Lab) => Promise<void> = async () => {},
): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'openvpc-bench-'));
  const store = await openSqliteStore(folder);
  const lab = await openLab(store);
  await build(lab);
  await store.close();
  const port = await freePort();
  const args = ['up', '--port', String(port), '--data', folder, '--quotas', 'off'];
  const child = spawn(PROGRAM, [...args, '--transitions', 'instant'], { stdio: 'ignore' });
  const server = await started('openvpc', port, child);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function started(name: Server['name'], port: number, child: ChildProcess): Promise<Server> {
  const begin = performance.now();
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (performance.now() - begin > START_SECONDS_MAX * 1000) throw new Error(`${name} is silent`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const startMillis = performance.now() - begin;
  return {
    name,
    port,
    startMillis,
    memory: () => residentMegabytes(child.pid ?? 0),
    cpuMillis: () => cpuMillisOf(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return ask(port, 'DescribeVpcs').then(
    () => true,
    () => false,
  );
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** proc_pid_stat(5): utime and stime, twelfth and thirteenth after the name, ticks of 10 ms. */
function cpuMillisOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
