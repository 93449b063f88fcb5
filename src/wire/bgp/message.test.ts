import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCidr } from '../../net/cidr.ts';
import { parseIp } from '../../net/ip.ts';
import { parseIpv4 } from '../../net/ipv4.ts';
import { fromHex } from '../bytes.ts';
import { expectNeverThrows, expectPrefixesRefused, uint8 } from '../test-support.ts';
import { Fault } from './fault.ts';
import { type BgpMessage, encodeMessage, formatMessage, parseMessage } from './message.ts';
import { anyMessage, CONTEXTS, EXTERNAL, message, update } from './test-bgp.ts';
import type { Update } from './update.ts';

const cidrs = (...texts: string[]) => texts.map((text) => parseCidr(text)!);
const sequence = (...asns: number[]) => [{ kind: 'sequence' as const, asns }];

const ROUTES4: Update = {
  unreach: [],
  attributes: {
    origin: 0,
    asPath: sequence(65010, 4_200_000_000),
    med: 100,
    communities: [0xffff_ff01],
  },
  reach: [
    { family: 4, nextHop: parseIp('169.254.6.2')!, prefixes: cidrs('192.168.0.0/16', '0.0.0.0/0') },
  ],
};
const ROUTES6: Update = {
  unreach: [],
  attributes: { origin: 2, asPath: [{ kind: 'set', asns: [1, 2] }], localPreference: 200 },
  reach: [{ family: 6, nextHop: parseIp('2001:db8::1')!, prefixes: cidrs('2001:db8:8000::/33') }],
};

/** One message of each kind: its line, its bytes, its value; read on an internal session. */
const CASES: [string, Uint8Array, BgpMessage][] = [
  ['BGP, KEEPALIVE', message(4, ''), { kind: 'keepalive' }],
  [
    'BGP, OPEN, AS 65010, hold 30s, id 10.0.0.1',
    message(1, '04 fdf2 001e 0a000001 00'),
    {
      kind: 'open',
      open: {
        asn: 65010,
        holdSeconds: 30,
        identifier: parseIpv4('10.0.0.1')!,
        capabilities: { families: [], routeRefresh: false, others: [] },
      },
    },
  ],
  [
    'BGP, OPEN, AS 4200000000, hold 90s, id 10.0.0.1, IPv4 unicast, IPv6 unicast, route refresh, graceful restart 120s, four-octet AS 4200000000, capability 70',
    message(
      1,
      `04 5ba0 005a 0a000001 20  02 1e  01 04 0001 00 01  01 04 0002 00 01  02 00
       40 06 8078 0001 01 80  41 04 fa56ea00  46 00`,
    ),
    {
      kind: 'open',
      open: {
        asn: 4_200_000_000,
        holdSeconds: 90,
        identifier: parseIpv4('10.0.0.1')!,
        capabilities: {
          families: [
            { afi: 1, safi: 1 },
            { afi: 2, safi: 1 },
          ],
          routeRefresh: true,
          gracefulRestart: {
            restarting: true,
            restartSeconds: 120,
            families: [{ afi: 1, safi: 1, forwarding: true }],
          },
          fourOctetAs: 4_200_000_000,
          others: [{ code: 70, value: fromHex('') }],
        },
      },
    },
  ],
  [
    'BGP, NOTIFICATION, Cease/Maximum Number of Prefixes Reached (6/1), data 00010100000064',
    message(3, '06 01 0001 01 00000064'),
    {
      kind: 'notification',
      notification: { code: 6, subcode: 1, data: fromHex('00010100000064') },
    },
  ],
  [
    'BGP, ROUTE-REFRESH, IPv6 unicast',
    message(5, '0002 00 01'),
    { kind: 'routeRefresh', family: { afi: 2, safi: 1 } },
  ],
  [
    'BGP, UPDATE, 192.168.0.0/16 0.0.0.0/0 by 169.254.6.2, origin IGP, path 65010 4200000000, med 100, communities 65535:65281',
    update(
      '',
      `400101 00  40020a 02 02 0000fdf2 fa56ea00  400304 a9fe0602  800404 00000064
       c00804 ffffff01`,
      '10 c0a8 00',
    ),
    { kind: 'update', update: ROUTES4, faults: [] },
  ],
  [
    'BGP, UPDATE, 2001:db8:8000::/33 by 2001:db8::1, origin incomplete, path {1,2}, localpref 200',
    update(
      '',
      `800e1b 0002 01 10 20010db8000000000000000000000001 00 21 20010db880
       400101 02  40020a 01 02 00000001 00000002  400504 000000c8`,
      '',
    ),
    { kind: 'update', update: ROUTES6, faults: [] },
  ],
  [
    'BGP, UPDATE, withdrawn 10.0.0.0/8 10.1.2.3/32 2001:db8::/32',
    update('08 0a 20 0a010203', '800f08 0002 01 20 20010db8', ''),
    {
      kind: 'update',
      update: {
        unreach: [
          { family: 4, prefixes: cidrs('10.0.0.0/8', '10.1.2.3/32') },
          { family: 6, prefixes: cidrs('2001:db8::/32') },
        ],
        reach: [],
      },
      faults: [],
    },
  ],
  [
    'BGP, UPDATE, end of IPv4 table',
    update('', '', ''),
    { kind: 'update', update: { unreach: [], reach: [], endOfRib: 4 }, faults: [] },
  ],
  [
    'BGP, UPDATE, end of IPv6 table',
    update('', '800f03 0002 01', ''),
    { kind: 'update', update: { unreach: [], reach: [], endOfRib: 6 }, faults: [] },
  ],
];

const parse = (bytes: Uint8Array, context = EXTERNAL) =>
  parseMessage(bytes, 0, bytes.length, context);

describe('a message', () => {
  it.each(CASES)('%s: parses and emits the same bytes', (line, bytes, value) => {
    const context = { asnWidth: 4, internal: true } as const;
    expect(parse(bytes, context)).toEqual(value);
    expect(encodeMessage(value, context)).toEqual(bytes);
    expect(formatMessage(value)).toBe(line);
    expectPrefixesRefused(bytes, bytes.length, (all, offset, end) =>
      parseMessage(all, offset, end, context),
    );
  });

  it('is all of the bytes', () => {
    const bytes = new Uint8Array([...message(4, ''), 0]);
    expect(parse(bytes)).toBeUndefined();
  });

  it('parses to what was emitted', () => {
    fc.assert(
      fc.property(anyMessage, fc.constantFrom(...CONTEXTS), (value, context) => {
        const parsed = parse(encodeMessage(value, context), context);
        expect(parsed).toEqual(seenBy(value, context));
      }),
      { numRuns: 500 },
    );
  });

  it('gives a value or a fault for any bytes, and never throws', () => {
    expectNeverThrows((bytes, offset, end) => parseMessage(bytes, offset, end, EXTERNAL));
    let parsed = 0;
    let refused = 0;
    const changes = fc.array(fc.tuple(fc.nat(), uint8), { minLength: 1, maxLength: 4 });
    const one = fc.property(
      anyMessage,
      changes,
      fc.constantFrom(...CONTEXTS),
      (value, places, context) => {
        const bytes = encodeMessage(value, context);
        for (const [at, octet] of places) bytes[16 + (at % (bytes.length - 16))] = octet;
        const result = parse(bytes, context);
        if (result instanceof Fault) refused++;
        else if (result !== undefined) {
          parsed++;
          expect(formatMessage(result)).toMatch(/^BGP, [^\n]+$/);
        }
      },
    );
    fc.assert(one, { numRuns: 1000 });
    expect([parsed > 0, refused > 0]).toEqual([true, true]);
  });
});

/** What a receiver makes of a message: LOCAL_PREF is nothing to an external one (H-099). */
function seenBy(value: BgpMessage, { internal }: { readonly internal: boolean }): BgpMessage {
  if (value.kind !== 'update') return value;
  const { attributes } = value.update;
  if (internal || attributes === undefined) return { ...value, faults: [] };
  const { localPreference: _, ...rest } = attributes;
  return { ...value, update: { ...value.update, attributes: rest }, faults: [] };
}
