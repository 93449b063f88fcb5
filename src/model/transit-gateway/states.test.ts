import { LIFECYCLE_MOVES, testLives, texts } from '../../../test/support/state-lives.ts';
import { attachmentMachine } from './attachment.ts';
import { connectPeerMachine } from './connect-peer.ts';
import { transitGatewayPolicyTableMachine } from './policy-table.ts';
import { transitGatewayPrefixListReferenceMachine } from './route.ts';
import {
  transitGatewayAssociationMachine,
  transitGatewayPropagationMachine,
  transitGatewayRouteTableMachine,
} from './route-table.ts';
import { transitGatewayMachine } from './transit-gateway.ts';

const code = 'IncorrectState';

testLives(
  {
    'a transit gateway': {
      rules: 'C-001',
      machine: texts(transitGatewayMachine),
      moves: [...LIFECYCLE_MOVES, 'available modify modifying', 'modifying provision available'],
      terminal: ['deleted'],
      code,
      page: 'transit-gateway.md',
    },
    'an attachment': {
      rules: 'C-025 C-026 C-027 C-082',
      machine: texts(attachmentMachine),
      moves: [
        'initiatingRequest deliver pendingAcceptance',
        'initiatingRequest fail failing',
        'pendingAcceptance accept pending',
        'pendingAcceptance reject rejecting',
        'pendingAcceptance delete deleting',
        'pending provision available',
        'pending fail failing',
        'available modify modifying',
        'available delete deleting',
        'modifying provision available',
        'modifying rollBack rollingBack',
        'rollingBack provision available',
        'failing finish failed',
        'rejecting finish rejected',
        'deleting finish deleted',
      ],
      terminal: ['failed', 'rejected', 'deleted'],
      code,
      page: 'transit-gateway.md',
    },
    'a route table': {
      rules: 'C-056',
      machine: texts(transitGatewayRouteTableMachine),
      moves: LIFECYCLE_MOVES,
      terminal: ['deleted'],
      code,
    },
    'an association': {
      rules: 'C-056',
      machine: texts(transitGatewayAssociationMachine),
      moves: [
        'associating provision associated',
        'associated disassociate disassociating',
        'disassociating finish disassociated',
      ],
      terminal: ['disassociated'],
      code,
    },
    'a propagation': {
      rules: 'C-056',
      machine: texts(transitGatewayPropagationMachine),
      moves: [
        'enabling provision enabled',
        'enabled disable disabling',
        'disabling finish disabled',
      ],
      terminal: ['disabled'],
      code,
    },
    'a prefix list reference': {
      rules: 'C-075',
      machine: texts(transitGatewayPrefixListReferenceMachine),
      moves: [
        'pending provision available',
        'available modify modifying',
        'available delete deleting',
        'modifying provision available',
      ],
      terminal: ['deleting'],
      code,
    },
    'a Connect peer': {
      rules: 'C-098',
      machine: texts(connectPeerMachine),
      moves: LIFECYCLE_MOVES,
      terminal: ['deleted'],
      code,
      page: 'connect.md',
    },
    'a policy table': {
      rules: 'C-127',
      machine: texts(transitGatewayPolicyTableMachine),
      moves: LIFECYCLE_MOVES,
      terminal: ['deleted'],
      code,
    },
  },
  'tgw-attach-0123456789abcdef0',
);
