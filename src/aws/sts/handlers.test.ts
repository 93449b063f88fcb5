import { STS } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { doorHandler } from '../../../test/support/door-handler.ts';
import { Random } from '../../net/random.ts';
import { createMemoryCredentialStore } from '../credentials.ts';
import { createDoor } from '../door.ts';
import { createSts } from './handlers.ts';

const NOW = Date.UTC(2026, 0, 1);
const credentials = createMemoryCredentialStore(new Random(3), () => NOW);
const door = createDoor<null>({
  services: [createSts<null>(credentials)],
  cloud: null,
  credentials,
  isRegion: () => true,
  newRequestId: () => 'r-1',
  onDefect: (error) => {
    throw error;
  },
});

function sts(accessKeyId: string, secretAccessKey = 'test', sessionToken = ''): STS {
  return new STS({
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
    requestHandler: doorHandler(door),
  });
}

const role = { RoleArn: 'arn:aws:iam::222222222222:role/net/admin', RoleSessionName: 'alice' };

describe('sts', () => {
  it('GetCallerIdentity tells the account of the key', async () => {
    expect(await sts('111111111111').getCallerIdentity({})).toMatchObject({
      Account: '111111111111',
      Arn: 'arn:aws:iam::111111111111:root',
      UserId: '111111111111',
    });
  });

  it('AssumeRole gives credentials that are the role', async () => {
    const assumed = await sts('111111111111').assumeRole(role);
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = assumed.Credentials!;
    expect(Expiration).toEqual(new Date(NOW + 3_600_000));
    const arn = 'arn:aws:sts::222222222222:assumed-role/admin/alice';
    expect(assumed.AssumedRoleUser!.Arn).toBe(arn);
    const identity = await sts(AccessKeyId!, SecretAccessKey!, SessionToken!).getCallerIdentity({});
    expect(identity).toMatchObject({
      Account: '222222222222',
      Arn: arn,
      UserId: assumed.AssumedRoleUser!.AssumedRoleId,
    });
  });

  it('roles can be chained', async () => {
    const first = (await sts('111111111111').assumeRole(role)).Credentials!;
    const second = await sts(first.AccessKeyId!).assumeRole({
      RoleArn: 'arn:aws:iam::333333333333:role/next',
      RoleSessionName: 'bob',
    });
    const identity = await sts(second.Credentials!.AccessKeyId!).getCallerIdentity({});
    expect(identity.Account).toBe('333333333333');
  });

  it('GetSessionToken gives credentials of the caller', async () => {
    const session = await sts('111111111111').getSessionToken({ DurationSeconds: 900 });
    expect(session.Credentials!.Expiration).toEqual(new Date(NOW + 900_000));
    const identity = await sts(session.Credentials!.AccessKeyId!).getCallerIdentity({});
    expect(identity.Arn).toBe('arn:aws:iam::111111111111:root');
  });

  it.each([
    ['no ARN', { RoleArn: 'arn:aws:iam::22:role/a-long-name' }],
    ['a short ARN', { RoleArn: 'arn:aws:iam' }],
    ['a user’s ARN', { RoleArn: 'arn:aws:iam::222222222222:user/alice' }],
    ['a short session name', { RoleSessionName: 'a' }],
    ['a long session name', { RoleSessionName: 'a'.repeat(65) }],
    ['a space in the session name', { RoleSessionName: 'a b' }],
    ['too short a time', { DurationSeconds: 899 }],
    ['too long a time', { DurationSeconds: 43_201 }],
  ])('AssumeRole refuses %s', async (_, change) => {
    await expect(sts('111111111111').assumeRole({ ...role, ...change })).rejects.toMatchObject({
      name: 'ValidationError',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('AssumeRole wants a role', async () => {
    const call = sts('111111111111').assumeRole({ ...role, RoleArn: undefined });
    await expect(call).rejects.toThrow(
      "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    );
  });

  it('GetSessionToken refuses more than 36 hours and MFA', async () => {
    const client = sts('111111111111');
    await expect(client.getSessionToken({ DurationSeconds: 129_601 })).rejects.toMatchObject({
      name: 'ValidationError',
    });
    await expect(client.getSessionToken({ TokenCode: '123456' })).rejects.toMatchObject({
      name: 'UnsupportedOperation',
    });
  });

  it('what AWS has and openvpc does not is UnsupportedOperation', async () => {
    const call = sts('111111111111').getAccessKeyInfo({ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' });
    await expect(call).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  });
});
