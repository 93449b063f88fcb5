/** Why sessions went down or were refused the last time, for people to read. */
import type { PlannedSession } from '../../control/hybrid/session-plan.ts';
import type { Reason } from '../../services/bgp/session.ts';
import type { SpeakerOutput } from '../../services/bgp/speaker.ts';
import { BGP_ERROR, errorName, OPEN_ERROR } from '../../wire/bgp/fault.ts';
import { type Notification, shutdownText } from '../../wire/bgp/notification.ts';

export interface SessionError {
  /** In words. */
  readonly reason: string;
  /** What one side told the other, if anything. */
  readonly notification?: SentNotification;
}

export interface SentNotification {
  readonly sentBy: SessionSide;
  readonly code: number;
  readonly subcode: number;
  /** `OPEN Message Error/Bad Peer AS (2/2)` */
  readonly name: string;
  /** What the sender's operator had to say (RFC 9003). */
  readonly text?: string;
}

export type SessionSide = 'aws' | 'customer';

export class SessionErrors {
  readonly #last = new Map<
    string,
    { readonly plan: PlannedSession; readonly error: SessionError }
  >();
  /** Sessions whose speaker waits for an answer to its call, by side. */
  readonly #calling = { aws: new Set<string>(), customer: new Set<string>() };

  /** Undefined: nothing has happened yet. */
  of(sessionId: string): SessionError | undefined {
    return this.#last.get(sessionId)?.error;
  }

  /** The session is over, and with it its calls; why it was down stays known. */
  end(sessionId: string): void {
    for (const calling of Object.values(this.#calling)) calling.delete(sessionId);
  }

  /** Ended by what has changed in the model. */
  note(plan: PlannedSession, reason: string): void {
    this.#last.set(plan.id, { plan, error: { reason } });
  }

  /** AWS's speaker has said something of the session. */
  heardAws(plan: PlannedSession, output: SpeakerOutput): void {
    if (this.#noAnswer('aws', plan.id, output)) this.note(plan, 'no answer');
    const error = output.type === 'state' ? errorOf(output, plan) : undefined;
    if (error !== undefined) this.#last.set(plan.id, { plan, error });
  }

  /** So has the device's. What a connection came to is AWS's to say: this is of calls alone. */
  heardDevice(plan: PlannedSession, output: SpeakerOutput): void {
    const failed = output.type === 'state' ? failedCall(output) : undefined;
    const why = this.#noAnswer('customer', plan.id, output) ? 'no answer' : failed;
    if (why !== undefined) this.note(plan, `the device calls: ${why}`);
  }

  /** Forgets sessions that cannot be again. */
  keep(isKnown: (plan: PlannedSession) => boolean): void {
    for (const [id, { plan }] of this.#last) if (!isKnown(plan)) this.#last.delete(id);
  }

  /** Calls again before the call before has come to anything. */
  #noAnswer(side: SessionSide, id: string, output: SpeakerOutput): boolean {
    const calling = this.#calling[side];
    if (output.type === 'state' && output.state !== 'Connect') calling.delete(id);
    if (output.type !== 'connect') return false;
    const again = calling.has(id);
    calling.add(id);
    return again;
  }
}

type StateOutput = Extract<SpeakerOutput, { type: 'state' }>;

function errorOf(output: StateOutput, plan: PlannedSession): SessionError | undefined {
  const { sent, received, event } = output.reason;
  // Another connection of the same session goes on; who stops one says why.
  if (event === 'collision' || event === 'manualStop') return undefined;
  if (sent !== undefined) return notified('aws', sent, plan, event);
  if (received !== undefined) return notified('customer', received, plan, event);
  if (event !== 'connectionFails') return undefined;
  return { reason: failedCall(output) ?? 'connection lost' };
}

function failedCall({ from, reason }: StateOutput): string | undefined {
  if (from !== 'Connect' || reason.event !== 'connectionFails') return undefined;
  return reason.why ?? 'no connection';
}

function notified(
  sentBy: SessionSide,
  notification: Notification,
  plan: PlannedSession,
  event: Reason['event'],
): SessionError {
  const { code, subcode } = notification;
  const name = errorName(code, subcode);
  const text = shutdownText(notification);
  const sent = { sentBy, code, subcode, name, ...(text !== undefined && { text }) };
  if (event === 'holdExpires') return { reason: 'hold timer expired', notification: sent };
  const who = sentBy === 'aws' ? 'AWS' : 'the device';
  const more = text === undefined ? wrongAsn(sentBy, notification, plan) : JSON.stringify(text);
  const reason = `${who} sent ${name}${more === undefined ? '' : `: ${more}`}`;
  return { reason, notification: sent };
}

/** The NOTIFICATION itself does not say which ASN would have been right. */
function wrongAsn(
  sentBy: SessionSide,
  { code, subcode }: Notification,
  { aws, customer }: PlannedSession,
): string | undefined {
  if (code !== BGP_ERROR.open || subcode !== OPEN_ERROR.badPeerAs) return undefined;
  if (sentBy === 'aws') return `it expects ASN ${customer.asn} of the device`;
  return `it expects another ASN than ${aws.asn} of AWS`;
}
