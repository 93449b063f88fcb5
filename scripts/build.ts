/**
 * Compiles `src/` to `dist/` for the package: Node does not strip types below `node_modules/`.
 * Generated JSON is copied beside the code that reads it. An argument names another folder.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What the compiler does not carry over. */
const ASSETS = ['aws/generated'];

const output = resolve(process.argv[2] ?? join(root, 'dist'));
rmSync(output, { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(
  process.execPath,
  [compiler, '-p', 'tsconfig.build.json', '--outDir', output],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
for (const asset of ASSETS.filter((path) => existsSync(join(root, 'src', path)))) {
  cpSync(join(root, 'src', asset), join(output, asset), { recursive: true });
}
process.exitCode = status ?? 70;
