/** REST and JSON (restJson1): the operation is a method and a path, input and answer are JSON. */
import { awsError } from '../../model/error.ts';
import { answer, type HttpRequest, pathOf } from '../http.ts';
import { createJsonInputReaders } from './json-input.ts';
import { createJsonOutputWriters } from './json-output.ts';
import { parseJson } from './json-text.ts';
import type { RestJsonModel } from './model.ts';
import { invalidAction, type Protocol } from './protocol.ts';

const JSON_TYPE = 'application/json';

export function createRestJsonProtocol(model: RestJsonModel): Protocol {
  const readerOf = createJsonInputReaders(model);
  const writerOf = createJsonOutputWriters(model);
  const routes = new Map(
    Object.entries(model.operations).map(([name, { method, path }]) => [`${method} ${path}`, name]),
  );
  return {
    nameOf: ({ http }) => routes.get(routeOf(http)),
    operationOf: ({ http }) => {
      const operation = routes.get(routeOf(http));
      if (operation === undefined) throw invalidAction(routeOf(http));
      return operation;
    },
    inputOf: (operation, { http, query }) => readerOf(operation)(parseJson(http.body), query),
    answer: (operation, result, requestId) => {
      const body = JSON.stringify(writerOf(operation)(result));
      return answer(model.operations[operation]!.status, JSON_TYPE, requestId, body);
    },
    spell: speller(model),
    refuse: (error, requestId) => {
      const body = JSON.stringify({ message: error.message });
      const { headers, ...rest } = answer(error.status, JSON_TYPE, requestId, body);
      return { ...rest, headers: { ...headers, 'x-amzn-errortype': error.code } };
    },
  };
}

function routeOf({ method, url }: HttpRequest): string {
  return `${method} ${pathOf(url)}`;
}

/**
 * The service's name and status of an error. Errors that every service has are thrown by the names
 * that AWS Query has for them; the model knows which of its own they are.
 */
function speller({ errors }: RestJsonModel): Protocol['spell'] {
  const byQueryName = new Map(
    Object.entries(errors).flatMap(([code, { query }]) =>
      query === undefined ? [] : [[query, code]],
    ),
  );
  return (error) => {
    const code = byQueryName.get(error.code) ?? error.code;
    const modelled = Object.hasOwn(errors, code) ? errors[code] : undefined;
    if (modelled === undefined) return error;
    return awsError(code, error.message, modelled.status);
  };
}
