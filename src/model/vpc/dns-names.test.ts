import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, parseIpv4 } from '../../net/ipv4.ts';
import { regionNames } from '../region.ts';
import {
  parseAmazonName,
  privateHostname,
  privateIpName,
  privateResourceName,
  publicIpName,
} from './dns-names.ts';

const ADDRESS = parseIpv4('10.0.0.5')!;
const ID = 'i-0123456789abcdef0';

describe('Amazon names', () => {
  it('A-115 us-east-1 has its own domains, other Regions one of their name', () => {
    expect(privateIpName(ADDRESS, 'us-east-1')).toBe('ip-10-0-0-5.ec2.internal');
    expect(privateIpName(ADDRESS, 'eu-west-1')).toBe('ip-10-0-0-5.eu-west-1.compute.internal');
    expect(privateResourceName(ID, 'eu-west-1')).toBe(`${ID}.eu-west-1.compute.internal`);
    const address = parseIpv4('198.51.100.7')!;
    expect(publicIpName(address, 'us-east-1')).toBe('ec2-198-51-100-7.compute-1.amazonaws.com');
    expect(publicIpName(address, 'eu-west-1')).toBe(
      'ec2-198-51-100-7.eu-west-1.compute.amazonaws.com',
    );
  });

  it('A-115 the hostname type decides between the forms', () => {
    const host = { id: ID, region: 'us-east-1' } as const;
    const named = (hostnameType: 'ip-name' | 'resource-name', address = true) =>
      privateHostname({ ...host, hostnameType }, address ? ADDRESS : undefined);
    expect(named('ip-name')).toBe('ip-10-0-0-5.ec2.internal');
    expect(named('resource-name')).toBe(`${ID}.ec2.internal`);
    expect(named('ip-name', false)).toBe('');
    expect(named('resource-name', false)).toBe(`${ID}.ec2.internal`);
  });

  it('reads back every name it makes, in any case', () => {
    const region = fc.constantFrom(...regionNames());
    const address = fc.nat(0xffff_ffff).map(ipv4);
    fc.assert(
      fc.property(region, address, (region, address) => {
        expect(parseAmazonName(privateIpName(address, region))).toEqual({
          kind: 'private-ip',
          region,
          address,
        });
        expect(parseAmazonName(`${publicIpName(address, region).toUpperCase()}.`)).toEqual({
          kind: 'public-ip',
          region,
          address,
        });
        expect(parseAmazonName(privateResourceName(ID, region))).toEqual({
          kind: 'instance',
          region,
          instanceId: ID,
        });
      }),
    );
  });

  it.each([
    'localhost',
    'ip-10-0-0-5',
    'ip-10-0-0.ec2.internal',
    'ip-10-0-0-256.ec2.internal',
    'ip-10-0-0-05.ec2.internal',
    'ip-10-0-0-5.us-east-1.compute.internal',
    'ip-10-0-0-5.nowhere-1.compute.internal',
    'ip-10-0-0-5.compute-1.amazonaws.com',
    'ec2-10-0-0-5.ec2.internal',
    'i-0123.ec2.internal',
    `a.${ID}.ec2.internal`,
    'example.com',
  ])('does not take %s for one', (name) => {
    expect(parseAmazonName(name)).toBeUndefined();
  });
});
