/** A Linux network namespace of its own, joined to this process by a tap. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openTap, type Tap, tapNeeds } from '../../src/guests/tap.ts';

const PROGRAM = join(import.meta.dirname, 'linux-peer.py');
const PROGRAM_MS = 40_000;

function works(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What is missing here for a namespace with a tap; undefined where nothing is. */
export function linuxNeeds(): string | undefined {
  const needs = tapNeeds();
  if (needs !== undefined) return needs;
  if (!works('ip', '-V')) return 'ip (iproute2)';
  if (!works('python3', '-V')) return 'python3';
  const probe = `openvpc-probe-${process.pid}`;
  if (!works('ip', 'netns', 'add', probe)) return 'root, to make network namespaces';
  execFileSync('ip', ['netns', 'del', probe]);
  return undefined;
}

/** A program that has said it is ready. */
export interface Running {
  /** Its output after `ready`, once it has ended well. */
  readonly output: Promise<string>;
}

export class Namespace {
  readonly name: string;
  readonly #children = new Set<ChildProcess>();

  constructor(name: string) {
    this.name = name;
    execFileSync('ip', ['netns', 'add', name]);
    this.ip('link', 'set', 'lo', 'up');
  }

  /** Runs `ip` inside. */
  ip(...args: string[]): string {
    return execFileSync('ip', ['-n', this.name, ...args]).toString();
  }

  sysctl(setting: string): void {
    execFileSync('ip', ['netns', 'exec', this.name, 'sysctl', '-qw', setting]);
  }

  /** Runs any program inside to its end; whether it ended well, and what it said. */
  exec(...words: string[]): Promise<{ readonly ok: boolean; readonly said: string }> {
    const all = ['netns', 'exec', this.name, ...words];
    return new Promise((resolve) => {
      const child = execFile('ip', all, { timeout: PROGRAM_MS }, (error, stdout, stderr) => {
        this.#children.delete(child);
        resolve({ ok: error === null, said: stdout + stderr });
      });
      this.#children.add(child);
    });
  }

  /** Runs a command of linux-peer.py inside to its end; its output by lines. */
  run(command: string, ...args: (string | number)[]): Promise<string[]> {
    const words = ['netns', 'exec', this.name, 'python3', PROGRAM, command, ...args.map(String)];
    return new Promise((resolve, reject) => {
      const child = execFile('ip', words, { timeout: PROGRAM_MS }, (error, stdout, stderr) => {
        this.#children.delete(child);
        if (error) reject(new Error(`${command} ${args.join(' ')}: ${stderr || error.message}`));
        else resolve(stdout.trim().split('\n'));
      });
      this.#children.add(child);
    });
  }

  /** Starts a command of linux-peer.py inside and waits until it says `ready`. */
  async start(command: string, ...args: (string | number)[]): Promise<Running> {
    const words = ['netns', 'exec', this.name, 'python3', PROGRAM, command, ...args.map(String)];
    const child = spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.add(child);
    const lines: string[] = [];
    const ended = new Promise<string>((resolve, reject) => {
      child.on('close', (code) => {
        this.#children.delete(child);
        if (code === 0) resolve(lines.slice(1).join('\n'));
        else reject(new Error(`${command} ended with ${code}`));
      });
    });
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        lines.push(line);
        resolve();
      });
      ended.catch(reject);
    });
    assert.equal(lines[0], 'ready');
    return { output: ended };
  }

  remove(): void {
    for (const child of this.#children) child.kill();
    execFileSync('ip', ['netns', 'del', this.name]);
  }
}

/** A tap whose kernel side is in a namespace, up, with these addresses. */
export function tapInto(
  namespace: Namespace,
  name: string,
  addresses: readonly string[],
  onFrame: (frame: Uint8Array) => void,
): Tap {
  const tap = openTap({ name, onFrame });
  assert(typeof tap !== 'string', String(tap));
  execFileSync('ip', ['link', 'set', tap.name, 'netns', namespace.name]);
  for (const address of addresses) {
    const nodad = address.includes(':') ? ['nodad'] : [];
    namespace.ip('addr', 'add', address, 'dev', tap.name, ...nodad);
  }
  namespace.ip('link', 'set', tap.name, 'up');
  return tap;
}
