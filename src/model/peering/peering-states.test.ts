import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../error.ts';
import { isTerminal, stateDiagram, transition } from '../state-machine.ts';
import { type PeeringEvent, type PeeringStatus, peeringMachine } from './peering-states.ts';

const ID = 'pcx-0123456789abcdef0';
const EVENTS: readonly PeeringEvent[] = [
  'deliver',
  'fail',
  'accept',
  'reject',
  'expire',
  'provision',
  'delete',
  'finish',
];

/** The only moves there are, written a second time by hand. */
const MOVES: readonly (readonly [PeeringStatus, PeeringEvent, PeeringStatus])[] = [
  ['initiating-request', 'deliver', 'pending-acceptance'],
  ['initiating-request', 'fail', 'failed'],
  ['pending-acceptance', 'accept', 'provisioning'],
  ['pending-acceptance', 'reject', 'rejected'],
  ['pending-acceptance', 'delete', 'deleting'],
  ['pending-acceptance', 'expire', 'expired'],
  ['pending-acceptance', 'fail', 'failed'],
  ['provisioning', 'provision', 'active'],
  ['active', 'delete', 'deleting'],
  ['deleting', 'finish', 'deleted'],
];

function move(from: PeeringStatus, event: PeeringEvent): PeeringStatus | AwsError {
  try {
    return transition(peeringMachine, from, event, ID);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

describe('the states of a peering connection', () => {
  it.each(MOVES)('B-001 B-002 B-003 B-004 from %s, %s leads to %s', (from, event, to) => {
    expect(move(from, event)).toBe(to);
  });

  const every = peeringMachine.states.flatMap((from) => EVENTS.map((event) => [from, event]));
  const illegal = (every as [PeeringStatus, PeeringEvent][]).filter(
    ([from, event]) => !MOVES.some(([known, cause]) => known === from && cause === event),
  );

  it('leaves no move out', () => {
    expect(every).toHaveLength(peeringMachine.states.length * EVENTS.length);
    expect(illegal).toHaveLength(every.length - MOVES.length);
  });

  it.each(illegal)('B-018 B-019 from %s, %s is an invalid state transition', (from, event) => {
    const error = move(from, event) as AwsError;
    expect(error).toMatchObject({ code: 'InvalidStateTransition', status: 400 });
    expect(error.message).toContain(ID);
    expect(error.message).toContain(`from ${from} to `);
  });

  it('B-019 the message names both states as AWS does', () => {
    expect(move('failed', 'delete')).toMatchObject({
      message: `Invalid state transition for ${ID}, attempted to transition from failed to deleting`,
    });
  });

  it('B-006 rejected, failed, expired and deleted are terminal, the others are not', () => {
    expect(peeringMachine.states.filter((state) => isTerminal(peeringMachine, state))).toEqual([
      'deleted',
      'rejected',
      'expired',
      'failed',
    ]);
  });

  it('the documentation shows this table', () => {
    const page = readFileSync(new URL('../../../docs/peering.md', import.meta.url), 'utf8');
    expect(page).toContain(`\`\`\`mermaid\n${stateDiagram(peeringMachine)}\n\`\`\``);
  });
});
