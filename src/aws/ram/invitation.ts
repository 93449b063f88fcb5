/** Invitations to resource shares: requests to commands, records to answers. */
import { ownerKey, type Scope } from '../../control/scope.ts';
import { checkShareArn } from '../../control/sharing/find-share.ts';
import {
  acceptInvitation,
  findInvitation,
  rejectInvitation,
} from '../../control/sharing/invitation.ts';
import { associatedResources } from '../../control/sharing/shared-with.ts';
import type { ModelReader } from '../../model/model.ts';
import type { ResourceShareInvitation } from '../../model/sharing/resource-share.ts';
import { invitationMachine } from '../../model/sharing/sharing-states.ts';
import type { RamCall, RamHandlersOf } from './operations.ts';
import { clientTokenOf, ramPage, tokenEcho } from './request.ts';
import { invitationView, resourceView } from './view.ts';

type Operation =
  | `${'Accept' | 'Reject'}ResourceShareInvitation`
  | 'GetResourceShareInvitations'
  | 'ListPendingInvitationResources';

export const invitationHandlers = {
  AcceptResourceShareInvitation: (call) =>
    answer('AcceptResourceShareInvitation', call, acceptInvitation),
  RejectResourceShareInvitation: (call) =>
    answer('RejectResourceShareInvitation', call, rejectInvitation),
  GetResourceShareInvitations: getInvitations,
  ListPendingInvitationResources: listPendingResources,
} satisfies RamHandlersOf<Operation>;

async function answer(
  action: string,
  {
    input,
    caller,
    cloud,
  }: RamCall<'AcceptResourceShareInvitation' | 'RejectResourceShareInvitation'>,
  command: typeof acceptInvitation,
) {
  const clientToken = clientTokenOf(action, input);
  const request = { arn: input.resourceShareInvitationArn, clientToken };
  const resourceShareInvitation = await cloud.execute((tx) =>
    invitationView(tx, command(tx, caller, request)),
  );
  return { resourceShareInvitation, ...tokenEcho(input) };
}

/** Those that the caller has received; senders are not told of theirs. */
function getInvitations({
  input,
  caller,
  cloud: { model },
}: RamCall<'GetResourceShareInvitations'>) {
  const { resourceShareArns, resourceShareInvitationArns } = input;
  for (const arn of resourceShareArns ?? []) checkShareArn(arn);
  const matching = invitationsOf(model, caller, resourceShareInvitationArns).filter(
    ({ shareId }) => resourceShareArns === undefined || resourceShareArns.includes(shareId),
  );
  const { records, nextToken } = ramPage(matching, input, 'InvalidMaxResultsException');
  return {
    resourceShareInvitations: records.map((record) => invitationView(model, record)),
    nextToken,
  };
}

function invitationsOf(
  reader: ModelReader,
  scope: Scope,
  arns: readonly string[] | undefined,
): readonly ResourceShareInvitation[] {
  if (arns !== undefined) {
    return [...new Set(arns)].map((arn) => findInvitation(reader, scope, arn));
  }
  return reader.by('resource-share-invitation', 'receiver', ownerKey(scope));
}

/** What an invitation is about, before it is answered. */
function listPendingResources({
  input,
  caller,
  cloud: { model },
}: RamCall<'ListPendingInvitationResources'>) {
  const { resourceShareInvitationArn: arn, resourceRegionScope } = input;
  const { status, shareId } = findInvitation(model, caller, arn);
  if (status === 'REJECTED' || status === 'EXPIRED') {
    throw invitationMachine.illegal(status, 'accept', arn);
  }
  const isAny = status === 'PENDING' && resourceRegionScope !== 'GLOBAL';
  const { records, nextToken } = ramPage(isAny ? associatedResources(model, shareId) : [], input);
  return { resources: records.map(resourceView), nextToken };
}
