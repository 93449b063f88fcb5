// Brings a fresh clone to the point where it can run: dependencies, a current Node, generated code.
// Plain JavaScript for Node 20, because it runs before anything is installed. Prints to stderr only.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modified = (path) => {
  const file = join(root, path);
  return existsSync(file) ? statSync(file).mtimeMs : 0;
};

function run(what, command, args) {
  process.stderr.write(`openvpc: ${what}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write(`openvpc: ${what} failed: ${command} ${args.join(' ')}\n`);
    process.exit(70);
  }
}

const installed = 'node_modules/.package-lock.json';
const complete = modified(installed) > 0 && existsSync(join(root, 'node_modules/node/bin/node'));
if (!complete || modified('package-lock.json') > modified(installed)) {
  run('installing dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
const generated = 'src/aws/generated/ec2.json';
const newestSource = Math.max(modified(installed), modified('scripts/generate.ts'));
if (modified(generated) < newestSource) {
  run('generating the AWS model', join(root, 'scripts/node'), [join(root, 'scripts/generate.ts')]);
}
