/**
 * Values out of a request's strings. A parser's first argument is the parameter as AWS's messages
 * spell it (`cidrBlock`).
 */
import type { Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { Tags } from '../../control/tags.ts';
import { type AwsError, awsError } from '../../model/error.ts';
import {
  type Cidr,
  type Cidr4,
  type Cidr6,
  parseCidr,
  parseCidr4,
  parseCidr6,
} from '../../net/cidr.ts';
import { type Ip, parseIp } from '../../net/ip.ts';
import { type Ipv4, parseIpv4 } from '../../net/ipv4.ts';
import { type Ipv6, parseIpv6 } from '../../net/ipv6.ts';
import { shown } from '../protocol/parameters.ts';

/** G-015 */
export function missingParameter(parameter: string): AwsError {
  return awsError('MissingParameter', `The request must contain the parameter ${parameter}`);
}

/** G-015 */
export function invalidValue(parameter: string, value: unknown, why: string): AwsError {
  const message = `Value (${shown(String(value))}) for parameter ${parameter} is invalid. ${why}`;
  return awsError('InvalidParameterValue', message);
}

/** The value of a parameter that this request needs. */
export function required<T>(parameter: string, value: T | undefined): T {
  if (value === undefined || value === '') throw missingParameter(parameter);
  return value;
}

/** A block of either family; host bits are cleared. */
export function parseCidrParameter(parameter: string, text: string): Cidr {
  const block = parseCidr(text);
  if (block === undefined) throw invalidValue(parameter, text, 'This is not a valid CIDR block.');
  return block;
}

export function parseCidr4Parameter(parameter: string, text: string): Cidr4 {
  const block = parseCidr4(text);
  if (block === undefined) throw invalidValue(parameter, text, 'This is not a valid CIDR block.');
  return block;
}

export function parseCidr6Parameter(parameter: string, text: string): Cidr6 {
  const block = parseCidr6(text);
  if (block === undefined) {
    throw invalidValue(parameter, text, 'This is not a valid IPv6 CIDR block.');
  }
  return block;
}

export function parseIpv4Parameter(parameter: string, text: string): Ipv4 {
  const address = parseIpv4(text);
  if (address === undefined) {
    throw invalidValue(parameter, text, 'This is not a valid IPv4 address.');
  }
  return address;
}

export function parseIpv6Parameter(parameter: string, text: string): Ipv6 {
  const address = parseIpv6(text);
  if (address === undefined) {
    throw invalidValue(parameter, text, 'This is not a valid IPv6 address.');
  }
  return address;
}

/** An address of either family. */
export function parseIpParameter(parameter: string, text: string): Ip {
  const address = parseIp(text);
  if (address === undefined) throw invalidValue(parameter, text, 'This is not a valid IP address.');
  return address;
}

/** A number between two others, both included. */
export function parseWithin(parameter: string, value: number, from: number, to: number): number {
  if (value >= from && value <= to) return value;
  throw invalidValue(parameter, value, `It must be between ${from} and ${to}.`);
}

/** A text that is kept to be shown back, of so many characters at most; absent is empty. */
export function parseText(parameter: string, text: string | undefined, most: number): string {
  if (text === undefined || text.length <= most) return text ?? '';
  throw invalidValue(parameter, text, `It must have at most ${most} characters.`);
}

/** The value of a parameter that AWS has a closed list of. */
export function parseChoice<T extends string>(
  parameter: string,
  text: string,
  choices: readonly T[],
): T {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw invalidValue(parameter, text, `Valid values are: ${choices.join(', ')}.`);
  }
  return choice;
}

/**
 * Refuses parameters that AWS has and openvpc does not build, naming the first.
 * False, attributes set to false, empty lists and absence ask for nothing and pass.
 */
export function refuseUnsupported<Input extends object>(
  input: Input,
  parameters: readonly (keyof Input & string)[],
): void {
  for (const parameter of parameters) {
    if (asksForNothing(input[parameter])) continue;
    throw awsError('UnsupportedOperation', `The parameter ${parameter} is not supported.`);
  }
}

function asksForNothing(value: unknown): boolean {
  if (value === undefined || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return (
    typeof value === 'object' && value !== null && (value as { Value?: unknown }).Value === false
  );
}

/** Tags to put on a resource of `resourceType` at creation (G-033). */
export function parseTagSpecifications(
  specifications: readonly TagSpecification[] | undefined,
  resourceType: string,
): Tags {
  return parseTags(
    (specifications ?? []).flatMap(({ ResourceType, Tags }) => {
      if (ResourceType === undefined) throw missingParameter('TagSpecification.ResourceType');
      if (ResourceType !== resourceType) {
        const message = `'${ResourceType}' is not a valid taggable resource type for this operation.`;
        throw awsError('InvalidParameterValue', message);
      }
      return Tags ?? [];
    }),
  );
}

/** A tag without value has the empty one; a key given twice is refused. */
export function parseTags(tags: readonly Tag[]): Tags {
  const parsed = new Map<string, string>();
  for (const { Key, Value } of tags) {
    if (Key === undefined) throw missingParameter('Tag.Key');
    if (parsed.has(Key)) {
      throw awsError('InvalidParameterValue', `Duplicate tag key '${Key}' specified.`);
    }
    parsed.set(Key, Value ?? '');
  }
  return Object.fromEntries(parsed);
}

/** The attributes a Modify call gives, without those it does not mention. */
export function booleanAttributes<Name extends string>(
  given: Readonly<Record<Name, { readonly Value?: boolean | undefined } | undefined>>,
): { [N in Name]?: boolean } {
  const attributes: { [N in Name]?: boolean } = {};
  for (const name of Object.keys(given) as Name[]) {
    const value = given[name]?.Value;
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}
