import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../error.ts';
import { isTerminal, type StateMachine, stateDiagram, transition } from '../state-machine.ts';
import { customerGatewayMachine } from './customer-gateway.ts';
import { vpnConnectionMachine, vpnConnectionRouteMachine } from './vpn-connection.ts';
import { vpnGatewayAttachmentMachine, vpnGatewayMachine } from './vpn-gateway.ts';

/** One table: its machine, its only moves written a second time by hand, what others get. */
interface Table {
  readonly rules: string;
  readonly name: string;
  readonly machine: StateMachine<string, string>;
  readonly events: readonly string[];
  readonly moves: readonly (readonly [from: string, event: string, to: string])[];
  readonly code: string;
  readonly terminal: readonly string[];
}

/** Whatever its states are called. */
const named = <S extends string, E extends string>(machine: StateMachine<S, E>) =>
  machine as unknown as StateMachine<string, string>;

const GATEWAY_MOVES: Table['moves'] = [
  ['pending', 'provision', 'available'],
  ['available', 'delete', 'deleting'],
  ['deleting', 'finish', 'deleted'],
];

const TABLES: readonly Table[] = [
  {
    rules: 'H-001',
    name: 'a customer gateway',
    machine: named(customerGatewayMachine),
    events: ['provision', 'delete', 'finish'],
    moves: GATEWAY_MOVES,
    code: 'InvalidCustomerGatewayState',
    terminal: ['deleted'],
  },
  {
    rules: 'H-040',
    name: 'a virtual private gateway',
    machine: named(vpnGatewayMachine),
    events: ['provision', 'delete', 'finish'],
    moves: GATEWAY_MOVES,
    code: 'InvalidVpnGatewayState',
    terminal: ['deleted'],
  },
  {
    rules: 'H-041',
    name: 'its attachment',
    machine: named(vpnGatewayAttachmentMachine),
    events: ['attach', 'provision', 'detach', 'finish'],
    moves: [
      ['detached', 'attach', 'attaching'],
      ['attaching', 'provision', 'attached'],
      ['attaching', 'detach', 'detaching'],
      ['attached', 'detach', 'detaching'],
      ['detaching', 'finish', 'detached'],
    ],
    code: 'IncorrectState',
    terminal: [],
  },
  {
    rules: 'H-007',
    name: 'a VPN connection',
    machine: named(vpnConnectionMachine),
    events: ['provision', 'modify', 'delete', 'finish'],
    moves: [
      ['pending', 'provision', 'available'],
      ['available', 'modify', 'modifying'],
      ['available', 'delete', 'deleting'],
      ['modifying', 'provision', 'available'],
      ['deleting', 'finish', 'deleted'],
    ],
    code: 'InvalidVpnConnection.InvalidState',
    terminal: ['deleted'],
  },
  {
    rules: 'H-009',
    name: 'a static route',
    machine: named(vpnConnectionRouteMachine),
    events: ['provision', 'delete'],
    moves: [
      ['pending', 'provision', 'available'],
      ['pending', 'delete', 'deleting'],
      ['available', 'delete', 'deleting'],
    ],
    code: 'InvalidRoute.NotFound',
    terminal: ['deleting'],
  },
];

const SUBJECT = 'vpn-0123456789abcdef0|192.168.0.0/24';

function move(machine: Table['machine'], from: string, event: string): string | AwsError {
  try {
    return transition(machine, from, event, SUBJECT);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

describe.each(TABLES)('$rules the states of $name', ({ machine, events, moves, ...table }) => {
  const every = machine.states.flatMap((from) => events.map((event) => [from, event] as const));
  const known = ([from, event]: readonly [string, string]) =>
    moves.some(([one, cause]) => one === from && cause === event);

  it.each(moves)(`${table.rules} from %s, %s leads to %s`, (from, event, to) => {
    expect(move(machine, from, event)).toBe(to);
  });

  it.each(every.filter((pair) => !known(pair)))(
    `${table.rules} from %s, %s is refused`,
    (from, event) => {
      const error = move(machine, from, event) as AwsError;
      expect(error).toMatchObject({ code: table.code, status: 400 });
      expect(error.message).toContain('vpn-0123456789abcdef0');
    },
  );

  it('leave no move out', () => {
    expect(every.filter(known)).toHaveLength(moves.length);
  });

  it('end where nothing leads on', () => {
    expect(machine.states.filter((state) => isTerminal(machine, state))).toEqual(table.terminal);
  });

  it('are those of the documentation', () => {
    const page = readFileSync(new URL('../../../docs/vpn.md', import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`mermaid\n${stateDiagram(machine)}\n\`\`\``);
  });
});
