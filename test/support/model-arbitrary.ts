/** Random requests and answers of any operation, drawn from AWS's model. */
import fc from 'fast-check';
import {
  isScalar,
  type Member,
  membersOf,
  type Scalar,
  type ServiceModel,
} from '../../src/aws/protocol/model.ts';
import { isXmlText } from '../../src/aws/protocol/xml-text.ts';

/** What differs between what a client sends and what a server answers. */
interface Direction {
  readonly strings: fc.Arbitrary<string>;
  /** Whether empty lists and structures without members arrive as what they are. */
  readonly empties: boolean;
}

// A query string carries any text; what XML cannot carry is refused, and has tests of its own.
const REQUEST: Direction = {
  strings: fc.string({ unit: 'binary', minLength: 1 }).filter(isXmlText),
  empties: false,
};

// XML carries text without control characters, and parsers trim spaces at its ends.
const ANSWER: Direction = {
  strings: fc
    .string({ unit: fc.constantFrom(...'aZ0 &<>"\'äß€😀;#x\n\t\r') })
    .map((text) => text.trim()),
  empties: true,
};

// JSON carries whatever is Unicode, and what is empty.
const JSON_TEXT: Direction = { strings: fc.string({ unit: 'binary' }), empties: true };

const DEPTH_MAX = 6;

/** A request as an SDK's caller writes it. */
export function requestArbitrary(model: ServiceModel, operation: string): fc.Arbitrary<object> {
  const structure = model.operations[operation]?.input;
  const direction = model.protocol === 'restJson1' ? JSON_TEXT : REQUEST;
  return structureArbitrary(model, membersOf(model, structure), direction, 0);
}

/** An answer as a handler gives it. */
export function answerArbitrary(model: ServiceModel, operation: string): fc.Arbitrary<object> {
  const structure = model.operations[operation]?.output;
  const direction = model.protocol === 'restJson1' ? JSON_TEXT : ANSWER;
  return structureArbitrary(model, membersOf(model, structure), direction, 0);
}

function structureArbitrary(
  model: ServiceModel,
  members: readonly Member[],
  direction: Direction,
  depth: number,
): fc.Arbitrary<object> {
  const reachable = members.filter(({ type }) => depth < DEPTH_MAX || isScalar(type));
  const fields = Object.fromEntries(
    reachable.map((member) => [member.name, memberArbitrary(model, member, direction, depth)]),
  );
  // SDKs fill in tokens that are missing, so none is.
  const always = reachable.filter(({ required, token }) => required || token);
  const requiredKeys = always.map(({ name }) => name);
  const record = fc.record(fields, { requiredKeys });
  if (direction.empties || depth === 0 || always.length > 0 || reachable.length === 0) {
    return record;
  }
  return record.filter((value) => Object.keys(value).length > 0);
}

function memberArbitrary(
  model: ServiceModel,
  member: Member,
  direction: Direction,
  depth: number,
): fc.Arbitrary<unknown> {
  const values = member.enum === undefined ? undefined : model.enums[member.enum];
  const strings = values === undefined ? direction.strings : fc.constantFrom(...values);
  return typeArbitrary(model, member.type, { ...direction, strings }, direction, depth);
}

/** `own` holds for the values themselves, `inner` for the members of structures among them. */
function typeArbitrary(
  model: ServiceModel,
  type: string,
  own: Direction,
  inner: Direction,
  depth: number,
): fc.Arbitrary<unknown> {
  if (isScalar(type)) return scalarArbitrary(type, own.strings);
  const list = model.lists[type];
  if (list === undefined) {
    return fc.constant(undefined).chain(() => {
      return structureArbitrary(model, membersOf(model, type), inner, depth + 1);
    });
  }
  const item = typeArbitrary(model, list.type, own, inner, depth);
  return fc.array(item, { minLength: own.empties ? 0 : 1, maxLength: 3 });
}

function scalarArbitrary(type: Scalar, strings: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return strings;
    case 'integer':
      return fc.integer();
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e6 });
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true });
    case 'blob':
      return fc.uint8Array({ maxLength: 40 });
  }
}
