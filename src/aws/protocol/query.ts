/** AWS Query: `Action=…&Version=…` in the URL or a form, XML back (G-001). */
import { awsError } from '../../model/error.ts';
import { answer } from '../http.ts';
import type { QueryModel } from './model.ts';
import { shown } from './parameters.ts';
import { invalidAction, type Protocol, type WireRequest } from './protocol.ts';
import { createInputReaders } from './query-input.ts';
import { errorBody } from './xml-error.ts';
import { createOutputWriters } from './xml-output.ts';

const XML = 'text/xml;charset=UTF-8';

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

export function createQueryProtocol(model: QueryModel): Protocol {
  const readerOf = createInputReaders(model);
  const writerOf = createOutputWriters(model);
  return {
    nameOf: ({ parameters }) => {
      const action = parameters.get('Action');
      return action !== undefined && Object.hasOwn(model.operations, action) ? action : undefined;
    },
    operationOf: (request) => operationOf(model, request),
    inputOf: (operation, { parameters }) => {
      for (const name of PROTOCOL_PARAMETERS) parameters.delete(name);
      return readerOf(operation)(parameters);
    },
    answer: (operation, result, requestId) =>
      answer(200, XML, requestId, writerOf(operation)(result, requestId)),
    spell: (error) => error,
    refuse: (error, requestId) =>
      answer(error.status, XML, requestId, errorBody(model, error, requestId)),
  };
}

/** @throws AwsError MissingAction, InvalidAction, NoSuchVersion (G-014) */
function operationOf(model: QueryModel, { parameters }: WireRequest): string {
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
