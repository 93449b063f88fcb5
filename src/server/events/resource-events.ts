import type { Change, Kind } from '../../model/schema.ts';

/** Kinds that nobody outside has a name for. */
const HIDDEN: ReadonlySet<Kind> = new Set<Kind>([
  'address-cursor',
  'prefix-list-version',
  'timer',
  'idempotency',
  'transit-gateway-igmp-host',
  'credential',
  'setting',
]);

/** One change of one resource. */
export interface ResourceEvent {
  readonly change: 'created' | 'updated' | 'deleted';
  readonly type: Kind;
  readonly id: string;
  readonly account?: string;
  readonly region?: string;
  /** The state or status it is in now, where it has one. */
  readonly state?: string;
}

/** What changes mean to those outside, in order. */
export function resourceEvents(changes: readonly Change[]): ResourceEvent[] {
  return changes.filter(({ kind }) => !HIDDEN.has(kind)).map(resourceEvent);
}

function resourceEvent({ kind, id, before, after }: Change): ResourceEvent {
  const record: object = after ?? before ?? {};
  const { account, region, state, status } = record as Readonly<Record<string, string | undefined>>;
  const now = state ?? status;
  return {
    change: before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated',
    type: kind,
    id,
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    ...(now !== undefined && after !== undefined && { state: now }),
  };
}
