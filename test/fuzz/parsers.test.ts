/**
 * Every parser of text, given any text: it takes it, or refuses it in the way that it says. And
 * those of streams and tunnels, given any bytes.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProtocol } from '../../src/aws/ec2/traffic.ts';
import { wildcard } from '../../src/aws/ec2/wildcard.ts';
import { readParameters } from '../../src/aws/protocol/parameters.ts';
import { readScalar } from '../../src/aws/protocol/scalar.ts';
import { signatureOf } from '../../src/aws/sigv4/signature.ts';
import { checkRoleArn, checkSessionName } from '../../src/aws/sts/validation.ts';
import { CliError } from '../../src/cli/exit.ts';
import { parseExpectations } from '../../src/cli/expectation.ts';
import { parseState } from '../../src/control/state/document.ts';
import { parseJoin } from '../../src/fabric/join.ts';
import { parseListen } from '../../src/fabric/listen.ts';
import { AwsError } from '../../src/model/error.ts';
import { checkIdShape, kindOfId } from '../../src/model/id.ts';
import { parseAmazonName } from '../../src/model/vpc/dns-names.ts';
import { instanceType } from '../../src/model/vpc/instance-type.ts';
import { parseCidr } from '../../src/net/cidr.ts';
import { parseIp } from '../../src/net/ip.ts';
import { parseMac } from '../../src/net/mac.ts';
import {
  ConfigurationError,
  configure,
  FLAGS,
  type FlagName,
} from '../../src/server/configuration.ts';
import { parseDuration } from '../../src/server/duration.ts';
import { readQuestion } from '../../src/server/endpoints/question-body.ts';
import { isHostName } from '../../src/server/host-name.ts';
import { nameOf } from '../../src/server/http/guard.ts';
import { RequestError } from '../../src/server/http/reply.ts';
import { parseReverseName } from '../../src/services/reverse-name.ts';
import { Fault } from '../../src/wire/bgp/fault.ts';
import { formatMessage, parseMessage } from '../../src/wire/bgp/message.ts';
import { MessageReader } from '../../src/wire/bgp/message-reader.ts';
import { fromHex } from '../../src/wire/bytes.ts';
import { parseGre } from '../../src/wire/gre.ts';

type Refusal = new (...args: never[]) => Error;

interface Parser {
  readonly parse: (text: string) => unknown;
  /** Texts it takes: what is tried is often near one of them. */
  readonly taken: readonly string[];
  readonly refusal?: Refusal;
}

const body = (text: string) => {
  return { query: new URLSearchParams(), parameters: {}, body: Buffer.from(text) };
};
const request = (authorization: string) => ({
  method: 'POST',
  url: '/',
  headers: { authorization },
  body: new Uint8Array(),
});

const SCALARS = ['string', 'integer', 'double', 'boolean', 'timestamp', 'blob'] as const;

const PARSERS: Readonly<Record<string, Parser>> = {
  'a CIDR block': { parse: parseCidr, taken: ['10.0.0.0/8', '2001:db8::/32', '::/0'] },
  'an IP address': { parse: parseIp, taken: ['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1'] },
  'a MAC address': { parse: parseMac, taken: ['02:00:00:00:00:01'] },
  'a query string': {
    parse: (text) => readParameters(text, new Map()),
    taken: ['Action=A&Filter.1.Value.1=%C3%A4+x', '__proto__=1&constructor.prototype=2'],
    refusal: AwsError,
  },
  'a scalar': {
    parse: (text) => SCALARS.map((type) => readScalar(type, text)),
    taken: ['1', '1.5e3', 'true', '2026-01-31T12:00:00.5Z', 'aGk=', '2026-01-31'],
  },
  'a signature': {
    parse: (text) => signatureOf(request(text), new Map()),
    taken: [
      'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0',
    ],
  },
  'a presigned credential': {
    parse: (text) =>
      signatureOf(
        { ...request(''), headers: {} },
        new Map([
          ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
          ['X-Amz-Credential', text],
        ]),
      ),
    taken: ['111111111111/20260101/us-east-1/ec2/aws4_request'],
  },
  'a wildcard': {
    parse: (text) => ['', text.slice(0, 256), 'a'.repeat(256)].map(wildcard(text)),
    taken: ['a*b?c\\*', '*a*a*a*b', '???'],
  },
  'a protocol': { parse: parseProtocol, taken: ['-1', 'tcp', '58'], refusal: AwsError },
  'an id': {
    parse: (text) => checkIdShape(kindOfId(text) ?? 'vpc', text),
    taken: ['vpc-0123456789abcdef0', 'eni-attach-01234567'],
    refusal: AwsError,
  },
  'a role': {
    parse: checkRoleArn,
    taken: ['arn:aws:iam::111111111111:role/path/name'],
    refusal: AwsError,
  },
  'a session name': { parse: checkSessionName, taken: ['a=b,c.d@e-f'], refusal: AwsError },
  'an instance type': { parse: instanceType, taken: ['m5.large', 'u-6tb1.112xlarge'] },
  'a name of Amazon’s': {
    parse: parseAmazonName,
    taken: [
      'ip-10-0-0-1.ec2.internal',
      'i-0123456789abcdef0.eu-west-1.compute.internal.',
      'ec2-198-51-100-1.compute-1.amazonaws.com',
    ],
  },
  'a reverse name': {
    parse: parseReverseName,
    taken: ['1.0.0.10.in-addr.arpa', `${'1.'.repeat(32)}ip6.arpa.`],
  },
  'a host name': { parse: isHostName, taken: ['a.example.', '_x.y'] },
  'a Host header': { parse: nameOf, taken: ['localhost:4566', '[::1]:80', '127.0.0.1'] },
  'a list of ports': { parse: parseListen, taken: ['80/tcp,53/udp', ' 443/tcp '] },
  'a list of groups': { parse: parseJoin, taken: ['224.0.1.5, 239.1.1.1', ' 224.0.0.1'] },
  'a duration': { parse: parseDuration, taken: ['PT168H', 'P1W2DT3H4M5.6S'] },
  'a question': {
    parse: (text) => readQuestion(body(text)),
    taken: ['{"from":"internet","to":"10.0.0.1","protocol":"tcp","port":80,"ttl":1}'],
    refusal: RequestError,
  },
  'a state': {
    parse: (text) => parseState(JSON.parse(text)),
    taken: ['{"format":"openvpc-state","version":1,"records":{"vpc":[{"id":"vpc-0"}]}}'],
    refusal: Error,
  },
  'a file of expectations': {
    parse: (text) => parseExpectations(text, 'file'),
    taken: ['web db tcp/5432 reachable\n"a b" 10.0.0.1 udp/53 dropped # why'],
    refusal: CliError,
  },
};

/** Any text; a text it takes with something changed, put in, left out or said very often. */
function near(taken: readonly string[]): fc.Arbitrary<string> {
  const changed = fc
    .tuple(
      fc.constantFrom(...taken),
      fc.nat(),
      fc.nat(3),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    .map(([text, at, removed, put]) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + removed);
    });
  const repeated = fc
    .tuple(fc.constantFrom(...taken), fc.nat(), fc.nat(20), fc.integer({ min: 2, max: 20_000 }))
    .map(([text, at, length, times]) => {
      const from = at % text.length;
      const part = text.slice(from, from + 1 + length);
      return text.slice(0, from) + part.repeat(Math.ceil(times / part.length)) + text.slice(from);
    });
  return fc.oneof(fc.string({ unit: 'binary' }), fc.string(), changed, changed, repeated);
}

describe.each(Object.entries(PARSERS))('%s', (_name, { parse, taken, refusal }) => {
  it('is taken, or refused in so many words', () => {
    const property = fc.property(near(taken), (text) => {
      try {
        parse(text);
      } catch (error) {
        if (refusal === undefined) throw error;
        expect(error).toBeInstanceOf(refusal);
      }
    });
    fc.assert(property, { numRuns: 400 });
  });

  it.each(taken)('%s is taken', (text) => {
    if (refusal === Error) return;
    expect(() => parse(text)).not.toThrow();
  });
});

it.each(Object.keys(FLAGS) as FlagName[])('--%s takes any text or says why not', (name) => {
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    try {
      configure({ [name]: text }, {});
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
    }
  });
  fc.assert(property);
});

const BGP_HEAD = 'ff'.repeat(16);
const BGP_CONTEXTS = [2, 4].flatMap((asnWidth) =>
  [false, true].map((internal) => ({ asnWidth: asnWidth as 2 | 4, internal })),
);

/** Whether a stream that comes in two pieces is messages, to the end and to every receiver. */
function readStream(bytes: Uint8Array): boolean {
  const reader = new MessageReader();
  const half = bytes.length >> 1;
  let read = 0;
  for (const chunk of [bytes.subarray(0, half), bytes.subarray(half)]) {
    for (const one of reader.read(chunk)) {
      if (one instanceof Fault) return false;
      for (const context of BGP_CONTEXTS) {
        const message = parseMessage(one, 0, one.length, context);
        if (message === undefined || message instanceof Fault) return false;
        formatMessage(message);
      }
      read += one.length;
    }
  }
  return read === bytes.length;
}

const BYTE_PARSERS: Readonly<
  Record<
    string,
    { readonly parse: (bytes: Uint8Array) => boolean; readonly taken: readonly string[] }
  >
> = {
  'a BGP stream': {
    parse: readStream,
    taken: [
      `${BGP_HEAD} 0013 04 ${BGP_HEAD} 0017 05 0001 00 01 ${BGP_HEAD} 0015 03 06 02`,
      `${BGP_HEAD} 0033 01 04 5ba0 001e 0a000001 16 02 14 01 04 0001 00 01 01 04 0002 00 01
       02 00 41 04 fa56ea00`,
      `${BGP_HEAD} 0037 02 0002 08 0a 001b 400101 00 400206 02 01 0000fdf2 400304 0a000001
       800404 00000064 10 c0a8`,
      `${BGP_HEAD} 003a 02 0000 0023 800e19 0002 01 10 20010db8000000000000000000000001 00 18
       20010d 400101 00 400200`,
    ],
  },
  'a GRE packet': {
    parse: (bytes) => parseGre(bytes) !== undefined,
    taken: ['0000 0800 616263', 'b000 86dd 048e 0000 0000 002a 0000 0007 616263'],
  },
};

/** Any bytes; bytes it takes with some of them others, put in, left out, or cut short. */
function nearBytes(taken: readonly string[]): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.nat(2), fc.uint8Array({ maxLength: 3 }));
  const changed = fc
    .tuple(fc.constantFrom(...taken), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([hex, changes]) => {
      let bytes = [...fromHex(hex)];
      for (const [at, removed, put] of changes) {
        const from = at % (bytes.length + 1);
        // As long as before, mostly: the lengths in it stay true.
        const until = from + (removed === 0 ? put.length : removed);
        bytes = [...bytes.slice(0, from), ...put, ...bytes.slice(until)];
      }
      return Uint8Array.from(bytes);
    });
  return fc.oneof({ weight: 1, arbitrary: fc.uint8Array() }, { weight: 4, arbitrary: changed });
}

describe.each(Object.entries(BYTE_PARSERS))('%s', (_name, { parse, taken }) => {
  it('is read or refused quietly, whatever its bytes', () => {
    fc.assert(
      fc.property(nearBytes(taken), (bytes) => void parse(bytes)),
      { numRuns: 1000 },
    );
  });

  it('is taken as it should be', () => {
    for (const hex of taken) expect(parse(fromHex(hex)), hex).toBe(true);
  });
});
