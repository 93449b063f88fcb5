/** Every handler, given whatever its request may hold by AWS's model. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DIRECT_CONNECT_OPERATIONS } from '../../src/aws/directconnect/operations.ts';
import { EC2_OPERATIONS } from '../../src/aws/ec2/operations.ts';
import { loadModel } from '../../src/aws/protocol/model.ts';
import { RAM_OPERATIONS } from '../../src/aws/ram/operations.ts';
import { requestArbitrary } from '../support/model-arbitrary.ts';
import { answerFault } from './calls/answer.ts';
import { directConnectCall } from './calls/direct-connect-calls.ts';
import { type FuzzCall, requestOf } from './calls/fuzz-call.ts';
import { type FuzzWorld, openWorld } from './calls/fuzz-world.ts';
import { judge } from './calls/judge.ts';
import { ramCall } from './calls/ram-calls.ts';
import { serialize } from './calls/serialize.ts';

const SERVICES = [
  ['ec2', EC2_OPERATIONS],
  ['sts', ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken']],
  ['ram', RAM_OPERATIONS],
  ['directconnect', DIRECT_CONNECT_OPERATIONS],
] as const;
const CALLER = { account: '111111111111', region: 'us-east-1' };

function callOf(service: FuzzCall['service'], operation: string, input: object): FuzzCall {
  if (service === 'ram') return ramCall(CALLER, operation, input);
  if (service === 'directconnect') return directConnectCall(CALLER, operation, input);
  const parameters = serialize(loadModel(service), operation, plain(input));
  return { ...CALLER, service, parameters };
}

let world: FuzzWorld;
beforeAll(async () => {
  world = await openWorld(1);
});

describe.each(SERVICES)('%s', (service, operations) => {
  const model = loadModel(service);

  it.each(operations)('%s takes or refuses any request', async (operation) => {
    const property = fc.asyncProperty(requestArbitrary(model, operation), async (input) => {
      const { fault } = await judge(world, [callOf(service, operation, input)]);
      expect(fault).toBeUndefined();
    });
    await fc.assert(property, { numRuns: 12 });
  });
});

it('a token of any text is one page or another, or is refused', async () => {
  const token = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc
      .tuple(fc.string(), fc.double())
      .map((pair) => Buffer.from(JSON.stringify(pair)).toString('base64url')),
  );
  const property = fc.asyncProperty(token, async (text) => {
    const parameters = [
      ['Action', 'DescribeSubnets'],
      ['Version', '2016-11-15'],
      ['NextToken', text],
      ['MaxResults', '5'],
    ] as const;
    const call = {
      account: '111111111111',
      region: 'us-east-1',
      service: 'ec2',
      parameters,
    } as const;
    expect(answerFault(await world.door(requestOf(call)))).toBeUndefined();
    expect(world.defects).toEqual([]);
  });
  await fc.assert(property);
});

/** Dates and octets as a request spells them. */
function plain(value: unknown): Record<string, unknown> {
  return spelled(value) as Record<string, unknown>;
}

function spelled(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spelled(inner)]));
}
