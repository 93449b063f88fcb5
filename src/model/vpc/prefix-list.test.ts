import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { regionNames } from '../region.ts';
import { stateDiagram, transition } from '../state-machine.ts';
import { awsPrefixList, awsPrefixLists } from './aws-prefix-list.ts';
import { PREFIX_LIST_MACHINE, type PrefixListEvent, type PrefixListState } from './prefix-list.ts';

const EVENTS: readonly PrefixListEvent[] = ['settle', 'fail', 'modify', 'restore', 'delete'];
const move = async (from: PrefixListState, event: PrefixListEvent) =>
  transition(PREFIX_LIST_MACHINE, from, event, 'pl-1');

describe('the states of a prefix list', () => {
  it('are the diagram in the documentation', () => {
    const page = readFileSync(new URL('../../../docs/routing.md', import.meta.url), 'utf8');
    expect(page).toContain(stateDiagram(PREFIX_LIST_MACHINE));
  });

  it('refuse every other move as AWS does', async () => {
    for (const from of PREFIX_LIST_MACHINE.states) {
      for (const event of EVENTS) {
        if (PREFIX_LIST_MACHINE.transitions[from][event] !== undefined) continue;
        const message =
          'The request cannot be completed while the prefix list (pl-1) ' +
          `is in the current state (${from}).`;
        await expectError(move(from, event), 'IncorrectState', message);
      }
    }
  });
});

describe('AWS’s own prefix lists', () => {
  it('are two a Region, found by their ids', () => {
    for (const region of regionNames()) {
      const lists = awsPrefixLists(region);
      expect(lists.map(({ name }) => name)).toEqual([
        `com.amazonaws.${region}.dynamodb`,
        `com.amazonaws.${region}.s3`,
      ]);
      for (const list of lists) {
        expect(list.id).toMatch(/^pl-[0-9a-f]{8}$/);
        expect(awsPrefixList(list.id)).toBe(list);
      }
    }
    expect(awsPrefixLists('nowhere')).toEqual([]);
    expect(awsPrefixList('pl-00000000')).toBeUndefined();
  });
});
