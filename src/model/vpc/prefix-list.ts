/** Managed prefix lists: named sets of blocks that routes and rules of groups refer to. */
import type { Cidr } from '../../net/cidr.ts';
import type { Family } from '../../net/ip.ts';
import { awsError } from '../error.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import { type StateMachine, transition } from '../state-machine.ts';
import { awsPrefixList } from './aws-prefix-list.ts';

export type PrefixListState =
  | 'create-in-progress'
  | 'create-complete'
  | 'modify-in-progress'
  | 'modify-complete'
  | 'modify-failed'
  | 'restore-in-progress'
  | 'restore-complete'
  | 'delete-in-progress';

export type PrefixListEvent = 'settle' | 'fail' | 'modify' | 'restore' | 'delete';

const AT_REST = {
  modify: 'modify-in-progress',
  restore: 'restore-in-progress',
  delete: 'delete-in-progress',
} as const;

export const PREFIX_LIST_MACHINE: StateMachine<PrefixListState, PrefixListEvent> = {
  states: [
    'create-in-progress',
    'create-complete',
    'modify-in-progress',
    'modify-complete',
    'modify-failed',
    'restore-in-progress',
    'restore-complete',
    'delete-in-progress',
  ],
  transitions: {
    'create-in-progress': { settle: 'create-complete' },
    'create-complete': AT_REST,
    'modify-in-progress': { settle: 'modify-complete', fail: 'modify-failed' },
    'modify-complete': AT_REST,
    'modify-failed': AT_REST,
    'restore-in-progress': { settle: 'restore-complete' },
    'restore-complete': AT_REST,
    'delete-in-progress': {},
  },
  illegal: (from, _event, subject) => {
    const message =
      `The request cannot be completed while the prefix list (${subject}) ` +
      `is in the current state (${from}).`;
    return awsError('IncorrectState', message);
  },
};

/** The state after `event`, or AWS's IncorrectState. */
export function prefixListTransition(
  { state, id }: PrefixList,
  event: PrefixListEvent,
): PrefixListState {
  return transition(PREFIX_LIST_MACHINE, state, event, id);
}

export interface PrefixListEntry {
  readonly cidr: Cidr;
  readonly description?: string;
}

export interface PrefixList extends Owned {
  readonly name: string;
  /** A list has blocks of one family only. */
  readonly family: Family;
  /** What a reference to the list counts against a quota. */
  readonly maxEntries: number;
  readonly state: PrefixListState;
  /** Why the last change failed. */
  readonly stateMessage?: string;
  /** The version in force, from 1; its entries are a record of their own. */
  readonly version: number;
  /** What the change under way will make of the list. */
  readonly next?: { readonly version?: number; readonly maxEntries?: number };
}

/** The entries that a list has, or had. */
export interface PrefixListVersion {
  /** `PREFIX-LIST|VERSION` */
  readonly id: string;
  readonly prefixListId: string;
  readonly version: number;
  readonly entries: readonly PrefixListEntry[];
}

export function prefixListVersionId(prefixListId: string, version: number): string {
  return `${prefixListId}|${version}`;
}

/** What a route or rule refers to: a customer's list, or one of AWS's. */
export interface PrefixListContent {
  readonly family: Family;
  /** What a reference counts against a quota: the size a list may grow to. */
  readonly weight: number;
  readonly entries: readonly PrefixListEntry[];
}

/** The list as it is in force now; undefined when there is none. */
export function prefixListContent(reader: ModelReader, id: string): PrefixListContent | undefined {
  const aws = awsPrefixList(id);
  if (aws !== undefined) return { family: aws.family, weight: aws.weight, entries: aws.entries };
  const list = reader.get('prefix-list', id);
  if (list === undefined) return undefined;
  const { family, maxEntries, version } = list;
  const current = reader.get('prefix-list-version', prefixListVersionId(id, version));
  return { family, weight: maxEntries, entries: current?.entries ?? [] };
}

/** What references to a list count against a quota; 0 when it is gone. */
export function prefixListWeight(reader: ModelReader, id: string): number {
  return awsPrefixList(id)?.weight ?? reader.get('prefix-list', id)?.maxEntries ?? 0;
}
