/** Segments and calls at random: no state is left by a move that RFC 9293 does not know. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { segmentArrives } from './arrive.ts';
import { abort, close, queueSend, shrinkSegments } from './open.ts';
import { output, timersExpire } from './output.ts';
import { seqDistance } from './sequence.ts';
import type { TcpState } from './state.ts';
import { type Script, scriptIn } from './test-support.ts';

const START: readonly TcpState[] = [
  'LISTEN',
  'SYN-SENT',
  'SYN-RECEIVED',
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
];

const near = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -70_000, max: 70_000 }));
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('segment' as const),
      flags: fc.oneof(fc.constantFrom(0x10, 0x11, 0x02, 0x12, 0x04, 0x14), fc.nat(63)),
      sequence: near,
      acknowledgment: near,
      window: fc.constantFrom(0, 1, 100, 65_535),
      length: fc.oneof(fc.constantFrom(0, 1, 500), fc.nat(3000)),
      mss: fc.option(fc.nat(65_535), { nil: undefined }),
    }),
  },
  fc.record({ kind: fc.constant('send' as const), length: fc.nat(100_000) }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat(5_000) }),
  fc.record({ kind: fc.constant('shrink' as const), size: fc.nat(2_000), sequence: near }),
  fc.record({ kind: fc.constantFrom('close', 'read', 'abort') }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(script: Script, action: Step): void {
  const { tcb } = script;
  switch (action.kind) {
    case 'segment': {
      const { flags, window, length, mss } = action as Extract<Step, { kind: 'segment' }>;
      const segment = {
        flags,
        window,
        payload: new Uint8Array(length),
        sequence: (tcb.rcvNxt + action.sequence) >>> 0,
        acknowledgment: (tcb.sndMax + action.acknowledgment) >>> 0,
        ...(mss === undefined ? {} : { maxSegmentSize: mss }),
      };
      segmentArrives(tcb, segment, script.now);
      break;
    }
    case 'send':
      queueSend(tcb, new Uint8Array(action.length));
      break;
    case 'time':
      script.now += action.ms;
      timersExpire(tcb, script.now);
      break;
    case 'shrink':
      shrinkSegments(tcb, action.size, (tcb.sndUna + action.sequence) >>> 0);
      break;
    case 'close':
      close(tcb);
      break;
    case 'read':
      tcb.receiveBuffer.take();
      break;
    case 'abort':
      abort(tcb);
      break;
  }
  output(tcb, script.now);
}

it('keeps every invariant under any segments and calls', () => {
  const steps = fc.array(step, { maxLength: 60 });
  fc.assert(
    fc.property(fc.constantFrom(...START), steps, (state, actions) => {
      const script = scriptIn(state);
      const { tcb } = script;
      for (const action of actions) {
        const edge = tcb.rcvEdge;
        const synchronized = tcb.rcvNxt !== 0;
        take(script, action);
        expect(seqDistance(tcb.sndUna, tcb.sndNxt)).toBeGreaterThanOrEqual(0);
        expect(seqDistance(tcb.sndNxt, tcb.sndMax)).toBeGreaterThanOrEqual(0);
        if (synchronized) expect(seqDistance(edge, tcb.rcvEdge)).toBeGreaterThanOrEqual(0);
        expect(seqDistance(tcb.rcvNxt, tcb.rcvEdge)).toBeGreaterThanOrEqual(0);
        expect(tcb.receiveBuffer.length).toBeLessThanOrEqual(65_535);
        for (const segment of tcb.outbox.splice(0)) {
          expect(segment.window).toBeLessThanOrEqual(65_535);
          expect(segment.payload.length).toBeLessThanOrEqual(1460);
        }
        if (tcb.state === 'CLOSED') expect(tcb.retransmitAt).toBeUndefined();
      }
    }),
    { numRuns: 2_000 },
  );
});
