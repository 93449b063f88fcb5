/** Watches the fuzzer from a thread of its own: a loop without end leaves it no other chance. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { PHASES } from './options.ts';
import type { Pulse } from './watchdog.ts';

const CHECK_MILLIS = 500;
const STANDARD_ERROR = 2;

const { places, patienceMillis } = workerData as Pulse;
let seen = -1;
let since = performance.now();

setInterval(() => {
  const beats = places[0] ?? 0;
  if (beats !== seen) {
    seen = beats;
    since = performance.now();
  } else if (performance.now() - since > patienceMillis) {
    const [, phase = 0, seed = 0, index = 0] = places;
    const again = `--only ${PHASES[phase]} --episode ${seed >>> 0}`;
    writeSync(STANDARD_ERROR, `a step hangs: ${again}, step ${index}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}, CHECK_MILLIS);
