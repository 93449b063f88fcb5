/** A whole server in this process, on a port of its own. */
import { EC2 } from '@aws-sdk/client-ec2';
import { configure, type FlagName } from '../../src/server/configuration.ts';
import { createLog } from '../../src/server/output.ts';
import { type RunningServer, startServer } from '../../src/server/start.ts';

export interface TestServer extends RunningServer {
  /** AWS's SDK client of one account; 111111111111 in us-east-1 unless given. */
  readonly ec2: (account?: string, region?: string) => EC2;
  /** A request to an own endpoint: its status and the JSON it answers. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Asked>;
}

export interface Asked {
  readonly status: number;
  // What a test expects of an answer is its own business.
  readonly body: Readonly<Record<string, unknown>>;
}

export async function testServer(
  flags: Readonly<Partial<Record<FlagName, string>>> = {},
): Promise<TestServer> {
  const server = await startServer({
    configuration: configure({ port: '0', ephemeral: 'true', seed: '1', ...flags }, {}),
    version: '0.0.0-test',
    log: createLog('silent'),
    onFatal: (error) => {
      throw error;
    },
  });
  return {
    ...server,
    ec2: (account = '111111111111', region = 'us-east-1') =>
      new EC2({
        endpoint: server.url,
        region,
        credentials: { accessKeyId: account, secretAccessKey: 'test' },
        maxAttempts: 1,
      }),
    ask: async (method, path, body) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const init = body === undefined ? { method } : { method, body: text };
      const response = await fetch(server.url + path, init);
      return { status: response.status, body: (await response.json()) as Asked['body'] };
    },
  };
}

export interface Pair {
  readonly vpc: string;
  readonly subnet: string;
  /** Instances that let each other in, and nobody else. */
  readonly a: string;
  readonly b: string;
}

/** Two running instances in one subnet, in the default group of a new VPC. */
export async function instancePair(client: EC2, block = '10.0.0.0/16'): Promise<Pair> {
  const vpc = (await client.createVpc({ CidrBlock: block })).Vpc!.VpcId!;
  const created = await client.createSubnet({ VpcId: vpc, CidrBlock: block.replace('/16', '/24') });
  const subnet = created.Subnet!.SubnetId!;
  const { Instances } = await client.runInstances({
    ImageId: 'ami-12345678',
    MinCount: 2,
    MaxCount: 2,
    SubnetId: subnet,
  });
  const [a, b] = Instances!.map(({ InstanceId }) => InstanceId!) as [string, string];
  await runningInstances(client, [a, b]);
  return { vpc, subnet, a, b };
}

async function runningInstances(client: EC2, ids: readonly string[]): Promise<void> {
  for (;;) {
    const { Reservations } = await client.describeInstances({ InstanceIds: [...ids] });
    const states = Reservations!.flatMap(({ Instances }) =>
      Instances!.map((one) => one.State!.Name),
    );
    if (states.every((state) => state === 'running')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
