/** Describe of a kind of resource that accounts own: the caller's, by id or all of them. */
import { find, type OwnedKind, owned, type Scope } from '../../control/scope.ts';
import { tagsOf } from '../../control/tags.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Records } from '../../model/schema.ts';
import type { Page } from '../paging.ts';
import { type DescribeInput, describe, type FiltersOf } from './describe.ts';

export interface OwnedDescription<K extends OwnedKind> {
  readonly kind: K;
  /** Each must exist, or the whole call fails (G-041); none means all. */
  readonly ids: readonly string[] | undefined;
  readonly filters: FiltersOf<Records[K]>;
  readonly page?: { readonly min: number; readonly max: number };
}

/**
 * The caller's records that pass every filter, one page of them.
 * @throws AwsError the kind's Malformed and NotFound errors, those of `describe`
 */
export function describeOwned<K extends OwnedKind>(
  input: DescribeInput,
  reader: ModelReader,
  scope: Scope,
  { kind, ids = [], filters, page }: OwnedDescription<K>,
): Page<Records[K]> {
  const records =
    ids.length === 0
      ? owned(reader, scope, kind)
      : [...new Set(ids)].map((id) => find(reader, scope, kind, id));
  return describe<Records[K]>(input, {
    records,
    filters,
    tags: ({ id }) => tagsOf(reader, scope, id),
    ...(page === undefined ? {} : { page }),
  });
}
