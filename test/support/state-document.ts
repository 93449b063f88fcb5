/** Exported states as a client has them, and such with something spoilt. */
import type { Cloud } from '../../src/control/cloud.ts';
import { exportState, type StateDocument } from '../../src/control/state/document.ts';
import type { Kind } from '../../src/model/schema.ts';

export type SpoiltRecord = (record: Record<string, unknown>) => void;

/** A cloud's state as it comes out of JSON. */
export function asJson({ model }: Pick<Cloud, 'model'>) {
  return JSON.parse(JSON.stringify(exportState(model)));
}

export function set(member: string, value: unknown): SpoiltRecord {
  return (record) => {
    record[member] = value;
  };
}

/** The document with the first record of a kind spoilt. */
export function withSpoilt(document: StateDocument, kind: Kind, spoil: SpoiltRecord): unknown {
  const records = structuredClone(document.records) as unknown as Record<
    string,
    Record<string, unknown>[]
  >;
  spoil(records[kind]![0]!);
  return { ...document, records };
}
