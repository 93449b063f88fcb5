import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../error.ts';
import { isTerminal, type StateMachine, stateDiagram, transition } from '../state-machine.ts';
import { associationProposalMachine } from './association-proposal.ts';
import { connectionMachine } from './connection.ts';
import { failoverTestMachine } from './failover-test.ts';
import { directConnectGatewayMachine } from './gateway.ts';
import { gatewayAssociationMachine } from './gateway-association.ts';
import { lagMachine } from './lag.ts';
import { bgpPeerMachine, virtualInterfaceMachine } from './virtual-interface.ts';

/** One table: its machine, and its only moves written a second time by hand. */
interface Table {
  readonly rules: string;
  readonly name: string;
  readonly machine: StateMachine<string, string>;
  readonly events: readonly string[];
  readonly moves: readonly (readonly [from: string, event: string, to: string])[];
  readonly terminal: readonly string[];
}

/** Whatever its states are called. */
const named = <S extends string, E extends string>(machine: StateMachine<S, E>) =>
  machine as unknown as StateMachine<string, string>;

const TABLES: readonly Table[] = [
  {
    rules: 'H-053',
    name: 'a connection',
    machine: named(connectionMachine),
    events: ['confirm', 'issue', 'provision', 'reject', 'delete', 'finish'],
    moves: [
      ['ordering', 'confirm', 'pending'],
      ['ordering', 'reject', 'rejected'],
      ['requested', 'issue', 'pending'],
      ['requested', 'delete', 'deleting'],
      ['pending', 'provision', 'available'],
      ['pending', 'delete', 'deleting'],
      ['available', 'delete', 'deleting'],
      ['deleting', 'finish', 'deleted'],
    ],
    terminal: ['deleted', 'rejected'],
  },
  {
    rules: 'H-054',
    name: 'a LAG',
    machine: named(lagMachine),
    events: ['issue', 'provision', 'delete', 'finish'],
    moves: [
      ['requested', 'issue', 'pending'],
      ['requested', 'delete', 'deleting'],
      ['pending', 'provision', 'available'],
      ['pending', 'delete', 'deleting'],
      ['available', 'delete', 'deleting'],
      ['deleting', 'finish', 'deleted'],
    ],
    terminal: ['deleted'],
  },
  {
    rules: 'H-057',
    name: 'a virtual interface',
    machine: named(virtualInterfaceMachine),
    events: ['confirm', 'reject', 'provision', 'test', 'endTest', 'delete', 'finish'],
    moves: [
      ['confirming', 'confirm', 'pending'],
      ['confirming', 'reject', 'rejected'],
      ['confirming', 'delete', 'deleting'],
      ['pending', 'provision', 'available'],
      ['pending', 'delete', 'deleting'],
      ['available', 'test', 'testing'],
      ['available', 'delete', 'deleting'],
      ['testing', 'endTest', 'available'],
      ['testing', 'delete', 'deleting'],
      ['deleting', 'finish', 'deleted'],
    ],
    terminal: ['deleted', 'rejected'],
  },
  {
    rules: 'H-064',
    name: 'a BGP peer',
    machine: named(bgpPeerMachine),
    events: ['provision', 'delete', 'finish'],
    moves: [
      ['pending', 'provision', 'available'],
      ['pending', 'delete', 'deleting'],
      ['available', 'delete', 'deleting'],
      ['deleting', 'finish', 'deleted'],
    ],
    terminal: ['deleted'],
  },
  {
    rules: 'H-068',
    name: 'a Direct Connect gateway',
    machine: named(directConnectGatewayMachine),
    events: ['provision', 'delete', 'finish'],
    moves: [
      ['pending', 'provision', 'available'],
      ['available', 'delete', 'deleting'],
      ['deleting', 'finish', 'deleted'],
    ],
    terminal: ['deleted'],
  },
  {
    rules: 'H-071',
    name: 'an association',
    machine: named(gatewayAssociationMachine),
    events: ['associate', 'update', 'disassociate', 'finish'],
    moves: [
      ['associating', 'associate', 'associated'],
      ['associating', 'disassociate', 'disassociating'],
      ['associated', 'update', 'updating'],
      ['associated', 'disassociate', 'disassociating'],
      ['updating', 'associate', 'associated'],
      ['updating', 'disassociate', 'disassociating'],
      ['disassociating', 'finish', 'disassociated'],
    ],
    terminal: ['disassociated'],
  },
  {
    rules: 'H-073',
    name: 'a proposal',
    machine: named(associationProposalMachine),
    events: ['accept', 'delete', 'expire'],
    moves: [
      ['requested', 'accept', 'accepted'],
      ['requested', 'delete', 'deleted'],
      ['requested', 'expire', 'deleted'],
    ],
    terminal: ['accepted', 'deleted'],
  },
  {
    rules: 'H-067',
    name: 'a failover test',
    machine: named(failoverTestMachine),
    events: ['complete', 'cancel'],
    moves: [
      ['in_progress', 'complete', 'completed'],
      ['in_progress', 'cancel', 'cancelled'],
    ],
    terminal: ['completed', 'cancelled'],
  },
];

const SUBJECT = 'dxvif-01234567';

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
      expect(error).toMatchObject({ code: 'DirectConnectClientException', status: 400 });
      expect(error.message).toContain(SUBJECT);
    },
  );

  it('leave no move out', () => {
    expect(every.filter(known)).toHaveLength(moves.length);
  });

  it('end where nothing leads on', () => {
    expect(machine.states.filter((state) => isTerminal(machine, state))).toEqual(table.terminal);
  });

  it('are those of the documentation', () => {
    const page = readFileSync(new URL('../../../docs/direct-connect.md', import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`mermaid\n${stateDiagram(machine)}\n\`\`\``);
  });
});
