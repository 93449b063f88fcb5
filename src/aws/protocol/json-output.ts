/**
 * What an operation answers -> the JSON of its body, as the model has it. How a structure is
 * written is compiled once. Undefined members are left out.
 */
import assert from 'node:assert';
import { isScalar, type JsonModel, type Member, membersOf, type Scalar } from './model.ts';

type Writer = (value: unknown) => unknown;

/** The value whose JSON is the body of an operation's answer. */
export type JsonOutputWriter = (result: object) => unknown;

/** Writers by operation, compiled at first use. */
export function createJsonOutputWriters(model: JsonModel): (operation: string) => JsonOutputWriter {
  const compiled = new Map<string, JsonOutputWriter>();
  const structures = new Map<string, Writer>();
  return (operation) => {
    let writer = compiled.get(operation);
    if (writer === undefined) {
      const described = model.operations[operation];
      assert(described !== undefined, `${model.service} has no operation ${operation}`);
      writer = membersWriter(model, membersOf(model, described.output), structures);
      compiled.set(operation, writer);
    }
    return writer;
  };
}

function membersWriter(
  model: JsonModel,
  members: readonly Member[],
  structures: Map<string, Writer>,
): Writer {
  const fields = members.map(({ name, type }) => {
    return { name, write: typeWriter(model, type, structures) };
  });
  return (value) => {
    const record = value as Readonly<Record<string, unknown>>;
    const written: Record<string, unknown> = {};
    for (const { name, write } of fields) {
      const inside = record[name];
      if (inside !== undefined && inside !== null) written[name] = write(inside);
    }
    return written;
  };
}

function typeWriter(model: JsonModel, type: string, structures: Map<string, Writer>): Writer {
  if (isScalar(type)) return SCALARS[type];
  const list = model.lists[type];
  if (list !== undefined) {
    const write = typeWriter(model, list.type, structures);
    return (value) => Array.from(value as Iterable<unknown>, write);
  }
  const known = structures.get(type);
  if (known !== undefined) return known;
  // In the table before its members are compiled, because a structure may hold its own kind.
  let write: Writer | undefined;
  const writer: Writer = (value) => {
    write ??= membersWriter(model, membersOf(model, type), structures);
    return write(value);
  };
  structures.set(type, writer);
  return writer;
}

const asItIs: Writer = (value) => value;

const SCALARS: Readonly<Record<Scalar, Writer>> = {
  string: asItIs,
  integer: asItIs,
  double: asItIs,
  boolean: asItIs,
  timestamp: (value) => (value as Date).getTime() / 1000,
  blob: (value) => Buffer.from(value as Uint8Array).toString('base64'),
};
