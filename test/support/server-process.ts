/** The real program as a process: what a user starts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = dirname(dirname(import.meta.dirname));
export const PROGRAM = join(ROOT, 'bin/openvpc');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** The environment without anything that would lead a test elsewhere. */
function cleanEnvironment(extra: RunOptions['env'] = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(OPENVPC_|AWS_|npm_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|VITEST)/.test(name),
  );
  return { ...Object.fromEntries(own), ...extra };
}

/** Starts a command and leaves it running. */
export function begin(
  command: string,
  args: readonly string[],
  { env, cwd = ROOT }: RunOptions = {},
) {
  const child = spawn(command, args, { cwd, env: cleanEnvironment(env), stdio: 'pipe' });
  const said = { stdout: '', stderr: '' };
  // A program may end without having read its input: EPIPE is no failure.
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...said }));
  });
  return { child, said, finished };
}

/** Runs a command to its end. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const { child, finished } = begin(command, args, options);
  child.stdin.end(options.input ?? '');
  return finished;
}

/** Runs `openvpc VERB …` to its end. */
export function openvpc(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(PROGRAM, args, options);
}

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  readonly said: { readonly stdout: string; readonly stderr: string };
  readonly finished: Promise<Finished>;
  /** Sends a signal and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Finished>;
}

/** Starts a server on a free port; resolves when it says that it is ready. */
export async function startServer(
  args: readonly string[],
  options: RunOptions = {},
): Promise<ServerProcess> {
  return untilReady(PROGRAM, ['up', '--port', '0', ...args], options);
}

/** Starts anything that ends in a server. */
export async function untilReady(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<ServerProcess> {
  const { child, said, finished } = begin(command, args, options);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const ready = /^openvpc ready (http:\/\/\S+)\n/m.exec(said.stdout);
      if (ready !== null) resolve(ready[1]!);
    });
    void finished.then(({ code, stderr }) => {
      reject(new Error(`the server ended with ${code} before it was ready: ${stderr}`));
    }, reject);
  });
  return {
    url,
    child,
    said,
    finished,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return finished;
    },
  };
}

/** A new empty folder, for the test to delete. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'openvpc-test-'));
}
