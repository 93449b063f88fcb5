import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../model/error.ts';
import { type DescribeInput, describe as page } from './describe.ts';
import { wildcard } from './wildcard.ts';

interface Thing {
  readonly id: string;
  readonly color: string | undefined;
  readonly sizes: readonly number[];
  readonly tags: Readonly<Record<string, string>>;
}

const things: readonly Thing[] = [
  { id: 'a', color: 'red', sizes: [1, 2], tags: { Name: 'hub' } },
  { id: 'b', color: 'Red', sizes: [2, 3], tags: { Name: 'spoke', team: 'x' } },
  { id: 'c', color: undefined, sizes: [], tags: {} },
  { id: 'd', color: 'blue', sizes: [4], tags: { toString: 'y' } },
];

const ids = (input: DescribeInput, records = things): string =>
  page(input, {
    records,
    filters: {
      color: ({ color }) => color,
      size: ({ sizes }) => sizes,
      empty: ({ sizes }) => sizes.length === 0,
    },
    tags: ({ tags }) => tags,
    page: { min: 2, max: 3 },
  })
    .records.map(({ id }) => id)
    .join('');

type Filter = [name: string, ...values: string[]];

const filter = (...filters: Filter[]): string =>
  ids({ Filters: filters.map(([Name, ...Values]) => ({ Name, Values })) });

/** The code of what `run` throws. */
function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('filters', () => {
  it('G-037 names are anded, values ored, case counts', () => {
    expect(filter(['color', 'red', 'blue'])).toBe('ad');
    expect(filter(['color', 'red'], ['size', '3'])).toBe('');
    expect(filter(['color', 'Red'], ['size', '3'])).toBe('b');
    expect(filter()).toBe('abcd');
    expect(filter(['empty', 'true'])).toBe('c');
    expect(filter(['color'])).toBe('');
  });

  it('G-037 one of a record’s several values is enough', () => {
    expect(filter(['size', '2'])).toBe('ab');
  });

  it('G-038 wildcards and their escapes', () => {
    const matches = (pattern: string, ...texts: string[]) => texts.filter(wildcard(pattern));
    expect(matches('a*', 'a', 'ab', 'ba', 'a\nb')).toEqual(['a', 'ab', 'a\nb']);
    expect(matches('a?c', 'ac', 'abc', 'abbc')).toEqual(['ac', 'abc']);
    expect(matches('\\*', '*', 'x')).toEqual(['*']);
    expect(matches('a\\?', 'a?', 'ab')).toEqual(['a?']);
    expect(matches('a\\\\*', 'a\\', 'a\\x', 'ax')).toEqual(['a\\', 'a\\x']);
    expect(matches('10.0.*', '10.0.1.0/24', '10x0y')).toEqual(['10.0.1.0/24']);
    expect(matches('(*)', '()', '(x)', 'x')).toEqual(['()', '(x)']);
    expect(filter(['color', '*'])).toBe('abd');
  });

  it('G-038 a text without wildcards matches itself alone, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const escaped = text.replace(/[*?\\]/g, '\\$&');
        expect(wildcard(escaped)(text)).toBe(true);
        expect(wildcard(escaped)(other)).toBe(other === text);
      }),
    );
  });

  it('G-038 a star matches any run in any place', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (head, run, tail) => {
        const literal = (text: string) => text.replace(/[*?\\]/g, '\\$&');
        expect(wildcard(`${literal(head)}*${literal(tail)}`)(head + run + tail)).toBe(true);
      }),
    );
  });

  it('G-039 an unknown filter or too many values are refused', () => {
    expect(codeOf(() => filter(['shape', 'x']))).toBe('InvalidParameterValue');
    expect(codeOf(() => ids({ Filters: [{ Values: ['x'] }] }))).toBe('InvalidParameterValue');
    expect(codeOf(() => filter(['toString', 'x']))).toBe('InvalidParameterValue');
    const values = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
    expect(codeOf(() => filter(['size', ...values(200)]))).toBe('no error');
    expect(codeOf(() => filter(['size', ...values(201)]))).toBe('FilterLimitExceeded');
    const many = (count: number) => Array.from({ length: count }, () => ['size', '*'] as Filter);
    expect(filter(...many(50))).toBe('abd');
    expect(codeOf(() => filter(...many(51)))).toBe('FilterLimitExceeded');
  });

  it('G-040 tags by pair, by key and by value', () => {
    expect(filter(['tag:Name', 'hub'])).toBe('a');
    expect(filter(['tag:Name', '*'])).toBe('ab');
    expect(filter(['tag:toString', 'y'])).toBe('d');
    expect(filter(['tag-key', 'team', 'toString'])).toBe('bd');
    expect(filter(['tag-value', 'x'])).toBe('b');
  });
});

describe('pages', () => {
  const records = Array.from({ length: 7 }, (_, index): Thing => {
    return { id: `r${index}`, color: undefined, sizes: [index], tags: {} };
  });
  const filters = { size: ({ sizes }: Thing) => sizes };
  const read = (input: DescribeInput, from = records) =>
    page(input, { records: from, filters, page: { min: 2, max: 3 } });

  it('G-042 the size must be within bounds', () => {
    expect(codeOf(() => read({ MaxResults: 1 }))).toBe('InvalidParameterValue');
    expect(codeOf(() => read({ MaxResults: 4 }))).toBe('InvalidParameterValue');
    expect(read({ MaxResults: 2 }).records).toHaveLength(2);
    expect(read({}).records).toHaveLength(7);
    expect(read({}).nextToken).toBeUndefined();
  });

  it('G-043 pages put together are the whole, and the last has no token', () => {
    const seen: string[] = [];
    let input: DescribeInput = { MaxResults: 3 };
    for (let count = 0; count < 3; count++) {
      const { records: some, nextToken } = read(input);
      seen.push(...some.map(({ id }) => id));
      expect(nextToken === undefined).toBe(count === 2);
      if (nextToken !== undefined) input = { MaxResults: 3, NextToken: nextToken };
    }
    expect(seen).toEqual(records.map(({ id }) => id));
  });

  it('G-043 a full last page has no token', () => {
    expect(read({ MaxResults: 3 }, records.slice(0, 3)).nextToken).toBeUndefined();
  });

  it('G-043 records that vanish between pages hide no other', () => {
    const { nextToken } = read({ MaxResults: 3 });
    const input = { MaxResults: 3, NextToken: nextToken! };
    const withoutFirst = read(input, records.slice(1));
    expect(withoutFirst.records.map(({ id }) => id)).toEqual(['r3', 'r4', 'r5']);
    const withoutLastSeen = read(
      input,
      records.filter(({ id }) => id !== 'r2'),
    );
    expect(withoutLastSeen.records.map(({ id }) => id)).toEqual(['r3', 'r4', 'r5']);
    expect(read(input, []).records).toEqual([]);
  });

  it('G-043 a token of something else is refused', () => {
    for (const NextToken of ['nonsense', '', 'e30', '{}']) {
      expect(codeOf(() => read({ NextToken }))).toBe('InvalidNextToken');
    }
  });
});
