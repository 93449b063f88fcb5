import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['PT168H', 604_800_000],
    ['P1W', 604_800_000],
    ['P1DT12H30M', 131_400_000],
    ['PT0.5S', 500],
    ['PT1,25S', 1250],
    ['PT0S', 0],
    ['P2W3DT4H5M6S', 1_483_506_000],
  ])('%s is %d ms', (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  it.each(['', 'P', 'PT', 'P1DT', '-PT1H', 'PT-1H', '1H', 'PT1', 'P1Y', 'P1M', 'PT1H ', 'P1H'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('refuses more than a century', () => {
    expect(parseDuration('P36525D')).toBe(3_155_760_000_000);
    expect(parseDuration('P36526D')).toBeUndefined();
    expect(parseDuration(`P${'9'.repeat(400)}D`)).toBeUndefined();
  });
});
