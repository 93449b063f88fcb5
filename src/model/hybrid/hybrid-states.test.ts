import { LIFECYCLE_MOVES, testLives, texts } from '../../../test/support/state-lives.ts';
import { customerGatewayMachine } from './customer-gateway.ts';
import { vpnConnectionMachine, vpnConnectionRouteMachine } from './vpn-connection.ts';
import { vpnGatewayAttachmentMachine, vpnGatewayMachine } from './vpn-gateway.ts';

const page = 'vpn.md';
const ID = 'vpn-0123456789abcdef0';

testLives(
  {
    'a customer gateway': {
      rules: 'H-001',
      machine: texts(customerGatewayMachine),
      moves: LIFECYCLE_MOVES,
      terminal: ['deleted'],
      code: 'InvalidCustomerGatewayState',
      page,
    },
    'a virtual private gateway': {
      rules: 'H-040',
      machine: texts(vpnGatewayMachine),
      moves: LIFECYCLE_MOVES,
      terminal: ['deleted'],
      code: 'InvalidVpnGatewayState',
      page,
    },
    'its attachment': {
      rules: 'H-041',
      machine: texts(vpnGatewayAttachmentMachine),
      moves: [
        'detached attach attaching',
        'attaching provision attached',
        'attaching detach detaching',
        'attached detach detaching',
        'detaching finish detached',
      ],
      terminal: [],
      code: 'IncorrectState',
      page,
    },
    'a VPN connection': {
      rules: 'H-007',
      machine: texts(vpnConnectionMachine),
      moves: [
        'pending provision available',
        'available modify modifying',
        'available delete deleting',
        'modifying provision available',
        'deleting finish deleted',
      ],
      terminal: ['deleted'],
      code: 'InvalidVpnConnection.InvalidState',
      page,
    },
    'a static route': {
      rules: 'H-009',
      machine: texts(vpnConnectionRouteMachine),
      moves: [
        'pending provision available',
        'pending delete deleting',
        'available delete deleting',
      ],
      terminal: ['deleting'],
      code: 'InvalidRoute.NotFound',
      page,
    },
  },
  ID,
  `${ID}|192.168.0.0/24`,
);
