import type {
  AssumeRoleCommandInput,
  AssumeRoleResponse,
  Credentials,
  GetCallerIdentityResponse,
  GetSessionTokenCommandInput,
  GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import { awsError } from '../../model/error.ts';
import { type CredentialStore, type Grant, type IssuedCredential, roleId } from '../credentials.ts';
import { loadModel } from '../protocol/model.ts';
import type { Call, Given, Handler, Service } from '../service.ts';
import { checkDuration, checkRoleArn, checkSessionName, type Durations } from './validation.ts';

const SESSION_SECONDS: Durations = { least: 900, most: 129_600, usual: 43_200 };
const ROLE_SECONDS: Durations = { least: 900, most: 43_200, usual: 3600 };

/** sts: who a caller is, and credentials for roles of any account. */
export function createSts<Cloud>(credentials: CredentialStore): Service<Cloud> {
  return {
    model: loadModel('sts'),
    handlers: {
      GetCallerIdentity: getCallerIdentity,
      AssumeRole: (call: Call<Given<AssumeRoleCommandInput>, Cloud>) =>
        assumeRole(call, credentials),
      GetSessionToken: (call: Call<Given<GetSessionTokenCommandInput>, Cloud>) =>
        getSessionToken(call, credentials),
    },
  };
}

const getCallerIdentity: Handler<object, GetCallerIdentityResponse, unknown> = ({ caller }) => {
  return { UserId: caller.userId, Account: caller.account, Arn: caller.arn };
};

/** Every role exists and may be assumed by everyone: openvpc keeps no IAM. */
async function assumeRole<Cloud>(
  { input }: Call<Given<AssumeRoleCommandInput>, Cloud>,
  credentials: CredentialStore,
): Promise<AssumeRoleResponse> {
  const { account, name } = checkRoleArn(input.RoleArn);
  const session = checkSessionName(input.RoleSessionName);
  const durationSeconds = checkDuration(input.DurationSeconds, ROLE_SECONDS);
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/${session}`;
  const userId = `${roleId(input.RoleArn)}:${session}`;
  const issued = await issue({ account, arn, userId, durationSeconds }, credentials);
  return {
    Credentials: issued,
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
  };
}

async function getSessionToken<Cloud>(
  { input, caller }: Call<Given<GetSessionTokenCommandInput>, Cloud>,
  credentials: CredentialStore,
): Promise<GetSessionTokenResponse> {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw awsError('UnsupportedOperation', 'MFA devices are not supported by openvpc');
  }
  const { account, arn, userId } = caller;
  const durationSeconds = checkDuration(input.DurationSeconds, SESSION_SECONDS);
  return { Credentials: await issue({ account, arn, userId, durationSeconds }, credentials) };
}

async function issue(grant: Grant, credentials: CredentialStore): Promise<Credentials> {
  const issued: IssuedCredential = await credentials.issue(grant);
  return {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: new Date(issued.expiration),
  };
}
