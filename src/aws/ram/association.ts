/** What resource shares join: requests to commands, records to answers. */
import { associateShare, disassociateShare } from '../../control/sharing/associate-share.ts';
import { parseResourceArn } from '../../control/sharing/entity.ts';
import { findOwnShare } from '../../control/sharing/find-share.ts';
import {
  associationsOf,
  listShares,
  partnersOf,
  type ResourceOwner,
  resourcesOf,
} from '../../control/sharing/list-shares.ts';
import type { ModelReader } from '../../model/model.ts';
import type { ResourceShare } from '../../model/sharing/resource-share.ts';
import type { ShareableType } from '../../model/sharing/shareable.ts';
import type { RamCall, RamHandlersOf } from './operations.ts';
import {
  clientTokenOf,
  invalidParameter,
  parseResourceType,
  ramPage,
  refuseSources,
  tokenEcho,
} from './request.ts';
import { associationView, isExternal, resourceView, timesOf } from './view.ts';

type Operation =
  | `${'Associate' | 'Disassociate'}ResourceShare`
  | 'GetResourceShareAssociations'
  | 'ListPrincipals'
  | 'ListResources';

export const associationHandlers = {
  AssociateResourceShare: (call) => change('AssociateResourceShare', call, associateShare),
  DisassociateResourceShare: (call) => change('DisassociateResourceShare', call, disassociateShare),
  GetResourceShareAssociations: getAssociations,
  ListPrincipals: listPrincipals,
  ListResources: listResources,
} satisfies RamHandlersOf<Operation>;

/** Runs a change and answers what it is about in its first state (G-046). */
async function change(
  action: string,
  { input, caller, cloud }: RamCall<'AssociateResourceShare' | 'DisassociateResourceShare'>,
  command: typeof associateShare,
) {
  refuseSources(input.sources);
  const request = {
    arn: input.resourceShareArn,
    resourceArns: input.resourceArns ?? [],
    principals: input.principals ?? [],
    clientToken: clientTokenOf(action, input),
  };
  const resourceShareAssociations = await cloud.execute((tx) =>
    command(tx, caller, request).map((association) => associationView(tx, association)),
  );
  return { resourceShareAssociations, ...tokenEcho(input) };
}

function getAssociations({
  input,
  caller,
  cloud: { model },
}: RamCall<'GetResourceShareAssociations'>) {
  const { associationType, associationStatus, resourceArn, principal, resourceShareArns } = input;
  if (associationType !== 'RESOURCE' && resourceArn !== undefined) {
    const message = 'You cannot specify a resource ARN when the association type is PRINCIPAL.';
    throw invalidParameter(message);
  }
  if (associationType !== 'PRINCIPAL' && principal !== undefined) {
    const message = 'You cannot specify a principal when the association type is RESOURCE.';
    throw invalidParameter(message);
  }
  if (resourceArn !== undefined) parseResourceArn(resourceArn);
  const shares =
    resourceShareArns === undefined
      ? listShares(model, caller, 'SELF')
      : [...new Set(resourceShareArns)].map((arn) => findOwnShare(model, caller, arn));
  const entity = resourceArn ?? principal;
  const matching = shares
    .flatMap((share) => associationsOf(model, share))
    .filter(
      (one) =>
        one.type === associationType &&
        (associationStatus === undefined || one.status === associationStatus) &&
        (entity === undefined || one.entity === entity),
    );
  const { records, nextToken } = ramPage(matching, input);
  return {
    resourceShareAssociations: records.map((record) => associationView(model, record)),
    nextToken,
  };
}

function listPrincipals({ input, caller, cloud: { model } }: RamCall<'ListPrincipals'>) {
  const { resourceOwner, resourceArn, principals, resourceShareArns } = input;
  const type = parseResourceType(input.resourceType);
  if (resourceArn !== undefined) parseResourceArn(resourceArn);
  const found = listShares(model, caller, resourceOwner, resourceShareArns)
    .filter((share) => holds(model, resourceOwner, share, { resourceArn, type }))
    .flatMap((share) => partnersOf(model, caller, resourceOwner, share))
    .filter(({ account }) => principals === undefined || principals.includes(account))
    .map(({ account, association }) => ({ ...association, account }));
  const { records, nextToken } = ramPage(found, input);
  return {
    principals: records.map((record) => ({
      id: record.account,
      resourceShareArn: record.shareId,
      ...timesOf(record),
      external: isExternal(record),
    })),
    nextToken,
  };
}

interface Sought {
  readonly resourceArn: string | undefined;
  readonly type: ShareableType | undefined;
}

/** Whether a share has a resource, and one of a type; what is not asked for, every share has. */
function holds(
  model: ModelReader,
  owner: ResourceOwner,
  share: ResourceShare,
  { resourceArn, type }: Sought,
): boolean {
  if (resourceArn === undefined && type === undefined) return true;
  return resourcesOf(model, owner, share).some(
    ({ entity, resource }) =>
      (resourceArn === undefined || entity === resourceArn) &&
      (type === undefined || resource?.kind === type.kind),
  );
}

function listResources({ input, caller, cloud: { model } }: RamCall<'ListResources'>) {
  const { resourceOwner, principal, resourceArns, resourceShareArns } = input;
  const type = parseResourceType(input.resourceType, 'InvalidResourceTypeException');
  for (const arn of resourceArns ?? []) parseResourceArn(arn);
  const isShared = (share: ResourceShare) =>
    principal === undefined ||
    partnersOf(model, caller, resourceOwner, share).some(({ account }) => account === principal);
  const found = listShares(model, caller, resourceOwner, resourceShareArns)
    .filter(isShared)
    .flatMap((share) => resourcesOf(model, resourceOwner, share))
    .filter(
      ({ entity, resource }) =>
        (type === undefined || resource?.kind === type.kind) &&
        (resourceArns === undefined || resourceArns.includes(entity)),
    );
  // Everything that can be shared here is of one Region.
  const matching = input.resourceRegionScope === 'GLOBAL' ? [] : found;
  const { records, nextToken } = ramPage(matching, input);
  return { resources: records.map(resourceView), nextToken };
}
