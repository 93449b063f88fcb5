/** Every state and event, written down once more from RFC 4271 section 8.2.2. */
import { describe, expect, it } from 'vitest';
import { BGP_EVENTS, BGP_MOVES, BGP_STATES, type BgpEvent, type BgpState } from './fsm.ts';

/** What a move comes to: where to, and what the peer and the transport see of it. */
function seen(state: BgpState, event: BgpEvent): string {
  const [to, ...actions] = BGP_MOVES[state][event];
  const visible = actions.filter((action) => SHOWN.has(action));
  return [to, ...visible].join(' ');
}

const SHOWN = new Set<string>([
  'connect',
  'sendOpen',
  'confirm',
  'sendKeepalive',
  'notify',
  'notifyUnexpected',
  'deliver',
  'close',
]);

const STARTS: BgpEvent[] = [
  'manualStart',
  'automaticStart',
  'manualStartPassive',
  'automaticStartPassive',
];

/** For each state: events and what they come to; the last line is for all others. */
const TABLE: Record<BgpState, [events: BgpEvent[], outcome: string][]> = {
  Idle: [
    [['manualStart', 'automaticStart'], 'Connect connect'],
    [['manualStartPassive', 'automaticStartPassive'], 'Active'],
    [['manualStop'], 'Idle close'],
    [[], 'Idle'],
  ],
  Connect: [
    [STARTS, 'Connect'],
    [['connectRetryExpires'], 'Connect close connect'],
    [['connected'], 'OpenSent sendOpen'],
    [['connectionFails'], 'Active close'],
    [[], 'Idle close'],
  ],
  Active: [
    [STARTS, 'Active'],
    [['connectRetryExpires'], 'Connect connect'],
    [['connected'], 'OpenSent sendOpen'],
    [[], 'Idle close'],
  ],
  OpenSent: [
    [STARTS, 'OpenSent'],
    [['connected'], 'OpenSent'],
    [['connectionFails'], 'Active close'],
    [['open'], 'OpenConfirm confirm'],
    [
      ['manualStop', 'automaticStop', 'holdExpires', 'headerError', 'openError', 'collision'],
      'Idle notify close',
    ],
    [['notification', 'versionNotification'], 'Idle close'],
    [[], 'Idle notifyUnexpected close'],
  ],
  OpenConfirm: [
    [STARTS, 'OpenConfirm'],
    [['connected'], 'OpenConfirm'],
    [['keepaliveExpires'], 'OpenConfirm sendKeepalive'],
    [['keepalive'], 'Established'],
    [
      ['manualStop', 'automaticStop', 'holdExpires', 'headerError', 'openError', 'collision'],
      'Idle notify close',
    ],
    [['connectionFails', 'notification', 'versionNotification'], 'Idle close'],
    [[], 'Idle notifyUnexpected close'],
  ],
  Established: [
    [STARTS, 'Established'],
    [['connected', 'keepalive'], 'Established'],
    [['keepaliveExpires'], 'Established sendKeepalive'],
    [['update', 'routeRefresh'], 'Established deliver'],
    [
      ['manualStop', 'automaticStop', 'holdExpires', 'headerError', 'updateError', 'collision'],
      'Idle notify close',
    ],
    [['connectionFails', 'notification', 'versionNotification'], 'Idle close'],
    [[], 'Idle notifyUnexpected close'],
  ],
};

const CASES = BGP_STATES.flatMap((state) =>
  BGP_EVENTS.map((event) => {
    const rows = TABLE[state];
    const row = rows.find(([events]) => events.includes(event)) ?? rows.at(-1)!;
    return [state, event, row[1]] as const;
  }),
);

describe('the state machine', () => {
  it.each(CASES)('H-087 in %s, %s leads to %s', (state, event, outcome) => {
    expect(seen(state, event)).toBe(outcome);
  });

  it('counts each failure once, and waits in Idle after it', () => {
    for (const state of BGP_STATES) {
      for (const event of BGP_EVENTS) {
        const [to, ...actions] = BGP_MOVES[state][event];
        const failed = to === 'Idle' && state !== 'Idle' && event !== 'manualStop';
        expect(actions.includes('holdIdle'), `${state} ${event}`).toBe(failed);
        const counted = actions.filter((action) => action === 'count').length;
        const version = event === 'versionNotification' && state !== 'Established';
        expect(counted, `${state} ${event}`).toBe(failed && !version ? 1 : 0);
      }
    }
  });

  it('restarts the hold timer on KEEPALIVE and UPDATE alone (H-092)', () => {
    const restarting = BGP_EVENTS.filter((event) =>
      (BGP_MOVES.Established[event] as readonly string[]).includes('restartHold'),
    );
    expect(restarting).toEqual(['keepalive', 'update']);
  });
});
