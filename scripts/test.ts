/**
 * Runs every test and writes the JSON report to `test-results/report.json`: what `npm test`, users
 * and CI call. Arguments reach the runner: `npm test -- src/net` runs those tests alone.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const runner = join(root, 'node_modules/vitest/vitest.mjs');
const reports = [
  '--reporter=default',
  '--reporter=json',
  '--outputFile.json=test-results/report.json',
];
const child = spawn(process.execPath, [runner, 'run', ...reports, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(`openvpc: the test runner does not start: ${error.message}`);
  process.exitCode = 70;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
