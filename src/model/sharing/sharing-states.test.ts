import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../error.ts';
import { type StateMachine, stateDiagram, transition } from '../state-machine.ts';
import {
  type AssociationEvent,
  type AssociationStatus,
  associationMachine,
  type InvitationEvent,
  type InvitationStatus,
  invitationMachine,
  type ResourceShareEvent,
  type ResourceShareStatus,
  resourceShareMachine,
} from './sharing-states.ts';

type Move<S, E> = readonly [from: S, event: E, to: S];

const SHARE_EVENTS = ['activate', 'change', 'delete', 'finish'] as const;
const SHARE_MOVES: readonly Move<ResourceShareStatus, ResourceShareEvent>[] = [
  ['PENDING', 'activate', 'ACTIVE'],
  ['ACTIVE', 'change', 'ACTIVE'],
  ['ACTIVE', 'delete', 'DELETING'],
  ['DELETING', 'finish', 'DELETED'],
];

const ASSOCIATION_EVENTS = [
  ...(['begin', 'associate', 'fail', 'disassociate', 'finish', 'vanish'] as const),
];
const ASSOCIATION_MOVES: readonly Move<AssociationStatus, AssociationEvent>[] = [
  ['ASSOCIATING', 'associate', 'ASSOCIATED'],
  ['ASSOCIATING', 'fail', 'FAILED'],
  ['ASSOCIATING', 'disassociate', 'DISASSOCIATING'],
  ['ASSOCIATING', 'vanish', 'DISASSOCIATED'],
  ['ASSOCIATED', 'disassociate', 'DISASSOCIATING'],
  ['ASSOCIATED', 'vanish', 'DISASSOCIATED'],
  ['FAILED', 'begin', 'ASSOCIATING'],
  ['FAILED', 'disassociate', 'DISASSOCIATED'],
  ['DISASSOCIATING', 'finish', 'DISASSOCIATED'],
  ['DISASSOCIATED', 'begin', 'ASSOCIATING'],
];

const INVITATION_EVENTS = ['accept', 'reject', 'expire'] as const;
const INVITATION_MOVES: readonly Move<InvitationStatus, InvitationEvent>[] = [
  ['PENDING', 'accept', 'ACCEPTED'],
  ['PENDING', 'reject', 'REJECTED'],
  ['PENDING', 'expire', 'EXPIRED'],
];

/** Every pair of state and event: the state it leads to, or the code of the refusal. */
function movesOf<S extends string, E extends string>(
  machine: StateMachine<S, E>,
  events: readonly E[],
): Record<string, string> {
  const pairs = machine.states.flatMap((from) => events.map((event) => [from, event] as const));
  return Object.fromEntries(
    pairs.map(([from, event]) => {
      try {
        return [`${from} ${event}`, transition(machine, from, event, 'the subject')];
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
        expect((error as AwsError).message).toContain('the subject');
        expect((error as AwsError).message).toContain(from);
        return [`${from} ${event}`, (error as AwsError).code];
      }
    }),
  );
}

/** The same from the lists above. */
function expected<S extends string, E extends string>(
  states: readonly S[],
  events: readonly E[],
  moves: readonly Move<S, E>[],
  refusal: (from: S) => string,
): Record<string, string> {
  const all = states.flatMap((from) => events.map((event) => [from, event] as const));
  return Object.fromEntries(
    all.map(([from, event]) => {
      const to = moves.find((move) => move[0] === from && move[1] === event)?.[2];
      return [`${from} ${event}`, to ?? refusal(from)];
    }),
  );
}

describe('the states of sharing', () => {
  const ILLEGAL = () => 'InvalidStateTransitionException';

  it('of a resource share: every move, and no other', () => {
    const states = ['PENDING', 'ACTIVE', 'FAILED', 'DELETING', 'DELETED'] as const;
    expect(movesOf(resourceShareMachine, SHARE_EVENTS)).toEqual(
      expected(states, SHARE_EVENTS, SHARE_MOVES, ILLEGAL),
    );
  });

  it('of an association: every move, and no other', () => {
    const states = [
      ...(['ASSOCIATING', 'ASSOCIATED', 'FAILED', 'DISASSOCIATING', 'DISASSOCIATED'] as const),
    ];
    expect(movesOf(associationMachine, ASSOCIATION_EVENTS)).toEqual(
      expected(states, ASSOCIATION_EVENTS, ASSOCIATION_MOVES, ILLEGAL),
    );
  });

  it('of an invitation: every move, and an error of its own for each end', () => {
    const refusals = {
      PENDING: 'none',
      ACCEPTED: 'ResourceShareInvitationAlreadyAcceptedException',
      REJECTED: 'ResourceShareInvitationAlreadyRejectedException',
      EXPIRED: 'ResourceShareInvitationExpiredException',
    };
    const states = ['PENDING', 'ACCEPTED', 'REJECTED', 'EXPIRED'] as const;
    expect(movesOf(invitationMachine, INVITATION_EVENTS)).toEqual(
      expected(states, INVITATION_EVENTS, INVITATION_MOVES, (from) => refusals[from]),
    );
  });

  it('the documentation shows these tables', () => {
    const page = readFileSync(new URL('../../../docs/sharing.md', import.meta.url), 'utf8');
    for (const diagram of [
      stateDiagram(resourceShareMachine),
      stateDiagram(associationMachine),
      stateDiagram(invitationMachine),
    ]) {
      expect(page).toContain(`\`\`\`mermaid\n${diagram}\n\`\`\``);
    }
  });
});
