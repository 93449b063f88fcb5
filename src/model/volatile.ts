/** Kinds of records that tell of now: neither kept nor exported, a restart learns them again. */
import type { Kind } from './schema.ts';

const VOLATILE_KINDS = [
  'bgp-session',
  'learned-route',
  'site-route',
  'transit-gateway-learned-route',
] as const satisfies readonly Kind[];
export type LastingKind = Exclude<Kind, (typeof VOLATILE_KINDS)[number]>;

export function isLastingKind(kind: Kind): kind is LastingKind {
  return !(VOLATILE_KINDS as readonly Kind[]).includes(kind);
}
