/** Requests to the SQLite thread and their answers. */
import { Worker } from 'node:worker_threads';
import type { Row } from './row.ts';
import type { Reply, Request } from './sqlite-worker.ts';
import { StoreError } from './store.ts';

interface Waiter {
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: StoreError) => void;
}

export interface WorkerLink {
  /** Rejects with a StoreError; a thread that died rejects everything. */
  request(request: Request): Promise<readonly Row[]>;
  /** Ends the thread. */
  stop(): Promise<void>;
}

// The same source runs as TypeScript and compiled; the thread's file lies beside this one.
const WORKER_FILE = `./sqlite-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`;

export function startWorker(file: string): WorkerLink {
  const worker = new Worker(new URL(WORKER_FILE, import.meta.url), {
    workerData: file,
    execArgv: [],
  });
  // Answers come in the order of the requests.
  const waiters: Waiter[] = [];
  let death: StoreError | undefined;
  const die = (why: string) => {
    death ??= new StoreError('Failed', `${file}: the thread that writes it ended (${why})`);
    for (const waiter of waiters.splice(0)) waiter.reject(death);
  };
  worker.on('message', ({ rows, error }: Reply) => {
    const waiter = waiters.shift();
    if (error === undefined) waiter?.resolve(rows);
    else waiter?.reject(new StoreError(error.code, error.message));
  });
  worker.on('error', (error) => die(String(error)));
  worker.on('exit', (code) => die(`exit ${code}`));
  return {
    request: (request) =>
      new Promise((resolve, reject) => {
        if (death !== undefined) return reject(death);
        waiters.push({ resolve, reject });
        worker.postMessage(request);
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
}
