import { describe, expect, it } from 'vitest';
import { hostConfig } from './host-config.ts';
import { TestNetwork } from './test-network.ts';
import { block, ip } from './test-values.ts';

function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10', secondary: ['10.0.1.11'] });
  return test;
}

describe('the host behind an interface', () => {
  it('A-014 has its addresses, its subnet’s blocks and the router as its gateway', () => {
    const { network } = made();
    expect(hostConfig(network, { kind: 'interface', id: 'eni-x' })).toEqual({
      mac: network.interfaces.get('eni-x')!.mac,
      mtu: 9001,
      addresses: [ip('10.0.1.10'), ip('10.0.1.11'), ip('2001:db8:a:1::10')],
      prefixes: [],
      onLink: [block('10.0.1.0/24'), block('2001:db8:a:1::/64')],
      gateway4: ip('10.0.1.1'),
      gateway6: ip('fe80:ec2::1'),
      listen: 'all',
      groups: 'all',
    });
  });

  it('answers what its instance’s tag says, as of now', () => {
    const test = made();
    test.tag('i-x', { 'openvpc:listen': '80/tcp' });
    const { listen } = hostConfig(test.network, { kind: 'interface', id: 'eni-x' })!;
    expect(listen).toEqual([{ protocol: 'tcp', port: 80 }]);
  });

  it('in a subnet of IPv6 alone has a gateway for any IPv4 address', () => {
    const test = made();
    test.subnet('six', 'a', ['2001:db8:a:2::/64']);
    test.host('y', 'six', '2001:db8:a:2::10');
    const config = hostConfig(test.network, { kind: 'interface', id: 'eni-y' })!;
    expect(config.onLink).toEqual([block('2001:db8:a:2::/64')]);
    expect(config.addresses).toEqual([ip('2001:db8:a:2::10')]);
    expect(config.gateway4).toBe(ip('169.254.0.1'));
  });

  it('is nobody where there is no such interface', () => {
    const { network } = made();
    expect(hostConfig(network, { kind: 'interface', id: 'eni-gone' })).toBeUndefined();
    expect(hostConfig(network, { kind: 'resolver', vpcId: 'vpc-gone' })).toBeUndefined();
  });
});

describe('the hosts of services', () => {
  it('A-102 the resolver has base plus two and the link-local addresses', () => {
    const { network } = made();
    expect(hostConfig(network, { kind: 'resolver', vpcId: 'vpc-a' })).toMatchObject({
      mtu: 9001,
      addresses: [ip('10.0.0.2'), ip('169.254.169.253'), ip('fd00:ec2::253')],
      onLink: [],
      listen: 'all',
      groups: 'all',
    });
  });

  it('a host outside has the address it is asked as, and the MTU of the Internet', () => {
    const { network } = made();
    const address = ip('198.51.100.7');
    expect(hostConfig(network, { kind: 'internet', address })).toMatchObject({
      mtu: 1500,
      addresses: [address],
      listen: 'all',
      groups: 'all',
    });
  });

  it('have MACs of their own: unicast, locally administered, below 2^48', () => {
    const { network } = made();
    const macs = ['198.51.100.7', '198.51.100.8', '2001:db8::1'].map(
      (text) => hostConfig(network, { kind: 'internet', address: ip(text) })!.mac,
    );
    macs.push(hostConfig(network, { kind: 'resolver', vpcId: 'vpc-a' })!.mac);
    expect(new Set(macs).size).toBe(4);
    for (const mac of macs) {
      expect(Math.floor(mac / 2 ** 40)).toBe(2);
    }
  });
});
