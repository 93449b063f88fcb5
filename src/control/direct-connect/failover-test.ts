/** Tests of what happens when BGP sessions fail: whoever runs sessions holds them down (H-067). */
import { directConnectError } from '../../model/direct-connect/error.ts';
import {
  type FailoverTest,
  type FailoverTestEvent,
  failoverTestMachine,
  runningTest,
} from '../../model/direct-connect/failover-test.ts';
import type { VirtualInterface } from '../../model/direct-connect/virtual-interface.ts';
import { FAILOVER_TEST_HISTORY_MILLIS, FAILOVER_TEST_MINUTES } from '../../model/limits.ts';
import { transition } from '../../model/state-machine.ts';
import { uuid } from '../../net/uuid.ts';
import type { Scope } from '../scope.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { findOwnInterface } from './find.ts';
import { moveInterface } from './interface-life.ts';

const KIND = 'direct-connect-failover-test';

export interface StartTest {
  readonly virtualInterfaceId: string;
  /** All of them without any. */
  readonly bgpPeerIds?: readonly string[];
  readonly minutes: number;
}

/** @throws AwsError */
export function startTest(tx: Transaction, scope: Scope, request: StartTest): FailoverTest {
  const { virtualInterfaceId, minutes } = request;
  const found = findOwnInterface(tx, scope, virtualInterfaceId);
  const { most } = FAILOVER_TEST_MINUTES;
  if (minutes < 1 || minutes > most) {
    throw directConnectError(`testDurationInMinutes is ${minutes}; it is 1 to ${most}.`);
  }
  const bgpPeerIds = chosenPeers(found, request.bgpPeerIds);
  const { account, region } = found;
  const test = tx.put(KIND, {
    id: uuid(tx.random),
    account,
    region,
    status: 'in_progress',
    virtualInterfaceId,
    bgpPeerIds,
    minutes,
    startTime: tx.now,
  });
  moveInterface(tx, found, 'test');
  tx.schedule(`${KIND}.complete`, test.id, tx.now + minutes * 60_000);
  return test;
}

function chosenPeers(
  { id, bgpPeers }: VirtualInterface,
  wanted: readonly string[] = [],
): readonly string[] {
  const known = bgpPeers.map((peer) => peer.id);
  const unknown = wanted.find((one) => !known.includes(one));
  if (unknown !== undefined) {
    throw directConnectError(`The BGP peer ${unknown} does not exist on Virtual Interface ${id}.`);
  }
  return wanted.length === 0 ? known : [...new Set(wanted)];
}

/** @throws AwsError */
export function stopTest(tx: Transaction, scope: Scope, virtualInterfaceId: string): FailoverTest {
  const found = findOwnInterface(tx, scope, virtualInterfaceId);
  const test = runningTest(tx, virtualInterfaceId);
  if (test === undefined) {
    throw directConnectError(`There is no test in progress on ${virtualInterfaceId}.`);
  }
  const ended = moveTest(tx, test, 'cancel');
  moveInterface(tx, found, 'endTest');
  return ended;
}

/** With its virtual interface, which is on its way out. */
export function cancelTest(tx: Transaction, virtualInterfaceId: string): void {
  const test = runningTest(tx, virtualInterfaceId);
  if (test !== undefined) moveTest(tx, test, 'cancel');
}

/** The only writer of a test's status. */
function moveTest(tx: Transaction, test: FailoverTest, event: FailoverTestEvent): FailoverTest {
  const status = transition(failoverTestMachine, test.status, event, test.id);
  tx.unschedule(test.id);
  tx.schedule(`${KIND}.forget`, test.id, tx.now + FAILOVER_TEST_HISTORY_MILLIS);
  return tx.update(KIND, test, { status, endTime: tx.now });
}

export const failoverTestEvents: Record<string, TimedEvent> = {
  [`${KIND}.complete`]: (tx, id) => {
    const test = tx.get(KIND, id);
    if (test?.status !== 'in_progress') return;
    moveTest(tx, test, 'complete');
    const found = tx.get('direct-connect-virtual-interface', test.virtualInterfaceId);
    if (found?.state === 'testing') moveInterface(tx, found, 'endTest');
  },
  [`${KIND}.forget`]: (tx, id) => tx.delete(KIND, id),
};
