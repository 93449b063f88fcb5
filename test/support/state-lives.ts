import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../src/model/error.ts';
import {
  isTerminal,
  type StateMachine,
  stateDiagram,
  transition,
} from '../../src/model/state-machine.ts';

/** A state machine, and what is known of it from elsewhere. */
export interface Life {
  /** The ids of the rules that say so. */
  readonly rules: string;
  readonly machine: StateMachine<string, string>;
  /** The only moves there are, `from event to`, written a second time by hand. */
  readonly moves: readonly string[];
  readonly terminal: readonly string[];
  /** The error of every other move. */
  readonly code: string;
  /** The page of the documentation that draws the machine, where one does. */
  readonly page?: string;
}

/** The moves of what is provided, used and deleted, without a state in between. */
export const LIFECYCLE_MOVES: Life['moves'] = [
  'pending provision available',
  'available delete deleting',
  'deleting finish deleted',
];

/** Whatever its states and events are: they are looked at as texts here. */
export function texts<S extends string, E extends string>(
  machine: StateMachine<S, E>,
): Life['machine'] {
  return machine as unknown as Life['machine'];
}

function move(machine: Life['machine'], from: string, event: string, subject: string) {
  try {
    return transition(machine, from, event, subject);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/**
 * Tests that each machine makes its moves and no others. `id` has to be in each refusal; the
 * `subject` the machines are asked about is more than that where a route stands for its connection.
 */
export function testLives(
  lives: Readonly<Record<string, Life>>,
  id: string,
  subject: string = id,
): void {
  describe.each(Object.entries(lives))('the states of %s', (_name, life) => {
    const { rules, machine, terminal, code, page } = life;
    const legal = life.moves.map((text) => text.split(' ') as [string, string, string]);
    const events = [...new Set(legal.map(([, event]) => event))];
    const illegal = machine.states
      .flatMap((from) => events.map((event) => [from, event] as const))
      .filter(([from, event]) => !legal.some(([known, on]) => known === from && on === event));

    it.each(legal)(`${rules} from %s, %s leads to %s`, (from, event, to) => {
      expect(move(machine, from, event, subject)).toBe(to);
    });

    it.each(illegal)(`${rules} from %s, %s is refused`, (from, event) => {
      const error = move(machine, from, event, subject) as AwsError;
      expect(error).toMatchObject({ code, status: 400 });
      expect(error.message).toContain(id);
    });

    it('has no other moves, and ends', () => {
      const known = Object.values(machine.transitions).flatMap((of) => Object.keys(of ?? {}));
      expect(known).toHaveLength(legal.length);
      expect(machine.states.filter((state) => isTerminal(machine, state))).toEqual(terminal);
    });

    if (page === undefined) return;
    it('is drawn in the documentation', () => {
      const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
      expect(text).toContain(`\`\`\`mermaid\n${stateDiagram(machine)}\n\`\`\``);
    });
  });
}
