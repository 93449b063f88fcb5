import { describe, expect, it } from 'vitest';
import { formatMac } from '../../net/mac.ts';
import { EthernetView } from '../../wire/ethernet.ts';
import { Ipv4View } from '../../wire/ipv4.ts';
import { explainGroup } from '../explain-group.ts';
import { udpFrame } from '../test-frames.ts';
import {
  joinDomain,
  joinGroup,
  leaveDomain,
  leaveGroup,
  multicastDomain,
} from '../test-multicast.ts';
import type { AskOptions } from '../test-network.ts';
import { TestNetwork } from '../test-network.ts';
import { attachVpc, transitGateway } from '../test-transit.ts';

const GROUP = '224.0.1.5';
const GROUP6 = 'ff0e::5';
const DOMAIN = 'tgw-mcast-domain-1';

/**
 * VPCs 1 and 2 on one gateway; subnet `a` and `b` of 1, `c` of 2, each with two hosts `a1`, `a2` …
 * All subnets are in the domain.
 */
function made(options: Parameters<typeof multicastDomain>[3] = {}): TestNetwork {
  const test = new TestNetwork();
  transitGateway(test, 'tgw-1', { multicastSupport: true });
  for (const [vpc, subnets] of [
    ['1', ['a', 'b']],
    ['2', ['c']],
  ] as const) {
    test.vpc(vpc, [`10.${vpc}.0.0/16`, `2600:${vpc}::/56`]);
    test.ingress(`sg-${vpc}`);
    test.ingress(`sg-${vpc}`, { peer: '::/0' });
    for (const [index, name] of subnets.entries()) {
      test.acl(`acl-${name}`, `vpc-${vpc}`);
      for (const egress of [true, false]) {
        for (const cidr of ['0.0.0.0/0', '::/0']) {
          test.entry(`acl-${name}`, { ruleNumber: 100, egress, action: 'allow', cidr });
        }
      }
      const blocks = [`10.${vpc}.${index}.0/24`, `2600:${vpc}:0:${index}::/64`];
      test.subnet(name, vpc, blocks, `acl-${name}`);
      for (const host of [1, 2]) {
        test.host(`${name}${host}`, name, `10.${vpc}.${index}.${10 + host}`, {
          ipv6: `2600:${vpc}:0:${index}::${host}`,
        });
      }
    }
    const first = { [subnets[0]]: `10.${vpc}.0.5` };
    attachVpc(test, 'tgw-1', vpc, first, { ipv6Support: true });
  }
  multicastDomain(test, DOMAIN, 'tgw-1', options);
  joinDomain(test, DOMAIN, '1', 'a');
  joinDomain(test, DOMAIN, '1', 'b');
  joinDomain(test, DOMAIN, '2', 'c');
  return test;
}

function ask(test: TestNetwork, from: string, to = GROUP, options: AskOptions = {}) {
  const question = test.question(from, to, 'udp', options);
  return explainGroup(test.network, question, test.now);
}

const receivers = (test: TestNetwork, from: string, to = GROUP, options: AskOptions = {}) =>
  ask(test, from, to, options).receivers;

const reason = (test: TestNetwork, from: string, to = GROUP, options: AskOptions = {}) => {
  const { forward } = ask(test, from, to, options);
  return [forward.reason, forward.at];
};

/** What became of each copy: `eni-…`, or with a reason and where. */
const outcomes = (test: TestNetwork, from: string, to = GROUP) =>
  ask(test, from, to).forward.outcomes!.map(({ networkInterface, reason: why, at }) =>
    why === undefined ? networkInterface : [networkInterface, why, at],
  );

describe('a packet to a group', () => {
  it('C-121 C-134 reaches its members in every subnet of the domain, once each', () => {
    const test = made();
    for (const host of ['a1', 'a2', 'b1', 'c2']) joinGroup(test, DOMAIN, GROUP, host);
    expect(receivers(test, 'a1')).toEqual(['i-a2', 'i-b1', 'i-c2']);
    // Who is no member may send as well (C-118).
    expect(receivers(test, 'c1')).toEqual(['i-a1', 'i-a2', 'i-b1', 'i-c2']);
    expect(receivers(test, 'a1', '224.0.1.6')).toEqual([]);
  });

  it('C-134 takes its way by the ACLs and the domain, past all route tables', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'a2');
    joinGroup(test, DOMAIN, GROUP, 'c1');
    const { forward } = ask(test, 'a1');
    const way = (hops: typeof forward.hops) =>
      hops.map(({ kind, direction, resource }) => `${kind} ${direction} ${resource}`);
    const out = [
      'network-interface egress eni-a1',
      'security-group egress sg-1',
      'network-acl egress acl-a',
      `transit-gateway-multicast-domain egress ${DOMAIN}`,
    ];
    expect(way(forward.hops)).toEqual(out);
    expect(forward.disposition).toBe('delivered');
    expect(forward.copies!.map(way)).toEqual([
      // In one subnet, too.
      [
        ...out,
        'network-acl ingress acl-a',
        'security-group ingress sg-1',
        'network-interface ingress eni-a2',
      ],
      [
        ...out,
        'network-acl ingress acl-c',
        'security-group ingress sg-2',
        'network-interface ingress eni-c1',
      ],
    ]);
    expect(forward.hops.at(-1)!.rule).toEqual({ groupIpAddress: GROUP });
  });

  it('C-134 is judged by the source subnet’s ACL', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'c1');
    const deny = { ruleNumber: 50, egress: true, action: 'deny', cidr: '224.0.0.0/8' } as const;
    test.entry('acl-a', deny);
    expect(reason(test, 'a1')).toEqual(['SUBNET_ACL_RESTRICTION', 'acl-a']);
    expect(receivers(test, 'b1')).toEqual(['i-c1']);
    // The ACL of now: another one, or the same with other entries.
    test.useAcl('subnet-a', 'acl-b');
    expect(receivers(test, 'a1')).toEqual(['i-c1']);
    test.entry('acl-b', { ...deny, protocol: 17 });
    expect(reason(test, 'a1')).toEqual(['SUBNET_ACL_RESTRICTION', 'acl-b']);
  });

  it('C-134 C-123 each copy is judged by its member’s ACL and groups', () => {
    const test = made();
    for (const host of ['a2', 'b1', 'c1', 'c2']) joinGroup(test, DOMAIN, GROUP, host);
    test.entry('acl-b', { ruleNumber: 50, egress: false, action: 'deny', cidr: '10.1.0.0/24' });
    test.group('sg-strict', 'vpc-2');
    test.ingress('sg-strict', { protocol: 'udp', ports: [444, 444] });
    test.host('c1', 'c', '10.2.0.11', { groups: ['sg-strict'] });
    expect(outcomes(test, 'a1')).toEqual([
      'eni-a2',
      ['eni-b1', 'SUBNET_ACL_RESTRICTION', 'acl-b'],
      ['eni-c1', 'ENI_SG_RULES_MISMATCH', 'eni-c1'],
      'eni-c2',
    ]);
    expect(receivers(test, 'a1', GROUP, { port: 444 })).toEqual(['i-a2', 'i-c1', 'i-c2']);
  });

  it('C-123 a rule that names the sender’s group lets nothing in', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'a2');
    test.group('sg-members', 'vpc-1');
    test.ingress('sg-members', { peer: 'sg-1' });
    test.host('a2', 'a', '10.1.0.12', { groups: ['sg-members'] });
    expect(outcomes(test, 'a1')).toEqual([['eni-a2', 'SG_REFERENCES_NOT_PRESERVED', 'eni-a2']]);
    // The same rule lets in what is sent to the member alone.
    expect(test.ask('a1', '10.1.0.12', 'udp').reachable).toBe(true);
    test.ingress('sg-members', { peer: '10.1.0.11/32' });
    expect(receivers(test, 'a1')).toEqual(['i-a2']);
  });

  it('C-134 says why where no copy arrives', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'b1');
    joinGroup(test, DOMAIN, GROUP, 'a2');
    test.close('sg-1', false);
    const { reachable, forward, observed } = ask(test, 'c1');
    expect(reachable).toBe(false);
    expect(forward).toMatchObject({ disposition: 'dropped', at: 'eni-a2' });
    expect(forward.message).toContain('eni-a2');
    expect(observed).toBeNull();
  });

  it('C-134 nobody but the sender is a member: says so', () => {
    const test = made();
    expect(reason(test, 'a1')).toEqual(['MULTICAST_NO_MEMBERS', DOMAIN]);
    joinGroup(test, DOMAIN, GROUP, 'a1');
    const { forward } = ask(test, 'a1');
    expect(forward).toMatchObject({ reason: 'MULTICAST_NO_MEMBERS', at: DOMAIN, copies: [] });
    expect(forward.message).toMatch(/^Nobody else is a member of the group of udp /);
    joinGroup(test, DOMAIN, GROUP, 'b1');
    expect(receivers(test, 'a1')).toEqual(['i-b1']);
  });

  it('C-124 of IPv6 goes the same way, where the attachments carry it', () => {
    const test = made();
    for (const host of ['a2', 'c1']) joinGroup(test, DOMAIN, GROUP6, host);
    expect(receivers(test, 'a1', GROUP6)).toEqual(['i-a2', 'i-c1']);
    const { options } = test.get('transit-gateway-attachment', 'tgw-attach-2') as never as {
      options: object;
    };
    const without = { ...options, ipv6Support: false };
    test.update('transit-gateway-attachment', 'tgw-attach-2', { options: without } as never);
    expect(outcomes(test, 'a1', GROUP6)).toEqual([
      'eni-a2',
      ['eni-c1', 'TGW_ATTACH_IPV6_NOT_SUPPORTED', 'tgw-attach-2'],
    ]);
    expect(reason(test, 'c1', GROUP6)).toEqual(['TGW_ATTACH_IPV6_NOT_SUPPORTED', 'tgw-attach-2']);
  });
});

describe('what a domain takes', () => {
  it('C-118 from registered sources only, where it has static ones', () => {
    const test = made({ staticSourcesSupport: true });
    joinGroup(test, DOMAIN, GROUP, 'c1');
    expect(reason(test, 'a1')).toEqual(['MULTICAST_SOURCE_NOT_REGISTERED', DOMAIN]);
    expect(reason(test, 'a1', '224.0.1.9')).toEqual(['MULTICAST_SOURCE_NOT_REGISTERED', DOMAIN]);
    joinGroup(test, DOMAIN, GROUP, 'a1', 'source');
    expect(receivers(test, 'a1')).toEqual(['i-c1']);
    expect(reason(test, 'a2')).toEqual(['MULTICAST_SOURCE_NOT_REGISTERED', DOMAIN]);
    // Of this group alone, and a source is no member.
    joinGroup(test, DOMAIN, '224.0.1.6', 'c1');
    expect(reason(test, 'a1', '224.0.1.6')).toEqual(['MULTICAST_SOURCE_NOT_REGISTERED', DOMAIN]);
    joinGroup(test, DOMAIN, GROUP, 'b1', 'source');
    expect(receivers(test, 'b1')).toEqual(['i-c1']);
    leaveGroup(test, DOMAIN, GROUP, 'a1', 'source');
    expect(reason(test, 'a1')).toEqual(['MULTICAST_SOURCE_NOT_REGISTERED', DOMAIN]);
    leaveGroup(test, DOMAIN, GROUP, 'c1');
    expect(reason(test, 'b1')).toEqual(['MULTICAST_NO_MEMBERS', DOMAIN]);
  });

  it('C-118 C-134 the sender is the interface, whoever’s address the packet carries', () => {
    const test = made({ staticSourcesSupport: true });
    test.host('a1', 'a', '10.1.0.11', { sourceDestCheck: false });
    for (const host of ['a1', 'c1']) joinGroup(test, DOMAIN, GROUP, host);
    joinGroup(test, DOMAIN, GROUP, 'a1', 'source');
    expect(receivers(test, 'a1', GROUP, { source: '192.0.2.1' })).toEqual(['i-c1']);
    const forged = { source: '10.1.0.11' };
    expect(reason(test, 'b1', GROUP, forged)[0]).toBe('ENI_SOURCE_DEST_CHECK_RESTRICTION');
    test.host('b1', 'b', '10.1.1.11', { sourceDestCheck: false });
    expect(reason(test, 'b1', GROUP, forged)).toEqual(['MULTICAST_SOURCE_NOT_REGISTERED', DOMAIN]);
  });

  it('C-122 no fragments', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'c1');
    joinGroup(test, DOMAIN, GROUP6, 'c1');
    for (const group of [GROUP, GROUP6]) {
      expect(reason(test, 'a1', group, { size: 9000 })).toEqual([
        'MULTICAST_FRAGMENTS_NOT_SUPPORTED',
        DOMAIN,
      ]);
    }
  });

  it('C-122 C-129 nothing of more than 8500 bytes, even if it might be cut', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'c1');
    const headers = 20 + 8 + 'openvpc?'.length;
    expect(receivers(test, 'a1', GROUP, { size: 8500 - headers })).toEqual(['i-c1']);
    for (const dontFragment of [true, false]) {
      const options = { size: 8501 - headers, dontFragment };
      expect(reason(test, 'a1', GROUP, options)).toEqual(['MTU_EXCEEDED', DOMAIN]);
    }
  });

  it('F-044 counts the time to live down', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'c1');
    expect(reason(test, 'a1', GROUP, { ttl: 1 })).toEqual(['TTL_EXPIRED', DOMAIN]);
    expect(receivers(test, 'a1', GROUP, { ttl: 2 })).toEqual(['i-c1']);
  });
});

describe('where there is no domain', () => {
  it('A-017 C-121 subnets in none send and get nothing', () => {
    const test = made();
    for (const host of ['a2', 'b1', 'c1']) joinGroup(test, DOMAIN, GROUP, host);
    leaveDomain(test, DOMAIN, 'b');
    expect(receivers(test, 'a1')).toEqual(['i-a2', 'i-c1']);
    expect(reason(test, 'b2')).toEqual(['MULTICAST_NOT_SUPPORTED', 'subnet-b']);
    joinDomain(test, DOMAIN, '1', 'b');
    expect(receivers(test, 'a1')).toEqual(['i-a2', 'i-b1', 'i-c1']);
    expect(receivers(test, 'b2')).toEqual(['i-a2', 'i-b1', 'i-c1']);
  });

  it('A-013 A-017 broadcast goes nowhere, domain or not', () => {
    const test = made();
    for (const to of ['255.255.255.255', '10.1.0.255']) {
      const { forward } = test.ask('a1', to, 'udp');
      expect([forward.reason, forward.at]).toEqual(['MULTICAST_NOT_SUPPORTED', 'subnet-a']);
    }
  });

  it('C-116 only what is associated counts', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'c1');
    const id = `${DOMAIN}|subnet-c`;
    for (const state of ['pendingAcceptance', 'associating', 'disassociating', 'failed'] as const) {
      test.update('transit-gateway-multicast-domain-association', id, { state });
      expect(reason(test, 'a1'), state).toEqual(['MULTICAST_NO_MEMBERS', DOMAIN]);
    }
    test.update('transit-gateway-multicast-domain-association', id, { state: 'associated' });
    expect(receivers(test, 'a1')).toEqual(['i-c1']);
  });

  it('C-114 a domain that goes takes effect at once, and one that comes', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'c1');
    test.update('transit-gateway-multicast-domain', DOMAIN, { state: 'deleting' });
    expect(reason(test, 'a1')).toEqual(['MULTICAST_NOT_SUPPORTED', 'subnet-a']);
    test.update('transit-gateway-multicast-domain', DOMAIN, { state: 'available' });
    expect(receivers(test, 'a1')).toEqual(['i-c1']);
    test.delete('transit-gateway-multicast-domain', DOMAIN);
    expect(reason(test, 'a1')).toEqual(['MULTICAST_NOT_SUPPORTED', 'subnet-a']);
  });

  it('C-116 an attachment that goes takes its subnets along', () => {
    const test = made();
    for (const host of ['a2', 'c1']) joinGroup(test, DOMAIN, GROUP, host);
    test.update('transit-gateway-attachment', 'tgw-attach-2', { state: 'deleting' });
    expect(receivers(test, 'a1')).toEqual(['i-a2']);
    expect(reason(test, 'c1')).toEqual(['MULTICAST_NOT_SUPPORTED', 'subnet-c']);
    test.update('transit-gateway-attachment', 'tgw-attach-2', { state: 'available' });
    expect(receivers(test, 'a1')).toEqual(['i-a2', 'i-c1']);
  });

  it('C-119 a member that goes gets nothing more, nor one that is stopped', () => {
    const test = made();
    for (const host of ['a2', 'c1', 'c2']) joinGroup(test, DOMAIN, GROUP, host);
    leaveGroup(test, DOMAIN, GROUP, 'a2');
    test.update('instance', 'i-c1', { state: 'stopped' });
    expect(outcomes(test, 'a1')).toEqual([['eni-c1', 'BAD_STATE', 'eni-c1'], 'eni-c2']);
    test.delete('network-interface', 'eni-c2');
    expect(outcomes(test, 'a1')).toEqual([['eni-c1', 'BAD_STATE', 'eni-c1']]);
    test.update('instance', 'i-c1', { state: 'running' });
    test.host('c2', 'c', '10.2.0.99');
    expect(receivers(test, 'a1')).toEqual(['i-c1', 'i-c2']);
  });

  it('C-114 two domains do not hear each other', () => {
    const test = made();
    multicastDomain(test, 'tgw-mcast-domain-2', 'tgw-1');
    leaveDomain(test, DOMAIN, 'c');
    joinDomain(test, 'tgw-mcast-domain-2', '2', 'c');
    joinGroup(test, DOMAIN, GROUP, 'a2');
    joinGroup(test, 'tgw-mcast-domain-2', GROUP, 'c1');
    expect(receivers(test, 'a1')).toEqual(['i-a2']);
    expect(receivers(test, 'c2')).toEqual(['i-c1']);
    // An entry of the other domain has no place there.
    joinGroup(test, DOMAIN, GROUP, 'c2');
    expect(receivers(test, 'a1')).toEqual(['i-a2']);
  });

  it('openvpc:listen narrows who takes it, not who gets it', () => {
    const test = made();
    for (const host of ['a2', 'c1']) joinGroup(test, DOMAIN, GROUP, host);
    test.tag('i-c1', { 'openvpc:listen': '5000/udp' });
    const { reachable, receivers: got, forward } = ask(test, 'a1');
    expect([reachable, got]).toEqual([true, ['i-a2']]);
    expect(forward.outcomes!.map(({ disposition }) => disposition)).toEqual([
      'delivered',
      'delivered',
    ]);
    expect(receivers(test, 'a1', GROUP, { port: 5000 })).toEqual(['i-a2', 'i-c1']);
  });
});

describe('frames', () => {
  const arrived = (test: TestNetwork) =>
    test.arrived.splice(0).map(({ to, bytes }) => {
      const ethernet = new EthernetView();
      const header = new Ipv4View();
      ethernet.wrap(bytes);
      header.wrap(bytes, 14);
      const sum = header.checksumValid() ? 'ok' : 'bad';
      return [
        to.kind === 'interface' && to.id,
        formatMac(ethernet.destination),
        formatMac(ethernet.source),
        header.ttl,
        sum,
      ];
    });
  const toGroup = udpFrame({ source: '10.1.0.11', destination: GROUP }, new Uint8Array(20));

  it('C-134 come as copies of their own, to the group’s address, from the router', () => {
    const test = made();
    for (const host of ['a1', 'a2', 'c1']) joinGroup(test, DOMAIN, GROUP, host);
    test.send('a1', toGroup.slice());
    const [one, other] = test.arrived;
    expect(one!.bytes).not.toBe(other!.bytes);
    expect(one!.bytes.buffer).not.toBe(other!.bytes.buffer);
    const copy = ['01:00:5e:00:01:05', '02:00:00:00:00:01', 63, 'ok'];
    expect(arrived(test)).toEqual([
      ['eni-a2', ...copy],
      ['eni-c1', ...copy],
    ]);
    expect(test.fabric.counters).toMatchObject({ forwarded: 2, known: 0 });
  });

  it('C-134 are counted by what became of each', () => {
    const test = made();
    for (const host of ['a2', 'b1', 'c1']) joinGroup(test, DOMAIN, GROUP, host);
    test.entry('acl-b', { ruleNumber: 50, egress: false, action: 'deny', cidr: '0.0.0.0/0' });
    test.send('a1', toGroup.slice());
    test.send('a1', toGroup.slice());
    expect(arrived(test)).toHaveLength(4);
    expect(test.fabric.counters).toMatchObject({ forwarded: 4, known: 0 });
    expect([...test.fabric.counters.dropped]).toEqual([['SUBNET_ACL_RESTRICTION', 2]]);
  });

  it('C-119 obey at once who joins and leaves between two of a flow', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'a2');
    const count = () => {
      test.send('a1', toGroup.slice());
      return arrived(test).length;
    };
    expect([count(), count()]).toEqual([1, 1]);
    joinGroup(test, DOMAIN, GROUP, 'c1');
    expect(count()).toBe(2);
    leaveGroup(test, DOMAIN, GROUP, 'a2');
    leaveGroup(test, DOMAIN, GROUP, 'c1');
    expect(count()).toBe(0);
    expect([...test.fabric.counters.dropped]).toEqual([['MULTICAST_NO_MEMBERS', 1]]);
  });

  it('RFC 1122 3.2.2: what does not fit is dropped without a word', () => {
    const test = made();
    joinGroup(test, DOMAIN, GROUP, 'a2');
    test.send('a1', udpFrame({ source: '10.1.0.11', destination: GROUP }, new Uint8Array(8600)));
    test.send('a1', udpFrame({ source: '10.1.0.11', destination: GROUP, ttl: 1 }));
    expect(arrived(test)).toEqual([]);
    expect([...test.fabric.counters.dropped]).toEqual([
      ['MTU_EXCEEDED', 1],
      ['TTL_EXPIRED', 1],
    ]);
  });
});
