import { expect, it } from 'vitest';
import { Random } from './random.ts';
import { uuid } from './uuid.ts';

it('a UUID of version 4, again the same from the same seed', () => {
  const random = new Random(7);
  const made = Array.from({ length: 200 }, () => uuid(random));
  for (const one of made) {
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(made).size).toBe(made.length);
  expect(uuid(new Random(7))).toBe(made[0]);
});
