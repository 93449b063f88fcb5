/** Tests of what happens when BGP sessions fail (H-067). */
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import type { StateMachine } from '../state-machine.ts';
import { illegalMove } from './error.ts';

/** AWS's model has a string here, and no list of what it may be. */
export type FailoverTestStatus = 'in_progress' | 'completed' | 'cancelled';
export type FailoverTestEvent = 'complete' | 'cancel';

export const failoverTestMachine: StateMachine<FailoverTestStatus, FailoverTestEvent> = {
  states: ['in_progress', 'completed', 'cancelled'],
  transitions: {
    in_progress: { complete: 'completed', cancel: 'cancelled' },
    completed: {},
    cancelled: {},
  },
  illegal: illegalMove('test'),
};

/** While it is in progress its virtual interface is `testing`. */
export interface FailoverTest extends Owned {
  readonly status: FailoverTestStatus;
  readonly virtualInterfaceId: string;
  /** Those that are held down. */
  readonly bgpPeerIds: readonly string[];
  readonly minutes: number;
  /** Milliseconds since the epoch, both. */
  readonly startTime: number;
  readonly endTime?: number;
}

/** The test that a virtual interface is in, whose peers' sessions have to be down. */
export function runningTest(
  reader: ModelReader,
  virtualInterfaceId: string,
): FailoverTest | undefined {
  return reader
    .by('direct-connect-failover-test', 'virtualInterface', virtualInterfaceId)
    .find(({ status }) => status === 'in_progress');
}
