/** State machines as tables: the only way a state changes, and the error when it may not. */
import type { AwsError } from './error.ts';

export interface StateMachine<S extends string, E extends string> {
  readonly states: readonly S[];
  /** For each state, the state each event leads to. A state without events is terminal. */
  readonly transitions: { readonly [From in S]: { readonly [Event in E]?: S } };
  /** What the caller is told about a move that the table does not have. */
  readonly illegal: (from: S, event: E, subject: string) => AwsError;
}

/** The state after `event`, or throws the table's AWS error. */
export function transition<S extends string, E extends string>(
  machine: StateMachine<S, E>,
  from: S,
  event: E,
  subject: string,
): S {
  const next = machine.transitions[from][event];
  if (next === undefined) throw machine.illegal(from, event, subject);
  return next;
}

export function isTerminal<S extends string, E extends string>(
  machine: StateMachine<S, E>,
  state: S,
): boolean {
  return Object.keys(machine.transitions[state]).length === 0;
}

/** The table as a Mermaid state diagram, for the documentation. */
export function stateDiagram<S extends string, E extends string>(
  machine: StateMachine<S, E>,
): string {
  const lines = ['stateDiagram-v2'];
  for (const from of machine.states) {
    for (const [event, to] of Object.entries(machine.transitions[from])) {
      lines.push(`  ${from} --> ${to as string}: ${event}`);
    }
  }
  return lines.join('\n');
}
