/** What Direct Connect answers to whatever a caller did wrong (H-076). */
import { type AwsError, awsError } from '../error.ts';
import type { StateMachine } from '../state-machine.ts';

export function directConnectError(message: string): AwsError {
  return awsError('DirectConnectClientException', message);
}

/** The error of a move that a table of Direct Connect's does not have. */
export function illegalMove(noun: string): StateMachine<string, string>['illegal'] {
  return (from, event, subject) =>
    directConnectError(`Cannot ${event} ${noun} ${subject}, which is ${from}.`);
}
