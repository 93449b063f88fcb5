/**
 * What an operation answers -> XML (G-007..G-013). How a structure is written is compiled once.
 * Undefined members are left out, empty lists are empty elements.
 */
import assert from 'node:assert';
import {
  isScalar,
  type List,
  type Member,
  membersOf,
  type QueryModel,
  type Scalar,
} from './model.ts';
import { escapeXml } from './xml-text.ts';

type Writer = (value: unknown) => string;

/** Writes the answer of one operation: its result and the request's id. */
export type OutputWriter = (result: object, requestId: string) => string;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Writers by operation, compiled at first use. */
export function createOutputWriters(model: QueryModel): (operation: string) => OutputWriter {
  const compiled = new Map<string, OutputWriter>();
  const structures = new Map<string, Writer>();
  return (operation) => {
    let writer = compiled.get(operation);
    if (writer === undefined) {
      writer = outputWriter(model, operation, structures);
      compiled.set(operation, writer);
    }
    return writer;
  };
}

function outputWriter(
  model: QueryModel,
  operation: string,
  structures: Map<string, Writer>,
): OutputWriter {
  const described = model.operations[operation];
  assert(described !== undefined, `${model.service} has no operation ${operation}`);
  const write = contentWriter(model, described.output, structures);
  const opening = `${DECLARATION}<${operation}Response xmlns="${model.namespace}">`;
  const closing = `</${operation}Response>`;
  if (model.protocol === 'ec2Query') {
    return (result, requestId) =>
      `${opening}<requestId>${requestId}</requestId>${write(result)}${closing}`;
  }
  const inside = `${operation}Result`;
  return (result, requestId) =>
    `${opening}<${inside}>${write(result)}</${inside}>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>${closing}`;
}

/** G-012: an operation that returns nothing says `<return>true</return>`. */
function contentWriter(
  model: QueryModel,
  output: string | undefined,
  structures: Map<string, Writer>,
): Writer {
  const members = membersOf(model, output);
  if (model.protocol !== 'ec2Query') return compileMembers(model, members, structures);
  if (members.length === 0) return () => '<return>true</return>';
  const write = compileMembers(model, members, structures);
  if (!members.some(({ name, type }) => name === 'Return' && type === 'boolean')) return write;
  return (result) => write({ Return: true, ...(result as object) });
}

interface Field {
  readonly name: string;
  readonly write: Writer;
}

function compileMembers(
  model: QueryModel,
  members: readonly Member[],
  structures: Map<string, Writer>,
): Writer {
  const fields: readonly Field[] = members.map((member) => {
    return { name: member.name, write: memberWriter(model, member, structures) };
  });
  return (value) => {
    const record = value as Readonly<Record<string, unknown>>;
    let text = '';
    for (const field of fields) {
      const inside = record[field.name];
      if (inside !== undefined && inside !== null) text += field.write(inside);
    }
    return text;
  };
}

function memberWriter(model: QueryModel, member: Member, structures: Map<string, Writer>): Writer {
  const name = member.xml ?? member.name;
  const list = model.lists[member.type];
  if (list?.flat === true) return itemsWriter(model, list, name, structures);
  return wrap(name, compileType(model, member.type, structures));
}

function compileType(model: QueryModel, type: string, structures: Map<string, Writer>): Writer {
  if (isScalar(type)) return SCALARS[type];
  const list = model.lists[type];
  if (list !== undefined) return itemsWriter(model, list, list.item, structures);
  const known = structures.get(type);
  if (known !== undefined) return known;
  // In the table before its members are compiled, because a structure may hold its own kind.
  let write: Writer | undefined;
  const writer: Writer = (value) => {
    write ??= compileMembers(model, membersOf(model, type), structures);
    return write(value);
  };
  structures.set(type, writer);
  return writer;
}

function itemsWriter(
  model: QueryModel,
  list: List,
  name: string,
  structures: Map<string, Writer>,
): Writer {
  const write = wrap(name, compileType(model, list.type, structures));
  return (value) => {
    let text = '';
    for (const item of value as Iterable<unknown>) text += write(item);
    return text;
  };
}

function wrap(name: string, write: Writer): Writer {
  const opening = `<${name}>`;
  const closing = `</${name}>`;
  const empty = `<${name}/>`;
  return (value) => {
    const inside = write(value);
    return inside === '' ? empty : opening + inside + closing;
  };
}

const SCALARS: Readonly<Record<Scalar, Writer>> = {
  string: (value) => escapeXml(String(value)),
  integer: String,
  double: String,
  boolean: String,
  // G-013: ISO 8601 in UTC with milliseconds.
  timestamp: (value) => (value as Date).toISOString(),
  blob: (value) => Buffer.from(value as Uint8Array).toString('base64'),
};
