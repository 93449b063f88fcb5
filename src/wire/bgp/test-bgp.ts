/** What the tests of BGP share: messages from hexadecimal digits, and any messages at all. */
import fc from 'fast-check';
import { type Cidr, cidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import { ipv4 } from '../../net/ipv4.ts';
import { ipv6 } from '../../net/ipv6.ts';
import { fromHex, write16 } from '../bytes.ts';
import { anyIpv4, anyIpv6, uint8, uint16, uint32 } from '../test-support.ts';
import type { AsPath } from './as-path.ts';
import type { Capabilities } from './capability.ts';
import { type BgpMessage, encodeMessage } from './message.ts';
import type { Open } from './open.ts';
import type { Origin, PathAttributes } from './path-attributes.ts';
import type { Reach, UpdateContext } from './read-attributes.ts';
import type { Update } from './update.ts';

export const EXTERNAL: UpdateContext = { asnWidth: 4, internal: false };
export const INTERNAL: UpdateContext = { asnWidth: 4, internal: true };
export const OLD: UpdateContext = { asnWidth: 2, internal: false };
export const CONTEXTS = [EXTERNAL, INTERNAL, OLD] as const;

/** A message of this type with this body. */
export function message(type: number, body: string): Uint8Array {
  const bytes = fromHex(`${'ff'.repeat(16)} 0000 ${type.toString(16).padStart(2, '0')} ${body}`);
  write16(bytes, 16, bytes.length);
  return bytes;
}

const digits = (length: number) => length.toString(16).padStart(4, '0');

/** An UPDATE of these three parts. */
export function update(withdrawn: string, attributes: string, announced: string): Uint8Array {
  const [gone, middle] = [fromHex(withdrawn), fromHex(attributes)];
  return message(
    2,
    `${digits(gone.length)} ${withdrawn} ${digits(middle.length)} ${attributes} ${announced}`,
  );
}

const anyAsn = fc.oneof(
  fc.integer({ min: 1, max: 0xffff }),
  fc.integer({ min: 1, max: 0xffff_ffff }),
);

export const anyAsPath: fc.Arbitrary<AsPath> = fc.array(
  fc.record({
    kind: fc.constantFrom('sequence' as const, 'set' as const),
    asns: fc.array(anyAsn, { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 3 },
);

const anyCidr4 = fc.tuple(anyIpv4, fc.nat(32)).map(([address, length]) => cidr(address, length));
const anyCidr6 = fc.tuple(anyIpv6, fc.nat(128)).map(([address, length]) => cidr(address, length));

export function anyPrefixes(family: Family, minLength = 1): fc.Arbitrary<Cidr[]> {
  const one: fc.Arbitrary<Cidr> = family === 4 ? anyCidr4 : anyCidr6;
  return fc.array(one, { minLength, maxLength: 12 });
}

/** Addresses that a next hop may be. */
const anyHop4 = fc.integer({ min: 0x0100_0000, max: 0x7eff_ffff }).map(ipv4);
const anyHop6 = anyIpv6.map(([, b, c, d]) => ipv6(0x2001_0db8, b, c, d));

export const anyAttributes: fc.Arbitrary<PathAttributes> = fc.record(
  {
    origin: fc.nat(2) as fc.Arbitrary<Origin>,
    asPath: anyAsPath,
    med: uint32,
    localPreference: uint32,
    atomicAggregate: fc.constant(true as const),
    aggregator: fc.record({ asn: anyAsn, address: anyIpv4 }),
    communities: fc.array(uint32, { minLength: 1, maxLength: 5 }),
    opaque: fc.uniqueArray(
      fc.record({
        type: fc.integer({ min: 32, max: 255 }),
        value: fc.uint8Array({ maxLength: 300 }),
      }),
      { minLength: 1, maxLength: 2, selector: ({ type }) => type },
    ),
  },
  { requiredKeys: ['origin', 'asPath'] },
);

const anyReach4: fc.Arbitrary<Reach> = fc.record({
  family: fc.constant(4 as const),
  nextHop: anyHop4,
  prefixes: anyPrefixes(4),
});

const anyReach6: fc.Arbitrary<Reach> = fc.record(
  {
    family: fc.constant(6 as const),
    nextHop: anyHop6,
    linkLocal: anyIpv6,
    prefixes: anyPrefixes(6),
  },
  { requiredKeys: ['family', 'nextHop', 'prefixes'] },
);

const anyUnreach = (family: Family) =>
  fc.record({ family: fc.constant(family), prefixes: anyPrefixes(family) });

const anyUpdate: fc.Arbitrary<Update> = fc.oneof(
  fc.constantFrom(4 as const, 6 as const).map((endOfRib) => ({ unreach: [], reach: [], endOfRib })),
  fc
    .tuple(fc.option(anyUnreach(4)), fc.option(anyUnreach(6)))
    .filter((all) => all.some((one) => one !== null))
    .map((all) => ({ unreach: all.filter((one) => one !== null), reach: [] })),
  fc
    .tuple(
      anyAttributes,
      fc.subarray([4, 6] as const, { minLength: 1 }),
      anyReach4,
      anyReach6,
      fc.option(anyUnreach(4)),
    )
    .map(([attributes, families, reach4, reach6, gone]) => ({
      unreach: gone === null ? [] : [gone],
      attributes,
      reach: [reach4, reach6].filter(({ family }) => families.includes(family as 4)),
    })),
);

const anyAfiSafi = fc.oneof(
  fc.constantFrom({ afi: 1, safi: 1 }, { afi: 2, safi: 1 }),
  fc.record({ afi: uint16, safi: uint8 }),
);

const anyCapabilities: fc.Arbitrary<Capabilities> = fc.record(
  {
    families: fc.uniqueArray(anyAfiSafi, {
      maxLength: 3,
      comparator: (a, b) => a.afi === b.afi && a.safi === b.safi,
    }),
    routeRefresh: fc.boolean(),
    gracefulRestart: fc.record({
      restarting: fc.boolean(),
      restartSeconds: fc.nat(4095),
      families: fc.array(fc.record({ afi: uint16, safi: uint8, forwarding: fc.boolean() }), {
        maxLength: 2,
      }),
    }),
    others: fc.array(
      fc.record({
        code: fc.integer({ min: 66, max: 255 }),
        value: fc.uint8Array({ maxLength: 8 }),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['families', 'routeRefresh', 'others'] },
);

const anyOpen: fc.Arbitrary<Open> = fc
  .record({
    asn: anyAsn,
    holdSeconds: fc.oneof(fc.constant(0), fc.integer({ min: 3, max: 0xffff })),
    identifier: fc.integer({ min: 1, max: 0xffff_ffff }).map(ipv4),
    capabilities: anyCapabilities,
    four: fc.boolean(),
  })
  .map(({ four, ...open }) =>
    four || open.asn > 0xffff
      ? { ...open, capabilities: { ...open.capabilities, fourOctetAs: open.asn } }
      : open,
  );

export const anyMessage: fc.Arbitrary<BgpMessage> = fc.oneof(
  anyOpen.map((open) => ({ kind: 'open' as const, open })),
  anyUpdate.map((one) => ({ kind: 'update' as const, update: one })),
  fc
    .record({ code: uint8, subcode: uint8, data: fc.uint8Array({ maxLength: 40 }) })
    .map((notification) => ({ kind: 'notification' as const, notification })),
  fc.constant({ kind: 'keepalive' as const }),
  anyAfiSafi.map((family) => ({ kind: 'routeRefresh' as const, family })),
);

/** The bytes of a message, up to two of them another. */
export const spoiltMessage: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(
      anyMessage,
      anyUpdate.map((one): BgpMessage => ({ kind: 'update', update: one })),
    ),
    fc.array(fc.tuple(fc.nat(), uint8), { maxLength: 2 }),
  )
  .map(([one, changes]) => {
    const bytes = encodeMessage(one, EXTERNAL);
    for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
    return bytes;
  });
