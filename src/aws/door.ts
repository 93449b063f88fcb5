/** Where AWS clients come in: from an HTTP request to the service, Region and account it means. */
import { AwsError, awsError } from '../model/error.ts';
import { DEFAULT_REGION } from '../model/region.ts';
import { type CredentialStore, identityOf } from './credentials.ts';
import { createDispatcher, type Dispatcher, protocolOf } from './dispatch.ts';
import { answer, type HttpRequest, type HttpResponse, speaksJson } from './http.ts';
import { BODY_BYTES_MAX, bodyTooLarge, shown } from './protocol/parameters.ts';
import { type Protocol, WireRequest } from './protocol/protocol.ts';
import { errorBody } from './protocol/xml-error.ts';
import type { Caller, Service } from './service.ts';
import { type Signature, signatureOf } from './sigv4/signature.ts';
import type { Verifier } from './sigv4/verify.ts';

export interface DoorOptions<Cloud> {
  readonly services: readonly Service<Cloud>[];
  readonly cloud: Cloud;
  readonly credentials: CredentialStore;
  /** Whether AWS has a Region of that name. */
  readonly isRegion: (name: string) => boolean;
  readonly newRequestId: () => string;
  /** Checks signatures (`--sigv4 enforce`); without it none is looked at. */
  readonly verify?: Verifier;
  /** Told of what a handler threw that is no AwsError: a defect of ours. */
  readonly onDefect: (error: unknown, requestId: string) => void;
  /** Told of every request once its answer is known. */
  readonly onAnswered?: (call: AnsweredCall) => void;
}

/** One request as events, metrics and logs tell it. */
export interface AnsweredCall {
  readonly requestId: string;
  /** Absent where the request could not be read that far. */
  readonly service?: string;
  /** Only names that the service has. */
  readonly action?: string;
  readonly caller?: Caller;
  readonly status: number;
  /** The error's code; absent for a success. */
  readonly code?: string;
}

export type Door = (request: HttpRequest) => Promise<HttpResponse>;

/** The door of a cloud. It answers every request, and never rejects. */
export function createDoor<Cloud>(options: DoorOptions<Cloud>): Door {
  const entries = options.services.map((service): Entry<Cloud> => {
    const protocol = protocolOf(service.model);
    return { service, protocol, dispatch: createDispatcher(service, protocol) };
  });
  return async (request) => {
    const visit: Visit<Cloud> = { requestId: options.newRequestId() };
    try {
      const response = await admit(request, visit, entries, options);
      options.onAnswered?.(answered(visit, undefined));
      return response;
    } catch (error) {
      const found = error instanceof AwsError ? error : internalError();
      if (found !== error) options.onDefect(error, visit.requestId);
      const refusal = visit.entry?.protocol.spell(found) ?? found;
      options.onAnswered?.(answered(visit, refusal));
      return failure(refusal, request, visit);
    }
  };
}

function internalError(): AwsError {
  return awsError('InternalError', 'An internal error has occurred');
}

function answered<Cloud>(
  { requestId, entry, action, caller }: Visit<Cloud>,
  refusal: AwsError | undefined,
): AnsweredCall {
  return {
    requestId,
    ...(entry !== undefined && { service: entry.service.model.service }),
    ...(action !== undefined && { action }),
    ...(caller !== undefined && { caller }),
    status: refusal?.status ?? 200,
    ...(refusal !== undefined && { code: refusal.code }),
  };
}

interface Entry<Cloud> {
  readonly service: Service<Cloud>;
  readonly protocol: Protocol;
  readonly dispatch: Dispatcher<Cloud>;
}

/** One request; which service it is for is known once it has been read that far. */
interface Visit<Cloud> {
  readonly requestId: string;
  entry?: Entry<Cloud> | undefined;
  /** An operation of that service. */
  action?: string;
  caller?: Caller;
}

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();

async function admit<Cloud>(
  request: HttpRequest,
  visit: Visit<Cloud>,
  entries: readonly Entry<Cloud>[],
  { cloud, credentials, isRegion, verify }: DoorOptions<Cloud>,
): Promise<HttpResponse> {
  const inHeader = signatureOf(request, NO_PARAMETERS);
  if (inHeader !== undefined) visit.entry = entryOf(entries, inHeader.service);
  // What cannot be read that far is refused in EC2's words.
  else if (!speaksJson(request)) visit.entry = entryOf(entries, 'ec2');
  const wire = new WireRequest(request);
  const signature = inHeader ?? signatureOf(request, wire.query);
  if (signature !== undefined) visit.entry = entryOf(entries, signature.service);
  if (request.body.length > BODY_BYTES_MAX) throw bodyTooLarge();
  if (signature === undefined) visit.entry = guess(entries, wire);
  if (visit.entry === undefined) throw unknownService(request, signature);
  const { dispatch, protocol, service } = visit.entry;
  if (signature !== undefined && !isRegion(signature.region)) throw unknownRegion(signature);
  const action = protocol.nameOf(wire);
  if (action !== undefined) visit.action = action;
  const caller = callerOf(service, signature, credentials);
  visit.caller = caller;
  await verify?.(request, wire.query, signature, service.model);
  return dispatch(wire, { caller, cloud, requestId: visit.requestId });
}

function entryOf<Cloud>(entries: readonly Entry<Cloud>[], name: string): Entry<Cloud> | undefined {
  return entries.find(({ service }) => service.model.service === name);
}

/** Without a signature the version tells the service, else the operation; EC2 if none does. */
function guess<Cloud>(
  entries: readonly Entry<Cloud>[],
  wire: WireRequest,
): Entry<Cloud> | undefined {
  const version = wire.parameters.get('Version');
  return (
    entries.find(({ service }) => service.model.version === version) ??
    entries.find(({ protocol }) => protocol.nameOf(wire) !== undefined) ??
    (speaksJson(wire.http) ? undefined : entryOf(entries, 'ec2'))
  );
}

function callerOf<Cloud>(
  { model }: Service<Cloud>,
  signature: Signature | undefined,
  credentials: CredentialStore,
): Caller {
  const accessKeyId = signature?.accessKeyId ?? '';
  const { account, arn, userId } = identityOf(accessKeyId, credentials);
  const region = signature?.region ?? DEFAULT_REGION;
  return { account, arn, userId, region, accessKeyId, service: model.service };
}

function unknownService({ headers }: HttpRequest, signature: Signature | undefined): AwsError {
  const target = headers['x-amz-target']?.split('.')[0];
  const name = shown(signature?.service ?? target ?? 'unknown');
  return awsError('UnsupportedOperation', `The service ${name} is not supported by openvpc`);
}

/** A client that signs for such a Region would reach no endpoint of AWS, or be told this. */
function unknownRegion({ region }: Signature): AwsError {
  return awsError(
    'AuthFailure',
    `Credential should be scoped to a valid Region, not '${shown(region)}'.`,
  );
}

function failure<Cloud>(
  error: AwsError,
  request: HttpRequest,
  { entry, requestId }: Visit<Cloud>,
): HttpResponse {
  if (entry !== undefined) return entry.protocol.refuse(error, requestId);
  const { status, code, message } = error;
  if (speaksJson(request)) {
    const body = JSON.stringify({ __type: code, message });
    return answer(status, 'application/x-amz-json-1.1', requestId, body);
  }
  const body = errorBody(undefined, error, requestId);
  return answer(status, 'text/xml;charset=UTF-8', requestId, body);
}
