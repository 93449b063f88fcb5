import { describe, expect, it } from 'vitest';
import { TestNetwork } from '../test-network.ts';

function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24']);
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
  test.host('z', 'two', '10.0.2.10');
  return test;
}

const DNS = { port: 53 };
const RESOLVERS = ['10.0.0.2', '169.254.169.253', 'fd00:ec2::253'];

describe('the resolver', () => {
  it.each(RESOLVERS)('A-102 answers DNS at %s', (address) => {
    const test = made();
    for (const protocol of ['udp', 'tcp'] as const) {
      const { reachable, forward, observed } = test.ask('x', address, protocol, DNS);
      expect(reachable).toBe(true);
      expect(forward.hops.map(({ kind, resource }) => [kind, resource])).toEqual([
        ['network-interface', 'eni-x'],
        ['vpc', 'vpc-a'],
      ]);
      expect(observed).toMatchObject({ destination: address, port: 53 });
    }
  });

  it('A-102 answers nothing else', () => {
    const test = made();
    for (const { forward } of [
      test.ask('x', '10.0.0.2', 'udp', { port: 54 }),
      test.ask('x', '10.0.0.2', 'icmp'),
    ]) {
      expect(forward).toMatchObject({ reason: 'PROTOCOL_RESTRICTION', at: 'vpc-a' });
    }
  });

  it.each(RESOLVERS)('A-102 does not answer at %s while enableDnsSupport is off', (address) => {
    const test = made();
    test.update('vpc', 'vpc-a', { enableDnsSupport: false });
    const { forward } = test.ask('x', address, 'udp', DNS);
    expect(forward).toMatchObject({ reason: 'VPC_DNS_SUPPORT_DISABLED', at: 'vpc-a' });
    test.update('vpc', 'vpc-a', { enableDnsSupport: true });
    expect(test.ask('x', address, 'udp', DNS).reachable).toBe(true);
  });

  it('A-065 A-086 neither ACLs nor groups filter what goes there and comes back', () => {
    const test = made();
    test.close('sg-a', true);
    test.close('sg-a', false);
    test.update('network-acl', 'acl-a', { entries: [] });
    expect(test.ask('x', '10.0.0.2', 'udp', DNS).reachable).toBe(true);
  });

  it('A-106 does not answer a peer', () => {
    const test = made();
    test.vpc('b', ['10.1.0.0/16']);
    test.subnet('b', 'b', ['10.1.1.0/24']);
    test.host('far', 'b', '10.1.1.10');
    test.peer('pcx-1', 'vpc-b', 'vpc-a');
    test.route('rtb-b', '10.0.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    const { forward } = test.ask('far', '10.0.0.2', 'udp', DNS);
    expect(forward).toMatchObject({ reason: 'NO_POSSIBLE_DESTINATION', at: 'vpc-a' });
  });
});

describe('delivery inside a VPC', () => {
  it('A-022 every address of a block is reached by the local route, if an interface has it', () => {
    const test = made();
    const { reachable, forward } = test.ask('x', '10.0.2.10', 'icmp');
    expect(forward.disposition).toBe('delivered');
    expect(reachable).toBe(true);
    expect(forward.hops.find(({ kind }) => kind === 'route-table')?.rule).toMatchObject({
      destinationCidrBlock: '10.0.0.0/16',
      target: 'local',
    });
    const nobody = test.ask('x', '10.0.2.11', 'icmp').forward;
    expect(nobody).toMatchObject({ reason: 'NO_POSSIBLE_DESTINATION', at: 'vpc-a' });
  });

  it('A-022 secondary and IPv6 addresses too, and no longer once they are taken away', () => {
    const test = made();
    test.subnet('six', 'a', ['2001:db8:a:2::/64']);
    test.host('y', 'six', '2001:db8:a:2::10');
    expect(test.ask('x', '2001:db8:a:2::10', 'icmp').reachable).toBe(true);
    test.host('z', 'two', '10.0.2.10', { secondary: ['10.0.2.20'] });
    expect(test.ask('x', '10.0.2.20', 'icmp').reachable).toBe(true);
    test.host('z', 'two', '10.0.2.10');
    expect(test.ask('x', '10.0.2.20', 'icmp').forward.reason).toBe('NO_POSSIBLE_DESTINATION');
  });

  it('two VPCs with equal blocks never meet', () => {
    const test = made();
    test.vpc('b', ['10.0.0.0/16']);
    test.subnet('twin', 'b', ['10.0.2.0/24']);
    test.host('twin', 'twin', '10.0.2.10');
    expect(test.ask('x', '10.0.2.10', 'icmp').observed?.instance).toBe('i-z');
    test.delete('network-interface', 'eni-z');
    expect(test.ask('x', '10.0.2.10', 'icmp').forward.reason).toBe('NO_POSSIBLE_DESTINATION');
  });
});
