/** RAM behind the door: every operation in scope, by topic. */
import type { Cloud } from '../../control/cloud.ts';
import { loadModel } from '../protocol/model.ts';
import type { Service } from '../service.ts';
import { associationHandlers } from './association.ts';
import { invitationHandlers } from './invitation.ts';
import type { RamHandlers } from './operations.ts';
import { permissionHandlers } from './permission.ts';
import { resourceShareHandlers } from './resource-share.ts';

const ramHandlers: RamHandlers = {
  ...resourceShareHandlers,
  ...associationHandlers,
  ...invitationHandlers,
  ...permissionHandlers,
};

/** Nothing of an account's network is needed here: none is made by these calls. */
export function createRamService(): Service<Cloud> {
  return { model: loadModel('ram'), handlers: ramHandlers };
}
