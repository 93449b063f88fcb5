/** What happens to shares by itself. */
import type { TimedEvent } from '../timed-event.ts';
import { associationEvents } from './association.ts';
import { invitationEvents } from './invitation.ts';
import { shareEvents } from './share.ts';

export const sharingEvents: Readonly<Record<string, TimedEvent>> = {
  ...shareEvents,
  ...associationEvents,
  ...invitationEvents,
};
