import { describe, expect, it } from 'vitest';
import { ipv4, parseIpv4 } from '../../net/ipv4.ts';
import { Random } from '../../net/random.ts';
import { Fault } from '../../wire/bgp/fault.ts';
import { BgpView } from '../../wire/bgp/header.ts';
import { encodeMessage, formatMessage, parseMessage } from '../../wire/bgp/message.ts';
import type { Open } from '../../wire/bgp/open.ts';
import { message, update } from '../../wire/bgp/test-bgp.ts';
import type { PeerConfiguration } from './configuration.ts';
import type { BgpState } from './fsm.ts';
import { Session, type SessionOutput } from './session.ts';

const CONTEXT = { asnWidth: 4, internal: false } as const;
const CONNECTION = { id: 7, outgoing: true };
const KEEPALIVE = encodeMessage({ kind: 'keepalive' }, CONTEXT);
const UPDATE = update('', '', '');
const REFRESH = message(5, '0001 00 01');
const CEASE = new Fault(6, 2);

const OPEN: Open = {
  asn: 65010,
  holdSeconds: 90,
  identifier: parseIpv4('10.0.0.2')!,
  capabilities: {
    families: [
      { afi: 1, safi: 1 },
      { afi: 2, safi: 1 },
    ],
    routeRefresh: true,
    fourOctetAs: 65010,
    others: [],
  },
};
const openOf = (changes: Partial<Open> = {}) =>
  encodeMessage({ kind: 'open', open: { ...OPEN, ...changes } }, CONTEXT);

/** A session with its other side played by the test. */
class Play {
  now = 0;
  readonly session: Session;

  constructor(peer: Partial<PeerConfiguration> = {}, seed = 1) {
    const speaker = { asn: 64512, identifier: parseIpv4('10.0.0.1')!, random: new Random(seed) };
    this.session = new Session(speaker, {
      asn: 65010,
      address: ipv4(1),
      families: [4, 6],
      nextHops: { 4: ipv4(2) },
      holdSeconds: 30,
      ...peer,
    });
  }

  /** What the session does with these bytes. */
  hear(...chunks: Uint8Array[]): string[] {
    return chunks.flatMap((bytes) => {
      const said: SessionOutput[] = [];
      for (const one of this.session.messages(bytes)) {
        said.push(...this.session.handle(one, this.now));
      }
      return said.map(spell);
    });
  }

  start = () => this.session.start(this.now).map(spell);
  connect = () => this.session.connected(CONNECTION, this.now).map(spell);
  lose = () => this.session.connectionFails(this.now).map(spell);

  /** Goes to the next deadline. */
  wait(): string[] {
    this.now = this.session.deadline!;
    return this.session.due(this.now).map(spell);
  }

  reach(state: BgpState): this {
    if (state === 'Idle') return this;
    this.start();
    if (state === 'Active') this.lose();
    if (state === 'Connect' || state === 'Active') return this;
    this.connect();
    if (state === 'OpenSent') return this;
    this.hear(openOf());
    if (state === 'Established') this.hear(KEEPALIVE);
    expect(this.session.state).toBe(state);
    return this;
  }
}

/** `Idle by holdExpires`, `NOTIFICATION …`, `close`: one output in a few words. */
function spell(output: SessionOutput): string {
  switch (output.type) {
    case 'send': {
      const view = new BgpView();
      view.wrap(output.bytes);
      const parsed = parseMessage(output.bytes, 0, output.bytes.length, CONTEXT);
      if (parsed === undefined || parsed instanceof Fault) throw new Error('nonsense sent');
      if (parsed.kind === 'open') return 'OPEN';
      return formatMessage(parsed).replace(/^BGP, (NOTIFICATION, )?/, '');
    }
    case 'state':
      return `${output.state} by ${output.reason.event}`;
    default:
      return output.type;
  }
}

const UNEXPECTED = {
  OpenSent: 'Unexpected Message in OpenSent State (5/1)',
  OpenConfirm: 'Unexpected Message in OpenConfirm State (5/2)',
  Established: 'Unexpected Message in Established State (5/3)',
} as const;
const FSM = 'Finite State Machine Error/';

describe('a session', () => {
  it('H-087 goes from Idle to Established', () => {
    const play = new Play();
    expect(play.start()).toEqual(['connect', 'Connect by manualStart']);
    expect(play.connect()).toEqual(['OPEN', 'OpenSent by connected']);
    expect(play.hear(openOf())).toEqual(['KEEPALIVE', 'OpenConfirm by open']);
    expect(play.hear(KEEPALIVE)).toEqual(['Established by keepalive']);
    expect(play.hear(UPDATE, REFRESH)).toEqual(['update', 'refresh']);
  });

  it('waits to be called where it is passive', () => {
    const play = new Play({ passive: true });
    expect(play.start()).toEqual(['Active by manualStartPassive']);
    expect(play.session.deadline).toBeUndefined();
    expect(play.connect()).toEqual(['OPEN', 'OpenSent by connected']);
    expect(play.lose()).toEqual(['close', 'Active by connectionFails']);
    expect(play.session.deadline).toBeUndefined();
  });

  it('calls again when nobody answers', () => {
    const play = new Play({ connectRetrySeconds: 10 });
    play.start();
    expect(play.wait()).toEqual(['connect']);
    expect(play.lose()).toEqual(['Active by connectionFails']);
    expect(play.wait()).toEqual(['connect', 'Connect by connectRetryExpires']);
  });

  it.each(['OpenConfirm', 'Established'] as const)('H-088 lost in %s it is Idle', (state) => {
    expect(new Play().reach(state).lose()).toEqual(['close', 'Idle by connectionFails']);
  });

  it('H-088 lost in OpenSent it is Active', () => {
    expect(new Play().reach('OpenSent').lose()).toEqual(['close', 'Active by connectionFails']);
  });

  it.each([
    ['OpenSent', 'KEEPALIVE', KEEPALIVE],
    ['OpenSent', 'UPDATE', UPDATE],
    ['OpenSent', 'ROUTE-REFRESH', REFRESH],
    ['OpenSent', 'a broken UPDATE', message(2, '0001 0000')],
    ['OpenConfirm', 'OPEN', openOf()],
    ['OpenConfirm', 'UPDATE', UPDATE],
    ['OpenConfirm', 'ROUTE-REFRESH', REFRESH],
    ['Established', 'OPEN', openOf()],
  ] as const)('H-089 in %s does not expect %s', (state, _name, bytes) => {
    const play = new Play().reach(state);
    const said = play.hear(bytes);
    expect(said.slice(0, 2)).toEqual([`${FSM}${UNEXPECTED[state]}`, 'close']);
    expect(said[2]).toMatch(/^Idle by /);
  });

  it.each(['OpenSent', 'OpenConfirm', 'Established'] as const)(
    'H-089 in %s never answers a NOTIFICATION',
    (state) => {
      for (const body of ['0600', '0201', '0206', '0101', '0700', 'ffff']) {
        const said = new Play().reach(state).hear(message(3, body));
        expect(said, body).toEqual(['close', expect.stringMatching(/^Idle by .*otification$/)]);
      }
    },
  );

  it.each(['OpenSent', 'OpenConfirm', 'Established'] as const)(
    'H-090 in %s tells what is wrong with a header',
    (state) => {
      const bytes = KEEPALIVE.slice();
      bytes[0] = 0;
      expect(new Play().reach(state).hear(bytes)).toEqual([
        'Message Header Error/Connection Not Synchronized (1/1)',
        'close',
        'Idle by headerError',
      ]);
    },
  );

  it.each([
    [
      'another AS',
      openOf({ asn: 65011, capabilities: { ...OPEN.capabilities, fourOctetAs: 65011 } }),
      'Bad Peer AS (2/2)',
    ],
    ['hold time 2', openOf({ holdSeconds: 2 }), 'Unacceptable Hold Time (2/6)'],
    ['identifier 0', openOf({ identifier: ipv4(0) }), 'Bad BGP Identifier (2/3)'],
    [
      'version 5',
      message(1, '05 fdf2 005a 0a000002 00'),
      'Unsupported Version Number (2/1), data 0004',
    ],
    [
      'no family of ours',
      openOf({ capabilities: { ...OPEN.capabilities, families: [{ afi: 25, safi: 70 }] } }),
      'Unsupported Capability (2/7), data 010400010001010400020001',
    ],
  ])('H-091 refuses an OPEN with %s', (_what, bytes, error) => {
    expect(new Play().reach('OpenSent').hear(bytes)).toEqual([
      `OPEN Message Error/${error}`,
      'close',
      'Idle by openError',
    ]);
  });

  it('tells what is wrong with an UPDATE', () => {
    expect(new Play().reach('Established').hear(message(2, '0001 0000'))).toEqual([
      'UPDATE Message Error/Malformed Attribute List (3/1)',
      'close',
      'Idle by updateError',
    ]);
  });

  it.each(['OpenSent', 'OpenConfirm', 'Established'] as const)(
    'H-089 in %s is stopped with a Cease',
    (state) => {
      const play = new Play().reach(state);
      expect(play.session.stop(CEASE, 0).map(spell)).toEqual([
        'Cease/Administrative Shutdown (6/2)',
        'close',
        'Idle by manualStop',
      ]);
      expect(play.session.deadline).toBeUndefined();
    },
  );

  it.each(['Connect', 'Active'] as const)('is stopped silently in %s', (state) => {
    const play = new Play().reach(state);
    expect(play.session.stop(CEASE, 0).map(spell)).toEqual(['Idle by manualStop']);
    expect(play.session.deadline).toBeUndefined();
  });

  it('reads nothing behind the message that ended it', () => {
    const two = new Uint8Array([...message(3, '0602'), ...KEEPALIVE]);
    expect(new Play().reach('Established').hear(two)).toEqual(['close', 'Idle by notification']);
  });

  it('in Idle hears a peer that calls, but after a fault of the peer', () => {
    const awaits = (play: Play) => play.session.awaitsCall;
    expect(awaits(new Play())).toBe(false);
    expect(awaits(new Play().reach('Connect'))).toBe(true);
    expect(awaits(new Play().reach('Active'))).toBe(true);
    const lost = new Play().reach('Established');
    expect(awaits(lost)).toBe(false);
    lost.lose();
    expect(awaits(lost)).toBe(true);
    expect(lost.connect()).toEqual([
      'Active by automaticStartPassive',
      'OPEN',
      'OpenSent by connected',
    ]);
    expect(lost.session.deadline).toBe(240_000);
    const notified = new Play().reach('Established');
    notified.hear(message(3, '0602'));
    expect(awaits(notified)).toBe(true);
    const faulty = new Play().reach('Established');
    faulty.hear(openOf());
    expect(awaits(faulty)).toBe(false);
    const expired = new Play().reach('OpenSent');
    expired.wait();
    expect(awaits(expired)).toBe(true);
    const stopped = new Play().reach('Established');
    stopped.session.stop(CEASE, 0);
    expect(awaits(stopped)).toBe(false);
  });

  it('gives the state that it leaves, and the NOTIFICATION, as its reason', () => {
    const play = new Play().reach('Established');
    const [, , state] = play.session.cease(new Fault(6, 1, Uint8Array.of(1)), 0);
    expect(state).toEqual({
      type: 'state',
      from: 'Established',
      state: 'Idle',
      reason: { event: 'automaticStop', sent: { code: 6, subcode: 1, data: Uint8Array.of(1) } },
    });
  });
});

describe('its timers', () => {
  it('H-087 wait four minutes for an OPEN', () => {
    const play = new Play().reach('OpenSent');
    expect(play.wait()).toEqual(['Hold Timer Expired (4/0)', 'close', 'Idle by holdExpires']);
    expect(play.now).toBe(240_000);
  });

  it.each([
    [30, 90, 30],
    [90, 30, 30],
    [30, 0, 0],
    [0, 90, 0],
    [90, 3, 3],
  ])('H-092 of %i and %i seconds hold for %i', (own, other, agreed) => {
    const play = new Play({ holdSeconds: own }).reach('OpenSent');
    play.hear(openOf({ holdSeconds: other }), KEEPALIVE);
    expect(play.session.agreement?.holdSeconds).toBe(agreed);
    if (agreed === 0) {
      expect(play.session.deadline).toBeUndefined();
      return;
    }
    const said: string[] = [];
    while (play.session.state === 'Established') said.push(...play.wait());
    expect(play.now).toBe(agreed * 1000);
    expect(said.slice(-3)).toEqual(['Hold Timer Expired (4/0)', 'close', 'Idle by holdExpires']);
    // A third of the hold time with its jitter, never below a second.
    const keepalives = said.length - 3;
    expect(keepalives).toBeGreaterThanOrEqual(agreed === 3 ? 2 : 3);
    expect(keepalives).toBeLessThanOrEqual(4);
  });

  it('H-092 start again with each KEEPALIVE and UPDATE', () => {
    for (const bytes of [KEEPALIVE, UPDATE]) {
      const play = new Play().reach('Established');
      for (let seconds = 20; seconds <= 100; seconds += 20) {
        play.now = seconds * 1000;
        play.session.due(play.now);
        play.hear(bytes);
      }
      expect(play.session.state).toBe('Established');
    }
    const play = new Play().reach('Established');
    play.now = 20_000;
    play.hear(REFRESH);
    play.now = 30_000;
    expect(play.session.due(play.now).map(spell)).toContain('Idle by holdExpires');
  });

  it('take an UPDATE of ours for a KEEPALIVE', () => {
    const play = new Play().reach('Established');
    const before = play.session.deadline!;
    play.now = 5_000;
    expect(play.session.update([UPDATE], play.now).map(spell)).toHaveLength(1);
    expect(play.session.deadline).toBeGreaterThan(before);
  });

  it('differ by up to a quarter, the same ones from the same seed', () => {
    const times = (seed: number) => {
      const play = new Play({ connectRetrySeconds: 100 }, seed);
      play.start();
      return Array.from({ length: 20 }, () => {
        const before = play.now;
        play.wait();
        return play.now - before;
      });
    };
    expect(times(1)).toEqual(times(1));
    expect(times(1)).not.toEqual(times(2));
    for (const time of times(3)) {
      expect(time).toBeGreaterThanOrEqual(75_000);
      expect(time).toBeLessThanOrEqual(100_000);
    }
  });

  it('keep a session in Idle longer with each failure, until it has lasted', () => {
    const play = new Play();
    const waits: number[] = [];
    play.start();
    for (let round = 0; round < 8; round++) {
      play.connect();
      play.hear(openOf(), message(3, '0600'));
      const before = play.now;
      expect(play.wait()).toEqual(['connect', 'Connect by automaticStart']);
      waits.push(play.now - before);
    }
    for (const [round, wait] of waits.entries()) {
      const seconds = Math.min(2 * 2 ** round, 120);
      expect(wait).toBeGreaterThanOrEqual(seconds * 750);
      expect(wait).toBeLessThanOrEqual(seconds * 1000);
    }
    play.connect();
    play.hear(openOf({ holdSeconds: 0 }), KEEPALIVE);
    play.now += 60_000;
    play.hear(message(3, '0600'));
    expect(play.session.deadline! - play.now).toBeLessThanOrEqual(2000);
  });
});

describe('what both sides agree on', () => {
  const agreed = (peer: Partial<PeerConfiguration>, open: Partial<Open['capabilities']>) => {
    const play = new Play(peer).reach('OpenSent');
    play.hear(openOf({ capabilities: { ...OPEN.capabilities, ...open } }));
    return play.session.agreement;
  };

  it('H-094 is what both have offered', () => {
    expect(agreed({}, {})).toMatchObject({
      families: [4, 6],
      asnWidth: 4,
      routeRefresh: true,
      internal: false,
    });
    expect(agreed({ families: [6] }, {})).toMatchObject({ families: [6] });
    expect(agreed({}, { routeRefresh: false })).toMatchObject({ routeRefresh: false });
    expect(agreed({}, { families: [{ afi: 2, safi: 1 }] })).toMatchObject({ families: [6] });
  });

  it('H-094 is IPv4 alone with a peer that names no family', () => {
    expect(agreed({}, { families: [] })).toMatchObject({ families: [4] });
  });

  it('H-096 is two bytes an AS with a peer that does not offer four', () => {
    const play = new Play().reach('OpenSent');
    const { fourOctetAs: _, ...capabilities } = OPEN.capabilities;
    play.hear(openOf({ capabilities }));
    expect(play.session.agreement).toMatchObject({ asnWidth: 2, asn: 65010 });
  });

  it('H-078 may need a hold timer', () => {
    const play = new Play({ holdRequired: true }).reach('OpenSent');
    expect(play.hear(openOf({ holdSeconds: 0 }))[0]).toBe(
      'OPEN Message Error/Unacceptable Hold Time (2/6)',
    );
  });

  it('H-091 refuses our own identifier inside the AS, not outside', () => {
    const same = { identifier: parseIpv4('10.0.0.1')! };
    const capabilities = { ...OPEN.capabilities, fourOctetAs: 64512 };
    const inside = new Play({ asn: 64512 }).reach('OpenSent');
    expect(inside.hear(openOf({ ...same, asn: 64512, capabilities }))[0]).toBe(
      'OPEN Message Error/Bad BGP Identifier (2/3)',
    );
    const outside = new Play().reach('OpenSent');
    expect(outside.hear(openOf(same))).toEqual(['KEEPALIVE', 'OpenConfirm by open']);
  });

  it('H-094 leaves capabilities out for a peer that knows no parameters', () => {
    const play = new Play().reach('OpenSent');
    play.hear(message(3, '0204'));
    play.wait();
    const [sent] = play.session.connected(CONNECTION, play.now);
    const bytes = sent?.type === 'send' ? sent.bytes : new Uint8Array();
    expect(bytes).toEqual(message(1, '04 fc00 001e 0a000001 00'));
    play.hear(openOf(), KEEPALIVE);
    expect(play.session.agreement).toMatchObject({
      families: [4],
      asnWidth: 2,
      routeRefresh: false,
    });
  });
});
