import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, cidr, compareCidr, containsIp, formatCidr, parseCidr } from './cidr.ts';
import { type Ip, parseIp, widthOf } from './ip.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';
import {
  deleteCidr,
  getCidr,
  limbsOf,
  matchesIp,
  matchIp,
  PrefixTrie,
  setCidr,
} from './prefix-trie.ts';

const block = (text: string) => parseCidr(text)!;
const address = (text: string) => parseIp(text)!;

function trieOf(...texts: string[]): PrefixTrie<string> {
  return texts.reduce((trie, text) => setCidr(trie, block(text), text), PrefixTrie.empty<string>());
}

function textsOf(entries: Iterable<readonly [readonly number[], number, string]>): string[] {
  return [...entries].map(([, , value]) => value);
}

describe('PrefixTrie', () => {
  it('is empty at first', () => {
    const trie = PrefixTrie.empty<string>();
    expect(trie.size).toBe(0);
    expect(matchIp(trie, address('10.0.0.1'))).toBeUndefined();
    expect([...trie.entries()]).toEqual([]);
    expect(deleteCidr(trie, block('0.0.0.0/0'))).toBe(trie);
  });

  it('matches the longest prefix', () => {
    const trie = trieOf('0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.3/32');
    expect(matchIp(trie, address('10.1.2.3'))).toBe('10.1.2.3/32');
    expect(matchIp(trie, address('10.1.2.4'))).toBe('10.1.2.0/24');
    expect(matchIp(trie, address('10.1.3.4'))).toBe('10.1.0.0/16');
    expect(matchIp(trie, address('10.2.3.4'))).toBe('10.0.0.0/8');
    expect(matchIp(trie, address('192.0.2.1'))).toBe('0.0.0.0/0');
  });

  it('matches nothing where no prefix covers, siblings and longer ones notwithstanding', () => {
    const trie = trieOf('10.0.0.0/24', '10.0.1.0/24', '10.0.0.128/25');
    expect(matchIp(trie, address('10.0.2.1'))).toBeUndefined();
    expect(matchIp(trie, address('138.0.0.1'))).toBeUndefined();
  });

  it('tells /32 from /128 and the limbs of IPv6 apart', () => {
    const trie = trieOf('2001:db8::/32', '2001:db8:0:1::/64', '2001:db8:0:1::5/128', '::/0');
    expect(matchIp(trie, address('2001:db8:0:1::5'))).toBe('2001:db8:0:1::5/128');
    expect(matchIp(trie, address('2001:db8:0:1::6'))).toBe('2001:db8:0:1::/64');
    expect(matchIp(trie, address('2001:db8:0:2::5'))).toBe('2001:db8::/32');
    expect(matchIp(trie, address('2001:db9::'))).toBe('::/0');
  });

  it('tells the length of the longest prefix, -1 for none', () => {
    const trie = trieOf('10.0.0.0/8', '10.1.0.0/16', '2001:db8::5/128');
    const length = (text: string) => trie.matchLength(...limbsOf(address(text)));
    expect(length('10.1.2.3')).toBe(16);
    expect(length('10.2.2.3')).toBe(8);
    expect(length('2001:db8::5')).toBe(128);
    expect(length('11.0.0.1')).toBe(-1);
    expect(trieOf('0.0.0.0/0').matchLength(...limbsOf(address('192.0.2.1')))).toBe(0);
  });

  it('finds exactly one prefix with get', () => {
    const trie = trieOf('10.0.0.0/8', '10.0.0.0/16');
    expect(getCidr(trie, block('10.0.0.0/8'))).toBe('10.0.0.0/8');
    expect(getCidr(trie, block('10.0.0.0/12'))).toBeUndefined();
    expect(getCidr(trie, block('10.0.0.0/24'))).toBeUndefined();
    expect(getCidr(trie, block('11.0.0.0/8'))).toBeUndefined();
  });

  it('A-002 keeps the canonical network of 100.68.0.18/18', () => {
    const given = limbsOf(address('100.68.0.18'));
    const trie = PrefixTrie.empty<string>().set(...given, 18, 'x');
    expect([...trie.entries()]).toEqual([[limbsOf(address('100.68.0.0')), 18, 'x']]);
    expect(trie.get(...given, 18)).toBe('x');
    expect(trie.delete(...given, 18).size).toBe(0);
  });

  it('lists covering entries from the shortest to the longest', () => {
    const trie = trieOf('10.1.0.0/16', '0.0.0.0/0', '10.1.2.0/24', '10.1.3.0/24', '10.0.0.0/8');
    const covering = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24'];
    expect(textsOf(matchesIp(trie, address('10.1.2.9')))).toEqual(covering);
    expect(textsOf(matchesIp(trie, address('192.0.2.1')))).toEqual(['0.0.0.0/0']);
  });

  it('gives unsigned limbs back', () => {
    const trie = trieOf('ffff:ffff:8000::/48');
    expect([...trie.entries()]).toEqual([
      [[0xffff_ffff, 0x8000_0000, 0, 0], 48, 'ffff:ffff:8000::/48'],
    ]);
  });

  it('stays the same object when nothing changes', () => {
    const trie = trieOf('10.0.0.0/8');
    expect(setCidr(trie, block('10.0.0.0/8'), '10.0.0.0/8')).toBe(trie);
    expect(deleteCidr(trie, block('10.0.0.0/9'))).toBe(trie);
    expect(setCidr(trie, block('10.0.0.0/8'), 'other')).not.toBe(trie);
  });

  it('refuses undefined and impossible lengths', () => {
    const trie = PrefixTrie.empty<string | undefined>();
    expect(() => trie.set(0, 0, 0, 0, 0, undefined as unknown as string)).toThrow(/undefined/);
    expect(() => trie.set(0, 0, 0, 0, 129, 'x')).toThrow(/129/);
  });
});

// Few distinct bits, so that random prefixes nest, part and repeat often.
const limb = fc.oneof(fc.constantFrom(0, 1, 0x8000_0000, 0xffff_ffff), fc.nat(0xffff_ffff));
const family4: fc.Arbitrary<Ip> = fc
  .oneof(
    fc.nat(0xffff_ffff),
    fc.nat(15).map((low) => 0x0a000000 + low),
  )
  .map(ipv4);
const family6: fc.Arbitrary<Ip> = fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs));

interface Step {
  readonly block: Cidr;
  /** Undefined deletes. */
  readonly value: number | undefined;
}

function steps(ip: fc.Arbitrary<Ip>, width: number): fc.Arbitrary<Step[]> {
  const length = fc.oneof(fc.nat(width), fc.constantFrom(0, 8, 16, width - 1, width));
  const step = fc.record({
    block: fc.tuple(ip, length).map(([base, bits]) => cidr(base, bits)),
    value: fc.option(fc.nat(99), { nil: undefined, freq: 3 }),
  });
  return fc.array(step, { maxLength: 60 });
}

type Linear = ReadonlyMap<string, { readonly block: Cidr; readonly value: number }>;

function applyLinear(linear: Linear, { block, value }: Step): Linear {
  const next = new Map(linear);
  if (value === undefined) next.delete(formatCidr(block));
  else next.set(formatCidr(block), { block, value });
  return next;
}

function applyTrie(trie: PrefixTrie<number>, { block, value }: Step): PrefixTrie<number> {
  return value === undefined ? deleteCidr(trie, block) : setCidr(trie, block, value);
}

function sorted(linear: Linear) {
  return [...linear.values()].sort((a, b) => compareCidr(a.block, b.block));
}

function expectSame(trie: PrefixTrie<number>, linear: Linear, questions: readonly Ip[]): void {
  const all = sorted(linear);
  expect(trie.size).toBe(all.length);
  expect([...trie.entries()]).toEqual(
    all.map(({ block, value }) => [[...limbsOf(block.address)], block.length, value]),
  );
  for (const ip of questions) {
    const covering = all.filter(({ block }) => containsIp(block, ip)).map(({ value }) => value);
    expect(matchIp(trie, ip)).toBe(covering.at(-1));
    expect([...matchesIp(trie, ip)].map(([, , value]) => value)).toEqual(covering);
  }
  for (const { block, value } of all) expect(getCidr(trie, block)).toBe(value);
}

describe.each([
  ['IPv4', family4, widthOf(4)],
  ['IPv6', family6, widthOf(6)],
] as const)('PrefixTrie against a linear scan, %s', (_, ip, width) => {
  it('agrees after any sequence of changes', () => {
    fc.assert(
      fc.property(steps(ip, width), fc.array(ip, { maxLength: 10 }), (changes, extra) => {
        const trie = changes.reduce(applyTrie, PrefixTrie.empty<number>());
        const linear = changes.reduce(applyLinear, new Map() as Linear);
        expectSame(trie, linear, [...extra, ...changes.map((change) => change.block.address)]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves every older version as it was', () => {
    fc.assert(
      fc.property(steps(ip, width), (changes) => {
        const versions: [PrefixTrie<number>, Linear][] = [[PrefixTrie.empty(), new Map()]];
        for (const change of changes) {
          const [trie, linear] = versions.at(-1)!;
          versions.push([applyTrie(trie, change), applyLinear(linear, change)]);
        }
        for (const [trie, linear] of versions) expectSame(trie, linear, []);
      }),
      { numRuns: 100 },
    );
  });

  it('is empty again when everything is deleted, in any order', () => {
    fc.assert(
      fc.property(steps(ip, width), (changes) => {
        const full = changes.reduce(applyTrie, PrefixTrie.empty<number>());
        const bare = changes.reduce((trie, { block }) => deleteCidr(trie, block), full);
        expect(bare.size).toBe(0);
        expect([...bare.entries()]).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
