/**
 * A JSON body and a URL's query -> the typed input of an operation, as the model has it. What a
 * request may hold is compiled once per structure.
 */
import assert from 'node:assert';
import { awsError } from '../../model/error.ts';
import { serializationError } from './json-text.ts';
import { isScalar, type JsonModel, type Member, membersOf, type Scalar } from './model.ts';
import { type Parameters, shown } from './parameters.ts';
import { EXPECTED, readScalar } from './scalar.ts';

/** The first problem of each kind; the kinds have an order (see `refuse`). */
interface Problems {
  malformed: string | undefined;
  unknown: string | undefined;
  missing: string | undefined;
  invalid: string | undefined;
}

type Reader = (value: unknown, path: string, problems: Problems) => unknown;

/** Reads one operation's input from a parsed body and the parameters of the URL. */
export type JsonInputReader = (body: unknown, query: Parameters) => Record<string, unknown>;

/** Readers by operation, compiled at first use. Throws nothing but AwsError. */
export function createJsonInputReaders(model: JsonModel): (operation: string) => JsonInputReader {
  const compiled = new Map<string, JsonInputReader>();
  const structures = new Map<string, Reader>();
  return (operation) => {
    let reader = compiled.get(operation);
    if (reader === undefined) {
      const described = model.operations[operation];
      assert(described !== undefined, `${model.service} has no operation ${operation}`);
      reader = inputReader(model, membersOf(model, described.input), structures);
      compiled.set(operation, reader);
    }
    return reader;
  };
}

function inputReader(
  model: JsonModel,
  members: readonly Member[],
  structures: Map<string, Reader>,
): JsonInputReader {
  const inQuery = members.filter(({ httpQuery }) => httpQuery !== undefined);
  const readQuery = queryReader(model, inQuery);
  const readBody = membersReader(
    model,
    members.filter((member) => !inQuery.includes(member)),
    structures,
  );
  const codes = codesOf(model);
  return (body, query) => {
    const problems: Problems = {
      malformed: undefined,
      unknown: undefined,
      missing: undefined,
      invalid: undefined,
    };
    const fromBody = readBody(body, '', problems) as Record<string, unknown>;
    const input = { ...fromBody, ...readQuery(query, problems) };
    checkRequired(inQuery, input, '', problems);
    refuse(problems, codes);
    return input;
  };
}

interface Codes {
  readonly missing: string;
  readonly invalid: string;
}

/** What a service calls a request that does not fit its model; most have the general name. */
function codesOf({ errors }: JsonModel): Codes {
  const own = (name: string) => (Object.hasOwn(errors, name) ? name : undefined);
  const invalid = own('InvalidParameterException') ?? 'ValidationException';
  return { invalid, missing: own('MissingRequiredParameterException') ?? invalid };
}

/** In the order of precedence: what cannot be read, then what is not there or should not be. */
function refuse({ malformed, unknown, missing, invalid }: Problems, codes: Codes): void {
  if (malformed !== undefined) throw serializationError(malformed);
  // AWS's own services pass over members they do not know; here nothing is taken and ignored.
  if (unknown !== undefined) {
    throw awsError(codes.invalid, `The parameter ${shown(unknown)} is not recognized`);
  }
  if (missing !== undefined) {
    const message = violation(`Value null at '${missing}'`, 'Member must not be null');
    throw awsError(codes.missing, message);
  }
  if (invalid !== undefined) throw awsError(codes.invalid, invalid);
}

function violation(value: string, constraint: string): string {
  return `1 validation error detected: ${value} failed to satisfy constraint: ${constraint}`;
}

/** Those of the members that are in the URL's query; signatures have parameters there as well. */
function queryReader(model: JsonModel, members: readonly Member[]) {
  const known = new Map(members.map((member) => [member.httpQuery!, member]));
  return (query: Parameters, problems: Problems): Record<string, unknown> => {
    const input: Record<string, unknown> = {};
    for (const [name, text] of query) {
      const member = known.get(name);
      if (member !== undefined) input[member.name] = readText(model, member, text, problems);
      else if (!name.startsWith('X-Amz-')) problems.unknown ??= name;
    }
    return input;
  };
}

function readText(
  model: JsonModel,
  { name, type }: Member,
  text: string,
  problems: Problems,
): unknown {
  assert(isScalar(type), `${model.service} has ${type} in a URL, which has no reader yet`);
  const value = readScalar(type, text);
  if (value === undefined) problems.malformed ??= wrongType(name, type);
  return value;
}

/** A structure's reader; it stands in the table before its members do, for they may be alike. */
function structureReader(model: JsonModel, name: string, structures: Map<string, Reader>): Reader {
  const known = structures.get(name);
  if (known !== undefined) return known;
  let read: Reader | undefined;
  const reader: Reader = (value, path, problems) => {
    read ??= membersReader(model, membersOf(model, name), structures);
    return read(value, path, problems);
  };
  structures.set(name, reader);
  return reader;
}

function membersReader(
  model: JsonModel,
  members: readonly Member[],
  structures: Map<string, Reader>,
): Reader {
  const fields = new Map(
    members.map((member) => [member.name, typeReader(model, member, member.type, structures)]),
  );
  return (value, path, problems) => {
    const input: Record<string, unknown> = {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.malformed ??= `${path === '' ? 'it' : `'${path}'`} must be an object`;
      return input;
    }
    for (const [name, inside] of Object.entries(value)) {
      const read = fields.get(name);
      if (read === undefined) problems.unknown ??= join(path, name);
      // What is null is not there. The name is the model's: no caller can reach a prototype.
      else if (inside !== null) input[name] = read(inside, join(path, name), problems);
    }
    checkRequired(members, input, path, problems);
    return input;
  };
}

function checkRequired(
  members: readonly Member[],
  input: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problems,
): void {
  for (const { name, required } of members) {
    if (required && input[name] === undefined) problems.missing ??= join(path, name);
  }
}

function typeReader(
  model: JsonModel,
  member: Member,
  type: string,
  structures: Map<string, Reader>,
): Reader {
  if (isScalar(type)) {
    return scalarReader(type, member.enum === undefined ? undefined : model.enums[member.enum]);
  }
  const list = model.lists[type];
  if (list === undefined) return structureReader(model, type, structures);
  return listReader(typeReader(model, member, list.type, structures));
}

function listReader(read: Reader): Reader {
  return (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.malformed ??= `'${path}' must be a list`;
      return undefined;
    }
    return value.map((item, index) => read(item, join(path, String(index + 1)), problems));
  };
}

function scalarReader(type: Scalar, allowed: readonly string[] | undefined): Reader {
  return (value, path, problems) => {
    const read = readJsonScalar(type, value);
    if (read === undefined) problems.malformed ??= wrongType(path, type);
    else if (allowed !== undefined && !allowed.includes(read as string)) {
      problems.invalid ??= violation(
        `Value '${shown(String(read))}' at '${path}'`,
        `Member must satisfy enum value set: [${allowed.join(', ')}]`,
      );
    }
    return read;
  };
}

/** A scalar as JSON has it, or undefined where it is of another type. */
function readJsonScalar(type: Scalar, value: unknown): unknown {
  switch (type) {
    case 'string':
      // Half a surrogate pair could be neither kept nor shown again.
      return typeof value === 'string' && value.isWellFormed() ? value : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'double':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'timestamp':
      return Number.isFinite(value) ? dateOf(value as number) : undefined;
    case 'blob':
      return typeof value === 'string' ? readScalar('blob', value) : undefined;
  }
}

/** JSON has times in seconds since the epoch, to the millisecond. */
function dateOf(seconds: number): Date | undefined {
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function wrongType(path: string, type: Scalar): string {
  const expected = type === 'timestamp' ? 'a time in seconds since the epoch' : EXPECTED[type];
  return `'${path}' must be ${expected}`;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
