import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../error.ts';
import type { LifecycleEvent, LifecycleState } from '../lifecycle.ts';
import { isTerminal, type StateMachine, stateDiagram, transition } from '../state-machine.ts';
import {
  isEndedAssociation,
  type MulticastAssociationEvent,
  type MulticastAssociationState,
  multicastAssociationMachine,
  multicastDomainMachine,
} from './multicast-domain.ts';

type Move<S, E> = readonly [from: S, event: E, to: S];

/** The only moves there are, written a second time by hand. */
const DOMAIN_MOVES: readonly Move<LifecycleState, LifecycleEvent>[] = [
  ['pending', 'provision', 'available'],
  ['available', 'delete', 'deleting'],
  ['deleting', 'finish', 'deleted'],
];
const DOMAIN_EVENTS: readonly LifecycleEvent[] = ['provision', 'delete', 'finish'];

const ASSOCIATION_MOVES: readonly Move<MulticastAssociationState, MulticastAssociationEvent>[] = [
  ['pendingAcceptance', 'accept', 'associating'],
  ['pendingAcceptance', 'reject', 'rejected'],
  ['pendingAcceptance', 'disassociate', 'disassociating'],
  ['associating', 'provision', 'associated'],
  ['associating', 'fail', 'failed'],
  ['associated', 'disassociate', 'disassociating'],
  ['disassociating', 'finish', 'disassociated'],
];
const ASSOCIATION_EVENTS: readonly MulticastAssociationEvent[] = [
  'accept',
  'reject',
  'provision',
  'fail',
  'disassociate',
  'finish',
];

function expectMoves<S extends string, E extends string>(
  machine: StateMachine<S, E>,
  events: readonly E[],
  moves: readonly Move<S, E>[],
): void {
  for (const from of machine.states) {
    for (const event of events) {
      const known = moves.find((move) => move[0] === from && move[1] === event);
      const move = () => transition(machine, from, event, 'x-1');
      if (known !== undefined) expect(move(), `${from} ${event}`).toBe(known[2]);
      else expect(move, `${from} ${event}`).toThrow(AwsError);
    }
  }
}

describe('the states of a multicast domain', () => {
  it('C-114 moves on as AWS says and no other way', () => {
    expectMoves(multicastDomainMachine, DOMAIN_EVENTS, DOMAIN_MOVES);
    const { states } = multicastDomainMachine;
    expect(states.filter((state) => isTerminal(multicastDomainMachine, state))).toEqual([
      'deleted',
    ]);
  });

  it('C-114 says what is wrong', () => {
    const illegal = () => transition(multicastDomainMachine, 'deleting', 'delete', 'x-1');
    expect(illegal).toThrow(
      expect.objectContaining({ code: 'IncorrectState', message: 'x-1 is in invalid state' }),
    );
  });
});

describe('the states of a subnet in a domain', () => {
  it('C-117 moves on as AWS says and no other way', () => {
    expectMoves(multicastAssociationMachine, ASSOCIATION_EVENTS, ASSOCIATION_MOVES);
  });

  it('C-116 C-117 what has ended holds the subnet no longer', () => {
    const { states } = multicastAssociationMachine;
    const terminal = states.filter((state) => isTerminal(multicastAssociationMachine, state));
    expect(terminal).toEqual(['disassociated', 'rejected', 'failed']);
    expect(states.filter((state) => isEndedAssociation({ state }))).toEqual(terminal);
  });
});

it.each([
  ['a domain', stateDiagram(multicastDomainMachine)],
  ['a subnet', stateDiagram(multicastAssociationMachine)],
])('the documentation shows the states of %s', (_what, diagram) => {
  const page = readFileSync(new URL('../../../docs/multicast.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`mermaid\n${diagram}\n\`\`\``);
});
