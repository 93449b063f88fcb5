import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isHostName } from './host-name.ts';

it.each(['a', 'localhost', 'ip-10-0-0-1.ec2.internal', 'a.b.', '_dns.example', 'a'.repeat(63)])(
  '%s is a name',
  (name) => expect(isHostName(name)).toBe(true),
);

it.each(['', '.', 'a..b', '.a', '-a', 'a b', 'ä', 'a'.repeat(64), `${'a.'.repeat(127)}a`, 'a/b'])(
  '%s is none',
  (name) => expect(isHostName(name)).toBe(false),
);

it('is soon answered for what almost is one', () => {
  const almost = fc
    .tuple(fc.string({ unit: fc.constantFrom('a', '-', '_'), maxLength: 250 }), fc.constant('!'))
    .map((parts) => parts.join(''));
  const property = fc.property(almost, (text) => {
    expect(isHostName(text)).toBe(false);
  });
  fc.assert(property);
});
