import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, run, temporaryFolder, untilReady } from '../support/server-process.ts';

const folder = temporaryFolder();
const modules = join(folder, 'node_modules');
const program = join(modules, '.bin/openvpc');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lays the package out as npm installs it: compiled, below node_modules, linked from .bin. */
beforeAll(async () => {
  const home = join(modules, 'openvpc');
  const build = [join(ROOT, 'scripts/build.ts'), join(home, 'dist')];
  const { code, stdout } = await run(join(ROOT, 'scripts/node'), build);
  expect([stdout, code]).toEqual(['', 0]);
  copyFileSync(join(ROOT, 'package.json'), join(home, 'package.json'));
  cpSync(join(ROOT, 'bin'), join(home, 'bin'), { recursive: true });
  mkdirSync(dirname(program));
  symlinkSync('../openvpc/bin/openvpc', program);
  for (const name of runtimeDependencies()) link(name);
});

/** What is installed with the package, and what that needs. */
function runtimeDependencies(): string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; optional?: boolean }>>;
  };
  return Object.entries(packages)
    .filter(
      ([path, { dev, optional }]) =>
        /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !optional,
    )
    .map(([path]) => path.slice('node_modules/'.length));
}

function link(name: string): void {
  const target = join(modules, name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target);
}

describe('the installed package', () => {
  it('runs from dist, without a line of TypeScript', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    const said = await run(program, ['version'], { cwd: folder });
    expect(said).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('is a server that keeps its data', async () => {
    const args = ['up', '--port', '0', '--log-level', 'error'];
    const server = await untilReady(program, args, { cwd: folder });
    const body = 'Action=DescribeVpcs&Version=2016-11-15';
    const response = await fetch(server.url, { method: 'POST', body });
    expect(await response.text()).toContain('<cidrBlock>172.31.0.0/16</cidrBlock>');
    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a clone without dependencies', () => {
  it('says what is missing', async () => {
    const clone = join(folder, 'clone');
    cpSync(join(ROOT, 'bin'), join(clone, 'bin'), { recursive: true });
    mkdirSync(join(clone, 'src/cli'), { recursive: true });
    copyFileSync(join(ROOT, 'src/cli/main.ts'), join(clone, 'src/cli/main.ts'));
    const { code, stderr } = await run(join(clone, 'bin/openvpc'), ['version'], { cwd: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(/dependencies or generated code are missing .*npm start/);
  });
});
