/** The command line against a running server: what it says, and how it ends. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  begin,
  openvpc,
  PROGRAM,
  type RunOptions,
  run,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '../support/server-process.ts';

/** For what is sure to come; how soon depends on the machine. */
const PATIENT = { timeout: 30_000, interval: 20 };
const folder = temporaryFolder();
let server: ServerProcess;
let ec2: EC2;

beforeAll(async () => {
  server = await startServer(['--ephemeral', '--seed', '1', '--demo', '--log-level', 'warn']);
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'test' };
  ec2 = new EC2({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One command line against the server. */
function cli(line: string, options: RunOptions = {}) {
  const env = { OPENVPC_ENDPOINT: server.url, ...options.env };
  return openvpc(line.split(' '), { ...options, env });
}

async function answerOf(line: string): Promise<Record<string, unknown>> {
  const { stdout } = await cli(line);
  return JSON.parse(stdout);
}

describe('the demo', () => {
  it('is advertised after the ready line, and its advice is true', async () => {
    // It comes after the ready line; this is its end.
    const end = /--vpc-peering-connection-id pcx-\w+\n+$/;
    await expect.poll(() => server.said.stdout, PATIENT).toMatch(end);
    const { stdout } = server.said;
    expect(stdout).toMatch(/^openvpc ready http:\S+\n\nThe example network is up/);
    const lines = stdout
      .split('\n')
      .filter((line) => /^ {2}openvpc (trace|probe|matrix)/.test(line));
    const codes = [];
    for (const line of lines) {
      const words = line.trim().split(/ {2,}/)[0]!.split(' ').slice(1);
      codes.push((await openvpc(words)).code);
    }
    expect(codes).toEqual([0, 1, 0, 0]);
  });
});

describe('trace and probe', () => {
  it('are read by people', async () => {
    const { code, stdout, stderr } = await cli('probe demo-web demo-reports --tcp 443');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const [verdict = '', empty, forward] = stdout.split('\n');
    expect(verdict).toMatch(
      /^✗ demo-web → demo-reports tcp\/443: not reachable, the reply is dropped at rtb-\w{17} \(demo-reports\)$/,
    );
    expect(empty).toBe('');
    expect(forward).toMatch(/^forward: tcp 10\.10\.1\.4:\d+ > 10\.20\.2\.4:443$/);
    expect(stdout).toMatch(/✗ route-table +rtb-\w{17} \(demo-reports\) +egress\n +NO_ROUTE_TO/);
    expect(stdout).toMatch(/\n2 packets, no answer\n$/);
  });

  it('are read by programs, wherever --json stands', async () => {
    const after = await answerOf('trace demo-web demo-db --tcp 5432 --json');
    expect(after).toMatchObject({ reachable: true, observed: { port: 5432 } });
    expect(await answerOf('--json trace demo-web demo-db --tcp 5432')).toEqual(after);
    const probed = await answerOf('probe demo-web demo-db --tcp 5432 --json');
    expect(probed).toMatchObject(after);
    expect(probed).toMatchObject({ packets: 7 });
  });

  it.each([
    ['trace demo-web demo-db --tcp 5432', 0],
    ['trace demo-web demo-db --tcp 5432 --expect reachable', 0],
    ['trace demo-web demo-db --tcp 5432 --expect dropped', 1],
    ['probe demo-web demo-db --tcp 22', 1],
    ['probe demo-web demo-db --tcp 22 --expect dropped', 0],
    ['probe demo-web demo-db --tcp 22 --expect reachable', 1],
    ['probe demo-web no-such-name --tcp 22', 3],
    ['probe i-0123456789abcdef0 demo-db', 3],
    ['probe demo-web demo-db --tcp 70000', 2],
    ['probe demo-web demo-db --tcp 22 --udp 22', 2],
    ['probe demo-web demo-db --family 6', 2],
    ['probe demo-web', 2],
    ['probe demo-web demo-db --unknown', 2],
    ['site add', 2],
    ['site add dc --customer-gateway cgw-1 --asn 0', 2],
    ['site remove dc', 3],
    ['site list', 0],
    ['unknown', 2],
    ['--help', 0],
    ['probe --help', 0],
    ['--version', 0],
  ])('%s ends in %i', async (line, code) => {
    const finished = await cli(line);
    expect(finished.code).toBe(code);
    // What went wrong is said on stderr, what was found on stdout.
    if (code >= 2)
      expect(finished).toMatchObject({ stdout: '', stderr: expect.stringMatching(/\S/) });
    if (code === 0) expect(finished.stderr).toBe('');
  });

  it('say what they expected', async () => {
    const { stderr, stdout } = await cli('trace demo-web demo-db --tcp 5432 --expect dropped');
    expect(stderr).toBe('openvpc: expected dropped, but it is reachable\n');
    expect(stdout).toMatch(/^✓ demo-web → demo-db tcp\/5432: reachable\n/);
  });

  it('refuse a name that two have, with the candidates', async () => {
    const { Reservations } = await ec2.describeInstances({
      Filters: [{ Name: 'tag:Name', Values: ['demo-db', 'demo-reports'] }],
    });
    const ids = Reservations!.map(({ Instances }) => Instances![0]!.InstanceId!);
    const renamed = [{ Key: 'Name', Value: 'twin' }];
    const before = Reservations!.map(({ Instances }) => Instances![0]!.Tags!);
    await ec2.createTags({ Resources: ids, Tags: renamed });
    try {
      const { code, stderr } = await cli('probe demo-web twin');
      expect(code).toBe(2);
      for (const id of ids) expect(stderr).toContain(id);
    } finally {
      for (const [index, Tags] of before.entries()) {
        await ec2.createTags({ Resources: [ids[index]!], Tags });
      }
    }
  });
});

describe('colours', () => {
  const hasScript = existsSync('/usr/bin/script');
  const onTerminal = (env: RunOptions['env'] = {}) =>
    run('script', ['-qec', `${PROGRAM} trace demo-web demo-db --tcp 22`, '/dev/null'], {
      env: { OPENVPC_ENDPOINT: server.url, TERM: 'xterm', ...env },
    });

  it('are on a terminal only', async ({ skip }) => {
    if (!hasScript) skip('skipped: needs script (util-linux)');
    expect((await onTerminal()).stdout).toContain('\u001b[31m✗');
    expect((await cli('trace demo-web demo-db --tcp 22')).stdout).not.toContain('\u001b');
  });

  it('are not wanted with NO_COLOR', async ({ skip }) => {
    if (!hasScript) skip('skipped: needs script (util-linux)');
    const { stdout } = await onTerminal({ NO_COLOR: '1' });
    expect(stdout).toContain('✗ demo-web');
    expect(stdout).not.toContain('\u001b[');
    expect((await onTerminal({ NO_COLOR: '' })).stdout).toContain('\u001b[31m✗');
  });
});

describe('what the network is', () => {
  it('status counts', async () => {
    const { code, stdout } = await cli('status');
    expect(code).toBe(0);
    expect(stdout).toContain(`openvpc 0.1.0 at ${server.url}: ok\n`);
    expect(stdout).toMatch(/^ {2}instance +3$/m);
    expect(await answerOf('status --json')).toMatchObject({ status: 'ok', resources: { vpc: 3 } });
  });

  it('matrix says who reaches whom, and why not', async () => {
    const { code, stdout } = await cli('matrix --tcp 5432');
    expect(code).toBe(0);
    const [head, web] = stdout.split('\n');
    expect(head).toBe('from \\ to     demo-web  demo-db  demo-reports');
    expect(web).toBe('demo-web      ·         ✓        ✗');
    expect(stdout).toMatch(/^demo-web → demo-reports +ENI_SG_RULES_MISMATCH: /m);
    const answer = await answerOf('matrix --tcp 443 --json');
    expect(answer.instances).toContainEqual({
      id: expect.stringMatching(/^i-/),
      name: 'demo-web',
      account: '000000000000',
      region: 'us-east-1',
    });
    expect(answer.reachable).toEqual([
      [null, false, false],
      [false, null, false],
      [false, false, null],
    ]);
    expect(answer.drops).toContainEqual(
      expect.objectContaining({ way: 'return', reason: 'NO_ROUTE_TO_DESTINATION' }),
    );
    expect((await cli('matrix --account 999999999999')).stdout).toBe('no instance is running\n');
  });

  it('graph draws', async () => {
    const { stdout } = await cli('graph');
    expect(stdout).toMatch(/^flowchart TB\n/);
    expect(stdout).toContain('demo-web');
    expect((await cli('graph --format dot')).stdout).toMatch(/^graph openvpc \{\n/);
    expect(await answerOf('graph --json')).toHaveProperty('edges');
  });

  it('ping counts replies', async () => {
    const away = await cli('ping demo-web 203.0.113.10 --count 2 --interval 0');
    expect(away.code).toBe(0);
    expect(away.stdout).toMatch(/seq=1 time=[\d.]+ ms\n.*seq=2 time=[\d.]+ ms\n2 sent, 2 received/);
    const closed = await cli('ping demo-web demo-db -c 1');
    expect(closed.code).toBe(1);
    expect(closed.stdout).toContain('ENI_SG_RULES_MISMATCH');
  });
});

describe('check', () => {
  const file = join(folder, 'network.txt');
  const report = join(folder, 'report.xml');

  it('compares what is expected with what is', async () => {
    writeFileSync(
      file,
      '# demo\ndemo-web demo-db tcp/5432 reachable\ninternet demo-web tcp/80 reachable\n',
    );
    const { code, stdout } = await cli(`check ${file}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ demo-web demo-db .*\n✓ .*\n2 checked, 0 not as expected\n$/);
  });

  it('ends in 1 on a difference, and writes a report', async () => {
    const lines = [
      'demo-web demo-reports tcp/443 dropped NO_ROUTE_TO_DESTINATION',
      'demo-web demo-reports tcp/443 dropped ENI_SG_RULES_MISMATCH',
      'demo-web nobody icmp reachable',
    ];
    writeFileSync(file, lines.join('\n'));
    const { code, stdout } = await cli(`check ${file} --junit ${report}`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ .*\n✗ .*\n +the reply: NO_ROUTE.*\n✗ .*\n +nothing has the id/);
    expect(readFileSync(report, 'utf8')).toContain('tests="3" failures="2"');
  });

  it('ends in 2 for a line that cannot be read, 3 without the file', async () => {
    writeFileSync(file, 'demo-web demo-db\n');
    const { code, stderr } = await cli(`check ${file}`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${file}:1: `) });
    expect((await cli(`check ${file}.absent`)).code).toBe(3);
  });
});

describe('capture', () => {
  const file = join(folder, 'web.pcapng');

  it('writes what passes an interface until it is interrupted', async () => {
    const { stdout } = await cli('graph --json');
    const eni = /"from": "(eni-\w+)"/.exec(stdout)![1]!;
    expect((await cli(`capture ${eni} -o ${join(folder, 'none')}/x --seconds 1`)).code).toBe(1);
    const capture = begin(PROGRAM, ['capture', 'demo-web', '-o', file], {
      env: { OPENVPC_ENDPOINT: server.url },
    });
    await expect.poll(() => capture.said.stderr, PATIENT).toContain('capturing eni-');
    await cli('probe demo-web demo-db --tcp 22');
    const written = () => existsSync(file) && readFileSync(file, 'latin1');
    await expect.poll(written, PATIENT).toContain('ENI_SG_RULES_MISMATCH');
    capture.child.kill('SIGINT');
    const { code, stderr } = await capture.finished;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/\d+ bytes written\n$/),
    });
    const bytes = readFileSync(file);
    expect(bytes.readUInt32LE(0)).toBe(0x0a0d0d0a);
  });

  it('shows a line a frame without a file', async () => {
    const capture = begin(PROGRAM, ['capture', 'demo-web'], {
      env: { OPENVPC_ENDPOINT: server.url },
    });
    await expect.poll(() => capture.said.stderr, PATIENT).toContain('capturing eni-');
    await cli('probe demo-web demo-db --tcp 22');
    await expect.poll(() => capture.said.stdout, PATIENT).toContain('ENI_SG_RULES_MISMATCH');
    capture.child.kill('SIGINT');
    const { code, stdout } = await capture.finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^> .*10\.10\.1\.4.* {2}✗ ENI_SG_RULES_MISMATCH: .*\n/m);
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^[<>] \S/);
  });

  it('ends by itself, and writes to standard output', async () => {
    const { code, stdout } = await cli('capture demo-web -o - --seconds 1');
    expect({ code, magic: stdout.charCodeAt(0) }).toEqual({ code: 0, magic: 10 });
    expect((await cli('capture nobody -o -')).code).toBe(3);
  });
});

describe('env and aws', () => {
  /** A folder with an `aws` that says its version, or what it was given. */
  function fakeAws(version: string): string {
    const bin = join(folder, `aws-${version}`);
    const body = `#!/bin/sh
[ "$1" = --version ] && { echo "aws-cli/${version} Python/3"; exit; }
echo "$@"; env | grep ^AWS_ | sort; exit 42
`;
    return writeProgram(bin, body);
  }

  it('env is for eval, and warns of CLIs that would call the real AWS', async () => {
    const old = await cli('env', { env: { PATH: `${fakeAws('2.9.19')}:${process.env.PATH}` } });
    expect(old.stderr).toMatch(/warning: AWS CLI 2\.9\.19 ignores AWS_ENDPOINT_URL/);
    const recent = await cli('env', { env: { PATH: `${fakeAws('2.31.0')}:${process.env.PATH}` } });
    expect(recent.stderr).toBe('');
    expect(recent.stdout).toBe(old.stdout);
    const script = `${recent.stdout}\necho $AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID $AWS_REGION`;
    const { stdout } = await run('sh', ['-c', script]);
    expect(stdout).toBe(`${server.url} 000000000000 us-east-1\n`);
  });

  it('env warns of what stands in the way, and speaks for an account and a Region', async () => {
    const PATH = `${fakeAws('2.31.0')}:${process.env.PATH}`;
    const { stdout, stderr } = await cli('env --account 222222222222 --region eu-west-1', {
      env: { PATH, AWS_PROFILE: 'work' },
    });
    expect(stderr).toContain('warning: AWS_PROFILE is set');
    expect(stdout).toContain('export AWS_ACCESS_KEY_ID=222222222222\n');
    expect(stdout).toContain('export AWS_DEFAULT_REGION=eu-west-1\n');
    expect((await cli('env --account 22')).code).toBe(2);
  });

  it('env has a provider block for Terraform', async () => {
    const { stdout, stderr } = await cli('env --terraform');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^provider "aws" \{\n[^}]*endpoints \{\n[^}]*\}\n\}\n$/);
    expect(stdout).toContain(`ec2 = "${server.url}"`);
  });

  it('aws gives the CLI its endpoint and test credentials, and passes its exit code on', async () => {
    const PATH = `${fakeAws('2.9.19')}:${process.env.PATH}`;
    const env = {
      PATH,
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_PROFILE: 'x',
    };
    const { code, stdout } = await cli('aws --region eu-west-1 ec2 describe-vpcs --output json', {
      env,
    });
    expect(code).toBe(42);
    const [args, ...variables] = stdout.trim().split('\n');
    expect(args).toBe(`--endpoint-url ${server.url} ec2 describe-vpcs --output json`);
    expect(variables).toEqual([
      'AWS_ACCESS_KEY_ID=000000000000',
      'AWS_DEFAULT_REGION=eu-west-1',
      `AWS_ENDPOINT_URL=${server.url}`,
      'AWS_PAGER=',
      'AWS_REGION=eu-west-1',
      'AWS_SECRET_ACCESS_KEY=test',
    ]);
    const other = await cli('aws sts help', { env: { PATH, AWS_ACCESS_KEY_ID: '333333333333' } });
    expect(other.stdout).toContain('AWS_ACCESS_KEY_ID=333333333333\n');
  });

  it('aws without a CLI says so', async () => {
    const { code, stderr } = await cli('aws ec2 describe-vpcs', {
      env: { PATH: withoutAws() },
    });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('no AWS CLI') });
  });
});

function writeProgram(bin: string, body: string): string {
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'aws'), body, { mode: 0o755 });
  return bin;
}

/** A PATH with what bin/openvpc itself needs. */
function withoutAws(): string {
  const bin = join(folder, 'without-aws');
  mkdirSync(bin, { recursive: true });
  for (const name of ['sh', 'dirname', 'readlink', 'node']) {
    const file = join(bin, name);
    const real = name === 'node' ? process.execPath : `/usr/bin/${name}`;
    if (!existsSync(file)) symlinkSync(real, file);
  }
  return bin;
}

describe('without a server', () => {
  let strangers: Server[] = [];
  afterAll(() => strangers.forEach((stranger) => void stranger.close()));

  /** Something that answers everything alike. */
  async function stranger(status: number, body: string): Promise<string> {
    const one = createServer((_, response) => response.writeHead(status).end(body));
    strangers = [...strangers, one];
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
  }

  it.each(['status', 'trace a b', 'matrix', 'reset', 'state export -', 'clock advance P1D'])(
    '%s ends in 69',
    async (line) => {
      const { code, stdout, stderr } = await cli(`${line} --endpoint http://127.0.0.1:1`);
      expect({ code, stdout }).toEqual({ code: 69, stdout: '' });
      expect(stderr).toMatch(/^openvpc: no server answers at http:\/\/127\.0\.0\.1:1 \(/);
    },
  );

  it('something else at that port is no server either', async () => {
    for (const [status, body] of [
      [200, '<html>'],
      [404, '<html>'],
      [500, ''],
    ] as const) {
      const { code } = await cli(`status --endpoint ${await stranger(status, body)}`);
      expect(code).toBe(69);
    }
  });

  it('a defect of the server ends in 70', async () => {
    const body = JSON.stringify({
      error: { code: 'InternalError', message: 'An internal error.' },
    });
    const { code, stderr } = await cli(`status --endpoint ${await stranger(500, body)}`);
    expect({ code, stderr }).toEqual({ code: 70, stderr: 'openvpc: An internal error.\n' });
  });
});

// Last: these change what the others look at.
describe('state, clock and reset', () => {
  it('clock moves on', async () => {
    const { code, stdout } = await cli('clock advance P7D');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^it is 20\d\d-/) });
    expect((await cli('clock advance 90s')).code).toBe(0);
    for (const bad of ['-P1D', 'tomorrow', 'P1Y']) {
      expect((await cli(`clock advance ${bad}`)).code).toBe(2);
    }
  });

  it('all state is saved, deleted, and put back', async () => {
    const file = join(folder, 'state.json');
    expect((await cli(`state export ${file}`)).code).toBe(0);
    expect((await cli('reset')).stdout).toBe('everything is gone\n');
    expect((await cli('probe demo-web demo-db --tcp 5432')).code).toBe(3);
    const { code, stdout } = await cli(`state import ${file}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+ records/) });
    expect((await cli('probe demo-web demo-db --tcp 5432')).code).toBe(0);
    expect((await cli('reset --account 000000000000')).code).toBe(0);
    expect((await cli('probe demo-web demo-db --tcp 5432')).code).toBe(3);
  });

  it('what is no state changes nothing', async () => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, '{"format":"something else"}');
    expect((await cli(`state import ${file}`)).code).toBe(2);
    writeFileSync(file, 'no JSON');
    expect((await cli(`state import ${file}`)).code).toBe(2);
    expect((await cli(`state import ${file}.absent`)).code).toBe(3);
    expect((await cli(`state export ${folder}/none/x`)).code).toBe(1);
  });
});
