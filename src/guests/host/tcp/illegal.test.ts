/** Segments that no well-behaved peer sends, in every state (RFC 9293 3.10.7, RFC 5961). */
import { describe, expect, it } from 'vitest';
import { resetFor } from './segment.ts';
import type { TcpState } from './state.ts';
import { formatSegment, parseSegment, scriptIn } from './test-support.ts';

const SYNCHRONIZED: TcpState[] = [
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
];
const FIN_SEEN: TcpState[] = ['CLOSE-WAIT', 'CLOSING', 'LAST-ACK', 'TIME-WAIT'];
const FIN_SENT: TcpState[] = ['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK', 'TIME-WAIT'];

/** What a block in `state` expects next, and sends next. */
function numbers(state: TcpState) {
  return {
    peer: FIN_SEEN.includes(state) ? 5002 : 5001,
    own: FIN_SENT.includes(state) ? 1002 : 1001,
  };
}

describe('CLOSED', () => {
  it('has a reset for everything but a reset', () => {
    const answer = (text: string) => {
      const reset = resetFor(parseSegment(text));
      return reset && formatSegment(reset);
    };
    expect(answer('S 5000')).toBe('RA 0 5001');
    expect(answer('SA 5000 77')).toBe('R 77');
    expect(answer('FPA 5000 77 +10')).toBe('R 77');
    expect(answer('F 5000 +10')).toBe('RA 0 5011');
    expect(answer('R 5000')).toBeUndefined();
    expect(answer('RA 5000 1')).toBeUndefined();
  });

  it('takes nothing', () => {
    const script = scriptIn('CLOSED');
    expect(script.arrives('S 5000')).toEqual([]);
    expect(script.state).toBe('CLOSED');
  });
});

describe('LISTEN', () => {
  it.each([
    ['R 5000', []],
    ['RA 5000 1', []],
    ['A 5000 77', ['R 77']],
    ['SA 5000 77', ['R 77']],
    ['F 5000', []],
    ['- 5000 +10', []],
  ])('%s does not open', (segment, answers) => {
    const script = scriptIn('LISTEN');
    expect(script.arrives(segment)).toEqual(answers);
    expect(script.state).toBe('LISTEN');
  });
});

describe('SYN-SENT', () => {
  it.each([
    ['A 5000 1000', ['R 1000']],
    ['A 5000 1002', ['R 1002']],
    ['SA 5000 1002', ['R 1002']],
    ['RA 5000 1002', []],
    ['R 5000', []],
    ['A 5000 1001', []],
    ['F 5000', []],
  ])('%s does not move it', (segment, answers) => {
    const script = scriptIn('SYN-SENT');
    expect(script.arrives(segment)).toEqual(answers);
    expect(script.state).toBe('SYN-SENT');
  });

  it('is refused by a reset that acknowledges the SYN', () => {
    const script = scriptIn('SYN-SENT');
    expect(script.arrives('RA 0 1001')).toEqual([]);
    expect(script.state).toBe('CLOSED');
    expect(script.events()).toEqual(['reset']);
  });
});

describe('SYN-RECEIVED', () => {
  it('resets an acknowledgment of something never sent', () => {
    const script = scriptIn('SYN-RECEIVED');
    expect(script.arrives('A 5001 1002')).toEqual(['R 1002']);
    expect(script.arrives('A 5001 1000')).toEqual(['R 1000']);
    expect(script.state).toBe('SYN-RECEIVED');
  });

  it('ends with a reset at the exact sequence number', () => {
    const script = scriptIn('SYN-RECEIVED');
    expect(script.arrives('R 5002')).toEqual(['A 1001 5001']);
    expect(script.state).toBe('SYN-RECEIVED');
    expect(script.arrives('R 5001')).toEqual([]);
    expect(script.state).toBe('CLOSED');
  });

  it('goes back to LISTEN, here nothing, on a new SYN in the window', () => {
    const script = scriptIn('SYN-RECEIVED');
    script.arrives('S 6000');
    expect(script.state).toBe('CLOSED');
  });
});

describe.each(SYNCHRONIZED)('%s', (state) => {
  const { peer, own } = numbers(state);

  it('answers a segment left of the window and takes nothing of it', () => {
    const script = scriptIn(state);
    expect(script.arrives(`PA 4000 ${own} +100`)).toEqual([`A ${own} ${peer}`]);
    expect(script.received(0)).toBe(0);
    expect(script.state).toBe(state);
  });

  it('answers a segment right of the window and takes nothing of it', () => {
    const script = scriptIn(state);
    expect(script.arrives(`PA ${peer + 65_535} ${own} +100`)).toEqual([`A ${own} ${peer}`]);
    expect(script.tcb.outOfOrder.size).toBe(0);
    expect(script.state).toBe(state);
  });

  it('ignores a reset outside the window', () => {
    const script = scriptIn(state);
    expect(script.arrives(`R ${peer + 65_535}`)).toEqual([]);
    expect(script.arrives(`R ${peer - 1}`)).toEqual([]);
    expect(script.state).toBe(state);
  });

  it('challenges a reset inside the window (RFC 5961 section 3.2)', () => {
    const script = scriptIn(state);
    expect(script.arrives(`R ${peer + 1}`)).toEqual([`A ${own} ${peer}`]);
    expect(script.state).toBe(state);
  });

  it('ends with a reset at the exact sequence number', () => {
    const script = scriptIn(state);
    expect(script.arrives(`R ${peer}`)).toEqual([]);
    expect(script.state).toBe('CLOSED');
    const done = { CLOSING: ['closed'], 'LAST-ACK': ['closed'], 'TIME-WAIT': [] };
    expect(script.events()).toEqual(done[state as keyof typeof done] ?? ['reset']);
  });

  it.each(['S', 'SA'])('challenges %s (RFC 5961 section 4.2)', (flags) => {
    const script = scriptIn(state);
    expect(script.arrives(`${flags} ${peer} ${own}`)).toEqual([`A ${own} ${peer}`]);
    expect(script.arrives(`${flags} 5000 ${own}`)).toEqual([`A ${own} ${peer}`]);
    expect(script.state).toBe(state);
  });

  it('challenges an acknowledgment of something never sent (RFC 5961 section 5.2)', () => {
    const script = scriptIn(state);
    expect(script.arrives(`PA ${peer} ${own + 1} +10`)).toEqual([`A ${own} ${peer}`]);
    expect(script.received(0)).toBe(0);
    expect(script.state).toBe(state);
  });

  it('challenges an acknowledgment older than a window', () => {
    const script = scriptIn(state);
    const old = (own - 70_000) >>> 0;
    expect(script.arrives(`PA ${peer} ${old} +10`)).toEqual([`A ${own} ${peer}`]);
    expect(script.received(0)).toBe(0);
  });

  it('drops a segment without ACK, RST or SYN', () => {
    const script = scriptIn(state);
    expect(script.arrives(`F ${peer} +10`)).toEqual([]);
    expect(script.received(0)).toBe(0);
    expect(script.state).toBe(state);
  });

  it('answers a bounded number of bare segments out of the window', () => {
    const script = scriptIn(state);
    const answers = Array.from({ length: 50 }, () => script.arrives(`A ${peer - 1} ${own}`)).flat();
    expect(answers).toHaveLength(10);
    if (state === 'TIME-WAIT') return;
    script.now = 1_000;
    expect(script.arrives(`A ${peer - 1} ${own}`).length).toBeGreaterThan(0);
  });
});

describe.each(FIN_SEEN)('%s, after the peer’s FIN', (state) => {
  it('takes no more text', () => {
    const script = scriptIn(state);
    const { peer, own } = numbers(state);
    script.arrives(`PA ${peer} ${own - 1} +10`);
    expect(script.received(0)).toBe(0);
    expect(script.tcb.rcvNxt).toBe(peer);
  });
});
