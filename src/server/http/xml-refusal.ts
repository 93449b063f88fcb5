/** Refusals of the AWS endpoint that come before any service is known. */
import { randomUUID } from 'node:crypto';
import { errorBody } from '../../aws/protocol/xml-error.ts';
import { awsError } from '../../model/error.ts';

export interface XmlRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function xmlRefusal(status: number, code: string, message: string): XmlRefusal {
  const requestId = randomUUID();
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: errorBody(undefined, awsError(code, message, status), requestId),
  };
}
