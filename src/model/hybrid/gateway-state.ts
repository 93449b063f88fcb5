/** The life that customer gateways and virtual private gateways share (H-001, H-040). */
import type { AwsError } from '../error.ts';
import type { StateMachine } from '../state-machine.ts';

/** AWS's VpnState. A deleted one is shown for a while. */
export type HybridGatewayState = 'pending' | 'available' | 'deleting' | 'deleted';
export type HybridGatewayEvent = 'provision' | 'delete' | 'finish';

/** The same table with the error of its kind. */
export function hybridGatewayMachine(
  illegal: (subject: string) => AwsError,
): StateMachine<HybridGatewayState, HybridGatewayEvent> {
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

/** The only type of customer gateway, virtual private gateway and connection that AWS has. */
export const GATEWAY_TYPE = 'ipsec.1';
