/** What STS refuses before it looks at anything: each with AWS's `ValidationError`. */
import { type AwsError, awsError } from '../../model/error.ts';
import { shown } from '../protocol/parameters.ts';

/** Seconds credentials may last. */
export interface Durations {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

export interface Role {
  /** 12 digits. */
  readonly account: string;
  /** Without its path. */
  readonly name: string;
}

/** The role an ARN names. Throws AwsError ValidationError. */
export function checkRoleArn(roleArn: string): Role {
  if (roleArn.length < 20) {
    throw violated('roleArn', roleArn, 'must have length greater than or equal to 20');
  }
  if (roleArn.length > 2048) {
    throw violated('roleArn', roleArn, 'must have length less than or equal to 2048');
  }
  const parts = ROLE_ARN.exec(roleArn);
  if (parts === null) throw awsError('ValidationError', `${shown(roleArn)} is invalid`);
  return { account: parts[1]!, name: parts[2]! };
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[\x21-\x7e]*\/)?([\w+=,.@-]{1,64})$/;

/** Throws AwsError ValidationError. */
export function checkSessionName(name: string): string {
  if (name.length < 2) {
    throw violated('roleSessionName', name, 'must have length greater than or equal to 2');
  }
  if (name.length > 64) {
    throw violated('roleSessionName', name, 'must have length less than or equal to 64');
  }
  if (/^[\w+=,.@-]+$/.test(name)) return name;
  throw violated('roleSessionName', name, 'must satisfy regular expression pattern: [\\w+=,.@-]*');
}

/** How long credentials shall last, in seconds. Throws AwsError ValidationError. */
export function checkDuration(seconds: number | undefined, durations: Durations): number {
  const { least, most, usual } = durations;
  if (seconds === undefined) return usual;
  if (seconds < least) {
    throw violated(
      'durationSeconds',
      `${seconds}`,
      `must have value greater than or equal to ${least}`,
    );
  }
  if (seconds > most) {
    throw violated(
      'durationSeconds',
      `${seconds}`,
      `must have value less than or equal to ${most}`,
    );
  }
  return seconds;
}

function violated(parameter: string, value: string, rule: string): AwsError {
  const given = `Value '${shown(value)}' at '${parameter}'`;
  const message = `1 validation error detected: ${given} failed to satisfy constraint: Member ${rule}`;
  return awsError('ValidationError', message);
}
