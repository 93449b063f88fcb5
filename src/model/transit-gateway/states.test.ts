import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../error.ts';
import { isTerminal, type StateMachine, stateDiagram, transition } from '../state-machine.ts';
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

const ID = 'tgw-attach-0123456789abcdef0';

interface Life {
  readonly rules: string;
  readonly machine: StateMachine<string, string>;
  /** The only moves there are, written a second time by hand. */
  readonly moves: readonly string[];
  readonly terminal: readonly string[];
}

/** Whatever its states and events are: they are looked at as texts here. */
function texts<S extends string, E extends string>(machine: StateMachine<S, E>): Life['machine'] {
  return machine as unknown as Life['machine'];
}

const TABLE_MOVES = [
  'pending provision available',
  'available delete deleting',
  'deleting finish deleted',
];

const LIVES: Readonly<Record<string, Life>> = {
  'a transit gateway': {
    rules: 'C-001',
    machine: texts(transitGatewayMachine),
    moves: [...TABLE_MOVES, 'available modify modifying', 'modifying provision available'],
    terminal: ['deleted'],
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
  },
  'a route table': {
    rules: 'C-056',
    machine: texts(transitGatewayRouteTableMachine),
    moves: TABLE_MOVES,
    terminal: ['deleted'],
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
  },
  'a propagation': {
    rules: 'C-056',
    machine: texts(transitGatewayPropagationMachine),
    moves: ['enabling provision enabled', 'enabled disable disabling', 'disabling finish disabled'],
    terminal: ['disabled'],
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
  },
  'a Connect peer': {
    rules: 'C-098',
    machine: texts(connectPeerMachine),
    moves: TABLE_MOVES,
    terminal: ['deleted'],
  },
  'a policy table': {
    rules: 'C-127',
    machine: texts(transitGatewayPolicyTableMachine),
    moves: TABLE_MOVES,
    terminal: ['deleted'],
  },
};

function move(machine: Life['machine'], from: string, event: string): string | AwsError {
  try {
    return transition(machine, from, event, ID);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

describe.each(Object.entries(LIVES))('the states of %s', (_name, life) => {
  const { rules, machine, moves, terminal } = life;
  const legal = moves.map((text) => text.split(' ') as [string, string, string]);
  const events = [...new Set(legal.map(([, event]) => event))];
  const illegal = machine.states
    .flatMap((from) => events.map((event) => [from, event] as const))
    .filter(([from, event]) => !legal.some(([known, cause]) => known === from && cause === event));

  it.each(legal)(`${rules} from %s, %s leads to %s`, (from, event, to) => {
    expect(move(machine, from, event)).toBe(to);
  });

  it.each(illegal)(`${rules} from %s, %s is refused`, (from, event) => {
    const error = move(machine, from, event) as AwsError;
    expect(error).toMatchObject({ code: 'IncorrectState', status: 400 });
    expect(error.message).toContain(ID);
  });

  it('has no other moves, and ends', () => {
    const known = Object.values(machine.transitions).flatMap((of) => Object.keys(of ?? {}));
    expect(known).toHaveLength(legal.length);
    expect(machine.states.filter((state) => isTerminal(machine, state))).toEqual(terminal);
  });
});

it.each([
  ['a transit gateway', 'transit-gateway.md'],
  ['an attachment', 'transit-gateway.md'],
  ['a Connect peer', 'connect.md'],
])('the documentation shows %s', (name, file) => {
  const page = readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`mermaid\n${stateDiagram(LIVES[name]!.machine)}\n\`\`\``);
});
