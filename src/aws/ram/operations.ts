import type * as Sdk from '@aws-sdk/client-ram';
import type { Cloud } from '../../control/cloud.ts';
import type { Call, Handler, InputOf, OutputOf } from '../service.ts';

/**
 * The RAM operations openvpc builds. Every other one that AWS has is answered UnsupportedOperation.
 * A name added here is a compile error until a handler for it stands in the table (service.ts).
 */
export const RAM_OPERATIONS = [
  // Resource shares
  'CreateResourceShare',
  'UpdateResourceShare',
  'DeleteResourceShare',
  'GetResourceShares',
  'TagResource',
  'UntagResource',
  // What they join
  'AssociateResourceShare',
  'DisassociateResourceShare',
  'GetResourceShareAssociations',
  'ListPrincipals',
  'ListResources',
  // Invitations
  'GetResourceShareInvitations',
  'AcceptResourceShareInvitation',
  'RejectResourceShareInvitation',
  'ListPendingInvitationResources',
  // What can be shared, and what a share permits
  'ListResourceTypes',
  'ListPermissions',
  'GetPermission',
  'ListResourceSharePermissions',
  'GetResourcePolicies',
  // Refused: there is no organization
  'EnableSharingWithAwsOrganization',
] as const;

export type RamOperation = (typeof RAM_OPERATIONS)[number];

type Command<Op extends RamOperation> = InstanceType<(typeof Sdk)[`${Op}Command`]>;

/** The call a handler of an operation is given. */
export type RamCall<Op extends RamOperation> = Call<InputOf<Command<Op>>, Cloud>;

/** One handler for each operation in scope: one that is missing is a compile error. */
export type RamHandlers = {
  readonly [Op in RamOperation]: Handler<InputOf<Command<Op>>, OutputOf<Command<Op>>, Cloud>;
};

/** The handlers of some operations: what one file of this folder exports. */
export type RamHandlersOf<Op extends RamOperation> = Pick<RamHandlers, Op>;
