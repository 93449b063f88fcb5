/** One request of a service: what it says in, an answer or an AwsError out. */
import { type AwsError, awsError } from '../model/error.ts';
import type { HttpResponse } from './http.ts';
import { createAwsJsonProtocol } from './protocol/aws-json.ts';
import type { ServiceModel } from './protocol/model.ts';
import type { Protocol, WireRequest } from './protocol/protocol.ts';
import { createQueryProtocol } from './protocol/query.ts';
import { createRestJsonProtocol } from './protocol/rest-json.ts';
import type { AnyHandler, Call, Caller, Service } from './service.ts';

/** Who calls, and what the call is answered from. */
export interface Context<Cloud> {
  readonly caller: Caller;
  readonly cloud: Cloud;
  readonly requestId: string;
}

/** Answers one request of a service, where it succeeds. Throws AwsError. */
export type Dispatcher<Cloud> = (
  request: WireRequest,
  context: Context<Cloud>,
) => Promise<HttpResponse>;

/** How a service is spoken to: its model says. */
export function protocolOf(model: ServiceModel): Protocol {
  switch (model.protocol) {
    case 'restJson1':
      return createRestJsonProtocol(model);
    case 'awsJson1.1':
      return createAwsJsonProtocol(model);
    default:
      return createQueryProtocol(model);
  }
}

/**
 * A service's dispatcher. Errors come in this order: MissingAction, InvalidAction, NoSuchVersion,
 * UnsupportedOperation, UnknownParameter, MissingParameter, InvalidParameterValue, then what the
 * handler finds, DryRunOperation last (G-014, G-015, G-029).
 */
export function createDispatcher<Cloud>(
  service: Service<Cloud>,
  protocol: Protocol,
): Dispatcher<Cloud> {
  return async (request, context) => {
    const operation = protocol.operationOf(request);
    const handler = handlerOf(service, operation);
    const input = protocol.inputOf(operation, request);
    const dryRun = input.DryRun === true;
    const call: Call<unknown, Cloud> = { input, dryRun, ...context };
    const result = await handler(call as Call<never, Cloud>);
    // G-028: what only reads would have succeeded. What writes has refused by itself.
    if (dryRun) throw dryRunOperation();
    return protocol.answer(operation, result, context.requestId);
  };
}

function handlerOf<Cloud>(service: Service<Cloud>, operation: string): AnyHandler<Cloud> {
  const { handlers } = service;
  const handler = Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
  if (handler !== undefined) return handler;
  throw awsError('UnsupportedOperation', `The operation ${operation} is not supported by openvpc`);
}

function dryRunOperation(): AwsError {
  return awsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
}
