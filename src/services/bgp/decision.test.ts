import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4 } from '../../net/ipv4.ts';
import { asPathLength, neighborAs } from '../../wire/bgp/as-path.ts';
import type { Origin } from '../../wire/bgp/path-attributes.ts';
import { choose } from './decision.ts';
import type { Path } from './path.ts';

interface Wish {
  readonly asns?: readonly number[];
  readonly set?: readonly number[];
  readonly origin?: Origin;
  readonly localPreference?: number;
  readonly med?: number;
  readonly internal?: boolean;
  readonly identifier?: number;
  readonly address?: number;
}

function path(name: string, wish: Wish = {}): Path {
  const { asns = [65010], set, origin = 0, localPreference = 100, med = 0 } = wish;
  const asPath = [
    ...(asns.length > 0 ? [{ kind: 'sequence' as const, asns }] : []),
    ...(set !== undefined ? [{ kind: 'set' as const, asns: set }] : []),
  ];
  return {
    peer: name,
    internal: wish.internal ?? false,
    attributes: { origin, asPath },
    nextHop: ipv4(1),
    localPreference,
    med,
    length: asPathLength(asPath),
    neighborAs: neighborAs(asPath) ?? 0,
    identifier: ipv4(wish.identifier ?? 1),
    address: ipv4(wish.address ?? 1),
  };
}

const names = (paths: readonly Path[]) => paths.map(({ peer }) => peer);

describe('the choice between two paths', () => {
  it.each<[string, Wish, Wish]>([
    ['higher local preference, whatever else', { localPreference: 101, asns: [1, 2, 3] }, {}],
    ['a shorter AS path, whatever else', { origin: 2, med: 9 }, { asns: [65010, 1] }],
    ['a set that counts one', { asns: [1], set: [2, 3, 4], identifier: 1 }, { asns: [1, 2, 3] }],
    ['a lower origin', { origin: 1, med: 9 }, { origin: 2 }],
    ['a lower MED of the same neighbor', { med: 1, identifier: 9 }, { med: 2 }],
    ['eBGP', { identifier: 9 }, { internal: true }],
    ['a lower identifier', { identifier: 1, address: 9 }, { identifier: 2 }],
    ['an identifier above 2^31 as a number', { identifier: 1 }, { identifier: 0xc000_0000 }],
    ['a lower address', { address: 1 }, { address: 2 }],
  ])('C-065 H-109 goes to %s', (_what, winner, loser) => {
    const [a, b] = [path('winner', winner), path('loser', loser)];
    expect(names(choose([a, b]))[0]).toBe('winner');
    expect(names(choose([b, a]))[0]).toBe('winner');
  });

  it('does not compare MEDs of different neighbors', () => {
    const paths = [
      path('a', { asns: [1], med: 9, identifier: 1 }),
      path('b', { asns: [2], med: 1, identifier: 2 }),
    ];
    expect(names(choose(paths))).toEqual(['a']);
  });
});

describe('the choice', () => {
  it('is none of none, and one of one', () => {
    expect(choose([])).toEqual([]);
    expect(names(choose([path('a')]))).toEqual(['a']);
  });

  it('C-096 C-101 has equals of exactly the same AS path', () => {
    const paths = [
      path('other', { asns: [65011], identifier: 2 }),
      path('second', { identifier: 3 }),
      path('best', { identifier: 1 }),
      path('longer', { asns: [65010, 1] }),
      path('internal', { internal: true }),
    ];
    expect(names(choose(paths))).toEqual(['best', 'second']);
  });

  it('takes out what another MED of its neighbor beats, even if that loses then', () => {
    const paths = [
      path('a', { asns: [1], med: 1, identifier: 9 }),
      path('b', { asns: [1], med: 2, identifier: 1 }),
      path('c', { asns: [2], med: 5, identifier: 5 }),
    ];
    expect(names(choose(paths))[0]).toBe('c');
  });

  it('is the same in whatever order the paths came', () => {
    const wish = fc.record({
      asns: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      origin: fc.nat(1) as fc.Arbitrary<Origin>,
      localPreference: fc.integer({ min: 100, max: 101 }),
      med: fc.nat(2),
      internal: fc.boolean(),
      identifier: fc.nat(3),
    });
    const any = fc.array(wish, { minLength: 1, maxLength: 7 }).chain((wishes) => {
      const paths = wishes.map((one, index) => path(`${index}`, { ...one, address: index }));
      return fc.tuple(fc.constant(paths), fc.shuffledSubarray(paths, { minLength: paths.length }));
    });
    fc.assert(
      fc.property(any, ([paths, shuffled]) => {
        expect(names(choose(shuffled))).toEqual(names(choose(paths)));
      }),
    );
  });
});
