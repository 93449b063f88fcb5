import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, cidr, containsIp, formatCidr, parseCidr } from '../net/cidr.ts';
import { familyOf, type Ip, ipEquals } from '../net/ip.ts';
import { ipv4 } from '../net/ipv4.ts';
import { ipv6 } from '../net/ipv6.ts';
import { PrefixTrie, setCidr } from '../net/prefix-trie.ts';
import { AddressMap } from './address-map.ts';
import type { InterfaceNode } from './node.ts';
import { Packet } from './packet.ts';
import { PrefixSet } from './prefix-set.ts';
import {
  type AddressTerm,
  ANY,
  BlockSet,
  blockTerm,
  lookUp,
  type Match,
  matches,
  type Rule,
  type Table,
} from './table.ts';
import { packet } from './test-frames.ts';
import { block, ip } from './test-values.ts';

const nodes = ['a', 'b'].map((id) => ({ id }) as InterfaceNode);

// Addresses and blocks from a small pool, so that they meet.
const limb = fc.constantFrom(0, 1, 0x0a00_0001, 0x0a00_00ff, 0x8000_0000, 0xffff_ffff);
const anyIp: fc.Arbitrary<Ip> = fc.oneof(
  limb.map(ipv4),
  fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs)),
);
const anyCidr: fc.Arbitrary<Cidr> = fc
  .tuple(anyIp, fc.constantFrom(0, 1, 8, 24, 31, 32, 33, 64, 96, 127, 128))
  .map(([address, length]) =>
    cidr(address, familyOf(address) === 4 ? Math.min(length, 32) : length),
  );

/** A term and what it should hold. */
type Naive<T> = readonly [term: T, holds: (address: Ip) => boolean];

const anyTerm: fc.Arbitrary<Naive<AddressTerm>> = fc.oneof(
  anyCidr.map((one): Naive<AddressTerm> => [blockTerm(one), (address) => containsIp(one, address)]),
  fc.array(anyCidr, { maxLength: 3 }).map((all): Naive<AddressTerm> => {
    const set = new BlockSet();
    set.replace(all);
    return [{ kind: 'blocks', set }, (address) => all.some((one) => containsIp(one, address))];
  }),
  fc.array(anyCidr, { maxLength: 5 }).map((all): Naive<AddressTerm> => {
    const set = new PrefixSet();
    set.replace(all);
    return [{ kind: 'prefixes', set }, (address) => all.some((one) => containsIp(one, address))];
  }),
  fc.array(anyIp, { maxLength: 3 }).map((all): Naive<AddressTerm> => {
    const set = new AddressMap<true>();
    for (const address of all) set.set(address, true);
    return [{ kind: 'addresses', set }, (address) => all.some((one) => ipEquals(one, address))];
  }),
);

const anyPacket = fc
  .record({
    source: anyIp,
    destination: anyIp,
    protocol: fc.constantFrom(1, 6, 17, 58),
    port: fc.constantFrom(0, 80, 443, 65535),
    icmpType: fc.constantFrom(0, 8),
    icmpCode: fc.constantFrom(0, 4),
    subnet: fc.constantFrom(-1, 5),
    nextHop: fc.constantFrom(undefined, nodes[0]),
    identity: fc.constantFrom(undefined, ...nodes),
  })
  .filter(({ source, destination }) => familyOf(source) === familyOf(destination))
  .map(({ source, destination, port, ...members }) => {
    const made = Object.assign(new Packet(), members);
    made.family = familyOf(source);
    made.source = source;
    made.destination = destination;
    made.destinationPort = port;
    return made;
  });

// Few members, so that some packets match.
const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const anyMatch = fc
  .record({
    family: optional(fc.constantFrom(4 as const, 6 as const)),
    source: optional(anyTerm),
    destination: optional(anyTerm),
    identity: optional(fc.array(fc.tuple(anyIp, fc.constantFrom(...nodes)), { maxLength: 3 })),
    protocol: optional(fc.constantFrom(1, 6, 17)),
    ports: optional(fc.constantFrom({ from: 80, to: 80 }, { from: 1, to: 443 })),
    icmp: optional(fc.record({ type: fc.constantFrom(-1, 8), code: fc.constantFrom(-1, 4) })),
    subnet: optional(fc.constantFrom(-1, 5)),
    toRouter: optional(fc.boolean()),
  })
  .map((wanted) => {
    const { source, destination, identity, ...plain } = wanted;
    const members = new AddressMap<InterfaceNode>();
    for (const [address, node] of identity ?? []) members.set(address, node);
    const match = Object.fromEntries(
      Object.entries({
        ...plain,
        source: source?.[0],
        destination: destination?.[0],
        identity: identity && members,
      }).filter(([, value]) => value !== undefined),
    ) as Match;
    return { match, holds: (one: Packet) => naive(wanted, one) };
  });

type Wanted = {
  [K in keyof Match]: K extends 'source' | 'destination'
    ? Naive<AddressTerm> | undefined
    : K extends 'identity'
      ? readonly (readonly [Ip, InterfaceNode])[] | undefined
      : Match[K] | undefined;
};

/** Each member by itself, in the words of `Match`. */
function naive(wanted: Wanted, one: Packet): boolean {
  const { family, source, destination, identity, protocol, ports, icmp, subnet, toRouter } = wanted;
  // The last entry of an address is the one that counts.
  const owner = identity?.findLast(([address]) => ipEquals(address, one.source))?.[1];
  return [
    family === undefined || family === one.family,
    source === undefined || source[1](one.source),
    destination === undefined || destination[1](one.destination),
    identity === undefined || (one.identity !== undefined && owner === one.identity),
    protocol === undefined || protocol === one.protocol,
    ports === undefined || (ports.from <= one.destinationPort && one.destinationPort <= ports.to),
    icmp === undefined || icmp.type === -1 || icmp.type === one.icmpType,
    icmp === undefined || icmp.code === -1 || icmp.code === one.icmpCode,
    subnet === undefined || subnet === one.subnet,
    toRouter === undefined || toRouter === (one.nextHop === undefined),
  ].every(Boolean);
}

describe('matches', () => {
  it('holds exactly when every member does', () => {
    let matched = 0;
    fc.assert(
      fc.property(anyMatch, anyPacket, ({ match, holds }, one) => {
        const expected = holds(one);
        if (expected) matched++;
        expect(matches(match, one)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
    expect(matched).toBeGreaterThan(50);
  });

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::', false],
    ['::/0', '10.0.0.1', false],
    ['::/0', 'ffff::1', true],
    ['2001:db8::/32', '2001:db8:ffff::', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8::/64', '2001:db8:0:1::', false],
    ['2001:db8::8/127', '2001:db8::9', true],
    ['2001:db8::8/128', '2001:db8::9', false],
    ['10.0.0.1/32', '10.0.0.1', true],
  ])('%s and %s: %s', (text, address, expected) => {
    const one = packet(address, address);
    expect(matches({ source: blockTerm(block(text)) }, one)).toBe(expected);
    expect(matches({ destination: blockTerm(block(text)) }, one)).toBe(expected);
  });

  it('A-080 a group matches who sent the packet, not the address alone', () => {
    const [a, b] = nodes as [InterfaceNode, InterfaceNode];
    const members = new AddressMap<InterfaceNode>();
    members.set(ip('10.0.0.1'), a);
    const one = packet('10.0.0.1', '10.0.0.2');
    expect(matches({ identity: members }, one)).toBe(false);
    one.identity = b;
    expect(matches({ identity: members }, one)).toBe(false);
    one.identity = a;
    expect(matches({ identity: members }, one)).toBe(true);
  });

  it('sees a set change without the rule changing', () => {
    const set = new BlockSet();
    const match: Match = { destination: { kind: 'blocks', set } };
    const one = packet('10.0.0.1', '10.1.0.1');
    expect(matches(match, one)).toBe(false);
    const { version } = set;
    set.replace([block('10.1.0.0/16')]);
    expect(set.version).toBeGreaterThan(version);
    expect(matches(match, one)).toBe(true);
  });
});

function ruleNamed(name: string, match: Match = ANY): Rule {
  return { match, actions: [{ do: 'deliver' }], cites: { name } };
}

const OTHERWISE = ruleNamed('otherwise');

describe('lookUp', () => {
  it('takes the first rule that matches, then the index, then the rest', () => {
    const map = new AddressMap<Rule>();
    map.set(ip('10.0.0.9'), ruleNamed('index'));
    const table: Table = {
      rules: [ruleNamed('one', { protocol: 17 }), ruleNamed('two', { protocol: 17 })],
      index: { by: 'destination', map },
      otherwise: OTHERWISE,
    };
    const found = (protocol: 'tcp' | 'udp', to: string) =>
      lookUp(table, packet('10.0.0.1', to, { protocol })).cites?.name;
    expect(found('udp', '10.0.0.9')).toBe('one');
    expect(found('tcp', '10.0.0.9')).toBe('index');
    expect(found('tcp', '10.0.0.8')).toBe('otherwise');
  });

  it.each(['source', 'destination'] as const)('finds by %s in both families', (by) => {
    const map = new AddressMap<Rule>();
    for (const text of ['10.0.0.1', '2001:db8::1']) map.set(ip(text), ruleNamed(text));
    const table: Table = { rules: [], index: { by, map }, otherwise: OTHERWISE };
    const found = (source: string, destination: string) =>
      lookUp(table, packet(source, destination)).cites?.name;
    const flip = (a: string, b: string) => (by === 'source' ? found(a, b) : found(b, a));
    expect(flip('10.0.0.1', '10.0.0.2')).toBe('10.0.0.1');
    expect(flip('10.0.0.2', '10.0.0.1')).toBe('otherwise');
    expect(flip('2001:db8::1', '2001:db8::2')).toBe('2001:db8::1');
    expect(flip('2001:db8::2', '2001:db8::1')).toBe('otherwise');
  });

  it('A-023 A-024 finds the longest prefix, each family by itself', () => {
    fc.assert(
      fc.property(fc.array(anyCidr, { maxLength: 12 }), anyPacket, (blocks, one) => {
        let ipv4 = PrefixTrie.empty<Rule>();
        let ipv6 = PrefixTrie.empty<Rule>();
        for (const each of blocks) {
          const rule = ruleNamed(formatCidr(each));
          if (familyOf(each.address) === 4) ipv4 = setCidr(ipv4, each, rule);
          else ipv6 = setCidr(ipv6, each, rule);
        }
        const index = { by: 'destination-prefix' as const, ipv4, ipv6 };
        const found = lookUp({ rules: [], index, otherwise: OTHERWISE }, one);
        const longest = blocks
          .filter((each) => containsIp(each, one.destination))
          .sort((a, b) => b.length - a.length)[0];
        expect(found.cites?.name).toBe(longest ? formatCidr(longest) : 'otherwise');
      }),
      { numRuns: 1000 },
    );
  });

  it('A-027 A-028 finds it over shared sets too: own entries first, then the first set', () => {
    const entries = fc.array(anyCidr, { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 4 }), anyPacket, (lists, one) => {
        const [own = [], ...others] = lists;
        let ipv4 = PrefixTrie.empty<Rule>();
        let ipv6 = PrefixTrie.empty<Rule>();
        for (const each of own) {
          if (familyOf(each.address) === 4) ipv4 = setCidr(ipv4, each, ruleNamed('0'));
          else ipv6 = setCidr(ipv6, each, ruleNamed('0'));
        }
        const sets = others.map((blocks, index) => {
          const set = new PrefixSet();
          set.replace(blocks);
          return { set, rule: ruleNamed(String(index + 1)) };
        });
        const index = { by: 'destination-prefix' as const, ipv4, ipv6, sets };
        const found = lookUp({ rules: [], index, otherwise: OTHERWISE }, one);
        const [best] = lists
          .flatMap((blocks, list) => blocks.map((each) => ({ each, list })))
          .filter(({ each }) => containsIp(each, one.destination))
          .sort((a, b) => b.each.length - a.each.length || a.list - b.list);
        expect(found.cites?.name).toBe(best ? String(best.list) : 'otherwise');
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the first matching rule as a naive reading does', () => {
    fc.assert(
      fc.property(fc.array(anyMatch, { maxLength: 6 }), anyPacket, (all, one) => {
        const rules = all.map(({ match }, index) => ruleNamed(String(index), match));
        const expected = all.findIndex(({ holds }) => holds(one));
        const found = lookUp({ rules, otherwise: OTHERWISE }, one).cites?.name;
        expect(found).toBe(expected < 0 ? 'otherwise' : String(expected));
      }),
      { numRuns: 500 },
    );
  });
});

it('blockTerm keeps the canonical form', () => {
  expect(blockTerm(parseCidr('10.1.2.3/8')!)).toEqual({
    kind: 'block',
    family: 4,
    limbs: [0x0a00_0000, 0, 0, 0],
    masks: [0xff00_0000, 0, 0, 0],
  });
  expect(blockTerm(parseCidr('2001:db8::/33')!)).toEqual({
    kind: 'block',
    family: 6,
    limbs: [0x2001_0db8, 0, 0, 0],
    masks: [0xffff_ffff, 0x8000_0000, 0, 0],
  });
});
