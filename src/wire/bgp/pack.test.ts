import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, cidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import { ipv4 } from '../../net/ipv4.ts';
import { ipv6 } from '../../net/ipv6.ts';
import { prependAs } from './as-path.ts';
import { type BgpMessage, parseMessage } from './message.ts';
import { packReach, packUnreach } from './pack.ts';
import { encodeAttributes, type PathAttributes } from './path-attributes.ts';
import type { Reach } from './read-attributes.ts';
import { anyAttributes, anyPrefixes, INTERNAL } from './test-bgp.ts';

const HOP = { 4: ipv4(0x0a00_0001), 6: ipv6(0x2001_0db8, 0, 0, 1) };

function many(family: Family, count: number, length: number): Cidr[] {
  return Array.from({ length: count }, (_, index) =>
    family === 4
      ? cidr(ipv4(0x0b00_0000 + index * 2 ** (32 - length)), length)
      : cidr(ipv6(0x2001_0db8, index, 0, 0), length),
  );
}

function updateOf(bytes: Uint8Array) {
  const parsed = parseMessage(bytes, 0, bytes.length, INTERNAL) as BgpMessage;
  if (parsed.kind !== 'update') throw new Error(parsed.kind);
  return parsed.update;
}

const attributes: PathAttributes = { origin: 0, asPath: [{ kind: 'sequence', asns: [65010] }] };

describe('routes in messages', () => {
  it.each([
    [4, 24],
    [4, 32],
    [6, 64],
    [6, 128],
  ] as const)('of IPv%i/%i fill them', (family, length) => {
    const prefixes = many(family, 5000, length);
    const messages = packReach(
      { family, nextHop: HOP[family], prefixes },
      encodeAttributes(attributes, 4),
    )!;
    const each = 1 + length / 8;
    for (const bytes of messages.slice(0, -1)) {
      expect(bytes.length).toBeLessThanOrEqual(4096);
      expect(bytes.length + each).toBeGreaterThan(4096);
    }
    expect(messages.flatMap((bytes) => updateOf(bytes).reach[0]!.prefixes)).toEqual(prefixes);
  });

  it.each([4, 6] as const)('are withdrawn in full messages of IPv%i', (family) => {
    const prefixes = many(family, 3000, 28);
    const messages = packUnreach({ family, prefixes });
    for (const bytes of messages.slice(0, -1)) expect(bytes.length + 5).toBeGreaterThan(4096);
    expect(messages.every(({ length }) => length <= 4096)).toBe(true);
    expect(messages.flatMap((bytes) => updateOf(bytes).unreach[0]!.prefixes)).toEqual(prefixes);
  });

  it('say one thing a message, and all of it', () => {
    const any = fc.constantFrom(4 as const, 6 as const).chain((family) =>
      fc.record({
        family: fc.constant(family),
        nextHop: fc.constant(HOP[family]),
        prefixes: anyPrefixes(family),
      }),
    );
    fc.assert(
      fc.property(any, anyAttributes, (reach: Reach, value) => {
        const messages = packReach(reach, encodeAttributes(value, 4))!.map(updateOf);
        expect(messages.flatMap((one) => one.reach[0]!.prefixes)).toEqual(reach.prefixes);
        for (const one of messages) {
          expect(one.attributes).toEqual(value);
          expect([one.reach.length, one.unreach.length]).toEqual([1, 0]);
        }
      }),
    );
  });

  it('are none where there are no routes', () => {
    expect(
      packReach({ family: 4, nextHop: HOP[4], prefixes: [] }, encodeAttributes(attributes, 4)),
    ).toEqual([]);
    expect(packUnreach({ family: 6, prefixes: [] })).toEqual([]);
  });

  it.each([4, 6] as const)(
    'of IPv%i are not told when their attributes fill a message',
    (family) => {
      const reach = { family, nextHop: HOP[family], prefixes: many(family, 1, 32) };
      const long = (times: number) =>
        encodeAttributes({ ...attributes, asPath: prependAs([], 65010, times) }, 4);
      let times = 900;
      while (packReach(reach, long(times)) !== undefined) times++;
      expect(times).toBeLessThan(1024);
      expect(packReach(reach, long(times - 1))![0]!.length).toBeLessThanOrEqual(4096);
    },
  );
});
