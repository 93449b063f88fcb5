/**
 * What must hold between the records of any cloud, whatever was asked of it. Written from AWS's
 * rules and apart from `src/control/state/references.ts`, which checks imported states.
 */
import type { ModelReader } from '../../src/model/model.ts';
import { isRegion } from '../../src/model/region.ts';
import { type IndexKey, type IndexOf, KINDS, type Kind, SCHEMA } from '../../src/model/schema.ts';
import { recordFaults } from './record-invariants.ts';
import { referencesOf } from './references.ts';

/** Every fault of a model, each in one line; none where it is whole. */
export function faultsOf(reader: ModelReader): string[] {
  return KINDS.flatMap((kind) => [
    ...[...reader.all(kind)].flatMap((record) => faults(reader, kind, record)),
    ...indexFaults(reader, kind),
  ]);
}

type AnyRecord = { readonly id: string; readonly account?: string; readonly region?: string };

function faults(reader: ModelReader, kind: Kind, record: AnyRecord): string[] {
  const found = [
    ...(reader.get(kind, record.id) === record ? [] : ['is filed under another id']),
    ...ownerFaults(record),
    ...danglingFaults(reader, kind, record),
    ...recordFaults(reader, kind, record),
  ];
  return found.map((fault) => `${kind} ${record.id} ${fault}`);
}

function ownerFaults({ account, region }: AnyRecord): string[] {
  return [
    ...(account === undefined || /^\d{12}$/.test(account) ? [] : [`is owned by '${account}'`]),
    ...(region === undefined || isRegion(region) ? [] : [`is in the Region '${region}'`]),
  ];
}

function danglingFaults(reader: ModelReader, kind: Kind, record: AnyRecord): string[] {
  return referencesOf(kind, record).flatMap(({ kinds, id, foreign = false }) => {
    const found = kinds.map((to) => reader.get(to, id) as AnyRecord | undefined).find(Boolean);
    if (found === undefined) return [`needs the ${kinds.join(' or ')} '${id}', which is missing`];
    const known = record.account !== undefined && found.account !== undefined;
    if (foreign || !known) return [];
    const isSame = found.account === record.account && found.region === record.region;
    return isSame ? [] : [`refers to ${id} of another account or Region`];
  });
}

/** Each index has every record under its keys, and no other. */
function indexFaults(reader: ModelReader, kind: Kind): string[] {
  const indexes = Object.entries(SCHEMA[kind]) as [IndexOf<Kind>, IndexKey<AnyRecord>][];
  return indexes.flatMap(([index, key]) => {
    const expected = new Map<string, Set<AnyRecord>>();
    for (const record of reader.all(kind)) {
      for (const value of keysOf(key(record))) {
        expected.set(value, (expected.get(value) ?? new Set()).add(record));
      }
    }
    return [...expected].flatMap(([value, records]) => {
      const bucket: readonly AnyRecord[] = reader.by(kind, index, value);
      const isRight = bucket.length === records.size && bucket.every((one) => records.has(one));
      const found = bucket.map(({ id }) => id).join(', ');
      return isRight ? [] : [`${kind}: the index ${index} has ${found} at '${value}'`];
    });
  });
}

function keysOf(keys: string | readonly string[] | undefined): readonly string[] {
  return typeof keys === 'string' ? [keys] : (keys ?? []);
}
