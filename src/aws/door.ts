/** Where AWS clients come in: from an HTTP request to the service, Region and account it means. */
import { AwsError, awsError } from '../model/error.ts';
import { DEFAULT_REGION } from '../model/region.ts';
import { type CredentialStore, identityOf } from './credentials.ts';
import { createDispatcher, type Dispatcher } from './dispatch.ts';
import { type HttpRequest, type HttpResponse, queryOf } from './http.ts';
import {
  BODY_BYTES_MAX,
  bodyTooLarge,
  type Parameters,
  readParameters,
  shown,
} from './protocol/parameters.ts';
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
    return { service, dispatch: createDispatcher(service) };
  });
  return async (request) => {
    const visit: Visit<Cloud> = { requestId: options.newRequestId() };
    try {
      const body = await admit(request, visit, entries, options);
      options.onAnswered?.(answered(visit, undefined));
      return success(body, visit.requestId);
    } catch (error) {
      const refusal = error instanceof AwsError ? error : internalError();
      if (refusal !== error) options.onDefect(error, visit.requestId);
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

async function admit<Cloud>(
  request: HttpRequest,
  visit: Visit<Cloud>,
  entries: readonly Entry<Cloud>[],
  { cloud, credentials, isRegion, verify }: DoorOptions<Cloud>,
): Promise<string> {
  // What cannot be read that far is refused in EC2's words.
  if (!speaksJson(request)) visit.entry = entryOf(entries, 'ec2');
  const query: Parameters = new Map();
  readParameters(queryOf(request.url), query);
  const signature = signatureOf(request, query);
  if (signature !== undefined) visit.entry = entryOf(entries, signature.service);
  const parameters = parametersOf(request, query);
  if (signature === undefined && !speaksJson(request)) visit.entry = guess(entries, parameters);
  if (visit.entry === undefined) throw unknownService(request, signature);
  const { dispatch, service } = visit.entry;
  if (signature !== undefined && !isRegion(signature.region)) throw unknownRegion(signature);
  const action = parameters.get('Action');
  if (action !== undefined && Object.hasOwn(service.model.operations, action)) {
    visit.action = action;
  }
  const caller = callerOf(service, signature, credentials);
  visit.caller = caller;
  await verify?.(request, query, signature, service.model);
  return dispatch(parameters, { caller, cloud, requestId: visit.requestId });
}

function parametersOf(request: HttpRequest, query: Parameters): Parameters {
  const { body } = request;
  if (body.length > BODY_BYTES_MAX) throw bodyTooLarge();
  const parameters = new Map(query);
  if (body.length > 0 && !speaksJson(request)) {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
    readParameters(text, parameters);
  }
  return parameters;
}

function entryOf<Cloud>(entries: readonly Entry<Cloud>[], name: string): Entry<Cloud> | undefined {
  return entries.find(({ service }) => service.model.service === name);
}

/** Without a signature the version tells the service, else the action does; EC2 if none does. */
function guess<Cloud>(
  entries: readonly Entry<Cloud>[],
  parameters: Parameters,
): Entry<Cloud> | undefined {
  const version = parameters.get('Version');
  const action = parameters.get('Action') ?? '';
  return (
    entries.find(({ service }) => service.model.version === version) ??
    entries.find(({ service }) => Object.hasOwn(service.model.operations, action)) ??
    entryOf(entries, 'ec2')
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

function success(body: string, requestId: string): HttpResponse {
  return { status: 200, headers: headersOf('text/xml;charset=UTF-8', requestId), body };
}

function failure<Cloud>(
  error: AwsError,
  request: HttpRequest,
  { entry, requestId }: Visit<Cloud>,
): HttpResponse {
  const { status } = error;
  if (entry === undefined && speaksJson(request)) {
    const body = JSON.stringify({ __type: error.code, message: error.message });
    return { status, headers: headersOf('application/x-amz-json-1.1', requestId), body };
  }
  const body = errorBody(entry?.service.model, error, requestId);
  return { status, headers: headersOf('text/xml;charset=UTF-8', requestId), body };
}

function headersOf(contentType: string, requestId: string): Readonly<Record<string, string>> {
  return { 'content-type': contentType, 'x-amzn-requestid': requestId };
}

function speaksJson({ headers }: HttpRequest): boolean {
  const type = headers['content-type'] ?? '';
  return (
    headers['x-amz-target'] !== undefined || /^application\/([\w.-]+\+)?(x-amz-)?json/.test(type)
  );
}
