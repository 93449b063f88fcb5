/**
 * A server that is killed while clients write to it, again and again over the same data: whatever
 * was acknowledged must be there each time it comes back.
 */
import assert from 'node:assert';
import { EC2 } from '@aws-sdk/client-ec2';
import { Random } from '../../src/net/random.ts';
import { startServer } from './server-process.ts';

export interface KillOptions {
  readonly folder: string;
  readonly rounds: number;
  readonly seed: number;
  readonly onRound?: (round: number, acknowledged: number) => void;
}

const CLIENTS = 8;
/** How long after the clients' start the kill comes, at most. */
const KILL_MILLIS_MAX = 250;

/** What was acknowledged; a call without an answer leaves its subject in doubt. */
class Ledger {
  /** By VPC: the value of its tag, as acknowledged last. */
  readonly present = new Map<string, string>();
  readonly gone = new Set<string>();
  acknowledged = 0;

  /** A VPC that no call under way is about. */
  take(random: Random): string | undefined {
    const ids = [...this.present.keys()];
    if (ids.length === 0) return undefined;
    const id = random.pick(ids);
    this.present.delete(id);
    return id;
  }

  created(id: string, value: string): void {
    this.present.set(id, value);
    this.acknowledged += 1;
  }

  deleted(id: string): void {
    this.gone.add(id);
    this.acknowledged += 1;
  }
}

/** Runs the rounds; the number of calls acknowledged in all. Throws when one was lost. */
export async function killRounds(options: KillOptions): Promise<number> {
  const { folder, rounds, seed, onRound } = options;
  const random = new Random(seed);
  const ledger = new Ledger();
  for (let round = 1; round <= rounds; round++) {
    const server = await startServer(['--data', folder, '--quotas', 'off', '--log-level', 'error']);
    await verify(clientOf(server.url), ledger);
    const clients = Array.from({ length: CLIENTS }, (_, index) =>
      write(clientOf(server.url), ledger, new Random(random.uint32()), `${round}-${index}`),
    );
    await new Promise((resolve) => setTimeout(resolve, random.below(KILL_MILLIS_MAX)));
    await server.stop('SIGKILL');
    await Promise.all(clients);
    onRound?.(round, ledger.acknowledged);
  }
  const server = await startServer(['--data', folder, '--log-level', 'error']);
  await verify(clientOf(server.url), ledger);
  const { code } = await server.stop();
  assert.equal(code, 0, 'the last server did not stop by itself');
  return ledger.acknowledged;
}

/** Tries each call once: a second would hide that the first had no answer. */
export function clientOf(endpoint: string): EC2 {
  const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
  return new EC2({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

/** Writes until the server is gone. */
async function write(client: EC2, ledger: Ledger, random: Random, name: string): Promise<void> {
  await untilKilled(async (count) => {
    const id = random.chance(0.4) ? ledger.take(random) : undefined;
    const value = `${name}-${count}`;
    if (id === undefined) {
      const Tags = [{ Key: 'Name', Value: value }];
      const TagSpecifications = [{ ResourceType: 'vpc' as const, Tags }];
      const { Vpc } = await client.createVpc({ CidrBlock: '10.0.0.0/16', TagSpecifications });
      ledger.created(Vpc!.VpcId!, value);
    } else if (random.chance(0.5)) {
      await client.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: value }] });
      ledger.created(id, value);
    } else {
      await client.deleteVpc({ VpcId: id });
      ledger.deleted(id);
    }
  });
}

/** Does a step again and again until a call has no answer, for the server was killed. */
export async function untilKilled(step: (count: number) => Promise<void>): Promise<void> {
  try {
    for (let count = 0; ; count++) await step(count);
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode !== undefined) throw error;
  }
}

async function verify(client: EC2, { present, gone }: Ledger): Promise<void> {
  const { Vpcs = [] } = await client.describeVpcs({});
  const found = new Map(Vpcs.map((vpc) => [vpc.VpcId!, vpc]));
  for (const [id, value] of present) {
    const vpc = found.get(id);
    assert(vpc !== undefined, `${id} was created, and is not there after the restart`);
    const name = vpc.Tags?.find(({ Key }) => Key === 'Name')?.Value;
    assert.equal(name, value, `the tag of ${id} is not the one acknowledged last`);
    assert.equal(vpc.State, 'available', `${id} is ${vpc.State}`);
  }
  for (const id of gone) assert(!found.has(id), `${id} was deleted, and is there again`);
}
