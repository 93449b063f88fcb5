import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp } from '../net/ip.ts';
import { ipv4 } from '../net/ipv4.ts';
import { ipv6 } from '../net/ipv6.ts';
import { parseReverseName } from './reverse-name.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });

describe('parseReverseName', () => {
  it.each([
    ['5.0.0.10.in-addr.arpa', '10.0.0.5'],
    ['5.0.0.10.IN-ADDR.ARPA.', '10.0.0.5'],
    ['255.255.255.255.in-addr.arpa', '255.255.255.255'],
    [
      'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa',
      '4321:0:1:2:3:4:567:89ab',
    ],
  ])('%s', (name, address) => {
    expect(parseReverseName(name)).toEqual(parseIp(address));
  });

  it.each([
    '0.0.10.in-addr.arpa',
    '1.5.0.0.10.in-addr.arpa',
    '256.0.0.10.in-addr.arpa',
    '05.0.0.10.in-addr.arpa',
    'in-addr.arpa',
    '5.0.0.10.in-addr.arpa.example',
    '5.0.0.10.in-addr',
    '0.0.ip6.arpa',
    `${'g.'.repeat(32)}ip6.arpa`,
    `${'00.'.repeat(32)}ip6.arpa`,
    `${'.'.repeat(32)}ip6.arpa`,
    '',
  ])('%j is no address', (name) => {
    expect(parseReverseName(name)).toBeUndefined();
  });

  it('reads every IPv4 address', () => {
    fc.assert(
      fc.property(uint32, (value) => {
        const octets = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
        expect(parseReverseName(`${octets.join('.')}.in-addr.arpa`)).toBe(ipv4(value));
      }),
    );
  });

  it('reads every IPv6 address', () => {
    fc.assert(
      fc.property(uint32, uint32, uint32, uint32, (...limbs) => {
        const digits = limbs.map((limb) => limb.toString(16).padStart(8, '0')).join('');
        const name = `${[...digits].reverse().join('.')}.ip6.arpa`;
        expect(parseReverseName(name)).toEqual(ipv6(...limbs));
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseReverseName(text)));
  });
});
