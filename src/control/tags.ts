/** Tags at creation and later (G-033 to G-035). */
import { awsError } from '../model/error.ts';
import { TAGS_PER_RESOURCE } from '../model/limits.ts';
import type { ModelReader } from '../model/model.ts';
import { tagSetId } from '../model/resource.ts';
import type { Scope } from './scope.ts';
import type { Transaction } from './transaction.ts';

export type Tags = Readonly<Record<string, string>>;
const NONE: Tags = {};

/** The tags a scope sees on a resource. */
export function tagsOf(reader: ModelReader, { account, region }: Scope, resourceId: string): Tags {
  return reader.get('tag-set', tagSetId(account, region, resourceId))?.tags ?? NONE;
}

/** Adds or replaces tags. `resourceType` is AWS's name of the type. */
export function putTags(
  tx: Transaction,
  scope: Scope,
  resourceType: string,
  resourceId: string,
  tags: Tags,
): void {
  if (Object.keys(tags).length === 0) return;
  for (const [key, value] of Object.entries(tags)) checkTag(key, value);
  const merged = { ...tagsOf(tx, scope, resourceId), ...tags };
  if (Object.keys(merged).length > TAGS_PER_RESOURCE) {
    throw awsError('TagLimitExceeded', `More than ${TAGS_PER_RESOURCE} tags on ${resourceId}.`);
  }
  const { account, region } = scope;
  const id = tagSetId(account, region, resourceId);
  tx.put('tag-set', { id, account, region, resourceId, resourceType, tags: merged });
}

/** Removes keys, or with `undefined` all of them; absent ones are no error. */
export function removeTags(
  tx: Transaction,
  scope: Scope,
  resourceId: string,
  keys: readonly { readonly key: string; readonly value?: string }[] | undefined,
): void {
  const set = tx.get('tag-set', tagSetId(scope.account, scope.region, resourceId));
  if (set === undefined) return;
  const tags: Record<string, string> = keys === undefined ? {} : { ...set.tags };
  for (const { key, value } of keys ?? []) {
    if (value === undefined || tags[key] === value) delete tags[key];
  }
  if (Object.keys(tags).length === 0) tx.delete('tag-set', set.id);
  else tx.update('tag-set', set, { tags });
}

/** Takes every account's tags off a resource that ceases to exist. */
export function dropTags(tx: Transaction, resourceId: string): void {
  for (const set of tx.by('tag-set', 'resource', resourceId)) tx.delete('tag-set', set.id);
}

function checkTag(key: string, value: string): void {
  if (key === '' || key.length > 128 || key.toLowerCase().startsWith('aws:')) {
    throw awsError('InvalidTagKey.Malformed', `Tag key '${key}' is empty, too long or reserved.`);
  }
  if (value.length > 256) {
    throw awsError('InvalidParameterValue', `The value of tag '${key}' exceeds 256 characters.`);
  }
}
