/** The private addresses that CreateNetworkInterface and RunInstances ask for. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { AddressRequest } from '../../control/vpc/interface-addresses.ts';
import type { PrefixRequest } from '../../control/vpc/subnet-prefixes.ts';
import { awsError } from '../../model/error.ts';
import { ADDRESSES_PER_INTERFACE } from '../../model/limits.ts';
import type { ConnectionTracking } from '../../model/vpc/network-interface.ts';
import type { Cidr4, Cidr6 } from '../../net/cidr.ts';
import { type Ipv4, ipv4 } from '../../net/ipv4.ts';
import {
  invalidValue,
  parseCidr4Parameter,
  parseCidr6Parameter,
  parseIpv4Parameter,
  parseIpv6Parameter,
  required,
} from './parse.ts';

/** The parameters about addresses, which are the same in both calls. */
export interface AddressInput {
  readonly PrivateIpAddress?: string | undefined;
  readonly PrivateIpAddresses?: readonly Sdk.PrivateIpAddressSpecification[] | undefined;
  readonly SecondaryPrivateIpAddressCount?: number | undefined;
  readonly Ipv6Addresses?: readonly Sdk.InstanceIpv6Address[] | undefined;
  readonly Ipv6AddressCount?: number | undefined;
  readonly Ipv4Prefixes?: readonly Sdk.Ipv4PrefixSpecificationRequest[] | undefined;
  readonly Ipv4PrefixCount?: number | undefined;
  readonly Ipv6Prefixes?: readonly Sdk.Ipv6PrefixSpecificationRequest[] | undefined;
  readonly Ipv6PrefixCount?: number | undefined;
}

/** @throws AwsError InvalidParameterCombination, InvalidParameterValue, MissingParameter */
export function parseAddresses(input: AddressInput): AddressRequest {
  const { PrivateIpAddresses = [], Ipv6Addresses = [], Ipv6AddressCount } = input;
  const secondaryCount = parseCount(
    'secondaryPrivateIpAddressCount',
    input.SecondaryPrivateIpAddressCount,
  );
  if (PrivateIpAddresses.length > 0 && secondaryCount > 0) {
    throw together('privateIpAddresses', 'secondaryPrivateIpAddressCount');
  }
  if (Ipv6Addresses.length > 0 && Ipv6AddressCount !== undefined) {
    throw together('ipv6Addresses', 'ipv6AddressCount');
  }
  checkPrefixParameters(input);
  const listed = PrivateIpAddresses.map(({ PrivateIpAddress, Primary }) => ({
    address: parseIpv4Parameter(
      'privateIpAddress',
      required('PrivateIpAddresses.PrivateIpAddress', PrivateIpAddress),
    ),
    primary: Primary === true,
  }));
  const primary = primaryOf(input.PrivateIpAddress, listed);
  return {
    ...(primary === undefined ? {} : { primary }),
    secondary: listed.flatMap(({ address }) => (address === primary ? [] : [address])),
    secondaryCount,
    ipv6: Ipv6Addresses.map(({ Ipv6Address }) =>
      parseIpv6Parameter('ipv6Address', required('Ipv6Addresses.Ipv6Address', Ipv6Address)),
    ),
    ...(Ipv6AddressCount === undefined
      ? {}
      : { ipv6Count: parseCount('ipv6AddressCount', Ipv6AddressCount) }),
    ipv4Prefixes: parseIpv4Prefixes(
      input.Ipv4Prefixes?.map(({ Ipv4Prefix }) => Ipv4Prefix),
      input.Ipv4PrefixCount,
    ),
    ipv6Prefixes: parseIpv6Prefixes(
      input.Ipv6Prefixes?.map(({ Ipv6Prefix }) => Ipv6Prefix),
      input.Ipv6PrefixCount,
    ),
  };
}

/** Of a family there is one way to ask (API reference of CreateNetworkInterface). */
function checkPrefixParameters(input: AddressInput): void {
  for (const group of EXCLUSIVE) {
    const given = group.filter((name) => {
      const value = input[name];
      return Array.isArray(value) ? value.length > 0 : value !== undefined;
    });
    const prefix = given.find((name) => name.includes('Prefix'));
    const other = given.find((name) => name !== prefix);
    if (prefix !== undefined && other !== undefined) throw together(lower(prefix), lower(other));
  }
}

const EXCLUSIVE = [
  ['Ipv4Prefixes', 'Ipv4PrefixCount', 'PrivateIpAddresses', 'SecondaryPrivateIpAddressCount'],
  ['Ipv6Prefixes', 'Ipv6PrefixCount', 'Ipv6Addresses', 'Ipv6AddressCount'],
] as const satisfies (keyof AddressInput)[][];

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

type Texts = readonly (string | undefined)[] | undefined;

/** Named blocks, or a number of free ones; the callers refuse both. */
export function parseIpv4Prefixes(texts: Texts, count: number | undefined): PrefixRequest<Cidr4> {
  const named = (texts ?? []).map((text) =>
    parseCidr4Parameter('ipv4Prefix', required('ipv4Prefix', text)),
  );
  return { named, count: parseCount('ipv4PrefixCount', count) };
}

export function parseIpv6Prefixes(texts: Texts, count: number | undefined): PrefixRequest<Cidr6> {
  const named = (texts ?? []).map((text) =>
    parseCidr6Parameter('ipv6Prefix', required('ipv6Prefix', text)),
  );
  return { named, count: parseCount('ipv6PrefixCount', count) };
}

function primaryOf(
  text: string | undefined,
  listed: readonly { readonly address: Ipv4; readonly primary: boolean }[],
): Ipv4 | undefined {
  const [marked, ...more] = listed.filter(({ primary }) => primary);
  const single = text === undefined ? undefined : parseIpv4Parameter('privateIpAddress', text);
  if (more.length > 0 || (marked && single !== undefined && marked.address !== single)) {
    const message = 'Only one primary private IP address can be specified.';
    throw awsError('InvalidParameterCombination', message);
  }
  return single ?? marked?.address;
}

export function parseCount(parameter: string, count: number | undefined): number {
  if (count === undefined) return 0;
  if (count < 0 || count > ADDRESSES_PER_INTERFACE) {
    const why = `It must be between 0 and ${ADDRESSES_PER_INTERFACE}.`;
    throw invalidValue(parameter, count, why);
  }
  return count;
}

export function together(one: string, other: string): Error {
  const message = `The parameter ${one} cannot be used with the parameter ${other}`;
  return awsError('InvalidParameterCombination', message);
}

/** members that the request does not have keep their value. */
export function parseConnectionTracking(
  input: Sdk.ConnectionTrackingSpecificationRequest | undefined,
): ConnectionTracking {
  const { TcpEstablishedTimeout, UdpTimeout, UdpStreamTimeout } = input ?? {};
  return {
    ...(TcpEstablishedTimeout === undefined
      ? {}
      : { tcpEstablishedTimeout: TcpEstablishedTimeout }),
    ...(UdpTimeout === undefined ? {} : { udpTimeout: UdpTimeout }),
    ...(UdpStreamTimeout === undefined ? {} : { udpStreamTimeout: UdpStreamTimeout }),
  };
}

/** Distinct addresses of a list parameter. */
export function parseIpv4List(parameter: string, texts: readonly string[] | undefined): Ipv4[] {
  const values = (texts ?? []).map((text) => parseIpv4Parameter(parameter, text));
  return [...new Set<number>(values)].map(ipv4);
}
