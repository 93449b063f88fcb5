import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from './byte-queue.ts';

describe('ByteQueue', () => {
  it('takes no more than its limit', () => {
    const queue = new ByteQueue(5);
    expect(queue.push(Uint8Array.of(1, 2, 3))).toBe(3);
    expect(queue.push(Uint8Array.of(4, 5, 6))).toBe(2);
    expect(queue.space).toBe(0);
    expect([...queue.peek(1, 10)]).toEqual([2, 3, 4, 5]);
    expect([...queue.peek(9, 1)]).toEqual([]);
  });

  it('behaves as an array does', () => {
    const operation = fc.oneof(
      fc.record({ push: fc.uint8Array({ maxLength: 90 }) }),
      fc.record({ drop: fc.nat(90) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), fc.nat(200), (operations, limit) => {
        const queue = new ByteQueue(limit);
        let model: number[] = [];
        for (const step of operations) {
          if ('push' in step) {
            const room = limit - model.length;
            expect(queue.push(step.push)).toBe(Math.min(room, step.push.length));
            model.push(...step.push.subarray(0, room));
          } else {
            queue.drop(step.drop);
            model = model.slice(step.drop);
          }
          expect(queue.length).toBe(model.length);
          expect([...queue.peek(3, 50)]).toEqual(model.slice(3, 53));
        }
        expect([...queue.take()]).toEqual(model);
        expect(queue.length).toBe(0);
      }),
    );
  });
});
