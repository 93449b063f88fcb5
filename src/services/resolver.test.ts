import { decode, encode, type OptAnswer, type Packet, RECURSION_DESIRED } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerQuery } from './resolver.ts';
import { TestNetwork } from './test-network.ts';

const RD = RECURSION_DESIRED;
const NAME = 'ip-10-0-0-5.ec2.internal';
/** rcodes */
const [FORMERR, NXDOMAIN, NOTIMP, REFUSED] = [1, 3, 4, 5];

function network(enableDnsSupport = true) {
  const made = new TestNetwork();
  const vpc = made.vpc('a', '10.0.0.0/16', { enableDnsSupport });
  made.host({ id: 'a', vpc, addresses: ['10.0.0.5'] });
  return { reader: made.model, vpcId: vpc.id };
}

function query(members: Packet = {}): Uint8Array {
  return encode({
    type: 'query',
    id: 0x1234,
    flags: RD,
    questions: [{ type: 'A', name: NAME }],
    ...members,
  });
}

/** The answer to a query, and its rcode. */
function ask(bytes: Uint8Array, context = network()) {
  const answer = answerQuery(bytes, context);
  if (answer === undefined) return undefined;
  const message = decode(Buffer.from(answer));
  return { ...message, code: (message.flags ?? 0) & 0xf };
}

const OPT: OptAnswer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

describe('answerQuery', () => {
  it('answers literal bytes with literal bytes (RFC 1035 4.1)', () => {
    const name = hex(`0b ${text('ip-10-0-0-5')} 03 ${text('ec2')} 08 ${text('internal')} 00`);
    const asked = hex(`abcd 0100 0001 0000 0000 0000 ${name} 0001 0001`);
    const answer = answerQuery(Buffer.from(asked, 'hex'), network());
    const record = `${name} 0001 0001 0000003c 0004 0a000005`;
    expect(Buffer.from(answer!).toString('hex')).toBe(
      hex(`abcd 8180 0001 0001 0000 0000 ${name} 0001 0001 ${record}`),
    );
  });

  it('repeats the question as it was asked', () => {
    const name = 'IP-10-0-0-5.Ec2.Internal';
    const answer = ask(query({ questions: [{ type: 'A', name }] }))!;
    expect(answer.id).toBe(0x1234);
    expect([answer.flag_qr, answer.flag_rd, answer.flag_ra, answer.flag_aa]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(answer.questions).toMatchObject([{ name, type: 'A', class: 'IN' }]);
    expect(answer.answers).toMatchObject([{ name, type: 'A', ttl: 60, data: '10.0.0.5' }]);
  });

  it('A-115 answers PTR', () => {
    const questions = [{ type: 'PTR', name: '5.0.0.10.in-addr.arpa' }] as const;
    expect(ask(query({ questions: [...questions] }))?.answers).toMatchObject([
      { type: 'PTR', data: NAME },
    ]);
  });

  it('says NXDOMAIN for no name and nothing for no data, with the domain’s SOA (RFC 2308)', () => {
    const soa = [{ type: 'SOA', name: 'ec2.internal', data: { minimum: 60 } }];
    const missing = ask(query({ questions: [{ type: 'A', name: 'x.ec2.internal' }] }))!;
    expect(missing.code).toBe(NXDOMAIN);
    expect(missing.answers).toEqual([]);
    expect(missing.authorities).toMatchObject(soa);
    const empty = ask(query({ questions: [{ type: 'AAAA', name: NAME }] }))!;
    expect([empty.code, empty.answers]).toEqual([0, []]);
    expect(empty.authorities).toMatchObject(soa);
    const outside = ask(query({ questions: [{ type: 'A', name: 'example.com' }] }))!;
    expect([outside.code, outside.authorities]).toEqual([NXDOMAIN, []]);
  });

  it('A-102 is silent while DNS support is off, and for a VPC that is gone', () => {
    expect(ask(query(), network(true))).toBeDefined();
    expect(ask(query(), network(false))).toBeUndefined();
    expect(ask(query(), { ...network(), vpcId: 'vpc-gone' })).toBeUndefined();
  });

  it('I-088 refuses to answer without recursion', () => {
    const answer = ask(query({ flags: 0 }))!;
    expect([answer.code, answer.answers, answer.flag_rd]).toEqual([REFUSED, [], false]);
  });

  it.each([
    ['a zone transfer', query({ questions: [{ type: 'AXFR', name: 'ec2.internal' }] }), REFUSED],
    ['class CH', query({ questions: [{ type: 'TXT', name: 'a', class: 'CH' }] }), REFUSED],
    ['an unknown class', unknownClass(), REFUSED],
    ['an update', query({ flags: RD | (5 << 11) }), NOTIMP],
    ['no question', query({ questions: [] }), FORMERR],
    ['two questions', query({ questions: [question('a'), question('b')] }), FORMERR],
    ['a name with a space', query({ questions: [question('a b')] }), FORMERR],
    ['a name that is cut off', query().subarray(0, 20), FORMERR],
    ['a pointer to itself', pointer(), FORMERR],
    ['more than any question needs', Buffer.concat([query(), Buffer.alloc(4096)]), FORMERR],
  ])('refuses %s', (_title, bytes, code) => {
    const answer = ask(bytes)!;
    expect([answer.id, answer.code, answer.answers]).toEqual([0x1234, code, []]);
  });

  it('answers a type it does not know with no data', () => {
    const bytes = Buffer.from(query());
    bytes.writeUInt16BE(65, bytes.length - 4);
    const answer = ask(bytes)!;
    expect([answer.code, answer.answers]).toEqual([0, []]);
    expect(answer.questions).toMatchObject([{ type: 'UNKNOWN_65', name: NAME }]);
  });

  it('sends nothing back to what is no query', () => {
    expect(ask(query().subarray(0, 11))).toBeUndefined();
    expect(ask(encode({ type: 'response', id: 1, questions: [question(NAME)] }))).toBeUndefined();
  });

  it('speaks EDNS version 0 with who does (RFC 6891)', () => {
    expect(ask(query())?.additionals).toEqual([]);
    const answer = ask(query({ additionals: [OPT] }))!;
    expect(answer.answers).toHaveLength(1);
    expect(answer.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 4096 }]);
    const newer = ask(query({ additionals: [{ ...OPT, ednsVersion: 1 }] }))!;
    expect(newer.additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1, ednsVersion: 0 }]);
    expect(newer.answers).toEqual([]);
  });

  it('I-089 no answer exceeds a datagram of 512 bytes', () => {
    const labels = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(56));
    const long = [...labels, 'ec2', 'internal'].join('.');
    const answer = answerQuery(
      query({ questions: [question(long)], additionals: [OPT] }),
      network(),
    );
    expect(decode(Buffer.from(answer!)).authorities).toHaveLength(1);
    expect(answer!.length).toBeLessThanOrEqual(512);
  });

  it('takes any bytes', () => {
    const context = network();
    const valid = query({ additionals: [OPT] });
    const mutated = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 8 })
      .map((edits) => {
        const bytes = Uint8Array.from(valid);
        for (const [index, value] of edits) bytes[index] = value;
        return bytes;
      });
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated);
    fc.assert(
      fc.property(bytes, (input) => {
        const answer = answerQuery(input, context);
        if (answer === undefined) return;
        expect([...answer.subarray(0, 2)]).toEqual([...input.subarray(0, 2)]);
        expect(answer[2]! & 0x80).toBe(0x80);
        expect(answer.length).toBeLessThanOrEqual(512);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Hexadecimal digits without the spaces. */
function hex(digits: string): string {
  return digits.replaceAll(' ', '');
}

/** A text's bytes in hexadecimal. */
function text(ascii: string): string {
  return Buffer.from(ascii).toString('hex');
}

function question(name: string) {
  return { type: 'A', name } as const;
}

function unknownClass(): Uint8Array {
  const bytes = Buffer.from(query());
  bytes.writeUInt16BE(4711, bytes.length - 2);
  return bytes;
}

function pointer(): Uint8Array {
  const bytes = Buffer.from(query());
  bytes.writeUInt16BE(0xc00c, 12);
  return bytes;
}

describe('DNS64', () => {
  const aaaa = { questions: [{ type: 'AAAA', name: NAME } as const] };
  const dns64 = { ...network(), dns64: true };
  const addresses = (answer: ReturnType<typeof ask>) =>
    answer!.answers!.map((one) => ('data' in one ? one.data : undefined));

  it('A-100 makes an IPv6 address for a name that has none', () => {
    expect(addresses(ask(query(aaaa), dns64))).toEqual(['64:ff9b::a00:5']);
    expect(addresses(ask(query(), dns64))).toEqual(['10.0.0.5']);
  });

  it('A-100 makes none where the subnet does not want it, or there is no such name', () => {
    expect(addresses(ask(query(aaaa)))).toEqual([]);
    const unknown = { questions: [{ type: 'AAAA', name: 'ip-10-0-0-6.ec2.internal' } as const] };
    expect(ask(query(unknown), dns64)!.code).toBe(NXDOMAIN);
  });

  it('A-100 leaves a name that has an IPv6 address alone', () => {
    const localhost = { questions: [{ type: 'AAAA', name: 'localhost' } as const] };
    expect(addresses(ask(query(localhost), dns64))).toEqual(['::1']);
  });
});
