import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { killRounds } from '../support/kill-rounds.ts';
import { startServer, temporaryFolder } from '../support/server-process.ts';

const folder = temporaryFolder();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('SIGKILL under load', () => {
  it('loses nothing that was acknowledged, ten times over', async () => {
    const data = join(folder, 'killed');
    const acknowledged = await killRounds({ folder: data, rounds: 10, seed: 20260101 });
    expect(acknowledged).toBeGreaterThan(20);
  }, 120_000);
});

interface SystemCall {
  readonly name: string;
  readonly text: string;
}

/**
 * `PID TIME NAME(…) = … <DURATION>`; where threads take turns, `NAME(… <unfinished ...>` and later
 * `<... NAME resumed>…) = … <DURATION>`. A flush counts once it is over, a write once it begins.
 */
function parseTrace(text: string): SystemCall[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\d+\s+[\d.]+ (<\.\.\. )?(\w+)(?: resumed>|\()(.*)$/.exec(line);
    if (match === null) return [];
    const [, resumed, name = '', rest = ''] = match;
    const isFlush = /sync$/.test(name);
    if (isFlush ? rest.endsWith('<unfinished ...>') : resumed !== undefined) return [];
    return [{ name, text: rest }];
  });
}

function hasStrace(): boolean {
  return spawnSync('strace', ['-f', '-e', 'trace=fsync', 'true']).status === 0;
}

describe('the answer of a call', () => {
  it.skipIf(!hasStrace())('leaves after the fsync of what it says (needs strace)', async () => {
    const server = await startServer(['--data', join(folder, 'traced')]);
    const trace = join(folder, 'strace');
    const pid = String(server.child.pid);
    const calls = 'trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg';
    const args = ['-f', '-ttt', '-T', '-s', '8192', '-e', calls, '-o', trace, '-p', pid];
    const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(strace, server.child);
    const detached = new Promise((resolve) => strace.on('close', resolve));
    await new Promise((resolve) => strace.stderr.once('data', resolve));
    const ids: string[] = [];
    for (let count = 0; count < 4; count++) {
      const response = await fetch(server.url, {
        method: 'POST',
        body: 'Action=CreateInternetGateway&Version=2016-11-15',
      });
      ids.push(/<internetGatewayId>(.*?)</.exec(await response.text())![1]!);
    }
    await server.stop();
    await detached;
    const seen = parseTrace(readFileSync(trace, 'utf8'));
    for (const id of ids) {
      const answer = seen.findIndex(({ text }) => text.includes(`<internetGatewayId>${id}<`));
      const written = seen.findIndex(({ name, text }) => name === 'pwrite64' && text.includes(id));
      expect(written, `${id} is written to the disk before its answer`).toBeGreaterThan(-1);
      expect(answer, `${id} is answered after it is written`).toBeGreaterThan(written);
      const synced = seen.slice(written, answer).filter(({ name }) => /sync$/.test(name));
      expect(synced.length, 'the disk is waited for in between').toBeGreaterThan(0);
    }
  });
});
