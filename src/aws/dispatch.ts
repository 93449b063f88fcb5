/** One request of a Query service: parameters in, an answer or an AwsError out. */
import { type AwsError, awsError } from '../model/error.ts';
import { type Parameters, shown } from './protocol/parameters.ts';
import { createInputReaders } from './protocol/query-input.ts';
import { createOutputWriters } from './protocol/xml-output.ts';
import type { AnyHandler, Call, Caller, Service } from './service.ts';

/** Who calls, and what the call is answered from. */
export interface Context<Cloud> {
  readonly caller: Caller;
  readonly cloud: Cloud;
  readonly requestId: string;
}

/** Answers one request of a service with the body of a success. Throws AwsError. */
export type Dispatcher<Cloud> = (
  parameters: Parameters,
  context: Context<Cloud>,
) => Promise<string>;

/** The parameters of the protocol itself and of signatures, which no operation has. */
const PROTOCOL_PARAMETERS: readonly string[] = [
  'Action',
  'Version',
  'AWSAccessKeyId',
  'Expires',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureVersion',
  'Timestamp',
  'X-Amz-Algorithm',
  'X-Amz-Content-Sha256',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-User-Agent',
];

/**
 * A service's dispatcher. Errors come in this order: MissingAction, InvalidAction, NoSuchVersion,
 * UnsupportedOperation, UnknownParameter, MissingParameter, InvalidParameterValue, then what the
 * handler finds, DryRunOperation last (G-014, G-015, G-029).
 */
export function createDispatcher<Cloud>(service: Service<Cloud>): Dispatcher<Cloud> {
  const readerOf = createInputReaders(service.model);
  const writerOf = createOutputWriters(service.model);
  return async (parameters, context) => {
    const operation = operationOf(service, parameters);
    const handler = handlerOf(service, operation);
    for (const name of PROTOCOL_PARAMETERS) parameters.delete(name);
    const input = readerOf(operation)(parameters);
    const dryRun = input.DryRun === true;
    const call: Call<unknown, Cloud> = { input, dryRun, ...context };
    const result = await handler(call as Call<never, Cloud>);
    // G-028: what only reads would have succeeded. What writes has refused by itself.
    if (dryRun) throw dryRunOperation();
    return writerOf(operation)(result, context.requestId);
  };
}

function operationOf<Cloud>({ model }: Service<Cloud>, parameters: Parameters): string {
  const action = parameters.get('Action');
  if (action === undefined || action === '') {
    throw awsError('MissingAction', 'The request must contain the parameter Action');
  }
  if (!Object.hasOwn(model.operations, action)) throw invalidAction(action);
  // A request without a version means the only one there is.
  const version = parameters.get('Version') ?? model.version;
  if (version !== model.version) {
    const requested = `The requested version (${shown(version)})`;
    const message = `${requested} of service ${model.service} does not exist`;
    throw awsError('NoSuchVersion', message);
  }
  return action;
}

function handlerOf<Cloud>(service: Service<Cloud>, operation: string): AnyHandler<Cloud> {
  const { handlers } = service;
  const handler = Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
  if (handler !== undefined) return handler;
  throw awsError('UnsupportedOperation', `The operation ${operation} is not supported by openvpc`);
}

/** G-014: AWS has no such action. */
export function invalidAction(action: string): AwsError {
  return awsError(
    'InvalidAction',
    `The action ${shown(action)} is not valid for this web service.`,
  );
}

function dryRunOperation(): AwsError {
  return awsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
}
