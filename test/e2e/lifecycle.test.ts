import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, describe, expect, it } from 'vitest';
import {
  openvpc,
  ROOT,
  type ServerProcess,
  startServer,
  temporaryFolder,
  untilReady,
} from '../support/server-process.ts';

const folder = temporaryFolder();
const servers: ServerProcess[] = [];
afterAll(async () => {
  for (const { child } of servers) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function started(args: readonly string[], options = {}): Promise<ServerProcess> {
  const server = await startServer(args, options);
  servers.push(server);
  return server;
}

function ec2(endpoint: string, accessKeyId = '111111111111'): EC2 {
  const credentials = { accessKeyId, secretAccessKey: 'test' };
  return new EC2({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

describe('start', () => {
  it('says that it is ready, in one line, and answers', async () => {
    const { url, said, stop } = await started(['--ephemeral']);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(said.stdout).toBe(`openvpc ready ${url}\n`);
    for (const path of ['/health', '/_localstack/health']) {
      const response = await fetch(url + path);
      expect(await response.json()).toEqual({ status: 'ok', version: expect.any(String) });
    }
    const { code, stdout } = await stop();
    expect(code).toBe(0);
    expect(stdout).toBe(`openvpc ready ${url}\n`);
  });

  it('with --ephemeral leaves nothing behind', async () => {
    const cwd = temporaryFolder();
    const { url, stop } = await started(['--ephemeral'], { cwd });
    await ec2(url).describeVpcs({});
    await stop();
    expect(existsSync(join(cwd, '.openvpc'))).toBe(false);
    rmSync(cwd, { recursive: true });
  });

  it('keeps its data in .openvpc below the working directory, for its owner alone', async () => {
    const cwd = temporaryFolder();
    const { stop } = await started([], { cwd });
    expect(statSync(join(cwd, '.openvpc')).mode & 0o777).toBe(0o700);
    await stop();
    rmSync(cwd, { recursive: true });
  });

  it('takes flags from the environment', async () => {
    const env = { OPENVPC_EPHEMERAL: '1', OPENVPC_LOG_LEVEL: 'silent' };
    const { stop } = await started([], { env });
    expect(await stop()).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [['--port', 'http'], /--port must be a whole number from 0 to 65535 \(not 'http'\)/],
    [['--colour'], /unknown option '--colour'/],
    [['--transitions', 'slow'], /--transitions must be one of fast, aws, instant/],
    [['extra'], /too many arguments/],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await openvpc(['up', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('refuses a port and a data folder in use, saying so', async () => {
    const data = join(folder, 'busy');
    const { url, stop } = await started(['--data', data]);
    const port = new URL(url).port;
    const taken = await openvpc(['up', '--ephemeral', '--port', port]);
    expect([taken.code, taken.stdout]).toEqual([1, '']);
    expect(taken.stderr).toContain(`port ${port} of 127.0.0.1 is in use`);
    const shared = await openvpc(['up', '--port', '0', '--data', data]);
    expect([shared.code, shared.stdout]).toEqual([1, '']);
    expect(shared.stderr).toContain(`the data folder ${data} is in use`);
    await stop();
  });
});

describe('stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it with 0 and keeps everything',
    async (signal) => {
      const data = join(folder, signal);
      const first = await started(['--data', data]);
      const { Vpc } = await ec2(first.url).createVpc({ CidrBlock: '10.0.0.0/16' });
      expect(await first.stop(signal)).toMatchObject({ code: 0, signal: null });
      const second = await started(['--data', data]);
      const { Vpcs } = await ec2(second.url).describeVpcs({ VpcIds: [Vpc!.VpcId!] });
      expect(Vpcs).toHaveLength(1);
      await second.stop();
    },
  );

  it('SIGKILL loses nothing that was acknowledged, issued keys included', async () => {
    const data = join(folder, 'killed');
    const first = await started(['--data', data]);
    const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
    const sts = new STS({ endpoint: first.url, region: 'us-east-1', credentials });
    const { Credentials } = await sts.assumeRole({
      RoleArn: 'arn:aws:iam::222222222222:role/network',
      RoleSessionName: 'me',
    });
    const { Vpc } = await ec2(first.url).createVpc({ CidrBlock: '10.0.0.0/16' });
    await first.stop('SIGKILL');
    const second = await started(['--data', data]);
    const { Vpcs } = await ec2(second.url).describeVpcs({ VpcIds: [Vpc!.VpcId!] });
    expect(Vpcs).toMatchObject([{ CidrBlock: '10.0.0.0/16' }]);
    const later = new STS({
      endpoint: second.url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      },
    });
    expect(await later.getCallerIdentity({})).toMatchObject({ Account: '222222222222' });
    await second.stop();
  });

  it('happens when npm dies of SIGKILL', async () => {
    // As `npm start` does: a parent between this test and the server, which cannot pass SIGKILL on.
    const script = `"${join(ROOT, 'bin/openvpc')}" up --port 0 --ephemeral & wait`;
    const env = { npm_lifecycle_event: 'start' };
    const { url, child, finished } = await untilReady('sh', ['-c', script], { env });
    child.kill('SIGKILL');
    // The pipe closes when the server, its other holder, is gone.
    const { stderr } = await finished;
    expect(stderr).toContain('the end of npm');
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});

describe('a disk that takes no more', () => {
  it('ends the server with 70; what was acknowledged is there', async () => {
    const data = join(folder, 'full');
    // No file may grow over 1.5 MB: as good as a full disk.
    const program = join(ROOT, 'bin/openvpc');
    // Nothing but calls is written: the first commit that fails is a call's.
    const flags = `--port 0 --quotas off --transitions instant --data "${data}"`;
    const script = `ulimit -f 3000; exec "${program}" up ${flags}`;
    const full = await untilReady('sh', ['-c', script]);
    servers.push(full);
    const client = ec2(full.url);
    const acknowledged: string[] = [];
    const refused = await (async () => {
      for (;;) {
        const { Vpc } = await client.createVpc({ CidrBlock: '10.0.0.0/16' });
        acknowledged.push(Vpc!.VpcId!);
      }
    })().catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'ServiceUnavailable' });
    expect((await full.finished).code).toBe(70);
    expect(acknowledged.length).toBeGreaterThan(10);
    const later = await started(['--data', data]);
    const { Vpcs } = await ec2(later.url).describeVpcs({ VpcIds: acknowledged });
    expect(Vpcs).toHaveLength(acknowledged.length);
    await later.stop();
  });
});

describe('signatures', () => {
  it('are checked with --sigv4 enforce', async () => {
    const keys = 'AKIDEXAMPLE:right';
    const { url, stop } = await started([
      ...['--ephemeral', '--sigv4', 'enforce', '--sigv4-keys', keys],
    ]);
    const call = (secretAccessKey: string) =>
      new EC2({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
        maxAttempts: 1,
      }).describeVpcs({});
    expect((await call('right')).Vpcs).toHaveLength(1);
    await expect(call('wrong')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    await expect(ec2(url).describeVpcs({})).rejects.toMatchObject({ name: 'AuthFailure' });
    await stop();
  });
});

describe('beyond loopback', () => {
  it('own endpoints need the token; the AWS endpoint does not', async () => {
    const data = join(folder, 'wide');
    const { url, stop } = await started(['--host', '0.0.0.0', '--data', data]);
    const local = url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${local}/health`)).status).toBe(401);
    expect((await ec2(local).describeVpcs({})).Vpcs).toHaveLength(1);
    const file = join(data, 'token');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const status = ['status', '--endpoint', local];
    const refused = await openvpc(status);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--token TOKEN') });
    expect(await openvpc(status, { env: { OPENVPC_DATA: data } })).toMatchObject({ code: 0 });
    await stop();
  });

  it('with --ephemeral the token is said, or given, and nothing is kept', async () => {
    const cwd = temporaryFolder();
    const args = ['--host', '0.0.0.0', '--ephemeral'];
    const shows = async (url: string, token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/health`, { headers });
      return status;
    };
    const own = await started(args, { cwd });
    await expect.poll(() => own.said.stderr).toContain('token');
    const [, token = ''] = /need this token: (\w{64})\n/.exec(own.said.stderr) ?? [];
    expect([await shows(own.url, token), await shows(own.url, 'x'.repeat(64))]).toEqual([200, 401]);
    await own.stop();
    const env = { OPENVPC_TOKEN: 'given-by-the-environment' };
    const given = await started(args, { cwd, env });
    expect(await shows(given.url, env.OPENVPC_TOKEN)).toBe(200);
    expect((await given.stop()).stderr).not.toContain('token');
    expect(existsSync(join(cwd, '.openvpc'))).toBe(false);
    rmSync(cwd, { recursive: true });
    const short = await openvpc(['up', ...args], { env: { OPENVPC_TOKEN: 'short' } });
    expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining('OPENVPC_TOKEN') });
  });
});
