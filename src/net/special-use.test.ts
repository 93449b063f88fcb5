import { describe, expect, it } from 'vitest';
import { parseCidr } from './cidr.ts';
import { specialUse } from './special-use.ts';

describe('special use of a block', () => {
  it.each([
    ['0.0.0.0/32', 'this network'],
    ['0.0.0.0/8', 'this network'],
    ['127.0.0.0/8', 'loopback'],
    ['127.0.0.1/32', 'loopback'],
    ['224.0.0.0/4', 'multicast'],
    ['239.1.0.0/16', 'multicast'],
    ['240.0.0.0/4', 'class E'],
    ['255.255.255.255/32', 'class E'],
    ['224.0.0.0/3', 'multicast and class E'],
    ['::/128', 'unspecified'],
    ['::1/128', 'loopback'],
    ['::/127', 'unspecified and loopback'],
    ['ff02::/16', 'multicast'],
  ])('%s is %s', (block, use) => {
    expect(specialUse(parseCidr(block)!)).toBe(use);
  });

  it.each([
    '0.0.0.0/0',
    '0.0.0.0/7',
    '1.0.0.0/8',
    '126.0.0.0/7',
    '128.0.0.0/1',
    '192.0.0.0/2',
    '223.255.255.0/24',
    '169.254.0.0/16',
    '::/0',
    '::2/128',
    'fe00::/8',
  ])('%s has none', (block) => {
    expect(specialUse(parseCidr(block)!)).toBeUndefined();
  });
});
