/** A mistake that a compiler might make, put in from outside. */
import type { Network } from '../../../src/fabric/compile/state.ts';
import type { Action, Rule, Table } from '../../../src/fabric/table.ts';
import type { ModelReader } from '../../../src/model/model.ts';
import type { Change, Kind, Records } from '../../../src/model/schema.ts';

export interface Defect {
  /** With the rule it breaks. */
  readonly name: string;
  /** What the compiler is told in place of the truth. */
  readonly tellWrongly?: (changes: readonly Change[], model: ModelReader) => readonly Change[];
  /** What is done to the tables afterwards. */
  readonly spoil?: (network: Network) => void;
}

/** Every record of a kind told as something else; undefined: not at all. */
export function told<K extends Kind>(kind: K, as: (record: Records[K]) => Records[K] | undefined) {
  return (changes: readonly Change[]): Change[] =>
    changes.flatMap((change) => {
      if (change.kind !== kind) return [change];
      const after = as(change.after as Records[K]);
      return after === undefined ? [] : [{ ...change, after } as Change];
    });
}

/** A table with each rule's actions changed. */
export function withActions(
  table: Table,
  change: (actions: readonly Action[], rule: Rule) => readonly Action[],
): Table {
  const changed = (rule: Rule): Rule => ({ ...rule, actions: change(rule.actions, rule) });
  return { ...table, rules: table.rules.map(changed), otherwise: changed(table.otherwise) };
}

export function without(kind: Action['do']) {
  return (actions: readonly Action[]) => actions.filter((action) => action.do !== kind);
}
