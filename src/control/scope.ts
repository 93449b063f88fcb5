/** Who asks, and what they may see: an id of another account or Region is not found (G-025). */
import { checkIdShape, type IdKind, notFound } from '../model/id.ts';
import type { ModelReader } from '../model/model.ts';
import type { Owned } from '../model/resource.ts';
import type { Kind, Records } from '../model/schema.ts';

/** The account and Region a command runs for. */
export interface Scope {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** Kinds of record that one account owns in one Region and names by an id of the kind's shape. */
export type OwnedKind = { [K in Kind & IdKind]: Records[K] extends Owned ? K : never }[Kind &
  IdKind];

export function owns(scope: Scope, record: Scope): boolean {
  return record.account === scope.account && record.region === scope.region;
}

/** The index key of a scope's records. */
export function ownerKey({ account, region }: Scope): string {
  return `${account}|${region}`;
}

/**
 * The record a caller names.
 * @throws AwsError the kind's Malformed error, then its NotFound
 */
export function find<K extends OwnedKind>(
  reader: ModelReader,
  scope: Scope,
  kind: K,
  id: string,
): Records[K] {
  checkIdShape(kind, id);
  const record = reader.get(kind, id);
  if (record === undefined || !owns(scope, record as Owned)) throw notFound(kind, id);
  return record;
}

/** Everything of a kind that the scope owns, in order of creation. */
export function owned<K extends OwnedKind>(
  reader: ModelReader,
  scope: Scope,
  kind: K,
): readonly Records[K][] {
  // Every owned kind has this index; the compiler cannot see it across the union.
  return reader.by(kind, 'owner' as never, ownerKey(scope));
}
