/** Tags: requests to commands, records to answers. */
import { tagResource, tagsAt, untagResource } from '../../control/direct-connect/tag.ts';
import type { DirectConnectHandlersOf } from './operations.ts';
import { parseTags } from './request.ts';

export const tagHandlers = {
  async TagResource({ input, caller, cloud }) {
    const tags = parseTags(input.tags);
    await cloud.execute((tx) => tagResource(tx, caller, input.resourceArn, tags));
    return {};
  },

  async UntagResource({ input, caller, cloud }) {
    const { resourceArn, tagKeys } = input;
    await cloud.execute((tx) => untagResource(tx, caller, resourceArn, tagKeys));
    return {};
  },

  DescribeTags({ input, caller, cloud: { model } }) {
    const resourceTags = input.resourceArns.map((resourceArn) => ({
      resourceArn,
      tags: Object.entries(tagsAt(model, caller, resourceArn)).map(([key, value]) => {
        return { key, value };
      }),
    }));
    return { resourceTags };
  },
} satisfies DirectConnectHandlersOf<'TagResource' | 'UntagResource' | 'DescribeTags'>;
