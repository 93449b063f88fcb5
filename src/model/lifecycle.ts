/** The life of what is provided, used and deleted, without a state of its own in between. */
import type { AwsError } from './error.ts';
import type { StateMachine } from './state-machine.ts';

/** A deleted one is shown for a while. */
export type LifecycleState = 'pending' | 'available' | 'deleting' | 'deleted';
export type LifecycleEvent = 'provision' | 'delete' | 'finish';

/** The one table, with the error of its kind. */
export function lifecycleMachine(
  illegal: (subject: string) => AwsError,
): StateMachine<LifecycleState, LifecycleEvent> {
  return {
    states: ['pending', 'available', 'deleting', 'deleted'],
    transitions: {
      pending: { provision: 'available' },
      available: { delete: 'deleting' },
      deleting: { finish: 'deleted' },
      deleted: {},
    },
    illegal: (_from, _event, subject) => illegal(subject),
  };
}
