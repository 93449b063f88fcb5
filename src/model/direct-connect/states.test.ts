import { LIFECYCLE_MOVES, testLives, texts } from '../../../test/support/state-lives.ts';
import { associationProposalMachine } from './association-proposal.ts';
import { connectionMachine } from './connection.ts';
import { failoverTestMachine } from './failover-test.ts';
import { directConnectGatewayMachine } from './gateway.ts';
import { gatewayAssociationMachine } from './gateway-association.ts';
import { lagMachine } from './lag.ts';
import { bgpPeerMachine, virtualInterfaceMachine } from './virtual-interface.ts';

const page = 'direct-connect.md';
const code = 'DirectConnectClientException';

testLives(
  {
    'a connection': {
      rules: 'H-053',
      machine: texts(connectionMachine),
      moves: [
        'ordering confirm pending',
        'ordering reject rejected',
        'requested issue pending',
        'requested delete deleting',
        'pending provision available',
        'pending delete deleting',
        'available delete deleting',
        'deleting finish deleted',
      ],
      terminal: ['deleted', 'rejected'],
      code,
      page,
    },
    'a LAG': {
      rules: 'H-054',
      machine: texts(lagMachine),
      moves: [
        'requested issue pending',
        'requested delete deleting',
        'pending provision available',
        'pending delete deleting',
        'available delete deleting',
        'deleting finish deleted',
      ],
      terminal: ['deleted'],
      code,
      page,
    },
    'a virtual interface': {
      rules: 'H-057',
      machine: texts(virtualInterfaceMachine),
      moves: [
        'confirming confirm pending',
        'confirming reject rejected',
        'confirming delete deleting',
        'pending provision available',
        'pending delete deleting',
        'available test testing',
        'available delete deleting',
        'testing endTest available',
        'testing delete deleting',
        'deleting finish deleted',
      ],
      terminal: ['deleted', 'rejected'],
      code,
      page,
    },
    'a BGP peer': {
      rules: 'H-064',
      machine: texts(bgpPeerMachine),
      moves: [
        'pending provision available',
        'pending delete deleting',
        'available delete deleting',
        'deleting finish deleted',
      ],
      terminal: ['deleted'],
      code,
      page,
    },
    'a Direct Connect gateway': {
      rules: 'H-068',
      machine: texts(directConnectGatewayMachine),
      moves: LIFECYCLE_MOVES,
      terminal: ['deleted'],
      code,
      page,
    },
    'an association': {
      rules: 'H-071',
      machine: texts(gatewayAssociationMachine),
      moves: [
        'associating associate associated',
        'associating disassociate disassociating',
        'associated update updating',
        'associated disassociate disassociating',
        'updating associate associated',
        'updating disassociate disassociating',
        'disassociating finish disassociated',
      ],
      terminal: ['disassociated'],
      code,
      page,
    },
    'a proposal': {
      rules: 'H-073',
      machine: texts(associationProposalMachine),
      moves: ['requested accept accepted', 'requested delete deleted', 'requested expire deleted'],
      terminal: ['accepted', 'deleted'],
      code,
      page,
    },
    'a failover test': {
      rules: 'H-067',
      machine: texts(failoverTestMachine),
      moves: ['in_progress complete completed', 'in_progress cancel cancelled'],
      terminal: ['completed', 'cancelled'],
      code,
      page,
    },
  },
  'dxvif-01234567',
);
