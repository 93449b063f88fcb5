/** Resource shares: requests to commands, records to answers. */
import type { TagFilter } from '@aws-sdk/client-ram';
import { listShares } from '../../control/sharing/list-shares.ts';
import { createShare, deleteShare, updateShare } from '../../control/sharing/share.ts';
import { tagShare, untagShare } from '../../control/sharing/tag-share.ts';
import { type Tags, tagsOf } from '../../control/tags.ts';
import { awsError } from '../../model/error.ts';
import type { RamCall, RamHandlersOf } from './operations.ts';
import {
  clientTokenOf,
  invalidParameter,
  parseRamTags,
  ramPage,
  refuseSources,
  tokenEcho,
} from './request.ts';
import { PERMISSION_VERSION, shareView } from './view.ts';

type Operation =
  | `${'Create' | 'Update' | 'Delete'}ResourceShare`
  | 'GetResourceShares'
  | `${'Tag' | 'Untag'}Resource`;

export const resourceShareHandlers = {
  async CreateResourceShare({ input, caller, cloud }) {
    refuseSources(input.sources);
    refuseRetaining(input);
    const request = {
      name: input.name,
      allowExternalPrincipals: input.allowExternalPrincipals ?? true,
      permissionArns: input.permissionArns ?? [],
      resourceArns: input.resourceArns ?? [],
      principals: input.principals ?? [],
      tags: parseRamTags(input.tags),
      clientToken: clientTokenOf('CreateResourceShare', input),
    };
    const resourceShare = await cloud.execute((tx) =>
      shareView(tx, caller, createShare(tx, caller, request)),
    );
    return { resourceShare, ...tokenEcho(input) };
  },

  async UpdateResourceShare({ input, caller, cloud }) {
    const { name, allowExternalPrincipals } = input;
    const request = {
      arn: input.resourceShareArn,
      ...(name === undefined ? {} : { name }),
      ...(allowExternalPrincipals === undefined ? {} : { allowExternalPrincipals }),
      clientToken: clientTokenOf('UpdateResourceShare', input),
    };
    const resourceShare = await cloud.execute((tx) =>
      shareView(tx, caller, updateShare(tx, caller, request)),
    );
    return { resourceShare, ...tokenEcho(input) };
  },

  async DeleteResourceShare({ input, caller, cloud }) {
    const clientToken = clientTokenOf('DeleteResourceShare', input);
    const request = { arn: input.resourceShareArn, clientToken };
    await cloud.execute((tx) => deleteShare(tx, caller, request));
    return { returnValue: true, ...tokenEcho(input) };
  },

  GetResourceShares: getShares,

  async TagResource({ input, caller, cloud }) {
    const arn = taggedShare(input);
    const tags = parseRamTags(input.tags);
    await cloud.execute((tx) => tagShare(tx, caller, arn, tags));
    return {};
  },

  async UntagResource({ input, caller, cloud }) {
    const arn = taggedShare(input);
    await cloud.execute((tx) => untagShare(tx, caller, arn, input.tagKeys));
    return {};
  },
} satisfies RamHandlersOf<Operation>;

/** It is about accounts that leave an organization, and there is none. */
function refuseRetaining({
  resourceShareConfiguration: configuration,
}: RamCall<'CreateResourceShare'>['input']): void {
  if (!configuration?.retainSharingOnAccountLeaveOrganization) return;
  const name = 'retainSharingOnAccountLeaveOrganization';
  throw awsError('UnsupportedOperation', `The parameter ${name} is not supported.`);
}

/** Permissions can be tagged as well at AWS: those that customers make, which there are none of. */
function taggedShare({
  resourceShareArn,
  resourceArn,
}: {
  readonly resourceShareArn?: string;
  readonly resourceArn?: string;
}): string {
  if ((resourceShareArn === undefined) === (resourceArn === undefined)) {
    throw invalidParameter('Specify either resourceShareArn or resourceArn, but not both.');
  }
  if (resourceShareArn !== undefined) return resourceShareArn;
  const message = `Customer managed permission ${resourceArn} could not be found.`;
  throw awsError('UnknownResourceException', message);
}

function getShares({ input, caller, cloud: { model } }: RamCall<'GetResourceShares'>) {
  const { name, resourceShareStatus, tagFilters, permissionArn, permissionVersion } = input;
  const hasTags = tagTest(tagFilters);
  const matching = listShares(model, caller, input.resourceOwner, input.resourceShareArns).filter(
    (share) =>
      (name === undefined || share.name === name) &&
      (resourceShareStatus === undefined || share.status === resourceShareStatus) &&
      (permissionArn === undefined || share.permissionArns.includes(permissionArn)) &&
      (permissionVersion === undefined || permissionVersion === PERMISSION_VERSION) &&
      hasTags(tagsOf(model, caller, share.id)),
  );
  const { records, nextToken } = ramPage(matching, input);
  return { resourceShares: records.map((share) => shareView(model, caller, share)), nextToken };
}

/** Every filter must hold; one without values asks for the key alone. */
function tagTest(filters: readonly TagFilter[] = []): (tags: Tags) => boolean {
  const tests = filters.map(({ tagKey, tagValues = [] }) => {
    if (!tagKey) throw invalidParameter('A tag filter has a tagKey.');
    return (tags: Tags) =>
      Object.hasOwn(tags, tagKey) && (tagValues.length === 0 || tagValues.includes(tags[tagKey]!));
  });
  return (tags) => tests.every((test) => test(tags));
}
