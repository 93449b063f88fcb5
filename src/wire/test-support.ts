/** What the tests of this folder share. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Ipv4, ipv4 } from '../net/ipv4.ts';
import { type Ipv6, ipv6 } from '../net/ipv6.ts';
import { type Mac, mac } from '../net/mac.ts';
import type { PseudoHeader } from './bytes.ts';

export const uint8 = fc.nat(0xff);
export const uint16 = fc.nat(0xffff);
export const uint32 = fc.nat(0xffff_ffff);
export const anyMac: fc.Arbitrary<Mac> = fc.nat(0xffff_ffff_ffff).map(mac);
export const anyIpv4: fc.Arbitrary<Ipv4> = uint32.map(ipv4);
export const anyIpv6: fc.Arbitrary<Ipv6> = fc
  .tuple(uint32, uint32, uint32, uint32)
  .map((limbs) => ipv6(...limbs));
export const anyPayload = fc.uint8Array({ maxLength: 64 });
export const anyPseudo: fc.Arbitrary<PseudoHeader> = fc.oneof(
  fc.record({ source: anyIpv4, destination: anyIpv4 }),
  fc.record({ source: anyIpv6, destination: anyIpv6 }),
);

/** Bytes to emit into, filled so that a byte left unwritten shows. */
export function buffer(length: number): Uint8Array {
  return new Uint8Array(length).fill(0xa5);
}

interface View {
  wrap(bytes: Uint8Array, offset: number, end: number): boolean;
}

/** `bytes` that fail the test when an element outside `[offset, end)` is touched. */
function fenced(bytes: Uint8Array, offset: number, end: number): Uint8Array {
  const check = (key: string | symbol) => {
    const index = Number(typeof key === 'string' ? key : Number.NaN);
    if (Number.isInteger(index) && (index < offset || index >= end)) {
      throw new RangeError(`${index} is outside [${offset}, ${end})`);
    }
  };
  return new Proxy(bytes, {
    get(target, key) {
      check(key);
      return Reflect.get(target, key);
    },
    set(target, key, value) {
      check(key);
      return Reflect.set(target, key, value);
    },
  });
}

/**
 * Wraps random bytes: whatever the view accepts, each getter and each of `methods` stays inside.
 * `head` is put in front of most inputs, so that more than noise is accepted.
 */
export function expectViewStaysInside<V extends View>(
  make: () => V,
  head: Uint8Array,
  ...methods: ((view: V) => unknown)[]
): void {
  let accepted = 0;
  const noise = fc.uint8Array({ maxLength: 80 });
  const input = fc.oneof(
    noise,
    noise.map((tail) => new Uint8Array([...head, ...tail])),
    fc.tuple(fc.nat(Math.max(head.length - 1, 0)), uint8, noise).map(([at, value, tail]) => {
      const bytes = new Uint8Array([...head, ...tail]);
      bytes[at] = value;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(input, fc.nat(3), fc.nat(3), (bytes, before, after) => {
      const whole = new Uint8Array([...new Uint8Array(before), ...bytes, ...new Uint8Array(after)]);
      const end = before + bytes.length;
      const view = make();
      if (!view.wrap(fenced(whole, before, end), before, end)) return;
      accepted++;
      for (const [, property] of getters(view)) property.call(view);
      for (const method of methods) method(view);
    }),
    { numRuns: 300 },
  );
  expect(accepted).toBeGreaterThan(0);
}

function getters(view: object): [string, () => unknown][] {
  const all = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(view));
  return Object.entries(all).flatMap(([name, { get }]) => (get === undefined ? [] : [[name, get]]));
}

/** Any bytes at any range give a value or undefined, never an exception. */
export function expectNeverThrows(
  parse: (bytes: Uint8Array, offset: number, end: number) => unknown,
): void {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 120 }),
      fc.integer({ min: -2, max: 130 }),
      fc.integer({ min: -2, max: 130 }),
      (bytes, offset, end) => {
        expect(() => parse(bytes, offset, end)).not.toThrow();
      },
    ),
  );
}

/** Every proper prefix of these bytes is refused. */
export function expectPrefixesRefused(
  bytes: Uint8Array,
  length: number,
  parse: (bytes: Uint8Array, offset: number, end: number) => unknown,
): void {
  for (let end = 0; end < length; end++) {
    expect(parse(bytes, 0, end), `${end} bytes`).toBeUndefined();
  }
}
