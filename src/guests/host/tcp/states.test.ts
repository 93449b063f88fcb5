import { describe, expect, it } from 'vitest';
import { abort, openActive } from './open.ts';
import type { TcpState } from './state.ts';
import { Script, scriptIn } from './test-support.ts';

describe('opening (RFC 9293 section 3.5)', () => {
  it('shakes hands as the active side', () => {
    const script = new Script();
    openActive(script.tcb);
    expect(script.flush()).toEqual(['S 1000']);
    expect(script.state).toBe('SYN-SENT');
    expect(script.arrives('SA 5000 1001')).toEqual(['A 1001 5001']);
    expect(script.state).toBe('ESTABLISHED');
    expect(script.events()).toEqual(['established']);
  });

  it('shakes hands as the passive side', () => {
    const script = scriptIn('LISTEN');
    expect(script.arrives('S 5000')).toEqual(['SA 1000 5001']);
    expect(script.state).toBe('SYN-RECEIVED');
    expect(script.events()).toEqual([]);
    expect(script.arrives('A 5001 1001')).toEqual([]);
    expect(script.state).toBe('ESTABLISHED');
    expect(script.events()).toEqual(['established']);
  });

  it('takes data on the acknowledgment that completes the handshake', () => {
    const script = scriptIn('SYN-RECEIVED');
    expect(script.arrives('PA 5001 1001 +10')).toEqual(['A 1001 5011 w65525']);
    expect(script.received(5001)).toBe(10);
  });

  it('opens simultaneously (figure 8)', () => {
    const script = scriptIn('SYN-SENT');
    expect(script.arrives('S 5000')).toEqual(['SA 1000 5001']);
    expect(script.state).toBe('SYN-RECEIVED');
    expect(script.arrives('SA 5000 1001')).toEqual([]);
    expect(script.state).toBe('ESTABLISHED');
    expect(script.events()).toEqual(['established']);
  });

  it('offers its MSS and obeys the smaller of the peer’s and the path’s', () => {
    const script = scriptIn('LISTEN');
    script.arrives('S 5000', 600);
    script.arrives('A 5001 1001');
    expect(script.send(1000)).toEqual(['A 1001 5001 +600', 'PA 1601 5001 +400']);
    expect(scriptIn('ESTABLISHED', { pathSegmentSize: 1000 }).send(1500)).toEqual([
      'A 1001 5001 +1000',
      'PA 2001 5001 +500',
    ]);
  });

  it('assumes the default MSS where the SYN names none, and a floor under a tiny one', () => {
    const silent = scriptIn('LISTEN');
    silent.arrives('S 5000', undefined);
    expect(silent.tcb.segmentSize).toBe(1460);
    const tiny = scriptIn('LISTEN');
    tiny.arrives('S 5000', 1);
    expect(tiny.tcb.segmentSize).toBe(48);
  });

  it('sends the SYN again with doubled intervals, then gives up', () => {
    const script = scriptIn('SYN-SENT');
    expect(script.at(999)).toEqual([]);
    expect(script.at(1000)).toEqual(['S 1000']);
    expect(script.at(2999)).toEqual([]);
    expect(script.at(3000)).toEqual(['S 1000']);
    for (const time of [7_000, 15_000, 31_000]) expect(script.at(time)).toEqual(['S 1000']);
    expect(script.at(91_000)).toEqual(['S 1000']);
    expect(script.at(200_000)).toEqual([]);
    expect(script.state).toBe('CLOSED');
    expect(script.events()).toEqual(['timeout']);
  });

  it('answers a repeated SYN with its SYN,ACK', () => {
    const script = scriptIn('SYN-RECEIVED');
    expect(script.arrives('S 5000')).toEqual(['SA 1000 5001']);
    expect(script.state).toBe('SYN-RECEIVED');
  });

  it('keeps what was sent before the handshake until after it', () => {
    const script = scriptIn('SYN-SENT');
    expect(script.send(5)).toEqual([]);
    expect(script.arrives('SA 5000 1001')).toEqual(['PA 1001 5001 +5']);
  });
});

describe('closing (RFC 9293 section 3.6)', () => {
  it('closes first', () => {
    const script = scriptIn('ESTABLISHED');
    expect(script.close()).toEqual(['FA 1001 5001']);
    expect(script.state).toBe('FIN-WAIT-1');
    expect(script.arrives('A 5001 1002')).toEqual([]);
    expect(script.state).toBe('FIN-WAIT-2');
    expect(script.arrives('FA 5001 1002')).toEqual(['A 1002 5002']);
    expect(script.state).toBe('TIME-WAIT');
    expect(script.events()).toEqual(['end', 'closed']);
    expect(script.at(999)).toEqual([]);
    expect(script.state).toBe('TIME-WAIT');
    script.at(1000);
    expect(script.state).toBe('CLOSED');
  });

  it('closes second', () => {
    const script = scriptIn('ESTABLISHED');
    expect(script.arrives('FA 5001 1001')).toEqual(['A 1001 5002']);
    expect(script.state).toBe('CLOSE-WAIT');
    expect(script.events()).toEqual(['end']);
    expect(script.send(3)).toEqual(['PA 1001 5002 +3']);
    expect(script.close()).toEqual(['FA 1004 5002']);
    expect(script.state).toBe('LAST-ACK');
    expect(script.arrives('A 5002 1004')).toEqual([]);
    expect(script.state).toBe('LAST-ACK');
    expect(script.arrives('A 5002 1005')).toEqual([]);
    expect(script.state).toBe('CLOSED');
    expect(script.events()).toEqual(['acknowledged', 'closed']);
  });

  it('closes with both FINs crossing', () => {
    const script = scriptIn('FIN-WAIT-1');
    expect(script.arrives('FA 5001 1001')).toEqual(['A 1002 5002']);
    expect(script.state).toBe('CLOSING');
    expect(script.arrives('A 5002 1002')).toEqual([]);
    expect(script.state).toBe('TIME-WAIT');
    expect(script.events()).toEqual(['end', 'closed']);
  });

  it('takes a FIN that acknowledges ours', () => {
    const script = scriptIn('FIN-WAIT-1');
    expect(script.arrives('FA 5001 1002')).toEqual(['A 1002 5002']);
    expect(script.state).toBe('TIME-WAIT');
  });

  it('puts the FIN on the last data and sends both again when lost', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 100 });
    script.tcb.sndWnd = 100;
    expect(script.send(150)).toEqual(['A 1001 5001 +100']);
    expect(script.close()).toEqual([]);
    expect(script.arrives('A 5001 1101 w1000')).toEqual(['FPA 1101 5001 +50']);
    expect(script.state).toBe('FIN-WAIT-1');
    expect(script.at(1000)).toEqual(['FPA 1101 5001 +50']);
    expect(script.arrives('A 5001 1151')).toEqual(['FA 1151 5001']);
    script.arrives('A 5001 1152');
    expect(script.state).toBe('FIN-WAIT-2');
  });

  it('still receives after closing its own direction', () => {
    const script = scriptIn('FIN-WAIT-2');
    expect(script.arrives('A 5001 1002 +20')).toEqual(['A 1002 5021 w65515']);
    expect(script.received(5001)).toBe(20);
  });

  it.each([
    ['SYN-RECEIVED' as const, 'A 5001 1001', 'FPA 1001 5001 +3'],
    ['SYN-SENT' as const, 'SA 5000 1001', 'FPA 1001 5001 +3'],
  ])('closes once established when asked to in %s', (state, completion, fin) => {
    const script = scriptIn(state);
    expect(script.send(3)).toEqual([]);
    expect(script.close()).toEqual([]);
    expect(script.arrives(completion)).toEqual([fin]);
    expect(script.state).toBe('FIN-WAIT-1');
  });

  it('forgets an open that is aborted before an answer', () => {
    const script = scriptIn('SYN-SENT');
    abort(script.tcb);
    expect(script.flush()).toEqual([]);
    expect(script.state).toBe('CLOSED');
  });

  it('does not wait for ever in FIN-WAIT-2', () => {
    const script = scriptIn('FIN-WAIT-2');
    script.now = 50_000;
    script.arrives('A 5001 1002 +1');
    script.at(60_000);
    expect(script.state).toBe('FIN-WAIT-2');
    script.at(110_000);
    expect(script.state).toBe('CLOSED');
    expect(script.events()).toEqual(['timeout']);
  });

  it('answers a repeated FIN in TIME-WAIT and waits anew', () => {
    const script = scriptIn('TIME-WAIT');
    script.now = 900;
    expect(script.arrives('FA 5001 1002')).toEqual(['A 1002 5002']);
    script.at(1_500);
    expect(script.state).toBe('TIME-WAIT');
    script.at(1_900);
    expect(script.state).toBe('CLOSED');
  });

  it.each<TcpState>(['SYN-RECEIVED', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT'])(
    'aborts with a reset in %s',
    (state) => {
      const script = scriptIn(state);
      abort(script.tcb);
      expect(script.flush()[0]).toMatch(/^RA 100[12] 500[12]$/);
      expect(script.state).toBe('CLOSED');
      expect(script.arrives('A 5001 1001')).toEqual([]);
    },
  );
});
