/** Records that tell of now, and are neither kept nor exported: a restart learns them again. */
import type { Kind, Records } from './schema.ts';
import { isLearned } from './transit-gateway/route.ts';

export const VOLATILE_KINDS = [
  'bgp-session',
  'learned-route',
  'site-route',
] as const satisfies readonly Kind[];
export type VolatileKind = (typeof VOLATILE_KINDS)[number];
export type LastingKind = Exclude<Kind, VolatileKind>;

export function isVolatileKind(kind: Kind): kind is VolatileKind {
  return (VOLATILE_KINDS as readonly Kind[]).includes(kind);
}

/** A record, or what it was: one that was volatile never becomes another. */
export function isVolatile<K extends Kind>(kind: K, record: Records[K] | undefined): boolean {
  if (isVolatileKind(kind)) return true;
  if (kind !== 'transit-gateway-route' || record === undefined) return false;
  return isLearned(record as Records['transit-gateway-route']);
}
