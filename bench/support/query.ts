/** Calls as AWS's clients send them: form bodies of the Query protocol. */
import type { HttpRequest } from '../../src/aws/http.ts';
import { SCOPE } from './lab.ts';

const VERSION = '2016-11-15';
// Neither openvpc (unless told to) nor moto checks it; both read account and Region from it.
const CREDENTIAL = `${SCOPE.account}/20260101/${SCOPE.region}/ec2/aws4_request`;

export const HEADERS = {
  'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  'x-amz-date': '20260101T000000Z',
  authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
} as const;

export type Parameters = Readonly<Record<string, string>>;

export function bodyOf(action: string, parameters: Parameters): string {
  return new URLSearchParams({ Action: action, Version: VERSION, ...parameters }).toString();
}

export function requestOf(action: string, parameters: Parameters): HttpRequest {
  return {
    method: 'POST',
    url: '/',
    headers: { host: 'localhost', ...HEADERS },
    body: Buffer.from(bodyOf(action, parameters)),
  };
}
