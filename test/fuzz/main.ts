/**
 * Hostile input in bulk: `npm run fuzz`. Everything follows from a seed; what fails is made
 * smaller, printed with its seed, and the exit code is 1.
 */
import { type FuzzOptions, readOptions, USAGE } from './options.ts';
import { runPhases } from './phases.ts';
import { startWatchdog } from './watchdog.ts';

/** No step, however large its input, may take longer. */
const PATIENCE_MILLIS = 20_000;

async function main(): Promise<number> {
  let options: FuzzOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const watchdog = startWatchdog(PATIENCE_MILLIS);
  try {
    return (await runPhases(options, watchdog, (line) => console.log(line))) ? 0 : 1;
  } finally {
    await watchdog.stop();
  }
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => {
    console.error(`${event}:`, error);
    process.exit(1);
  });
}

process.exitCode = await main();
