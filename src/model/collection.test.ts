import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Collection } from './collection.ts';

interface Thing {
  readonly id: string;
  readonly colour?: string;
  readonly sizes: readonly string[];
}

const INDEXES = {
  colour: ({ colour }: Thing) => colour,
  size: ({ sizes }: Thing) => sizes,
};
const KEYS = { colour: ['red', 'blue'], size: ['s', 'm', 'l'] };

const collection = () => new Collection<Thing>(INDEXES);

/** Everything a reader can see, in its order. */
function image(things: Collection<Thing>) {
  const buckets = Object.entries(KEYS).flatMap(([index, keys]) =>
    keys.map((key) => [index, key, things.by(index, key), things.count(index, key)]),
  );
  return { all: [...things.values()], size: things.size, buckets };
}

const thing: fc.Arbitrary<Thing> = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    colour: fc.constantFrom('red', 'blue'),
    sizes: fc.uniqueArray(fc.constantFrom('s', 'm', 'l')),
  },
  { requiredKeys: ['id', 'sizes'] },
);
const step = fc.record({ thing, deleted: fc.boolean() });

function change(things: Collection<Thing>, steps: readonly { thing: Thing; deleted: boolean }[]) {
  return steps.map(({ thing, deleted }) => {
    const before = things.get(thing.id);
    if (deleted) things.delete(thing.id);
    else things.set(thing);
    return { id: thing.id, before };
  });
}

describe('a collection', () => {
  it('finds by id and by every key of an index', () => {
    const things = collection();
    const red = { id: 'a', colour: 'red', sizes: ['s', 'm'] };
    const plain = { id: 'b', sizes: ['m'] };
    things.set(red);
    things.set(plain);
    expect(things.get('a')).toBe(red);
    expect(things.by('size', 'm')).toEqual([red, plain]);
    expect(things.first('size', 'm')).toBe(red);
    expect(things.by('colour', 'blue')).toEqual([]);
    things.set({ ...red, colour: 'blue' });
    expect(things.count('colour', 'red')).toBe(0);
    expect(things.first('colour', 'blue')?.id).toBe('a');
  });

  it('gives up the place of what was deleted once it is settled', () => {
    const things = collection();
    for (const id of ['a', 'b']) things.set({ id, colour: 'red', sizes: [] });
    things.delete('a');
    things.settle();
    things.set({ id: 'a', colour: 'red', sizes: [] });
    expect(things.by('colour', 'red').map(({ id }) => id)).toEqual(['b', 'a']);
    expect([...things.values()].map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('gives lists that what happens later does not change', () => {
    const things = collection();
    const ids = Array.from({ length: 200 }, (_, index) => `thing ${index}`);
    for (const id of ids) things.set({ id, colour: 'red', sizes: [] });
    const before = things.by('colour', 'red');
    things.delete('thing 7');
    const between = things.by('colour', 'red');
    things.set({ id: 'late', colour: 'red', sizes: [] });
    expect(before.map(({ id }) => id)).toEqual(ids);
    expect(between.map(({ id }) => id)).toEqual(ids.toSpliced(7, 1));
    expect(things.by('colour', 'red')).toHaveLength(200);
  });

  it('is what its records are, whatever happened before', () => {
    const property = fc.property(fc.array(step), (steps) => {
      const things = collection();
      change(things, steps);
      const { all, size, buckets } = image(things);
      expect(size).toBe(all.length);
      for (const [index, key, found, count] of buckets) {
        const keys = (one: Thing) => [INDEXES[index as 'size'](one)].flat() as unknown[];
        const expected = all.filter((one) => keys(one).includes(key));
        expect(new Set(found as Thing[])).toEqual(new Set(expected));
        expect(count).toBe(expected.length);
      }
    });
    fc.assert(property);
  });

  it('has everything at its place again when what happened is undone', () => {
    const property = fc.property(fc.array(step), fc.array(step), (past, attempted) => {
      const things = collection();
      change(things, past);
      things.settle();
      const before = image(things);
      for (const { id, before: record } of change(things, attempted).reverse()) {
        if (record === undefined) things.delete(id);
        else things.set(record);
      }
      expect(image(things)).toEqual(before);
      things.settle();
      expect(image(things)).toEqual(before);
    });
    fc.assert(property);
  });
});
