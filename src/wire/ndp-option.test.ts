import { describe, expect, it } from 'vitest';
import { cidr } from '../net/cidr.ts';
import { parseIpv6 } from '../net/ipv6.ts';
import { mac } from '../net/mac.ts';
import { fromHex } from './bytes.ts';
import {
  emitNdpOptions,
  type NdpOptions,
  ndpOptionsLength,
  parseNdpOptions,
} from './ndp-option.ts';
import { buffer, expectNeverThrows } from './test-support.ts';

const prefix = (bits: string, address: string) =>
  `03 04 ${bits} 00000001 00000002 00000000 ${address}`;
const ADDRESS = '2001 0db8 ffff ffff ffff ffff ffff ffff';

const CASES: [string, string, NdpOptions][] = [
  ['none', '', {}],
  ['a source', '0101 020000000001', { sourceLinkLayerAddress: mac(0x020000000001) }],
  ['a target', '0201 020000000002', { targetLinkLayerAddress: mac(0x020000000002) }],
  ['an MTU', '0501 0000 00002329', { mtu: 9001 }],
  [
    'two prefixes',
    `${prefix('40 80', '2001 0db8 0000 0001 0000 0000 0000 0000')}
     ${prefix('00 40', '0000 0000 0000 0000 0000 0000 0000 0000')}`,
    {
      prefixes: [
        {
          prefix: cidr(parseIpv6('2001:db8:0:1::')!, 64),
          onLink: true,
          autonomous: false,
          validLifetime: 1,
          preferredLifetime: 2,
        },
        {
          prefix: cidr(parseIpv6('::')!, 0),
          onLink: false,
          autonomous: true,
          validLifetime: 1,
          preferredLifetime: 2,
        },
      ],
    },
  ],
];

const parse = (hex: string) => parseNdpOptions(fromHex(hex), 0, fromHex(hex).length);

describe('options of neighbor discovery', () => {
  it.each(CASES)('parses and emits the same bytes: %s', (_name, hex, options) => {
    expect(parse(hex)).toEqual(options);
    const bytes = buffer(ndpOptionsLength(options));
    emitNdpOptions(options, bytes, 0);
    expect(bytes).toEqual(fromHex(hex));
  });

  it('skips unknown options', () => {
    expect(parse(`0e01 000000000000 0501 0000 00000500`)).toEqual({ mtu: 1280 });
    expect(parse(`1903 0000 ${'00'.repeat(20)}`)).toEqual({});
  });

  it('ignores the bits behind a prefix (RFC 4861 section 4.6.2)', () => {
    expect(parse(prefix('20 c0', ADDRESS))!.prefixes![0]!.prefix).toEqual(
      cidr(parseIpv6('2001:db8::')!, 32),
    );
  });

  it.each([
    ['a length of zero', '0e00 000000000000'],
    ['a length beyond the message', '0e02 000000000000'],
    ['an option cut short', '0101 0200'],
    ['a link-layer address of another length', `0102 ${'00'.repeat(14)}`],
    ['a prefix option of another length', '0301 40c0 00000001'],
    ['a prefix of more than 128 bits', prefix('81 c0', ADDRESS)],
  ])('refuses %s', (_name, hex) => {
    expect(parse(hex)).toBeUndefined();
  });

  it('refuses random bytes quietly', () => {
    expectNeverThrows(parseNdpOptions);
  });
});
