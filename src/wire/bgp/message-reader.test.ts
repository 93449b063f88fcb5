import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from './fault.ts';
import { encodeMessage } from './message.ts';
import { MessageReader } from './message-reader.ts';
import { anyMessage, EXTERNAL, message } from './test-bgp.ts';

const KEEPALIVE = message(4, '');
const REFRESH = message(5, '0001 00 01');

function readAll(chunks: readonly Uint8Array[]): (Uint8Array | Fault)[] {
  const reader = new MessageReader();
  return chunks.flatMap((chunk) =>
    [...reader.read(chunk)].map((one) => (one instanceof Fault ? one : one.slice())),
  );
}

/** The bytes cut at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set([0, bytes.length, ...places.map((at) => at % (bytes.length + 1))])];
  sorted.sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index]!, end));
}

describe('the message reader', () => {
  it('reads messages that come together', () => {
    expect(readAll([new Uint8Array([...KEEPALIVE, ...REFRESH, ...KEEPALIVE])])).toEqual([
      KEEPALIVE,
      REFRESH,
      KEEPALIVE,
    ]);
  });

  it('reads messages that come byte by byte', () => {
    const bytes = new Uint8Array([...REFRESH, ...KEEPALIVE]);
    expect(readAll([...bytes].map((octet) => Uint8Array.of(octet)))).toEqual([REFRESH, KEEPALIVE]);
  });

  it('reads the same messages wherever the stream is cut', () => {
    const messages = fc.array(
      anyMessage.map((value) => encodeMessage(value, EXTERNAL)),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 12 }), (all, places) => {
        const stream = new Uint8Array(all.flatMap((one) => [...one]));
        expect(readAll(cut(stream, places))).toEqual(all);
      }),
    );
  });

  it.each([
    ['at once', 100],
    ['byte by byte', 1],
  ])('tells a bad header %s and reads nothing behind it', (_how, size) => {
    const bad = KEEPALIVE.slice();
    bad[17] = 20;
    const stream = new Uint8Array([...REFRESH, ...bad, ...REFRESH]);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
    expect(readAll(chunks)).toEqual([REFRESH, new Fault(1, 2, Uint8Array.of(0, 20))]);
  });

  it('keeps at most one message of whatever is sent', () => {
    const any = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 });
    fc.assert(
      fc.property(any, fc.boolean(), (chunks, begun) => {
        const first = begun ? [KEEPALIVE.subarray(0, 18)] : [];
        for (const one of readAll([...first, ...chunks])) {
          if (!(one instanceof Fault)) expect(one.length).toBeLessThanOrEqual(4096);
        }
      }),
    );
  });
});
