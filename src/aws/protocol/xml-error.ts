import type { AwsError } from '../../model/error.ts';
import type { QueryModel } from './model.ts';
import { element } from './xml-text.ts';

/** The body that carries an error, in the dialect of the service (undefined: of one unknown). */
export function errorBody(
  model: QueryModel | undefined,
  error: AwsError,
  requestId: string,
): string {
  return model?.protocol === 'ec2Query'
    ? ec2ErrorBody(error, requestId)
    : queryErrorBody(model?.namespace, error, requestId);
}

/** G-009 */
function ec2ErrorBody(error: AwsError, requestId: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>' +
    element('Code', error.code) +
    element('Message', error.message) +
    `</Error></Errors>${element('RequestID', requestId)}</Response>`
  );
}

/** The form of the other Query services, which clients of the REST-XML ones read as well. */
function queryErrorBody(namespace: string | undefined, error: AwsError, requestId: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return (
    `<ErrorResponse${attribute}><Error>` +
    element('Type', error.status < 500 ? 'Sender' : 'Receiver') +
    element('Code', error.code) +
    element('Message', error.message) +
    `</Error>${element('RequestId', requestId)}</ErrorResponse>`
  );
}
