/** Parts that many answers have. */
import type { Tag } from '@aws-sdk/client-ec2';
import type { Tags } from '../../control/tags.ts';
import type { Owned } from '../../model/resource.ts';

/** G-048: `arn:aws:ec2:REGION:ACCOUNT:TYPE/ID`. */
export function ec2Arn({ region, account, id }: Owned, type: string): string {
  return `arn:aws:ec2:${region}:${account}:${type}/${id}`;
}

/** Tags as AWS lists them. */
export function tagList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
