/** One AWS call of the fuzzer: plain data, so that it can be printed, repeated and made smaller. */
import type { HttpRequest } from '../../../src/aws/http.ts';

export type Pair = readonly [name: string, value: string];

export interface FuzzCall {
  readonly account: string;
  readonly region: string;
  readonly service: 'ec2' | 'sts' | 'ram' | 'directconnect';
  /** `Action` and `Version` are among them. */
  readonly parameters: readonly Pair[];
  /** Sent in the query of the URL instead of in the body. */
  readonly inQuery?: boolean;
  /** Octets in place of the parameters, one character each. */
  readonly raw?: string;
  /** Of a service of REST: method and path, as `POST /listresources`. */
  readonly route?: string;
  /** Beside the signature and the content type, or in place of them. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function actionOf({ parameters, raw, route, headers }: FuzzCall): string {
  if (headers?.['x-amz-target'] !== undefined) return headers['x-amz-target'];
  if (route !== undefined) return route.replace(/\?.*/s, '');
  if (raw !== undefined) return '(raw)';
  return parameters.find(([name]) => name === 'Action')?.[1] ?? '(none)';
}

/** The request as it arrives at the door. */
export function requestOf(call: FuzzCall): HttpRequest {
  const { account, region, service, parameters, inQuery = false, raw, route, headers } = call;
  const text =
    raw ?? parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const [method = '', url = ''] = route?.split(' ') ?? [];
  return {
    method: route === undefined ? (inQuery ? 'GET' : 'POST') : method,
    url: route === undefined ? (inQuery ? `/?${text}` : '/') : url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      authorization: authorization(account, region, service),
      ...headers,
    },
    body: Buffer.from(inQuery ? '' : text, raw === undefined ? 'utf8' : 'latin1'),
  };
}

/** The scope is read by the door; the signature itself is checked only when that is asked for. */
function authorization(account: string, region: string, service: string): string {
  const scope = `${account}/20260101/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
}

/** Lone surrogates have no percent-encoding: they are sent as the octets of U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
