import { describe, expect, it } from 'vitest';
import { shrinkSegments } from './open.ts';
import { nextDeadline, windowUpdateDue } from './output.ts';
import { scriptIn } from './test-support.ts';

describe('receiving', () => {
  it('acknowledges text in order', () => {
    const script = scriptIn('ESTABLISHED');
    expect(script.arrives('PA 5001 1001 +100')).toEqual(['A 1001 5101 w65435']);
    expect(script.received(5001)).toBe(100);
  });

  it('holds text behind a gap and takes it when the gap closes', () => {
    const script = scriptIn('ESTABLISHED');
    expect(script.arrives('A 5101 1001 +100')).toEqual(['A 1001 5001']);
    expect(script.arrives('A 5301 1001 +100')).toEqual(['A 1001 5001']);
    expect(script.arrives('A 5001 1001 +100')).toEqual(['A 1001 5201 w65335']);
    expect(script.arrives('A 5151 1001 +200')).toEqual(['A 1001 5401 w65135']);
    expect(script.received(5001)).toBe(400);
  });

  it('takes a FIN behind a gap when the gap closes', () => {
    const script = scriptIn('ESTABLISHED');
    expect(script.arrives('FPA 5101 1001 +100')).toEqual(['A 1001 5001']);
    expect(script.state).toBe('ESTABLISHED');
    expect(script.arrives('A 5001 1001 +100')).toEqual(['A 1001 5202 w65335']);
    expect(script.state).toBe('CLOSE-WAIT');
    expect(script.received(5001)).toBe(200);
  });

  it('takes the new part of a segment that overlaps', () => {
    const script = scriptIn('ESTABLISHED');
    script.arrives('A 5001 1001 +100');
    expect(script.arrives('A 4951 1001 +200')).toEqual(['A 1001 5151 w65385']);
    expect(script.received(5001)).toBe(150);
  });

  it('closes its window on a reader that waits, and takes no more than it offered', () => {
    const script = scriptIn('ESTABLISHED', { receiveBuffer: 1000 });
    expect(script.arrives('A 5001 1001 +600')).toEqual(['A 1001 5601 w400']);
    expect(script.arrives('A 5601 1001 +600')).toEqual(['A 1001 6001 w0']);
    expect(script.arrives('A 6001 1001 +1')).toEqual(['A 1001 6001 w0']);
    expect(script.received(5001)).toBe(1000);
    expect(windowUpdateDue(script.tcb)).toBe(true);
    script.tcb.ackNow = true;
    expect(script.flush()).toEqual(['A 1001 6001 w1000']);
  });

  it('does not announce a sliver of window', () => {
    const script = scriptIn('ESTABLISHED', { receiveBuffer: 1000 });
    script.arrives('A 5001 1001 +1000');
    script.tcb.receiveBuffer.drop(499);
    expect(windowUpdateDue(script.tcb)).toBe(false);
    script.tcb.receiveBuffer.drop(1);
    expect(windowUpdateDue(script.tcb)).toBe(true);
  });

  it('reads the acknowledgment of a segment that its closed window refuses', () => {
    const script = scriptIn('ESTABLISHED', { receiveBuffer: 100 });
    script.arrives('A 5001 1001 +100');
    script.send(10);
    script.arrives('A 5101 1011 +1');
    expect(script.tcb.sndUna).toBe(1011);
    expect(script.received(5001)).toBe(100);
  });

  it('takes the middle of a segment that overlaps its window on both sides', () => {
    const script = scriptIn('ESTABLISHED', { receiveBuffer: 100 });
    expect(script.arrives('A 4901 1001 +300')).toEqual(['A 1001 5101 w0']);
    expect(script.received(5001)).toBe(100);
  });

  it('bounds what it holds behind a gap', () => {
    const script = scriptIn('ESTABLISHED');
    for (let index = 0; index < 500; index++) script.arrives(`A ${5003 + 2 * index} 1001 +1`);
    expect(script.tcb.outOfOrder.size).toBe(128);
  });
});

describe('sending', () => {
  it('fills the window and no more', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 1000 });
    script.arrives('A 5001 1001 w2500');
    expect(script.send(4000)).toEqual(['A 1001 5001 +1000', 'A 2001 5001 +1000']);
    expect(script.arrives('A 5001 3001 w2500')).toEqual([
      'A 3001 5001 +1000',
      'PA 4001 5001 +1000',
    ]);
  });

  it('probes a closed window for as long as the peer answers', () => {
    const script = scriptIn('ESTABLISHED');
    script.arrives('A 5001 1001 w0');
    expect(script.send(100)).toEqual([]);
    let probes = 0;
    for (let round = 0; round < 40; round++) {
      const due = nextDeadline(script.tcb)!;
      expect(script.at(due)).toEqual(['A 1001 5001 +1']);
      probes++;
      expect(script.arrives('A 5001 1001 w0')).toEqual([]);
    }
    expect(probes).toBe(40);
    expect(script.arrives('A 5001 1001 w1000')).toEqual(['PA 1001 5001 +100']);
    script.arrives('A 5001 1101');
    expect(nextDeadline(script.tcb)).toBeUndefined();
  });

  it('goes on behind a probe that was taken', () => {
    const script = scriptIn('ESTABLISHED');
    script.arrives('A 5001 1001 w0');
    script.send(100);
    script.at(1000);
    expect(script.arrives('A 5001 1002 w1000')).toEqual(['PA 1002 5001 +99']);
  });

  it('does not send slivers while more is out', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 1000 });
    script.arrives('A 5001 1001 w1010');
    expect(script.send(3000)).toEqual(['A 1001 5001 +1000']);
  });
});

describe('the peer’s window', () => {
  it('follows the newest segment, not the last to arrive', () => {
    const script = scriptIn('ESTABLISHED');
    script.arrives('A 5101 1001 +100 w500');
    script.arrives('A 5001 1001 +100 w9000');
    expect(script.tcb.sndWnd).toBe(500);
    script.arrives('A 5201 1001 w700');
    expect(script.tcb.sndWnd).toBe(700);
  });
});

describe('retransmission (RFC 6298, RFC 5681)', () => {
  it('doubles the time-out, and resets it once acknowledged', () => {
    const script = scriptIn('ESTABLISHED');
    expect(script.send(10)).toEqual(['PA 1001 5001 +10']);
    expect(script.at(199)).toEqual([]);
    expect(script.at(200)).toEqual(['PA 1001 5001 +10']);
    expect(script.at(599)).toEqual([]);
    expect(script.at(600)).toEqual(['PA 1001 5001 +10']);
    script.arrives('A 5001 1011');
    expect(nextDeadline(script.tcb)).toBeUndefined();
    script.send(10);
    expect(nextDeadline(script.tcb)).toBe(800);
  });

  it('follows the measured round trip', () => {
    const script = scriptIn('ESTABLISHED');
    for (let round = 0; round < 50; round++) {
      script.send(10);
      script.now += 1000;
      script.arrives(`A 5001 ${1011 + round * 10}`);
    }
    expect(script.tcb.rto).toBeGreaterThan(1000);
    expect(script.tcb.rto).toBeLessThan(1300);
  });

  it('does not measure what was sent twice (Karn)', () => {
    const script = scriptIn('ESTABLISHED');
    const before = script.tcb.rto;
    script.send(10);
    script.at(200);
    script.now = 100_000;
    script.arrives('A 5001 1011');
    expect(script.tcb.rto).toBe(before);
  });

  it('does not measure a handshake whose SYN was sent twice', () => {
    const script = scriptIn('SYN-SENT');
    script.at(1000);
    script.now = 9000;
    script.arrives('SA 5000 1001');
    expect(script.tcb.srtt).toBeUndefined();
  });

  it('takes a changed window for news, not for a duplicate', () => {
    const script = scriptIn('ESTABLISHED');
    script.send(100);
    for (const window of [1000, 2000, 3000, 4000]) {
      expect(script.arrives(`A 5001 1001 w${window}`)).toEqual([]);
    }
  });

  it('gives up after its limit', () => {
    const script = scriptIn('ESTABLISHED');
    script.send(10);
    let sent = 0;
    for (let due = nextDeadline(script.tcb); due !== undefined; due = nextDeadline(script.tcb)) {
      sent += script.at(due).length;
    }
    expect(sent).toBe(12);
    expect(script.state).toBe('CLOSED');
    expect(script.events()).toEqual(['timeout']);
  });

  it('sends again at the third duplicate, then hole by hole', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 100 });
    expect(script.send(500)).toHaveLength(5);
    expect(script.arrives('A 5001 1001')).toEqual([]);
    expect(script.arrives('A 5001 1001')).toEqual([]);
    expect(script.arrives('A 5001 1001')).toEqual(['A 1001 5001 +100']);
    expect(script.arrives('A 5001 1001')).toEqual([]);
    expect(script.arrives('A 5001 1201')).toEqual(['A 1201 5001 +100']);
    expect(script.arrives('A 5001 1501')).toEqual([]);
    expect(script.tcb.recover).toBeUndefined();
  });
});

describe('path MTU', () => {
  it('cuts segments shorter and sends everything out again at once', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 1000 });
    expect(script.send(2000)).toHaveLength(2);
    shrinkSegments(script.tcb, 600, 1001);
    expect(script.flush()).toEqual([
      'A 1001 5001 +600',
      'A 1601 5001 +600',
      'A 2201 5001 +600',
      'PA 2801 5001 +200',
    ]);
    shrinkSegments(script.tcb, 600, 1001);
    expect(script.flush()).toEqual([]);
    script.arrives('A 5001 3001');
    expect(script.tcb.sendBuffer.length).toBe(0);
  });

  it('are no longer than those that came, where that is wanted', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 1000 });
    script.tcb.matchesPeer = true;
    script.arrives('A 5001 1001 +300');
    expect(script.send(700)).toEqual([
      'A 1001 5301 +300 w65235',
      'A 1301 5301 +300 w65235',
      'PA 1601 5301 +100 w65235',
    ]);
  });

  it('ignores an error about something that is not in flight (RFC 5927)', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 1000 });
    script.send(1000);
    shrinkSegments(script.tcb, 600, 2001);
    shrinkSegments(script.tcb, 600, 900);
    expect(script.tcb.segmentSize).toBe(1000);
  });

  it('does not go below its floor', () => {
    const script = scriptIn('ESTABLISHED', { pathSegmentSize: 1000 });
    script.send(100);
    shrinkSegments(script.tcb, 1, 1001);
    expect(script.tcb.segmentSize).toBe(48);
  });
});

describe('sequence numbers', () => {
  it('wrap around', () => {
    const script = scriptIn('LISTEN', { initialSequence: 0xffff_fffe });
    expect(script.arrives('S 4294967290')).toEqual(['SA 4294967294 4294967291']);
    expect(script.arrives('A 4294967291 4294967295')).toEqual([]);
    expect(script.send(10)).toEqual(['PA 4294967295 4294967291 +10']);
    expect(script.arrives('A 4294967291 9 +10')).toEqual(['A 9 5 w65525']);
    expect(script.tcb.sendBuffer.length).toBe(0);
    expect(script.close()).toEqual(['FA 9 5 w65525']);
    expect(script.arrives('FA 5 10')).toEqual(['A 10 6 w65525']);
    expect(script.state).toBe('TIME-WAIT');
  });
});
