import { describe, expect, it } from 'vitest';
import { readScalar } from './scalar.ts';

describe('readScalar', () => {
  it.each([
    ['0', 0],
    ['-1', -1],
    ['+7', 7],
    ['007', 7],
    ['9007199254740991', 9007199254740991],
  ])('G-005 integer %s', (text, value) => {
    expect(readScalar('integer', text)).toBe(value);
  });

  it.each(['', ' 1', '1 ', '1.0', '1e3', '0x10', 'NaN', '--1', '9007199254740993', '٣'])(
    'G-005 no integer: "%s"',
    (text) => {
      expect(readScalar('integer', text)).toBeUndefined();
    },
  );

  it.each([
    ['true', true],
    ['false', false],
    ['True', true],
    ['FALSE', false],
    ['1', undefined],
    ['yes', undefined],
    ['', undefined],
  ])('G-005 boolean "%s"', (text, value) => {
    expect(readScalar('boolean', text)).toBe(value);
  });

  it.each([
    ['0.5', 0.5],
    ['-2', -2],
    ['1e-7', 1e-7],
    ['1.', undefined],
    ['Infinity', undefined],
    ['1e999', undefined],
  ])('double %s', (text, value) => {
    expect(readScalar('double', text)).toBe(value);
  });

  it.each([
    ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00.250Z', Date.UTC(2026, 0, 31, 12, 0, 0, 250)],
    ['2026-01-31T12:00:00', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00+02:00', Date.UTC(2026, 0, 31, 10)],
    ['2026-01-31', Date.UTC(2026, 0, 31)],
  ])('timestamp %s is UTC unless it says otherwise', (text, millis) => {
    expect(readScalar('timestamp', text)).toEqual(new Date(millis));
  });

  it.each(['', 'now', '2026-13-01', '2026-01-31T25:00:00Z', '31.01.2026', '1767225600'])(
    'no timestamp: "%s"',
    (text) => {
      expect(readScalar('timestamp', text)).toBeUndefined();
    },
  );

  it('blob is base64', () => {
    expect(readScalar('blob', 'aGk=')).toEqual(new Uint8Array([0x68, 0x69]));
    expect(readScalar('blob', 'a*b')).toBeUndefined();
    expect(readScalar('blob', ' aG\nk= ')).toEqual(new Uint8Array([0x68, 0x69]));
    // Answered as soon as any other of that length.
    expect(readScalar('blob', `${' '.repeat(1_000_000)}!`)).toBeUndefined();
  });
});
