import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC, formatMac, isGroupMac, mac, parseMac } from './mac.ts';

describe('Mac', () => {
  it('reads either case and writes lower case', () => {
    expect(parseMac('0A:00:27:00:00:0f')).toBe(0x0a002700000f);
    expect(formatMac(mac(0x0a002700000f))).toBe('0a:00:27:00:00:0f');
    expect(formatMac(mac(0))).toBe('00:00:00:00:00:00');
    expect(formatMac(BROADCAST_MAC)).toBe('ff:ff:ff:ff:ff:ff');
  });

  it.each([
    '',
    '0a:00:27:00:00',
    '0a:00:27:00:00:0',
    '0a-00-27-00-00-0f',
    '0g:00:27:00:00:0f',
    '0a:00:27:00:00:0f:00',
  ])('refuses %j', (text) => expect(parseMac(text)).toBeUndefined());

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 48 - 1 }), (value) => {
        expect(parseMac(formatMac(mac(value)))).toBe(value);
      }),
    );
  });

  it.each([
    ['ff:ff:ff:ff:ff:ff', true],
    ['01:00:5e:00:00:01', true],
    ['33:33:00:00:00:01', true],
    ['0a:00:00:00:00:01', false],
    ['fe:ff:ff:ff:ff:ff', false],
  ])('%s is a group address: %s', (text, group) => {
    expect(isGroupMac(parseMac(text)!)).toBe(group);
  });
});
