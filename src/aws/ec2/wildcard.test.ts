import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wildcard } from './wildcard.ts';

/** The same by backtracking, which is short and slow. */
function slowly(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const [first] = pattern;
  const rest = pattern.slice(1);
  if (first === '*') return slowly(rest, text) || (text !== '' && slowly(pattern, text.slice(1)));
  if (first === '?') return slowly(rest, text) || (text !== '' && slowly(rest, text.slice(1)));
  const isEscape = first === '\\' && /^[*?\\]/.test(rest);
  const [wanted, after] = isEscape ? [rest[0], rest.slice(1)] : [first, rest];
  return text.startsWith(wanted!) && slowly(after, text.slice(1));
}

describe('G-038 a wildcard', () => {
  it('matches what its definition says', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\'), maxLength: 8 });
    const property = fc.property(pattern, text, (one, other) => {
      expect(wildcard(one)(other)).toBe(slowly(one, other));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it.each([
    ['many stars', `${'*a'.repeat(120)}*b`],
    ['many question marks', `${'?a'.repeat(200)}?b`],
    ['both', `${'*?'.repeat(200)}${'a?*'.repeat(100)}b`],
    ['longer than any text', '?'.repeat(100_000)],
  ])('of %s is soon answered', (_what, pattern) => {
    const text = 'a'.repeat(256);
    expect(wildcard(pattern)(text)).toBe(!pattern.endsWith('b'));
    expect(wildcard(pattern)(`${text}b`)).toBe(true);
  });

  it('takes any characters literally', () => {
    const property = fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      const escaped = text.replace(/[*?\\]/g, '\\$&');
      expect(wildcard(`${escaped}*`)(`${text}x`)).toBe(true);
      expect(wildcard(`*${escaped}`)(`x${text}`)).toBe(true);
    });
    fc.assert(property);
  });
});
