/**
 * Scripts for the state machine. A segment is written `FLAGS SEQUENCE [ACK] [+OCTETS] [wWINDOW]`,
 * for example `SA 1000 5001` or `PA 5001 1001 +100 w0`; our first sequence number is 1000.
 */
import assert from 'node:assert/strict';
import { segmentArrives } from './arrive.ts';
import { close, openActive, openPassive, queueSend } from './open.ts';
import { output, timersExpire } from './output.ts';
import { ACK, FIN, PSH, RST, type Segment, SYN } from './segment.ts';
import type { TcpState } from './state.ts';
import { createTcb, type Tcb, type TcbOptions, type TcpEvent } from './tcb.ts';

const LETTERS: readonly (readonly [string, number])[] = [
  ['S', SYN],
  ['F', FIN],
  ['R', RST],
  ['P', PSH],
  ['A', ACK],
];

export function formatSegment(segment: Segment): string {
  const { flags, sequence, acknowledgment, payload, window } = segment;
  const letters = LETTERS.filter(([, bit]) => flags & bit).map(([letter]) => letter);
  return [
    letters.join('') || '-',
    `${sequence}`,
    ...(flags & ACK ? [`${acknowledgment}`] : []),
    ...(payload.length > 0 ? [`+${payload.length}`] : []),
    ...(window === 65_535 || flags & RST ? [] : [`w${window}`]),
  ].join(' ');
}

/** The octet at a sequence number: what a receiver must see there. */
export function octetAt(sequence: number): number {
  return (sequence * 7) & 0xff;
}

export function parseSegment(text: string, maxSegmentSize = 1460): Segment {
  const [letters, sequence, ...rest] = text.split(' ');
  let flags = 0;
  for (const [letter, bit] of LETTERS) if (letters!.includes(letter)) flags |= bit;
  const find = (mark: string) => rest.find((part) => part.startsWith(mark))?.slice(1);
  const number = rest.find((part) => /^[0-9]/.test(part));
  const first = Number(sequence) + (flags & SYN ? 1 : 0);
  return {
    flags,
    sequence: Number(sequence),
    acknowledgment: Number(number ?? 0),
    window: Number(find('w') ?? 65_535),
    payload: Uint8Array.from({ length: Number(find('+') ?? 0) }, (_, i) => octetAt(first + i)),
    ...(flags & SYN ? { maxSegmentSize } : {}),
  };
}

export class Script {
  now = 0;
  readonly tcb: Tcb;

  constructor(options: Partial<TcbOptions> = {}) {
    this.tcb = createTcb({
      initialSequence: 1000,
      offeredSegmentSize: 1460,
      pathSegmentSize: 1460,
      defaultSegmentSize: 536,
      ...options,
    });
  }

  get state(): TcpState {
    return this.tcb.state;
  }

  /** What the application would be told since the last call. */
  events(): TcpEvent[] {
    return this.tcb.events.splice(0);
  }

  /** Lets the block send; returns what it sent. */
  flush(): string[] {
    output(this.tcb, this.now);
    return this.tcb.outbox.splice(0).map(formatSegment);
  }

  /** A segment arrives; returns the answers. */
  arrives(text: string, maxSegmentSize?: number): string[] {
    segmentArrives(this.tcb, parseSegment(text, maxSegmentSize), this.now);
    return this.flush();
  }

  send(octets: number): string[] {
    assert.equal(queueSend(this.tcb, new Uint8Array(octets)), octets);
    return this.flush();
  }

  close(): string[] {
    close(this.tcb);
    return this.flush();
  }

  /** Time passes to `now`, with every timer that fires on the way. */
  at(now: number): string[] {
    this.now = now;
    timersExpire(this.tcb, now);
    return this.flush();
  }

  /** Everything received and not taken yet, which must be the peer's octets from `sequence` on. */
  received(sequence: number): number {
    const data = this.tcb.receiveBuffer.take();
    for (const [index, octet] of data.entries()) assert.equal(octet, octetAt(sequence + index));
    return data.length;
  }
}

type Reachable = Exclude<TcpState, 'CLOSED' | 'LISTEN'>;

/** How to reach each state: ours is 1000, the peer's 5000, no data. */
const WAYS: Readonly<Record<Reachable, (script: Script) => void>> = {
  'SYN-SENT': (script) => {
    openActive(script.tcb);
    script.flush();
  },
  'SYN-RECEIVED': (script) => {
    openPassive(script.tcb);
    script.arrives('S 5000');
  },
  ESTABLISHED: (script) => {
    WAYS['SYN-SENT'](script);
    script.arrives('SA 5000 1001');
  },
  'FIN-WAIT-1': (script) => {
    WAYS.ESTABLISHED(script);
    script.close();
  },
  'FIN-WAIT-2': (script) => {
    WAYS['FIN-WAIT-1'](script);
    script.arrives('A 5001 1002');
  },
  'CLOSE-WAIT': (script) => {
    WAYS.ESTABLISHED(script);
    script.arrives('FA 5001 1001');
  },
  CLOSING: (script) => {
    WAYS['FIN-WAIT-1'](script);
    script.arrives('FA 5001 1001');
  },
  'LAST-ACK': (script) => {
    WAYS['CLOSE-WAIT'](script);
    script.close();
  },
  'TIME-WAIT': (script) => {
    WAYS['FIN-WAIT-2'](script);
    script.arrives('FA 5001 1002');
  },
};

/** A block brought into a state by segments, events forgotten. */
export function scriptIn(state: TcpState, options?: Partial<TcbOptions>): Script {
  const script = new Script(options);
  if (state === 'LISTEN') openPassive(script.tcb);
  else if (state !== 'CLOSED') WAYS[state](script);
  assert.equal(script.state, state);
  script.events();
  return script;
}
