import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../model/error.ts';
import { JSON_DEPTH_MAX, parseJson } from './json-text.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('a body', () => {
  it('is JSON, or nothing', () => {
    expect(parse('{"a": [1, "x"]}')).toEqual({ a: [1, 'x'] });
    expect(parse('')).toEqual({});
  });

  it.each(['{', '{"a"}', "{'a': 1}", 'a=1', '<a/>', '"', '"\\', '{} {}', '\u0000'])(
    '%j is no JSON',
    (text) => {
      expect(() => parse(text)).toThrow(
        expect.objectContaining({ code: 'SerializationException', status: 400 }),
      );
    },
  );

  it('is UTF-8', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('UTF-8');
  });

  it('has a depth that is looked at first, brackets in strings aside', () => {
    expect(parse(nested(JSON_DEPTH_MAX))).toBeInstanceOf(Array);
    expect(() => parse(nested(JSON_DEPTH_MAX + 1))).toThrow('levels deep');
    expect(() => parse('{"a":'.repeat(200_000))).toThrow('levels deep');
    const text = JSON.stringify({ a: `\\"${'[{'.repeat(100)}`, b: '"[' });
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('of any octets is a value or AWS’s error', () => {
    const octets = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    const property = fc.property(octets, (body) => {
      try {
        parseJson(body);
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
