/**
 * Query parameters -> the typed input of an operation, with the SDK's member names, as the model
 * has them (G-002..G-006). What a request may hold is compiled once per structure.
 */
import assert from 'node:assert';
import { type AwsError, awsError } from '../../model/error.ts';
import {
  isScalar,
  type Member,
  membersOf,
  type QueryModel,
  type QueryProtocol,
  type Scalar,
} from './model.ts';
import { type Parameters, shown } from './parameters.ts';
import { EXPECTED, readScalar } from './scalar.ts';
import { isXmlText } from './xml-text.ts';

/** Dots in a parameter's name; AWS's deepest has eleven. */
const DEPTH_MAX = 24;

/** Items a list may have; also the highest index. */
const LIST_INDEX_MAX = 10_000;

/** Parameters by the segments of their names. */
interface Node {
  value: string | undefined;
  children: Map<string, Node> | undefined;
}

/** The first problem of each kind; the kinds have an order (see `refuse`). */
interface Problems {
  unknown: string | undefined;
  missing: string | undefined;
  malformed: string | undefined;
}

type Reader = (node: Node, path: string, problems: Problems) => unknown;

/** Reads one operation's input from its parameters (without `Action` and the like). */
export type InputReader = (parameters: Parameters) => Record<string, unknown>;

/** Readers by operation, compiled at first use. Throws nothing but AwsError. */
export function createInputReaders(model: QueryModel): (operation: string) => InputReader {
  const compiled = new Map<string, InputReader>();
  const structures = new Map<string, Reader>();
  return (operation) => {
    let reader = compiled.get(operation);
    if (reader === undefined) {
      const described = model.operations[operation];
      assert(described !== undefined, `${model.service} has no operation ${operation}`);
      reader = inputReader(model, compileMembers(model, described.input, structures));
      compiled.set(operation, reader);
    }
    return reader;
  };
}

function inputReader({ protocol }: QueryModel, read: Reader): InputReader {
  return (parameters) => {
    const problems: Problems = { unknown: undefined, missing: undefined, malformed: undefined };
    const input = read(treeOf(parameters, problems), '', problems);
    refuse(problems, protocol);
    return input as Record<string, unknown>;
  };
}

/** G-015, in the order of precedence: an unknown parameter, a missing one, a malformed one. */
function refuse({ unknown, missing, malformed }: Problems, protocol: QueryProtocol): void {
  if (unknown !== undefined) {
    throw awsError('UnknownParameter', `The parameter ${shown(unknown)} is not recognized`);
  }
  const isEc2 = protocol === 'ec2Query';
  if (missing !== undefined) throw isEc2 ? missingParameter(missing) : nullValue(missing);
  if (malformed === undefined) return;
  throw awsError(isEc2 ? 'InvalidParameterValue' : 'ValidationError', malformed);
}

function missingParameter(name: string): AwsError {
  return awsError('MissingParameter', `The request must contain the parameter ${name}`);
}

/** The same in the words of the other Query services, which spell members in lower camel case. */
function nullValue(name: string): AwsError {
  const member = name.replace(/(^|\.)[A-Z]/g, (start) => start.toLowerCase());
  const message = `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`;
  return awsError('ValidationError', message);
}

function treeOf(parameters: Parameters, problems: Problems): Node {
  const root: Node = { value: undefined, children: new Map() };
  for (const [name, value] of parameters) {
    const segments = name.split('.', DEPTH_MAX + 1);
    if (segments.length > DEPTH_MAX) problems.unknown ??= name;
    else place(root, segments, value);
  }
  return root;
}

function place(root: Node, segments: readonly string[], value: string): void {
  let node = root;
  for (const segment of segments) {
    node.children ??= new Map();
    let child = node.children.get(segment);
    if (child === undefined) {
      child = { value: undefined, children: undefined };
      node.children.set(segment, child);
    }
    node = child;
  }
  node.value = value;
}

interface Field {
  readonly name: string;
  readonly query: string;
  readonly read: Reader;
}

/** A structure's reader; it stands in the table before its members do, for they may be alike. */
function compileStructure(
  model: QueryModel,
  name: string,
  structures: Map<string, Reader>,
): Reader {
  const known = structures.get(name);
  if (known !== undefined) return known;
  let read: Reader | undefined;
  const reader: Reader = (node, path, problems) => {
    // An empty value stands for a structure that is not there (G-006).
    if (node.value !== undefined && node.value !== '') problems.unknown ??= path;
    if (node.children === undefined) return undefined;
    read ??= compileMembers(model, name, structures);
    return read(node, path, problems);
  };
  structures.set(name, reader);
  return reader;
}

function compileMembers(
  model: QueryModel,
  structure: string | undefined,
  structures: Map<string, Reader>,
): Reader {
  const fields = new Map<string, Field>();
  const required: Field[] = [];
  for (const member of membersOf(model, structure)) {
    const query = queryName(model, member);
    const read = compileType(model, member.type, allowedValues(model, member), structures);
    const field = { name: member.name, query, read };
    fields.set(query, field);
    if (member.required === true) required.push(field);
  }
  return (node, path, problems) => {
    const input = readFields(fields, node, path, problems);
    for (const field of required) {
      if (input[field.name] === undefined) problems.missing ??= join(path, field.query);
    }
    return input;
  };
}

function readFields(
  fields: ReadonlyMap<string, Field>,
  node: Node,
  path: string,
  problems: Problems,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [segment, child] of node.children ?? []) {
    const field = fields.get(segment);
    if (field === undefined) {
      problems.unknown ??= join(path, segment);
      continue;
    }
    const value = field.read(child, join(path, segment), problems);
    // The name is the model's, never the caller's: no caller can reach a prototype.
    if (value !== undefined) input[field.name] = value;
  }
  return input;
}

function compileType(
  model: QueryModel,
  type: string,
  allowed: ReadonlySet<string> | undefined,
  structures: Map<string, Reader>,
): Reader {
  if (isScalar(type)) return scalarReader(type, allowed);
  const list = model.lists[type];
  if (list === undefined) return compileStructure(model, type, structures);
  const item = compileType(model, list.type, allowed, structures);
  // G-006 has empty items absent. A filter's value is the exception: tags may be empty.
  const keepEmpty = !isScalar(list.type) || type === 'ValueStringList';
  const read = listReader(item, keepEmpty);
  if (model.protocol === 'ec2Query' || list.flat === true) return read;
  return wrappedListReader(list.item, read);
}

function scalarReader(type: Scalar, allowed: ReadonlySet<string> | undefined): Reader {
  return (node, path, problems) => {
    if (node.children !== undefined) {
      const [segment] = node.children.keys();
      problems.unknown ??= join(path, segment ?? '');
    }
    const text = node.value;
    if (text === undefined) return undefined;
    const value = readScalar(type, text);
    // What an answer could not show again is not taken in.
    if (type === 'string' && !isXmlText(text)) {
      problems.malformed ??= invalid(text, path, 'It holds a character that XML does not allow');
      return text;
    }
    if (value === undefined) {
      problems.malformed ??= invalid(text, path, `It must be ${EXPECTED[type]}`);
      return text;
    }
    if (allowed !== undefined && !allowed.has(text)) {
      problems.malformed ??= invalid(text, path, oneOf(allowed));
    }
    return value;
  };
}

/** G-002: items by 1-based index, in its order whatever the order of the parameters. */
function listReader(item: Reader, keepEmpty: boolean): Reader {
  return (node, path, problems) => {
    if (node.value !== undefined && node.value !== '') problems.unknown ??= path;
    if (node.children === undefined) return undefined;
    const found: [index: number, value: unknown][] = [];
    for (const [segment, child] of node.children) {
      const index = /^[1-9]\d{0,4}$/.test(segment) ? Number(segment) : 0;
      if (index === 0 || index > LIST_INDEX_MAX) problems.unknown ??= join(path, segment);
      else if (keepEmpty || child.value !== '' || child.children !== undefined) {
        found.push([index, item(child, join(path, segment), problems)]);
      }
    }
    // G-006: a gap in the indexes is no item.
    const present = found.filter(([, value]) => value !== undefined);
    if (present.length === 0) return undefined;
    return present.sort(([left], [right]) => left - right).map(([, value]) => value);
  };
}

/** AWS Query's older spelling: `Tags.member.1`; an empty `Tags` is an empty list. */
function wrappedListReader(wrapper: string, read: Reader): Reader {
  return (node, path, problems) => {
    if (node.value !== undefined && node.value !== '') problems.unknown ??= path;
    if (node.children === undefined) return [];
    for (const segment of node.children.keys()) {
      if (segment !== wrapper) problems.unknown ??= join(path, segment);
    }
    const items = node.children.get(wrapper);
    return items === undefined ? undefined : read(items, join(path, wrapper), problems);
  };
}

function queryName(model: QueryModel, member: Member): string {
  if (model.protocol === 'ec2Query') return member.query ?? member.name;
  return member.xml ?? member.name;
}

function allowedValues(model: QueryModel, member: Member): ReadonlySet<string> | undefined {
  return member.enum === undefined ? undefined : new Set(model.enums[member.enum]);
}

function join(path: string, segment: string): string {
  return path === '' ? segment : `${path}.${segment}`;
}

function invalid(value: string, parameter: string, hint: string): string {
  return `Value (${shown(value)}) for parameter ${parameter} is invalid. ${hint}.`;
}

const ALTERNATIVES_MAX = 12;

function oneOf(allowed: ReadonlySet<string>): string {
  const names = [...allowed];
  const more = names.length > ALTERNATIVES_MAX ? ', …' : '';
  return `It must be one of ${names.slice(0, ALTERNATIVES_MAX).join(', ')}${more}`;
}
