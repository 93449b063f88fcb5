/** What the rest of control needs of peering connections. */
import type { TimedEvent } from '../timed-event.ts';
import { answerEvents } from './answer-peering.ts';
import { deletionEvents } from './delete-peering.ts';
import { requestEvents } from './request-peering.ts';

export { onCidrAdded, onVpcDeleted } from './vpc-changes.ts';

/** What happens to peering connections by itself. */
export const peeringEvents: Record<string, TimedEvent> = {
  ...requestEvents,
  ...answerEvents,
  ...deletionEvents,
};
