/** The signature a request should have, from the signer that AWS's own clients use. */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import {
  createScope,
  getCanonicalHeaders,
  getSigningKey,
  SignatureV4Base,
} from '@smithy/signature-v4';
import { type HttpRequest, pathOf } from '../http.ts';
import type { Signature } from './signature.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** The signature over what `signature` says is signed, with our secret: 64 hexadecimal digits. */
export async function signAgain(
  request: HttpRequest,
  query: ReadonlyMap<string, string>,
  signature: Signature,
  secretAccessKey: string,
  signedAt: Date,
): Promise<string> {
  const canonical = {
    method: request.method,
    protocol: 'http:',
    hostname: '',
    path: pathOf(request.url),
    query: parametersOf(query),
    headers: signedHeadersOf(request, signature),
  };
  return new Signer(signature, secretAccessKey).signatureOf(
    canonical,
    payloadHashOf(request, query),
    signedAt,
  );
}

type Canonical = Parameters<SignatureV4Base['createCanonicalRequest']>[0];

class Signer extends SignatureV4Base {
  readonly #signature: Signature;
  readonly #credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };

  constructor(signature: Signature, secretAccessKey: string) {
    const credentials = { accessKeyId: signature.accessKeyId, secretAccessKey };
    super({ credentials, region: signature.region, service: signature.service, sha256: Sha256 });
    this.#signature = signature;
    this.#credentials = credentials;
  }

  async signatureOf(request: Canonical, payloadHash: string, signedAt: Date): Promise<string> {
    const { date, region, service, signedHeaders } = this.#signature;
    const headers = getCanonicalHeaders(request, undefined, new Set(signedHeaders));
    const text = await this.createStringToSign(
      this.formatDate(signedAt).longDate,
      createScope(date, region, service),
      this.createCanonicalRequest(request, headers, payloadHash),
      ALGORITHM,
    );
    const key = await getSigningKey(Sha256, this.#credentials, date, region, service);
    return createHmac('sha256', key).update(text).digest('hex');
  }
}

/** SHA-256, or HMAC-SHA-256 with a secret, in the form the signer takes. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytes(secret: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof secret === 'string') return secret;
  if (secret instanceof ArrayBuffer) return new Uint8Array(secret);
  return new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
}

function parametersOf(query: ReadonlyMap<string, string>): Record<string, string> {
  const parameters = Object.fromEntries(query);
  delete parameters['X-Amz-Signature'];
  return parameters;
}

function signedHeadersOf(
  { headers }: HttpRequest,
  { signedHeaders }: Signature,
): Record<string, string> {
  return Object.fromEntries(signedHeaders.map((name) => [name, headers[name] ?? '']));
}

/** The body's own hash whatever the caller declares, unless it declares the body unsigned. */
function payloadHashOf({ headers, body }: HttpRequest, query: ReadonlyMap<string, string>): string {
  const declared = headers['x-amz-content-sha256'] ?? query.get('X-Amz-Content-Sha256');
  if (declared === UNSIGNED_PAYLOAD) return UNSIGNED_PAYLOAD;
  return createHash('sha256').update(body).digest('hex');
}
