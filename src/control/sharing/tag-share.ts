import type { Scope } from '../scope.ts';
import { putTags, removeTags, type Tags } from '../tags.ts';
import type { Transaction } from '../transaction.ts';
import { findOwnShare } from './find-share.ts';

/** AWS's name of the type of what is tagged. */
export const RESOURCE_SHARE = 'resource-share';

/** @throws AwsError as `findOwnShare`, those of `putTags` */
export function tagShare(tx: Transaction, scope: Scope, arn: string, tags: Tags): void {
  putTags(tx, scope, RESOURCE_SHARE, findOwnShare(tx, scope, arn).id, tags);
}

/** @throws AwsError as `findOwnShare` */
export function untagShare(
  tx: Transaction,
  scope: Scope,
  arn: string,
  keys: readonly string[],
): void {
  const { id } = findOwnShare(tx, scope, arn);
  removeTags(
    tx,
    scope,
    id,
    keys.map((key) => ({ key })),
  );
}
