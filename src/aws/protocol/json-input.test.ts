import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../model/error.ts';
import { createJsonInputReaders } from './json-input.ts';
import { loadModel, type RestJsonModel } from './model.ts';

const readRam = createJsonInputReaders(loadModel('ram'));

/** A service with everything that the model can say of a member. */
const ZOO: RestJsonModel = {
  service: 'zoo',
  protocol: 'restJson1',
  version: '2026-01-01',
  operations: { Feed: { input: 'FeedRequest', method: 'POST', path: '/feed', status: 200 } },
  structures: {
    FeedRequest: [
      { name: 'animal', type: 'Animal', required: true },
      { name: 'at', type: 'timestamp' },
      { name: 'food', type: 'blob' },
      { name: 'weight', type: 'double' },
      { name: 'moods', type: 'Moods', enum: 'Mood' },
      { name: 'page', httpQuery: 'Page', type: 'integer' },
    ],
    Animal: [
      { name: 'name', type: 'string', required: true },
      { name: 'young', type: 'Animals' },
    ],
  },
  lists: {
    Animals: { type: 'Animal', item: 'member' },
    Moods: { type: 'string', item: 'member' },
  },
  enums: { Mood: ['calm', 'wild'] },
  errors: {},
};
const readZoo = createJsonInputReaders(ZOO);

const ram = (operation: string, body: unknown, query: Record<string, string> = {}) =>
  readRam(operation)(body, new Map(Object.entries(query)));
const zoo = (body: unknown, query: Record<string, string> = {}) =>
  readZoo('Feed')(body, new Map(Object.entries(query)));

function refused(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('what the model has', () => {
  it('is read into its types', () => {
    const body = {
      animal: { name: 'a', young: [{ name: 'b', young: [] }] },
      at: 1767225600.5,
      food: 'aGF5',
      weight: 1.5,
      moods: ['calm'],
    };
    expect(zoo(body, { Page: '3' })).toEqual({
      animal: { name: 'a', young: [{ name: 'b', young: [] }] },
      at: new Date('2026-01-01T00:00:00.500Z'),
      food: new Uint8Array(Buffer.from('hay')),
      weight: 1.5,
      moods: ['calm'],
      page: 3,
    });
  });

  it('may be null, which is not there', () => {
    expect(ram('ListResources', { resourceOwner: 'SELF', principal: null })).toEqual({
      resourceOwner: 'SELF',
    });
    expect(refused(() => ram('ListResources', { resourceOwner: null }))).toMatch(
      /must not be null/,
    );
  });

  it('stands in the URL where the model has it there', () => {
    const query = { resourceShareArn: 'a', clientToken: '' };
    expect(ram('DeleteResourceShare', {}, query)).toEqual(query);
    const signed = { ...query, 'X-Amz-Signature': '0', 'X-Amz-Date': 'x' };
    expect(ram('DeleteResourceShare', {}, signed)).toEqual(query);
  });
});

describe('what does not fit the model', () => {
  it.each<[unknown, RegExp]>([
    [[], /^SerializationException: .*it must be an object/],
    [null, /^SerializationException/],
    ['x', /^SerializationException/],
    [{ name: 1 }, /^SerializationException: .*'name' must be a string/],
    [{ name: '\ud800' }, /^SerializationException: .*'name' must be a string/],
    [{ name: ['x'] }, /^SerializationException/],
    [{ name: 'x', allowExternalPrincipals: 'true' }, /'allowExternalPrincipals' must be true or/],
    [{ name: 'x', resourceArns: 'arn' }, /'resourceArns' must be a list/],
    [{ name: 'x', resourceArns: { 0: 'arn' } }, /'resourceArns' must be a list/],
    [{ name: 'x', resourceArns: ['arn', null] }, /'resourceArns.2' must be a string/],
    [{ name: 'x', tags: [7] }, /'tags.1' must be an object/],
    [{ name: 'x', tags: [{ key: 7 }] }, /'tags.1.key' must be a string/],
    [{ name: 'x', colour: 1 }, /^InvalidParameterException: The parameter colour is not rec/],
    [{ name: 'x', tags: [{ Key: 'a' }] }, /The parameter tags.1.Key is not recognized/],
    [JSON.parse('{"name": "x", "__proto__": {"a": 1}}'), /parameter __proto__ is not recognized/],
    [{ name: 'x', constructor: 1 }, /parameter constructor is not recognized/],
    [{}, /^MissingRequiredParameterException: .* null at 'name' failed .* must not be null$/],
  ])('%j', (body, message) => {
    expect(refused(() => ram('CreateResourceShare', body))).toMatch(message);
  });

  it.each([
    ['x', /^InvalidParameterException: .*'x' at 'resourceOwner' .*\[OTHER-ACCOUNTS, SELF\]$/],
    ['self', /enum value set/],
    ['', /enum value set/],
  ])('an enumeration does not have %j', (resourceOwner, message) => {
    expect(refused(() => ram('GetResourceShares', { resourceOwner }))).toMatch(message);
  });

  it.each<[Record<string, unknown>, Record<string, string>, RegExp]>([
    [{ at: 'x' }, {}, /'at' must be a time in seconds/],
    [{ at: 1e300 }, {}, /'at' must be a time/],
    [{ food: '%' }, {}, /'food' must be base64/],
    [{ weight: '1' }, {}, /'weight' must be a number/],
    [{ moods: ['calm', 'mad'] }, {}, /^ValidationException: .*'mad' at 'moods.2'/],
    [{ animal: { name: 'a', young: [{}] } }, {}, /^ValidationException: .*'animal.young.1.name'/],
    [{}, { Page: 'x' }, /'page' must be an integer/],
    [{}, { page: '1' }, /parameter page is not recognized/],
    [{ page: 1 }, {}, /parameter page is not recognized/],
  ])('of any type: %j %j', (body, query, message) => {
    expect(refused(() => zoo({ animal: { name: 'a' }, ...body }, query))).toMatch(message);
  });

  it('is told in order: what cannot be read, what is unknown, missing, invalid', () => {
    const unreadable = { maxResults: 'x', colour: 1, principal: 1 };
    expect(refused(() => ram('ListResources', unreadable))).toMatch(/'maxResults' must be/);
    expect(refused(() => ram('ListResources', { colour: 1 }))).toMatch(/colour/);
    const rest = { resourceRegionScope: 'x' };
    expect(refused(() => ram('ListResources', rest))).toMatch(/'resourceOwner'/);
    const all = { ...rest, resourceOwner: 'SELF' };
    expect(refused(() => ram('ListResources', all))).toMatch(/'resourceRegionScope'/);
  });

  it('of a URL: what is needed there and is not', () => {
    expect(refused(() => ram('DeleteResourceShare', {}))).toMatch(/^MissingReq.*resourceShareArn/);
    expect(refused(() => ram('DeleteResourceShare', { resourceShareArn: 'a' }))).toMatch(
      /parameter resourceShareArn is not recognized/,
    );
  });
});

it('any JSON is an input or AWS’s error, whatever the operation', () => {
  const operations = fc.constantFrom(...Object.keys(loadModel('ram').operations));
  const names = fc.constantFrom('name', 'tags', 'principals', 'maxResults', 'resourceOwner');
  const values = fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue()));
  const property = fc.property(operations, values, (operation, body) => {
    expect(refused(() => ram(operation, body))).toEqual(expect.any(String));
  });
  fc.assert(property, { numRuns: 2000 });
});
