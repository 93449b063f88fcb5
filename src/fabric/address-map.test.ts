import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidr, cidrEquals, containsIp } from '../net/cidr.ts';
import { mix } from '../net/hash.ts';
import { type Ip, ipEquals, ipKey, isIpv4 } from '../net/ip.ts';
import { ipv4 } from '../net/ipv4.ts';
import { type Ipv6, ipv6 } from '../net/ipv6.ts';
import { AddressMap } from './address-map.ts';

// Few values, so that operations meet.
const limb = fc.constantFrom(0, 1, 2, 0x8000_0000, 0xffff_ffff);
const anyIp: fc.Arbitrary<Ip> = fc.oneof(
  limb.map(ipv4),
  fc.tuple(limb, limb, limb, limb).map((limbs) => ipv6(...limbs)),
);
const operation = fc.oneof(
  fc.record({ do: fc.constant('set' as const), address: anyIp, value: fc.nat(3) }),
  fc.record({ do: fc.constant('delete' as const), address: anyIp, value: fc.nat(3) }),
  fc.record({ do: fc.constant('deleteIf' as const), address: anyIp, value: fc.nat(3) }),
);

describe('AddressMap', () => {
  it('holds for the addresses of a block that have no entry of their own', () => {
    const anyBlock = fc
      .tuple(anyIp, fc.constantFrom(0, 8, 28, 31, 32, 80, 127, 128))
      .map(([address, length]) => cidr(address, isIpv4(address) ? Math.min(length, 32) : length));
    const block = fc.record({ block: anyBlock, value: fc.nat(3) });
    const single = fc.record({ address: anyIp, value: fc.nat(3) });
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 6 }),
        fc.array(single, { maxLength: 4 }),
        fc.array(anyBlock, { maxLength: 3 }),
        anyIp,
        (blocks, singles, gone, asked) => {
          const map = new AddressMap<number>();
          for (const { block: one, value } of blocks) map.setBlock(one, value);
          for (const { address, value } of singles) map.set(address, value);
          for (const one of gone) map.deleteBlock(one);
          const left = blocks.filter(
            ({ block: one }, index) =>
              !gone.some((other) => cidrEquals(one, other)) &&
              !blocks.slice(index + 1).some((later) => cidrEquals(one, later.block)),
          );
          const own = singles.findLast(({ address }) => ipEquals(address, asked));
          const [best] = left
            .filter(({ block: one }) => containsIp(one, asked))
            .sort((a, b) => b.block.length - a.block.length);
          expect(map.get(asked)).toBe((own ?? best)?.value);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('deletes a block only while it leads to the value given', () => {
    const map = new AddressMap<string>();
    const block = cidr(ipv4(0x0a00_0000), 28);
    map.setBlock(block, 'a');
    const { version } = map;
    map.deleteBlock(block, 'b');
    expect([map.get(ipv4(0x0a00_0005)), map.version, map.size]).toEqual(['a', version, 1]);
    map.deleteBlock(block, 'a');
    expect([map.get(ipv4(0x0a00_0005)), map.size]).toEqual([undefined, 0]);
    expect(map.version).toBeGreaterThan(version);
  });

  it('is a map', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const map = new AddressMap<number>();
        const model = new Map<number | string, number>();
        for (const { do: what, address, value } of operations) {
          const key = ipKey(address);
          const version = map.version;
          if (what === 'set') {
            map.set(address, value);
            model.set(key, value);
          } else if (what === 'delete') {
            map.delete(address);
            model.delete(key);
          } else {
            map.deleteIf(address, value);
            if (model.get(key) === value) model.delete(key);
          }
          if (what !== 'deleteIf') expect(map.version).toBeGreaterThan(version);
          expect(map.get(address)).toBe(model.get(key));
          if (isIpv4(address)) expect(map.get4(address)).toBe(model.get(key));
          else expect(map.get6(...limbs(address))).toBe(model.get(key));
        }
        expect(map.size).toBe(model.size);
      }),
    );
  });

  it('keeps IPv6 addresses of one hash apart', () => {
    const [a, b] = collision();
    const map = new AddressMap<string>();
    map.set(a, 'a');
    map.set(b, 'b');
    expect([map.get(a), map.get(b), map.size]).toEqual(['a', 'b', 2]);
    map.set(a, 'c');
    expect([map.get(a), map.get(b), map.size]).toEqual(['c', 'b', 2]);
    map.delete(a);
    expect([map.get(a), map.get(b), map.size]).toEqual([undefined, 'b', 1]);
    map.delete(b);
    expect([map.get(b), map.size]).toEqual([undefined, 0]);
  });

  it('takes no IPv4 address for the IPv6 address with the same first limb', () => {
    const map = new AddressMap<number>();
    map.set(ipv4(1), 4);
    expect(map.get(ipv6(1, 0, 0, 0))).toBeUndefined();
    map.set(ipv6(1, 0, 0, 0), 6);
    expect([map.get(ipv4(1)), map.get(ipv6(1, 0, 0, 0))]).toEqual([4, 6]);
  });
});

function limbs(address: Ipv6): [number, number, number, number] {
  const [a, b, c, d] = address;
  return [a, b, c, d];
}

/** Two addresses of one hash: the map's is a chain of `mix`, whose last step is a bijection. */
function collision(): [Ipv6, Ipv6] {
  const before = (c: number) => mix(mix(mix(6, 0), 0), c);
  // mix(h, d) depends on h ^ d alone.
  const d = 5;
  return [ipv6(0, 0, 1, d), ipv6(0, 0, 2, before(1) ^ d ^ before(2))];
}
