import { describe, expect, it } from 'vitest';
import { formatIp, parseIp } from './ip.ts';
import { formatMac } from './mac.ts';
import { ALL_ROUTERS, ALL_SYSTEMS, groupMac, isMulticast } from './multicast.ts';

describe('group addresses', () => {
  it.each([
    ['223.255.255.255', false],
    ['224.0.0.0', true],
    ['239.255.255.255', true],
    ['240.0.0.0', false],
    ['255.255.255.255', false],
    ['feff::1', false],
    ['ff00::', true],
    ['ffff::1', true],
    ['::', false],
  ])('%s: %s', (text, expected) => {
    expect(isMulticast(parseIp(text)!)).toBe(expected);
  });

  it.each([
    ['224.0.0.1', '01:00:5e:00:00:01'],
    // 224 groups share one address: only 23 bits are left.
    ['224.128.1.5', '01:00:5e:00:01:05'],
    ['239.255.255.250', '01:00:5e:7f:ff:fa'],
    // The example of RFC 4291 section 2.7.1.
    ['ff02::1:ff0e:8c6c', '33:33:ff:0e:8c:6c'],
  ])('frames to %s go to %s', (text, expected) => {
    expect(formatMac(groupMac(parseIp(text)!))).toBe(expected);
  });

  it('has names for two', () => {
    expect([ALL_SYSTEMS, ALL_ROUTERS].map(formatIp)).toEqual(['224.0.0.1', '224.0.0.2']);
  });
});
