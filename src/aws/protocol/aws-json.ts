/** AWS JSON 1.1: `X-Amz-Target: SERVICE.OPERATION`, input and answer are JSON (H-075). */
import { awsError } from '../../model/error.ts';
import { answer, type HttpRequest } from '../http.ts';
import { createJsonInputReaders } from './json-input.ts';
import { createJsonOutputWriters } from './json-output.ts';
import { parseJson } from './json-text.ts';
import type { AwsJsonModel } from './model.ts';
import { invalidAction, type Protocol } from './protocol.ts';

const JSON_TYPE = 'application/x-amz-json-1.1';

export function createAwsJsonProtocol(model: AwsJsonModel): Protocol {
  const readerOf = createJsonInputReaders(model);
  const writerOf = createJsonOutputWriters(model);
  const nameOf = (http: HttpRequest): string | undefined => {
    const [service, operation = '', ...rest] = targetOf(http).split('.');
    const isNamed = service === model.target && rest.length === 0;
    return isNamed && Object.hasOwn(model.operations, operation) ? operation : undefined;
  };
  return {
    nameOf: ({ http }) => nameOf(http),
    operationOf: ({ http }) => {
      const operation = nameOf(http);
      if (operation === undefined) throw invalidAction(targetOf(http));
      return operation;
    },
    inputOf: (operation, { http, query }) => readerOf(operation)(parseJson(http.body), query),
    answer: (operation, result, requestId) => {
      const body = JSON.stringify(writerOf(operation)(result));
      return answer(200, JSON_TYPE, requestId, body);
    },
    spell: speller(model),
    refuse: ({ status, code, message }, requestId) =>
      answer(status, JSON_TYPE, requestId, JSON.stringify({ __type: code, message })),
  };
}

function targetOf({ headers }: HttpRequest): string {
  return headers['x-amz-target'] ?? '';
}

/** What is wrong with a request before its service looks at it; every service tells it alike. */
const BEFORE_THE_SERVICE: readonly string[] = ['SerializationException', 'InvalidAction'];

/**
 * H-076: an error of the model's has its name, whatever else the service finds has the general one.
 * The one about tags is thrown by the name that other services have for it.
 */
function speller({ errors, general }: AwsJsonModel): Protocol['spell'] {
  return (error) => {
    const code = error.code === 'TagLimitExceeded' ? 'TooManyTagsException' : error.code;
    const modelled = Object.hasOwn(errors, code) ? errors[code] : undefined;
    if (modelled !== undefined) return awsError(code, error.message, modelled.status);
    const isAboutSignature = error.status === 401 || error.status === 403;
    if (isAboutSignature || BEFORE_THE_SERVICE.includes(code)) return error;
    const name = error.status >= 500 ? general.server : general.client;
    return awsError(name, error.message, errors[name]?.status);
  };
}
