import { describe, expect, it } from 'vitest';
import { tcpFrame, udpFrame } from '../test-frames.ts';
import { type AskOptions, TestNetwork } from '../test-network.ts';

/** x and z in two subnets of a VPC; sg-x and sg-z are theirs, without any rule. */
function made(): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.group('sg-x', 'vpc-a');
  test.group('sg-z', 'vpc-a');
  test.group('sg-other', 'vpc-a');
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:a:2::/64']);
  test.host('x', 'one', '10.0.1.10', { groups: ['sg-x'], ipv6: '2001:db8:a:1::10' });
  test.host('z', 'two', '10.0.2.10', { groups: ['sg-z'], ipv6: '2001:db8:a:2::10' });
  return test;
}

const OUT = { protocol: 'tcp', peer: '10.0.0.0/8' } as const;
const X_TO_Z = { source: '10.0.1.10', destination: '10.0.2.10' };

function reach(test: TestNetwork, protocol: 'tcp' | 'udp' | 'icmp' = 'tcp', more: AskOptions = {}) {
  return test.ask('x', '10.0.2.10', protocol, more);
}

/** Sends a frame and says whether it arrived. */
function arrives(test: TestNetwork, from: string, frame: Uint8Array): boolean {
  const before = test.arrived.length;
  test.send(from, frame);
  return test.arrived.length > before;
}

describe('rules', () => {
  it('A-068 nothing is allowed without a rule: outwards at the sender, inwards at the receiver', () => {
    const test = made();
    expect(reach(test).forward).toMatchObject({ reason: 'SG_HAS_NO_RULES', at: 'eni-x' });
    test.egress('sg-x', OUT);
    expect(reach(test).forward).toMatchObject({ reason: 'SG_HAS_NO_RULES', at: 'eni-z' });
    test.ingress('sg-z', { protocol: 'udp' });
    const { forward } = reach(test);
    expect(forward).toMatchObject({ reason: 'ENI_SG_RULES_MISMATCH', at: 'eni-z' });
    expect(forward.hops.at(-1)).toMatchObject({
      kind: 'security-group',
      resource: 'eni-z',
      direction: 'ingress',
      rule: { groups: ['sg-z'] },
    });
  });

  it('A-068 any rule of any group of the interface lets pass, and is the one cited', () => {
    const test = made();
    test.egress('sg-x', OUT);
    test.group('sg-z2', 'vpc-a');
    test.ingress('sg-z', { protocol: 'udp' });
    const rule = test.ingress('sg-z2', { protocol: 'tcp', ports: [443, 443], peer: '10.0.1.0/24' });
    test.update('network-interface', 'eni-z', { groupIds: ['sg-z', 'sg-z2'] });
    const { reachable, forward } = reach(test);
    expect(reachable).toBe(true);
    expect(forward.hops.at(-2)).toMatchObject({
      kind: 'security-group',
      resource: 'sg-z2',
      direction: 'ingress',
      rule: {
        securityGroupRuleId: rule,
        groupId: 'sg-z2',
        protocol: '6',
        portRange: { from: 443, to: 443 },
        cidr: '10.0.1.0/24',
      },
    });
    expect(reach(test, 'tcp', { port: 444 }).forward.reason).toBe('ENI_SG_RULES_MISMATCH');
  });

  it('A-068 by protocol, ports and ICMP type', () => {
    const test = made();
    test.egress('sg-x');
    test.ingress('sg-z', { protocol: 'icmp', icmp: { type: 8, code: -1 } });
    expect(reach(test, 'icmp').reachable).toBe(true);
    expect(reach(test, 'udp').forward.reason).toBe('ENI_SG_RULES_MISMATCH');
    test.close('sg-z', false);
    test.ingress('sg-z', { protocol: 'icmp', icmp: { type: 3, code: 4 } });
    expect(reach(test, 'icmp').forward.reason).toBe('ENI_SG_RULES_MISMATCH');
  });

  it('A-068 a block of one family says nothing about the other', () => {
    const test = made();
    for (const peer of ['0.0.0.0/0', '::/0']) test.egress('sg-x', { peer });
    test.ingress('sg-z', { peer: '0.0.0.0/0' });
    expect(reach(test).reachable).toBe(true);
    expect(test.ask('x', '2001:db8:a:2::10').forward.at).toBe('eni-z');
  });

  it('interfaces with the same groups share one table; it goes with the last', () => {
    const test = made();
    test.host('w', 'one', '10.0.1.11', { groups: ['sg-x'] });
    const { interfaces, gates } = test.network;
    const [x, w] = ['eni-x', 'eni-w'].map((id) => interfaces.get(id)!);
    expect(w!.groupsOut.table).toBe(x!.groupsOut.table);
    test.egress('sg-x', OUT);
    expect(w!.groupsOut.table).toBe(x!.groupsOut.table);
    expect(gates.has('sg-x')).toBe(true);
    test.delete('network-interface', 'eni-x');
    expect(gates.has('sg-x')).toBe(true);
    test.delete('network-interface', 'eni-w');
    expect(gates.has('sg-x')).toBe(false);
  });
});

describe('tracking', () => {
  it('A-071 a reply passes without a rule of its direction', () => {
    const test = made();
    test.egress('sg-x', OUT);
    test.ingress('sg-z', { protocol: 'tcp' });
    const { reachable, return: back } = reach(test);
    expect(reachable).toBe(true);
    expect(back?.hops.at(-2)).toMatchObject({ rule: { tracked: true } });
    expect(test.ask('z', '10.0.1.10').forward.reason).toBe('SG_HAS_NO_RULES');
  });

  it('A-073 a tracked flow outlives its rule, a new flow does not pass', () => {
    const test = made();
    test.egress('sg-x', OUT);
    test.ingress('sg-z', { protocol: 'tcp' });
    expect(arrives(test, 'x', tcpFrame(X_TO_Z))).toBe(true);
    test.close('sg-x', true);
    test.close('sg-z', false);
    expect(arrives(test, 'x', tcpFrame({ ...X_TO_Z, flags: 16 }))).toBe(true);
    const back = { source: '10.0.2.10', destination: '10.0.1.10', sourcePort: 443, port: 40000 };
    expect(arrives(test, 'z', tcpFrame({ ...back, flags: 18 }))).toBe(true);
    expect(arrives(test, 'x', tcpFrame({ ...X_TO_Z, sourcePort: 40001 }))).toBe(false);
  });

  it('A-073 only an ACL cuts a tracked flow', () => {
    const test = made();
    test.egress('sg-x', OUT);
    test.ingress('sg-z', { protocol: 'tcp' });
    arrives(test, 'x', tcpFrame(X_TO_Z));
    test.update('network-acl', 'acl-a', { entries: [] });
    expect(arrives(test, 'x', tcpFrame({ ...X_TO_Z, flags: 16 }))).toBe(false);
  });

  it.each([
    ['0.0.0.0/0', X_TO_Z],
    ['::/0', { source: '2001:db8:a:1::10', destination: '2001:db8:a:2::10' }],
  ])('A-072 a flow that is open both ways is untracked and cut with its rule: %s', (peer, ends) => {
    for (const frame of [udpFrame, tcpFrame]) {
      const test = made();
      test.egress('sg-x', { peer });
      test.ingress('sg-x', { peer });
      test.egress('sg-z', { peer });
      test.ingress('sg-z', {
        ports: [443, 443],
        protocol: frame === udpFrame ? 'udp' : 'tcp',
        peer,
      });
      expect(arrives(test, 'x', frame({ ...ends, port: 443 }))).toBe(true);
      expect(test.fabric.sessionCount).toBe(0);
      test.close('sg-z', false);
      expect(arrives(test, 'x', frame({ ...ends, port: 443 }))).toBe(false);
    }
  });

  it.each([
    ['its own block is not everything', { peer: '10.0.0.0/8' }, {}],
    ['the other way is not open to all', {}, { peer: '10.0.0.0/8' }],
    ['the other way is not open on all ports', {}, { protocol: 'tcp', ports: [0, 65534] }],
    ['the other way is another protocol', {}, { protocol: 'udp' }],
    ['the other way is another family', {}, { peer: '::/0' }],
  ] as const)('A-072 tracked, because %s', (_why, ingress, egress) => {
    const test = made();
    test.egress('sg-x', OUT);
    test.ingress('sg-z', { protocol: 'tcp', ...ingress });
    test.egress('sg-z', egress);
    arrives(test, 'x', tcpFrame(X_TO_Z));
    expect(test.fabric.sessionCount).toBe(2);
    test.close('sg-z', false);
    expect(arrives(test, 'x', tcpFrame({ ...X_TO_Z, flags: 16 }))).toBe(true);
  });

  it('A-072 all ports of the protocol are as open as all protocols', () => {
    const test = made();
    test.egress('sg-x', OUT);
    test.ingress('sg-z', { protocol: 'tcp', ports: [1, 1000] });
    test.egress('sg-z', { protocol: 'tcp', ports: [0, 65535] });
    arrives(test, 'x', tcpFrame(X_TO_Z));
    expect(test.fabric.sessionCount).toBe(1);
  });

  it('A-074 ICMP is tracked however open the rules are', () => {
    const test = made();
    for (const group of ['sg-x', 'sg-z']) {
      test.egress(group);
      test.ingress(group);
    }
    const { return: back } = reach(test, 'icmp');
    expect(back?.hops.at(-2)).toMatchObject({ rule: { tracked: true } });
  });
});

describe('references', () => {
  it('A-077 match interfaces that carry the group, whichever they are now', () => {
    const test = made();
    test.egress('sg-x', OUT);
    const rule = test.ingress('sg-z', { protocol: 'tcp', peer: 'sg-x' });
    const { reachable, forward } = reach(test);
    expect(reachable).toBe(true);
    expect(forward.hops.at(-2)?.rule).toMatchObject({
      securityGroupRuleId: rule,
      referencedGroupId: 'sg-x',
    });
    test.update('network-interface', 'eni-x', { groupIds: ['sg-other'] });
    test.egress('sg-other', OUT);
    expect(reach(test).forward).toMatchObject({ reason: 'ENI_SG_RULES_MISMATCH', at: 'eni-z' });
    test.update('network-interface', 'eni-x', { groupIds: ['sg-other', 'sg-x'] });
    expect(reach(test).reachable).toBe(true);
  });

  it('A-077 match outwards by the members’ addresses, secondary and IPv6 ones too', () => {
    const test = made();
    test.egress('sg-x', { peer: 'sg-z' });
    test.ingress('sg-z');
    test.ingress('sg-z', { peer: '::/0' });
    test.host('z', 'two', '10.0.2.10', {
      groups: ['sg-z'],
      secondary: ['10.0.2.20'],
      ipv6: '2001:db8:a:2::10',
    });
    for (const to of ['10.0.2.10', '10.0.2.20', '2001:db8:a:2::10']) {
      expect(test.ask('x', to).reachable, to).toBe(true);
    }
    expect(test.ask('x', '10.0.2.30').forward).toMatchObject({ at: 'eni-x' });
    test.host('z', 'two', '10.0.2.10', { groups: ['sg-z'] });
    expect(test.ask('x', '10.0.2.20').forward).toMatchObject({ at: 'eni-x' });
  });

  it('A-077 do not match a public address: a hairpin through the gateway', () => {
    const test = made();
    test.gateway('igw-1', 'vpc-a');
    test.route('rtb-a', '0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-1' });
    const publicAddress = (name: string) => (name === 'x' ? '54.0.0.1' : '54.0.0.2');
    test.host('x', 'one', '10.0.1.10', { groups: ['sg-x'], publicAddress: publicAddress('x') });
    test.host('z', 'two', '10.0.2.10', { groups: ['sg-z'], publicAddress: publicAddress('z') });
    test.egress('sg-x', { peer: 'sg-z' });
    expect(test.ask('x', '54.0.0.2').forward).toMatchObject({ at: 'eni-x' });
    test.egress('sg-x');
    test.ingress('sg-z', { peer: 'sg-x' });
    expect(test.ask('x', '54.0.0.2').forward).toMatchObject({ at: 'eni-z' });
    test.ingress('sg-z', { peer: '54.0.0.1/32' });
    expect(test.ask('x', '54.0.0.2').reachable).toBe(true);
  });

  it('A-078 bring none of the named group’s own rules', () => {
    const test = made();
    test.egress('sg-x', OUT);
    test.ingress('sg-x');
    test.ingress('sg-z', { peer: 'sg-other' });
    test.ingress('sg-other', { peer: '0.0.0.0/0' });
    expect(reach(test).forward).toMatchObject({ reason: 'ENI_SG_RULES_MISMATCH', at: 'eni-z' });
  });

  it('A-079 members of one group need a rule that names it', () => {
    const test = made();
    test.update('network-interface', 'eni-z', { groupIds: ['sg-x'] });
    test.egress('sg-x');
    test.ingress('sg-x', { peer: 'sg-other' });
    expect(reach(test).forward).toMatchObject({ at: 'eni-z' });
    test.ingress('sg-x', { peer: 'sg-x' });
    expect(reach(test).reachable).toBe(true);
  });

  it('A-080 are lost behind a forwarding interface; blocks are not', () => {
    const test = made();
    test.egress('sg-x');
    test.ingress('sg-z', { peer: 'sg-x' });
    test.group('sg-m', 'vpc-a');
    test.ingress('sg-m');
    test.egress('sg-m');
    test.subnet('three', 'a', ['10.0.3.0/24']);
    test.host('m', 'three', '10.0.3.66', { groups: ['sg-m'], sourceDestCheck: false });
    test.table('rtb-one', 'vpc-a', ['10.0.0.0/16']);
    test.route('rtb-one', '10.0.2.0/24', { kind: 'network-interface', id: 'eni-m' });
    test.useTable('subnet-one', 'vpc-a', 'rtb-one');
    const { forward } = reach(test);
    expect(forward).toMatchObject({ reason: 'SG_REFERENCES_NOT_PRESERVED', at: 'eni-z' });
    test.ingress('sg-z', { protocol: 'tcp', peer: '10.0.1.0/24' });
    expect(reach(test).forward.disposition).toBe('delivered');
  });
});

describe('references to a peer’s groups', () => {
  const peered = (region = 'us-east-1') => {
    const test = made();
    test.vpc('b', ['10.1.0.0/16'], { region });
    test.subnet('b', 'b', ['10.1.1.0/24']);
    test.host('far', 'b', '10.1.1.10');
    test.peer('pcx-1', 'vpc-b', 'vpc-a');
    test.route('rtb-b', '10.0.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    test.route('rtb-a', '10.1.0.0/16', { kind: 'vpc-peering-connection', id: 'pcx-1' });
    test.ingress('sg-z', { protocol: 'tcp', peer: 'sg-b' });
    return test;
  };

  it('A-081 match while the connection is active', () => {
    expect(peered().ask('far', '10.0.2.10').reachable).toBe(true);
  });

  it('A-082 a stale rule matches nothing, and lives again with the next connection', () => {
    const test = peered();
    test.vpc('c', ['10.2.0.0/16']);
    test.together(() => {
      test.update('vpc-peering-connection', 'pcx-1', { status: 'deleted' });
      test.peer('pcx-2', 'vpc-a', 'vpc-b');
      for (const table of ['rtb-a', 'rtb-b']) {
        const block = table === 'rtb-a' ? '10.1.0.0/16' : '10.0.0.0/16';
        test.route(table, block, { kind: 'vpc-peering-connection', id: 'pcx-2' });
      }
    });
    expect(test.ask('far', '10.0.2.10').reachable).toBe(true);
    const gate = () => test.network.interfaces.get('eni-z')!.groupsIn.table.rules.length;
    expect(gate()).toBeGreaterThan(0);
    test.update('vpc-peering-connection', 'pcx-2', { status: 'deleted' });
    expect(gate()).toBe(0);
  });

  it('A-082 a rule whose group is gone matches nothing', () => {
    const test = peered();
    test.group('sg-b2', 'vpc-b');
    test.ingress('sg-z', { protocol: 'udp', peer: 'sg-b2' });
    const gate = () => test.network.interfaces.get('eni-z')!.groupsIn.table.rules.length;
    const before = gate();
    test.delete('security-group', 'sg-b2');
    expect(gate()).toBe(before - 2);
  });

  it('B-056 do not match across Regions', () => {
    const { forward } = peered('eu-west-1').ask('far', '10.0.2.10');
    expect(forward).toMatchObject({ reason: 'ENI_SG_RULES_MISMATCH', at: 'eni-z' });
  });
});
