import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv4, ipv4, parseIpv4 } from './ipv4.ts';

describe('IPv4 text', () => {
  it.each([
    ['0.0.0.0', 0],
    ['10.0.0.1', 0x0a000001],
    ['128.0.0.0', 0x80000000],
    ['255.255.255.255', 0xffffffff],
  ])('reads and writes %s', (text, value) => {
    expect(parseIpv4(text)).toBe(value);
    expect(formatIpv4(ipv4(value))).toBe(text);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.',
    '0x1.2.3.4',
    ' 1.2.3.4',
    '1.2.3.4\n',
    '1.2.3.-4',
    '1.2.3.4e0',
  ])('refuses %j', (text) => expect(parseIpv4(text)).toBeUndefined());

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        expect(parseIpv4(formatIpv4(ipv4(value)))).toBe(value);
      }),
    );
  });

  it('accepts what Node accepts and nothing else', () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.string({ unit: fc.constantFrom('0', '1', '2', '5', '.', 'x') }),
    );
    fc.assert(
      fc.property(text, (t) => {
        expect(parseIpv4(t) !== undefined).toBe(isIPv4(t));
      }),
    );
  });
});

describe('ipv4', () => {
  it('keeps the low 32 bits, unsigned', () => {
    expect(ipv4(-1)).toBe(0xffffffff);
    expect(ipv4(0x1_0000_0001)).toBe(1);
  });
});
