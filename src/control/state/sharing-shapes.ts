/** Shapes of resource shares. */
import { z } from 'zod';
import { RESOURCE_SHARE_NAME_LENGTH } from '../../model/limits.ts';
import type { Kind, Records } from '../../model/schema.ts';
import { SHAREABLE_TYPES } from '../../model/sharing/shareable.ts';
import {
  associationMachine,
  invitationMachine,
  resourceShareMachine,
} from '../../model/sharing/sharing-states.ts';
import { account, name, owned, text, time } from './values.ts';

export const resourceShare: z.ZodType<Records['resource-share']> = z.strictObject({
  ...owned,
  name: text.min(1).max(RESOURCE_SHARE_NAME_LENGTH),
  allowExternalPrincipals: z.boolean(),
  status: z.enum(resourceShareMachine.states),
  permissionArns: z.array(name),
  creationTime: time,
  lastUpdatedTime: time,
});

const kinds: readonly Kind[] = SHAREABLE_TYPES.map(({ kind }) => kind);

export const resourceShareAssociation: z.ZodType<Records['resource-share-association']> =
  z.strictObject({
    ...owned,
    shareId: name,
    type: z.enum(['PRINCIPAL', 'RESOURCE']),
    entity: name,
    resource: z.strictObject({ kind: z.literal(kinds), id: name }).exactOptional(),
    status: z.enum(associationMachine.states),
    statusMessage: text.exactOptional(),
    creationTime: time,
    lastUpdatedTime: time,
  });

export const resourceShareInvitation: z.ZodType<Records['resource-share-invitation']> =
  z.strictObject({
    ...owned,
    shareId: name,
    receiver: account,
    status: z.enum(invitationMachine.states),
    invitationTime: time,
  });
