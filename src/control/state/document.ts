/** All state as one JSON document: written by one openvpc, read by another. */
import { z } from 'zod';
import { awsError } from '../../model/error.ts';
import { Model, type ModelReader } from '../../model/model.ts';
import { type Change, KINDS, type Records } from '../../model/schema.ts';
import { isLastingKind, type LastingKind } from '../../model/volatile.ts';
import { faultOf } from './references.ts';
import { SHAPES } from './shapes.ts';

/** Grows when an older openvpc could not read what a newer one writes. */
export const STATE_VERSION = 1;

export interface StateDocument {
  readonly format: 'openvpc-state';
  readonly version: number;
  /** By kind, in order of creation. */
  readonly records: { readonly [K in LastingKind]?: readonly Records[K][] };
}

export function exportState(reader: ModelReader): StateDocument {
  const records = Object.fromEntries(
    LASTING_KINDS.map((kind) => [kind, [...reader.all(kind)]] as const).filter(
      ([, list]) => list.length > 0,
    ),
  );
  return { format: 'openvpc-state', version: STATE_VERSION, records };
}

const LASTING_KINDS = KINDS.filter(isLastingKind);

const ENVELOPE = z.strictObject({
  format: z.literal('openvpc-state', { error: "must be 'openvpc-state'" }),
  version: z.int().min(1),
  records: z.record(z.string(), z.array(z.unknown())),
});

/**
 * The records of a document, each as the change that makes it, in the order of KINDS.
 * @throws AwsError InvalidState naming the first record that is not as it should be
 */
export function parseState(document: unknown): Change[] {
  const envelope = ENVELOPE.safeParse(document);
  if (!envelope.success) throw invalidState(issueText(envelope.error));
  const { version, records } = envelope.data;
  if (version > STATE_VERSION) {
    throw invalidState(`version ${version} is of a later openvpc; this one reads ${STATE_VERSION}`);
  }
  const unknown = Object.keys(records).find((kind) => !(LASTING_KINDS as string[]).includes(kind));
  if (unknown !== undefined) throw invalidState(`there are no records of the kind '${unknown}'`);
  const changes = LASTING_KINDS.flatMap((kind) =>
    (records[kind] ?? []).map((record, index) => parseRecord(kind, record, index)),
  );
  checkTogether(changes);
  return changes;
}

function parseRecord(kind: LastingKind, record: unknown, index: number): Change {
  const parsed = SHAPES[kind].safeParse(record);
  if (!parsed.success) throw invalidState(`${kind}[${index}]: ${issueText(parsed.error)}`);
  return { kind, id: parsed.data.id, before: undefined, after: parsed.data } as Change;
}

function checkTogether(changes: readonly Change[]): void {
  const model = new Model();
  for (const change of changes) {
    if (model.get(change.kind, change.id) !== undefined) {
      throw invalidState(`there are two records ${change.kind} '${change.id}'`);
    }
    model.apply(change);
  }
  for (const { kind, id, after } of changes) {
    const fault = faultOf(model, kind, after as Records[typeof kind]);
    if (fault !== undefined) throw invalidState(`${kind} '${id}': ${fault}`);
  }
}

function issueText(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue!.path.map(String).join('.');
  return path === '' ? issue!.message : `${path}: ${issue!.message}`;
}

export function invalidState(message: string) {
  return awsError('InvalidState', `This state cannot be imported: ${message}`);
}
