/** A request as the SDK has it -> Query parameters, by the names of AWS's model (G-002, G-003). */
import {
  isScalar,
  type Member,
  membersOf,
  type QueryModel,
} from '../../../src/aws/protocol/model.ts';
import type { Pair } from './fuzz-call.ts';

export function serialize(
  model: QueryModel,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Pair[] {
  const pairs: Pair[] = [
    ['Action', operation],
    ['Version', model.version],
  ];
  const structure = model.operations[operation]?.input;
  structureInto(model, membersOf(model, structure), input, '', pairs);
  return pairs;
}

function structureInto(
  model: QueryModel,
  members: readonly Member[],
  input: Readonly<Record<string, unknown>>,
  path: string,
  pairs: Pair[],
): void {
  for (const [name, value] of Object.entries(input)) {
    const member = members.find((one) => one.name === name);
    if (member === undefined) throw new Error(`no member ${name} below '${path}'`);
    const query = model.protocol === 'ec2Query' ? (member.query ?? name) : (member.xml ?? name);
    valueInto(model, member.type, value, path === '' ? query : `${path}.${query}`, pairs);
  }
}

function valueInto(
  model: QueryModel,
  type: string,
  value: unknown,
  path: string,
  pairs: Pair[],
): void {
  if (value === undefined) return;
  const list = model.lists[type];
  if (isScalar(type)) pairs.push([path, String(value)]);
  else if (list === undefined) {
    const members = membersOf(model, type);
    structureInto(model, members, value as Record<string, unknown>, path, pairs);
  } else {
    const item = model.protocol === 'ec2Query' ? path : `${path}.${list.item}`;
    for (const [index, one] of (value as unknown[]).entries()) {
      valueInto(model, list.type, one, `${item}.${index + 1}`, pairs);
    }
  }
}
