import { directConnectError } from '../../model/direct-connect/error.ts';
import { DIRECT_CONNECT_NAME_LENGTH } from '../../model/limits.ts';

/** @throws AwsError unless it has 1 to 100 characters */
export function checkName(parameter: string, name: string): void {
  if (name.length >= 1 && name.length <= DIRECT_CONNECT_NAME_LENGTH) return;
  const message = `${parameter} must have 1 to ${DIRECT_CONNECT_NAME_LENGTH} characters.`;
  throw directConnectError(message);
}
