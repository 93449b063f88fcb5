/** Requests that hardly are any. */
import type { Random } from '../../../src/net/random.ts';
import type { FuzzCall } from './fuzz-call.ts';

const PIECES = [
  'Action=DescribeVpcs',
  'Version=2016-11-15',
  'Action=CreateVpc',
  'CidrBlock=10.0.0.0/16',
  '&',
  '&&',
  '=',
  '==',
  '%',
  '%2',
  '%zz',
  '%ff%fe',
  '%C3%28',
  '%ED%A0%80',
  '%00',
  '+',
  ';',
  '#',
  '?',
  '\u0000',
  '\u00ff\u00fe',
  '\r\n',
  '{"Action":"DescribeVpcs"}',
  '<x/>',
  '__proto__=1',
  'Filter.1.Name=vpc-id',
];

const TYPES = [
  'application/json',
  'application/x-amz-json-1.1',
  'application/vnd.api+json; charset=utf-16',
  'text/xml',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded; charset=utf-7',
  '',
  'x'.repeat(9000),
  '/;;;=',
];

const SIGNATURES = [
  '',
  'AWS4-HMAC-SHA256',
  'AWS4-HMAC-SHA256 ',
  'AWS4-HMAC-SHA256 Credential=',
  'AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/ec2/aws4_request',
  'AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f/20260101/us-east-1/ec2/aws4_request, SignedHeaders=;;',
  'AWS4-HMAC-SHA256 Credential=x/20260101/mars-north-1/ec2/aws4_request, Signature=0',
  'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/__proto__/aws4_request, Signature=0',
  'AWS4-HMAC-SHA256 Credential=__proto__/20260101/us-east-1/ec2/aws4_request, Signature=0',
  'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request, Signature=0',
  'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/ram/aws4_request, Signature=0',
  'AWS4-ECDSA-P256-SHA256 Credential=x/20260101/ec2/aws4_request',
  'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  `AWS4-HMAC-SHA256 ${'Credential=/,'.repeat(600)}`,
];

export function garbage(random: Random, call: FuzzCall): FuzzCall {
  switch (random.below(8)) {
    case 0:
      return { ...call, raw: octets(random, random.below(400)) };
    case 1:
      return { ...call, headers: { 'content-type': random.pick(TYPES) } };
    case 2:
      return { ...call, headers: { authorization: random.pick(SIGNATURES) } };
    case 3:
      return {
        ...call,
        headers: { 'x-amz-target': random.pick(['', 'S3.X', '__proto__.y', '.']) },
      };
    case 4:
      return { ...call, raw: large(random) };
    default: {
      const count = 1 + random.below(12);
      const pieces = Array.from({ length: count }, () => random.pick(PIECES));
      return { ...call, raw: pieces.join(random.pick(['', '&'])), inQuery: random.chance(0.3) };
    }
  }
}

function octets(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(random.below(256))).join('');
}

/** Now and then as large as a body may be, or larger. */
function large(random: Random): string {
  const size = random.chance(0.03) ? random.pick([1, 10]) * 1024 * 1024 + 1 : random.below(30_000);
  const unit = random.pick(['a', '&', '=', '%', '%41', 'a=b&', 'Filter.1.Name=x&', '.1']);
  return `Action=DescribeVpcs&${unit.repeat(Math.ceil(size / unit.length))}`;
}
