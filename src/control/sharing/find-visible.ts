/** What a caller sees of the kinds that can be shared: its own, and what others share with it. */
import { checkIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Owned } from '../../model/resource.ts';
import type { Records } from '../../model/schema.ts';
import { type OwnedKind, owned, owns, type Scope } from '../scope.ts';
import { isSharedWith, sharedWith } from './shared-with.ts';

/**
 * The record a caller names, its own or shared with it (G-025).
 * @throws AwsError the kind's Malformed error, then its NotFound
 */
export function findVisible<K extends OwnedKind>(
  reader: ModelReader,
  scope: Scope,
  kind: K,
  id: string,
): Records[K] {
  checkIdShape(kind, id);
  const record = reader.get(kind, id);
  if (record === undefined) throw notFound(kind, id);
  if (owns(scope, record as Owned)) return record;
  const isHere = (record as Owned).region === scope.region;
  if (isHere && isSharedWith(reader, id, scope.account)) return record;
  throw notFound(kind, id);
}

/** Everything of a kind that a caller sees, its own first. */
export function visible<K extends OwnedKind>(
  reader: ModelReader,
  scope: Scope,
  kind: K,
): Records[K][] {
  const shared = sharedWith(reader, scope, kind).map((id) => reader.get(kind, id)!);
  return [...owned(reader, scope, kind), ...shared];
}
