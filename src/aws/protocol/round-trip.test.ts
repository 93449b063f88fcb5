import * as dx from '@aws-sdk/client-direct-connect';
/** AWS's own client against our parser and writer, for everything in scope. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as ram from '@aws-sdk/client-ram';
import * as sts from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { doorHandler } from '../../../test/support/door-handler.ts';
import { answerArbitrary, requestArbitrary } from '../../../test/support/model-arbitrary.ts';
import { Random } from '../../net/random.ts';
import { createMemoryCredentialStore } from '../credentials.ts';
import { createDoor } from '../door.ts';
import { EC2_OPERATIONS } from '../ec2/operations.ts';
import type { AnyHandler, Call } from '../service.ts';
import { loadModel, type ServiceModel } from './model.ts';

const RUNS = 12;

/** What the one handler behind every operation saw last, and what it answers. */
let received: object;
let answer: object;

beforeEach(() => {
  received = {};
  answer = {};
});

const echo: AnyHandler<null> = ({ input }: Call<object, null>) => {
  received = input;
  return answer;
};

const models = [loadModel('ec2'), loadModel('sts'), loadModel('ram'), loadModel('directconnect')];
const door = createDoor<null>({
  services: models.map((model) => ({
    model,
    handlers: Object.fromEntries(Object.keys(model.operations).map((name) => [name, echo])),
  })),
  cloud: null,
  credentials: createMemoryCredentialStore(new Random(1), () => 0),
  isRegion: () => true,
  newRequestId: () => '00000000-0000-4000-8000-000000000000',
  onDefect: (error) => {
    throw error;
  },
});

const settings = {
  region: 'eu-west-1',
  credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
  maxAttempts: 1,
  requestHandler: doorHandler(door),
};
type Client = { send(command: object): Promise<object> };

async function send(client: Client, sdk: object, operation: string, input: object) {
  const Command = (sdk as Record<string, new (input: object) => object>)[`${operation}Command`];
  const { $metadata, ...result } = (await client.send(new Command!(input))) as {
    $metadata: { requestId?: string };
  };
  return { result, requestId: $metadata.requestId };
}

/** G-012: an operation that only confirms does so without being told. */
function confirmed(model: ServiceModel, operation: string, result: object): object {
  const output = model.operations[operation]?.output;
  const members = output === undefined ? [] : model.structures[output]!;
  const confirms = members.some(({ name, type }) => name === 'Return' && type === 'boolean');
  return confirms ? { Return: true, ...result } : result;
}

async function checkRoundTrip(
  model: ServiceModel,
  client: Client,
  sdk: object,
  operation: string,
): Promise<void> {
  // A dry run ends in DryRunOperation, not in an answer.
  const requests = requestArbitrary(model, operation).map((request) => {
    return 'DryRun' in request ? { ...request, DryRun: false } : request;
  });
  const answers = answerArbitrary(model, operation);
  const property = fc.asyncProperty(requests, answers, async (request, expected) => {
    answer = expected;
    const { result, requestId } = await send(client, sdk, operation, request);
    expect(received).toEqual(request);
    expect(result).toEqual(confirmed(model, operation, expected));
    expect(requestId).toBe('00000000-0000-4000-8000-000000000000');
  });
  await fc.assert(property, { numRuns: RUNS });
}

describe('what the SDK sends and reads', () => {
  const client = new ec2.EC2Client(settings) as unknown as Client;
  it.each(EC2_OPERATIONS)('G-002 G-003 G-007 G-013 %s arrives and returns whole', async (name) => {
    await checkRoundTrip(models[0]!, client, ec2, name);
  });

  const stsClient = new sts.STSClient(settings) as unknown as Client;
  it.each(['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'])(
    'sts %s arrives and returns whole',
    async (name) => {
      await checkRoundTrip(models[1]!, stsClient, sts, name);
    },
  );

  const ramClient = new ram.RAMClient(settings) as unknown as Client;
  it.each(Object.keys(models[2]!.operations))('ram %s arrives and returns whole', async (name) => {
    await checkRoundTrip(models[2]!, ramClient, ram, name);
  });

  const directConnect = new dx.DirectConnectClient(settings) as unknown as Client;
  it.each(Object.keys(models[3]!.operations))(
    'H-075 directconnect %s arrives and returns whole',
    async (name) => {
      await checkRoundTrip(models[3]!, directConnect, dx, name);
    },
  );
});
