/** What answers are rendered from: the model as one account sees it. */

import type { Cloud } from '../../control/cloud.ts';
import type { Scope } from '../../control/scope.ts';
import { type Tags, tagsOf } from '../../control/tags.ts';
import type { Transaction } from '../../control/transaction.ts';
import { awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Caller } from '../service.ts';

export interface View {
  readonly reader: ModelReader;
  readonly scope: Scope;
  /** The caller's own tags on a resource. */
  readonly tags: (id: string) => Tags;
  /** The account's name of a zone. */
  readonly zoneName: (zoneId: string) => string | undefined;
}

/** The caller, as commands want it. */
export function scopeOf({ account, region }: Caller): Scope {
  return { account, region };
}

export function viewOf(cloud: Cloud, caller: Caller): View {
  const scope = scopeOf(caller);
  return view(cloud.model, scope, cloud.zones(scope.account, scope.region));
}

/** The view within a command: what an asynchronous call answers is its first state (G-046). */
export function viewIn(tx: Transaction, scope: Scope): View {
  return view(tx, scope, tx.zones(scope.account, scope.region));
}

function view(
  reader: ModelReader,
  scope: Scope,
  zones: readonly { readonly name: string; readonly id: string }[],
): View {
  const names = new Map(zones.map(({ name, id }) => [id, name]));
  return {
    reader,
    scope,
    tags: (id) => tagsOf(reader, scope, id),
    zoneName: (zoneId) => names.get(zoneId),
  };
}

/** G-044: the calls on interfaces and instances take ids or a page, not both. */
export function refuseIdsWithPage(
  parameter: string,
  ids: readonly string[],
  maxResults: number | undefined,
): void {
  if (ids.length === 0 || maxResults === undefined) return;
  const message = `The parameter ${parameter} cannot be used with the parameter maxResults`;
  throw awsError('InvalidParameterCombination', message);
}

/** The filter of something that no resource here can have: documented, and matches nothing. */
export const NOTHING = () => undefined;
