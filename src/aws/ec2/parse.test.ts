import { describe, expect, it } from 'vitest';
import { AwsError } from '../../model/error.ts';
import { formatCidr } from '../../net/cidr.ts';
import { formatIp } from '../../net/ip.ts';
import {
  booleanAttributes,
  parseChoice,
  parseCidr4Parameter,
  parseCidr6Parameter,
  parseCidrParameter,
  parseIpv4Parameter,
  parseIpv6Parameter,
  parseTagSpecifications,
  parseTags,
  refuseUnsupported,
  required,
} from './parse.ts';

/** The code and message of what `run` throws. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

describe('addresses and blocks', () => {
  it('A-002 blocks lose their host bits', () => {
    expect(formatCidr(parseCidrParameter('cidrBlock', '100.68.0.18/18'))).toBe('100.68.0.0/18');
    expect(formatCidr(parseCidr4Parameter('cidrBlock', '10.1.2.3/8'))).toBe('10.0.0.0/8');
    expect(formatCidr(parseCidr6Parameter('cidr', '2001:db8::1/64'))).toBe('2001:db8::/64');
  });

  it('G-015 what is none is refused with value and parameter', () => {
    const message =
      'InvalidParameterValue: Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.';
    expect(refusal(() => parseCidrParameter('cidrBlock', '10.0.0.0'))).toBe(message);
    expect(refusal(() => parseCidr4Parameter('cidrBlock', '10.0.0.0'))).toBe(message);
    const wrong = /^InvalidParameterValue: Value \(x\) for parameter p is invalid/;
    expect(refusal(() => parseCidr6Parameter('p', 'x'))).toMatch(wrong);
    expect(refusal(() => parseIpv4Parameter('p', 'x'))).toMatch(wrong);
    expect(refusal(() => parseIpv6Parameter('p', 'x'))).toMatch(wrong);
  });

  it('families are not mixed up', () => {
    expect(refusal(() => parseCidr4Parameter('p', '2001:db8::/64'))).toMatch(/not a valid CIDR/);
    expect(refusal(() => parseCidr6Parameter('p', '10.0.0.0/8'))).toMatch(/not a valid IPv6/);
    expect(refusal(() => parseIpv4Parameter('p', '::1'))).toMatch(/not a valid IPv4/);
    expect(refusal(() => parseIpv6Parameter('p', '10.0.0.1'))).toMatch(/not a valid IPv6/);
    expect(formatIp(parseIpv4Parameter('p', '10.0.0.1'))).toBe('10.0.0.1');
    expect(formatIp(parseIpv6Parameter('p', '2001:DB8::1'))).toBe('2001:db8::1');
  });
});

describe('required and parseChoice', () => {
  it('G-015 what is missing is named', () => {
    const message = 'MissingParameter: The request must contain the parameter vpcId';
    expect(refusal(() => required('vpcId', undefined))).toBe(message);
    expect(refusal(() => required('vpcId', ''))).toBe(message);
    expect(required('count', 0)).toBe(0);
  });

  it('a value outside the list is refused with the list', () => {
    expect(parseChoice('tenancy', 'default', ['default', 'dedicated'])).toBe('default');
    const message =
      'InvalidParameterValue: Value (host) for parameter tenancy is invalid. Valid values are: default, dedicated.';
    expect(refusal(() => parseChoice('tenancy', 'host', ['default', 'dedicated']))).toBe(message);
  });
});

describe('refuseUnsupported', () => {
  it('names the first parameter that asks for something', () => {
    const input = { A: 'x', B: 'y' };
    expect(refusal(() => refuseUnsupported(input, ['B', 'A']))).toBe(
      'UnsupportedOperation: The parameter B is not supported.',
    );
  });

  it('lets pass what asks for nothing', () => {
    const input = { A: undefined, B: false, C: [], D: { Value: false }, Other: 'x' };
    expect(refusal(() => refuseUnsupported(input, ['A', 'B', 'C', 'D']))).toBe('no error');
    const asking = { A: true, B: ['x'], C: { Value: true }, D: {}, E: 0 };
    for (const name of ['A', 'B', 'C', 'D', 'E'] as const) {
      expect(
        refusal(() => refuseUnsupported(asking, [name])),
        name,
      ).toMatch(/not supported/);
    }
  });
});

describe('tags', () => {
  it('without value have the empty one; twice one key is refused', () => {
    expect(parseTags([{ Key: 'a' }, { Key: 'b', Value: 'c' }])).toEqual({ a: '', b: 'c' });
    expect(refusal(() => parseTags([{ Key: 'a' }, { Key: 'a' }]))).toMatch(/Duplicate tag key 'a'/);
    expect(refusal(() => parseTags([{ Value: 'x' }]))).toMatch(/^MissingParameter/);
  });

  it('keep keys that JavaScript has uses for', () => {
    const tags = parseTags([{ Key: '__proto__', Value: 'x' }]);
    expect(Object.entries(tags)).toEqual([['__proto__', 'x']]);
  });

  it('G-033 are for the type that is created', () => {
    const tagged = (ResourceType: 'vpc' | 'subnet' | undefined) =>
      parseTagSpecifications(
        [{ ...(ResourceType && { ResourceType }), Tags: [{ Key: 'a', Value: 'b' }] }],
        'vpc',
      );
    expect(tagged('vpc')).toEqual({ a: 'b' });
    expect(refusal(() => tagged('subnet'))).toMatch(/^InvalidParameterValue: 'subnet'/);
    expect(refusal(() => tagged(undefined))).toMatch(/^MissingParameter/);
    expect(parseTagSpecifications(undefined, 'vpc')).toEqual({});
  });
});

it('booleanAttributes keeps what is given, false included', () => {
  const given = { a: { Value: false }, b: undefined, c: {} };
  expect(booleanAttributes(given)).toEqual({ a: false });
});
