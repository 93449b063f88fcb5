/** Tags of every kind of resource. */
import type { ResourceType, Tag } from '@aws-sdk/client-ec2';
import { ownerKey } from '../../control/scope.ts';
import { createTags, deleteTags, isEc2Type, type TagToDelete } from '../../control/tagging.ts';
import { awsError } from '../../model/error.ts';
import { describe, type FiltersOf } from './describe.ts';
import type { Ec2Call, Ec2HandlersOf } from './handler.ts';
import { missingParameter, parseTags, required } from './parse.ts';

/** CreateTags and DeleteTags take no more of either in one call. */
const RESOURCES_MAX = 1000;

export const tagHandlers = {
  async CreateTags({ input, caller, cloud, dryRun }) {
    const ids = parseResources(input.Resources);
    if (input.Tags.length === 0) throw missingParameter('tag');
    const tags = parseTags(input.Tags);
    await cloud.execute((tx) => createTags(tx, caller, ids, tags), { dryRun });
    return {};
  },

  async DeleteTags({ input, caller, cloud, dryRun }) {
    const ids = parseResources(input.Resources);
    const tags = input.Tags?.map(tagToDelete);
    await cloud.execute((tx) => deleteTags(tx, caller, ids, tags), { dryRun });
    return {};
  },

  DescribeTags: describeTags,
} satisfies Ec2HandlersOf<'CreateTags' | 'DeleteTags' | 'DescribeTags'>;

function parseResources(ids: readonly string[]): string[] {
  if (ids.length === 0) throw missingParameter('resourceIdSet');
  if (ids.length > RESOURCES_MAX) {
    const message = `At most ${RESOURCES_MAX} resources can be tagged in one call.`;
    throw awsError('InvalidParameterValue', message);
  }
  return [...new Set(ids)];
}

/** A value, the empty one included, must match; none matches all (API reference of DeleteTags). */
function tagToDelete({ Key, Value }: Tag): TagToDelete {
  const key = required('Tag.Key', Key);
  return Value === undefined ? { key } : { key, value: Value };
}

/** One tag of one resource: what DescribeTags lists. */
interface TagRow {
  readonly id: string;
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
}

const FILTERS: FiltersOf<TagRow> = {
  key: ({ key }) => key,
  'resource-id': ({ resourceId }) => resourceId,
  'resource-type': ({ resourceType }) => resourceType,
  value: ({ value }) => value,
};

function describeTags({ input, caller, cloud }: Ec2Call<'DescribeTags'>) {
  const rows = cloud.model
    .by('tag-set', 'owner', ownerKey(caller))
    .filter(({ resourceType }) => isEc2Type(resourceType))
    .flatMap(({ resourceId, resourceType, tags }) =>
      Object.entries(tags).map(([key, value]): TagRow => {
        return { id: `${resourceId}|${key}`, resourceId, resourceType, key, value };
      }),
    );
  const { records, nextToken } = describe(input, {
    records: rows,
    filters: FILTERS,
    tags: ({ key, value }) => ({ [key]: value }),
  });
  return {
    Tags: records.map(({ resourceId, resourceType, key, value }) => ({
      ResourceId: resourceId,
      ResourceType: resourceType as ResourceType,
      Key: key,
      Value: value,
    })),
    NextToken: nextToken,
  };
}
