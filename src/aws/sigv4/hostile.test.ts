/** Signatures that say strange things about themselves: refused, in whatever words, and no more. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AwsError } from '../../model/error.ts';
import { Random } from '../../net/random.ts';
import { createMemoryCredentialStore } from '../credentials.ts';
import { loadModel } from '../protocol/model.ts';
import { signatureOf } from './signature.ts';
import { createVerifier } from './verify.ts';

const NOW = Date.UTC(2026, 0, 1);
const DATE = '20260101T000000Z';

const verify = createVerifier({
  secrets: new Map([['KEY', 'secret']]),
  credentials: createMemoryCredentialStore(new Random(1), () => NOW),
  now: () => NOW,
});

const word = fc.oneof(
  fc.constantFrom('host', 'x-amz-date', 'constructor', '__proto__', 'set-cookie', 'valueof', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const names = fc.array(word, { maxLength: 5 }).map((list) => ['host', 'x-amz-date', ...list]);
const target = fc.oneof(
  fc.constantFrom('/', '//', '*', '', '/%zz', '/?a=%zz&b&=c', '/?a=1&a=2', 'http://x/y?z'),
  fc.string({ unit: 'binary' }).map((text) => `/${text}`),
);

it('nothing that is signed for makes the check itself fail', async () => {
  const property = fc.asyncProperty(names, target, word, fc.boolean(), async (...drawn) => {
    const [signed, url, date, isKnownDate] = drawn;
    const scope = 'KEY/20260101/us-east-1/ec2/aws4_request';
    const covered = `SignedHeaders=${signed.join(';')}`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, ${covered}, Signature=0`;
    const headers = {
      host: 'h',
      'x-amz-date': isKnownDate ? DATE : date,
      // As Node gives it: a list.
      'set-cookie': ['a', 'b'] as unknown as string,
      authorization,
    };
    const request = { method: 'POST', url, headers, body: new Uint8Array() };
    const query = new Map([['X-Amz-Date', date]]);
    const check = verify(request, query, signatureOf(request, query), loadModel('ec2'));
    await expect(check).rejects.toBeInstanceOf(AwsError);
  });
  await fc.assert(property, { numRuns: 500 });
});

it.each(['constructor', '__proto__', 'set-cookie'])('%s is no header to sign', async (name) => {
  const query = new Map([
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', 'KEY/20260101/us-east-1/ec2/aws4_request'],
    ['X-Amz-Date', DATE],
    ['X-Amz-Expires', '60'],
    ['X-Amz-SignedHeaders', `host;${name}`],
  ]);
  const headers = { host: 'h', 'set-cookie': ['a'] as unknown as string };
  const request = { method: 'GET', url: '/', headers, body: new Uint8Array() };
  const check = verify(request, query, signatureOf(request, query), loadModel('ec2'));
  await expect(check).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
});
