/** Direct Connect behind the door: every operation in scope, by topic. */
import type { Cloud } from '../../control/cloud.ts';
import { loadModel } from '../protocol/model.ts';
import type { Service } from '../service.ts';
import { associationHandlers } from './association.ts';
import { bgpHandlers } from './bgp.ts';
import { connectionHandlers } from './connection.ts';
import { gatewayHandlers } from './gateway.ts';
import { lagHandlers } from './lag.ts';
import type { DirectConnectHandlers } from './operations.ts';
import { proposalHandlers } from './proposal.ts';
import { tagHandlers } from './tags.ts';
import { virtualInterfaceHandlers } from './virtual-interface.ts';

const handlers: DirectConnectHandlers = {
  ...connectionHandlers,
  ...lagHandlers,
  ...virtualInterfaceHandlers,
  ...bgpHandlers,
  ...gatewayHandlers,
  ...associationHandlers,
  ...proposalHandlers,
  ...tagHandlers,
};

/** Nothing of an account's network is needed here: none is made by these calls. */
export function createDirectConnectService(): Service<Cloud> {
  return { model: loadModel('directconnect'), handlers };
}
