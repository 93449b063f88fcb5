/** What a SigV4 signature says about itself, in a header or in the query of a presigned URL. */
import type { HttpRequest } from '../http.ts';

export interface Signature {
  readonly accessKeyId: string;
  /** Of the credential scope, `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Names of the headers signed, lower-case. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits where it is well-formed. */
  readonly signature: string;
  /** Seconds a presigned URL is valid; undefined for a signature in a header. */
  readonly expiresSeconds: number | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** The signature of a request, or undefined where there is none that can be read. */
export function signatureOf(
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
): Signature | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return fromHeader(authorization);
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) return undefined;
  return create({
    credential: query.get('X-Amz-Credential'),
    signedHeaders: query.get('X-Amz-SignedHeaders'),
    signature: query.get('X-Amz-Signature'),
    expires: query.get('X-Amz-Expires') ?? '',
  });
}

function fromHeader(authorization: string): Signature | undefined {
  if (!authorization.startsWith(`${ALGORITHM} `)) return undefined;
  const parts = new Map<string, string>();
  for (const part of authorization.slice(ALGORITHM.length).split(',')) {
    const [name = '', ...value] = part.trim().split('=');
    parts.set(name, value.join('='));
  }
  return create({
    credential: parts.get('Credential'),
    signedHeaders: parts.get('SignedHeaders'),
    signature: parts.get('Signature'),
    expires: undefined,
  });
}

interface Written {
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
  readonly expires: string | undefined;
}

function create({ credential, signedHeaders, signature, expires }: Written): Signature | undefined {
  // An access key id may hold slashes, the four fields after it may not.
  const scope = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential ?? '');
  if (scope === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = ''] = scope;
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: (signedHeaders ?? '').toLowerCase().split(';'),
    signature: signature ?? '',
    expiresSeconds: expires === undefined ? undefined : Number(expires),
  };
}
