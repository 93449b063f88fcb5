/** What a protocol does for the services that speak it: from a request to an input, and back. */
import { type AwsError, awsError } from '../../model/error.ts';
import { type HttpRequest, type HttpResponse, queryOf, speaksJson } from '../http.ts';
import { type Parameters, readParameters, shown } from './parameters.ts';

/** A request as protocols read it: each part once, when it is first wanted. */
export class WireRequest {
  readonly http: HttpRequest;
  /** Parameters of the URL. */
  readonly query: Parameters = new Map();
  #parameters: Parameters | undefined;

  /** @throws AwsError where the URL cannot be read */
  constructor(http: HttpRequest) {
    this.http = http;
    readParameters(queryOf(http.url), this.query);
  }

  /** Those of the URL and of the form in the body. @throws AwsError */
  get parameters(): Parameters {
    this.#parameters ??= withForm(this.http, this.query);
    return this.#parameters;
  }
}

function withForm(http: HttpRequest, query: Parameters): Parameters {
  const parameters = new Map(query);
  if (http.body.length > 0 && !speaksJson(http)) {
    const { buffer, byteOffset, byteLength } = http.body;
    readParameters(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'), parameters);
  }
  return parameters;
}

/** How one service is spoken to. Made from the service's model, once. */
export interface Protocol {
  /** The operation of the service that a request names, built here or not. @throws AwsError */
  readonly nameOf: (request: WireRequest) => string | undefined;
  /** The same, where there must be one. @throws AwsError MissingAction, InvalidAction … */
  readonly operationOf: (request: WireRequest) => string;
  /** An operation's input, with the SDK's member names. @throws AwsError */
  readonly inputOf: (operation: string, request: WireRequest) => Record<string, unknown>;
  readonly answer: (operation: string, result: object, requestId: string) => HttpResponse;
  /** An error as this service words it. */
  readonly spell: (error: AwsError) => AwsError;
  /** The answer that carries an error so worded. */
  readonly refuse: (error: AwsError, requestId: string) => HttpResponse;
}

/** G-014: AWS has no such action. */
export function invalidAction(action: string): AwsError {
  return awsError(
    'InvalidAction',
    `The action ${shown(action)} is not valid for this web service.`,
  );
}
