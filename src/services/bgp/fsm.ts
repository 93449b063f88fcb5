/**
 * The state machine of one BGP session as a table (RFC 4271 section 8.2.2), without DelayOpen.
 * Where it differs from the RFC's text:
 *
 * - Idle: a peer that calls while we only wait to call it again is heard (`Session.awaitsCall`),
 *   lest two that wait in turns refuse each other for long.
 * - Connect: a refused connection leads to Active, not to Idle, where a peer that calls back is
 *   heard: so did RFC 1771, and so do BIRD, FRR and GoBGP.
 * - OpenSent: a NOTIFICATION is not answered with another (RFC 4271 section 6, H-089).
 * - Established: a broken header is told as what it is, 1/x, not as 5/3 (H-090).
 * - OpenConfirm: a second OPEN is not expected; collisions are between connections (H-093).
 */

export const BGP_STATES = [
  'Idle',
  'Connect',
  'Active',
  'OpenSent',
  'OpenConfirm',
  'Established',
] as const;
export type BgpState = (typeof BGP_STATES)[number];

/** What may happen, with the number that RFC 4271 section 8.1 gives it. */
export const BGP_EVENTS = [
  'manualStart', // 1
  'manualStop', // 2
  'automaticStart', // 3
  'manualStartPassive', // 4
  'automaticStartPassive', // 5
  'automaticStop', // 8
  'connectRetryExpires', // 9
  'holdExpires', // 10
  'keepaliveExpires', // 11
  'connected', // 16, 17
  'connectionFails', // 18
  'open', // 19
  'headerError', // 21
  'openError', // 22
  'collision', // 23
  'versionNotification', // 24
  'notification', // 25
  'keepalive', // 26
  'update', // 27
  'updateError', // 28
  'routeRefresh', // RFC 2918
] as const;
export type BgpEvent = (typeof BGP_EVENTS)[number];

export type BgpAction =
  /** Ask for a TCP connection to the peer. */
  | 'connect'
  /** Drop the connection and stop all timers. */
  | 'close'
  | 'startConnectRetry'
  /** Send an OPEN and wait long for the other one. */
  | 'sendOpen'
  /** Send a KEEPALIVE and start the timers that both sides agreed on. */
  | 'confirm'
  | 'restartHold'
  | 'sendKeepalive'
  /** Send the NOTIFICATION that the event carries. */
  | 'notify'
  /** Send the NOTIFICATION about a message that this state does not expect (RFC 6608). */
  | 'notifyUnexpected'
  /** Hand the message on. */
  | 'deliver'
  /** Count a failure, or forget all. */
  | 'count'
  | 'forget'
  /** Start again after some time in Idle (RFC 4271 section 8.1.1, DampPeerOscillations). */
  | 'holdIdle';

export type BgpMove = readonly [to: BgpState, ...actions: readonly BgpAction[]];
type Row = { readonly [Event in BgpEvent]: BgpMove };

/** The end without a word: the connection is gone, or was never there. */
const FAILED: BgpMove = ['Idle', 'close', 'count', 'holdIdle'];
const FAULTY: BgpMove = ['Idle', 'notify', 'close', 'count', 'holdIdle'];
const UNEXPECTED: BgpMove = ['Idle', 'notifyUnexpected', 'close', 'count', 'holdIdle'];
const STOPPED: BgpMove = ['Idle', 'notify', 'close', 'forget'];
/** A peer of another version is no failure of ours (RFC 4271 section 8.2.2). */
const OTHER_VERSION: BgpMove = ['Idle', 'close', 'holdIdle'];

/** The same move for every event but those of `exceptions`. */
function row(move: BgpMove, exceptions: Partial<Row>): Row {
  const all = Object.fromEntries(BGP_EVENTS.map((event) => [event, move])) as Row;
  return { ...all, ...exceptions };
}

/** Starting what has started changes nothing (RFC 4271 section 8.2.2, every state but Idle). */
function started(state: BgpState): Partial<Row> {
  const stay: BgpMove = [state];
  return {
    manualStart: stay,
    automaticStart: stay,
    manualStartPassive: stay,
    automaticStartPassive: stay,
  };
}

export const BGP_MOVES: { readonly [State in BgpState]: Row } = {
  Idle: row(['Idle'], {
    manualStart: ['Connect', 'forget', 'startConnectRetry', 'connect'],
    automaticStart: ['Connect', 'startConnectRetry', 'connect'],
    manualStartPassive: ['Active', 'forget'],
    automaticStartPassive: ['Active'],
    // Also ends the wait for the next start.
    manualStop: ['Idle', 'close', 'forget'],
  }),
  Connect: row(FAILED, {
    ...started('Connect'),
    manualStop: ['Idle', 'close', 'forget'],
    connectRetryExpires: ['Connect', 'close', 'startConnectRetry', 'connect'],
    connected: ['OpenSent', 'sendOpen'],
    connectionFails: ['Active', 'close', 'startConnectRetry'],
    versionNotification: OTHER_VERSION,
  }),
  Active: row(FAILED, {
    ...started('Active'),
    manualStop: ['Idle', 'close', 'forget'],
    connectRetryExpires: ['Connect', 'startConnectRetry', 'connect'],
    connected: ['OpenSent', 'sendOpen'],
    versionNotification: OTHER_VERSION,
  }),
  OpenSent: row(UNEXPECTED, {
    ...started('OpenSent'),
    manualStop: STOPPED,
    automaticStop: FAULTY,
    holdExpires: FAULTY,
    connected: ['OpenSent'],
    connectionFails: ['Active', 'close', 'startConnectRetry'],
    open: ['OpenConfirm', 'confirm'],
    headerError: FAULTY,
    openError: FAULTY,
    collision: FAULTY,
    versionNotification: OTHER_VERSION,
    notification: FAILED,
  }),
  OpenConfirm: row(UNEXPECTED, {
    ...started('OpenConfirm'),
    manualStop: STOPPED,
    automaticStop: FAULTY,
    holdExpires: FAULTY,
    keepaliveExpires: ['OpenConfirm', 'sendKeepalive'],
    connected: ['OpenConfirm'],
    connectionFails: FAILED,
    headerError: FAULTY,
    openError: FAULTY,
    collision: FAULTY,
    versionNotification: OTHER_VERSION,
    notification: FAILED,
    keepalive: ['Established', 'restartHold'],
  }),
  Established: row(UNEXPECTED, {
    ...started('Established'),
    manualStop: STOPPED,
    automaticStop: FAULTY,
    holdExpires: FAULTY,
    keepaliveExpires: ['Established', 'sendKeepalive'],
    connected: ['Established'],
    connectionFails: FAILED,
    headerError: FAULTY,
    collision: FAULTY,
    versionNotification: FAILED,
    notification: FAILED,
    keepalive: ['Established', 'restartHold'],
    update: ['Established', 'restartHold', 'deliver'],
    updateError: FAULTY,
    routeRefresh: ['Established', 'deliver'],
  }),
};
