import { describe, expect, it } from 'vitest';
import type { IgmpMessage } from '../model/transit-gateway/multicast-group.ts';
import { formatIp } from '../net/ip.ts';
import { fromHex } from '../wire/bytes.ts';
import { emitIgmp, IGMP_LENGTH, type Igmp, ROUTER_ALERT } from '../wire/igmp.ts';
import { rawFrame } from './test-frames.ts';
import { joinDomain, joinGroup, multicastDomain } from './test-multicast.ts';
import { TestNetwork } from './test-network.ts';
import { attachVpc, transitGateway } from './test-transit.ts';
import { ip } from './test-values.ts';

const DOMAIN = 'tgw-mcast-domain-1';
const GROUP = ip('224.0.1.5') as IgmpMessage['group'];

/** Hosts `a` and `b` in a subnet of the domain; what the domain hears. */
function made(igmpv2Support = true) {
  const heard: IgmpMessage[] = [];
  const test = new TestNetwork({ hear: (message) => heard.push(message) });
  test.vpc('1', ['10.1.0.0/16']);
  test.subnet('1', '1', ['10.1.0.0/24']);
  test.subnet('out', '1', ['10.1.1.0/24']);
  test.host('a', '1', '10.1.0.11');
  test.host('b', '1', '10.1.0.12');
  test.host('o', 'out', '10.1.1.11');
  transitGateway(test, 'tgw-1', { multicastSupport: true });
  attachVpc(test, 'tgw-1', '1', { 1: '10.1.0.5' });
  multicastDomain(test, DOMAIN, 'tgw-1', { igmpv2Support });
  joinDomain(test, DOMAIN, '1', '1');
  const said = () =>
    heard
      .splice(0)
      .map(({ kind, domainId, networkInterfaceId, group }) =>
        [kind, domainId, networkInterfaceId, formatIp(group)].join(' '),
      );
  return { test, said, dropped: () => [...test.fabric.counters.dropped] };
}

function igmpFrame(message: Igmp, destination: string, source = '10.1.0.11'): Uint8Array {
  const bytes = new Uint8Array(IGMP_LENGTH);
  emitIgmp(message, bytes);
  return bytesFrame(bytes, destination, source);
}

function bytesFrame(payload: Uint8Array, destination: string, source = '10.1.0.11'): Uint8Array {
  return rawFrame({ source, destination, ttl: 1, header: { options: ROUTER_ALERT } }, 2, payload);
}

const REPORT: Igmp = { kind: 'report', group: GROUP };
const LEAVE: Igmp = { kind: 'leave', group: GROUP };
const JOINED = `join ${DOMAIN} eni-a 224.0.1.5`;
const LEFT = `leave ${DOMAIN} eni-a 224.0.1.5`;

describe('what a host says to its domain', () => {
  it('C-119 joins and leaves, by the interface that it comes from', () => {
    const { test, said, dropped } = made();
    test.send('a', igmpFrame(REPORT, '224.0.1.5'));
    test.send('a', igmpFrame(LEAVE, '224.0.0.2'));
    test.send('a', igmpFrame(LEAVE, '224.0.1.5'));
    test.send('b', igmpFrame(REPORT, '224.0.1.5', '10.1.0.12'));
    expect(said()).toEqual([JOINED, LEFT, LEFT, `join ${DOMAIN} eni-b 224.0.1.5`]);
    expect(test.fabric.counters).toMatchObject({ forwarded: 4, malformed: 0, ignored: 0 });
    expect(dropped()).toEqual([]);
  });

  it('C-119 a forger joins for itself', () => {
    const { test, said } = made();
    test.send('b', igmpFrame(REPORT, '224.0.1.5'));
    expect(said()).toEqual([]);
    test.host('b', '1', '10.1.0.12', { sourceDestCheck: false });
    test.send('b', igmpFrame(REPORT, '224.0.1.5'));
    expect(said()).toEqual([`join ${DOMAIN} eni-b 224.0.1.5`]);
  });

  it('C-123 has to pass the groups and the ACL: protocol 2, to the group and 224.0.0.2', () => {
    const { test, said, dropped } = made();
    test.close('sg-1', true);
    test.egress('sg-1', { protocol: 2, peer: '224.0.1.5/32' });
    test.send('a', igmpFrame(REPORT, '224.0.1.5'));
    test.send('a', igmpFrame(LEAVE, '224.0.0.2'));
    expect(said()).toEqual([JOINED]);
    expect(dropped()).toEqual([['ENI_SG_RULES_MISMATCH', 1]]);
    test.egress('sg-1', { protocol: 2, peer: '224.0.0.2/32' });
    const cidr = '224.0.0.2/32';
    test.entry('acl-1', { ruleNumber: 1, egress: true, action: 'deny', cidr, protocol: 2 });
    test.send('a', igmpFrame(LEAVE, '224.0.0.2'));
    test.send('a', igmpFrame(REPORT, '224.0.1.5'));
    expect(said()).toEqual([JOINED]);
    expect(dropped()).toContainEqual(['SUBNET_ACL_RESTRICTION', 1]);
  });

  it('C-119 is passed over where it is no message of version 2 to the domain', () => {
    const { test, said, dropped } = made();
    const query: Igmp = { kind: 'query', maxResponseTime: 100, group: 0 as never };
    test.send('a', igmpFrame(query, '224.0.0.1'));
    test.send('a', igmpFrame({ kind: 'report1', group: GROUP }, '224.0.1.5'));
    // A report that went elsewhere than it says would evade rules about its group.
    test.send('a', igmpFrame(REPORT, '224.0.1.6'));
    test.send('a', igmpFrame(LEAVE, '224.0.1.6'));
    test.send('a', igmpFrame({ kind: 'report', group: ip('10.1.0.12') as never }, '224.0.1.5'));
    // Version 3: a report with one record that excludes nobody.
    const third = fromHex('2200 f8f8 0000 0001 0400 0000 e000 0105');
    test.send('a', bytesFrame(third, '224.0.0.22'));
    expect(said()).toEqual([]);
    expect(test.fabric.counters).toMatchObject({ ignored: 6, malformed: 0 });
    expect(dropped()).toEqual([]);
  });

  it('that lies about its length or sum is counted as malformed', () => {
    const { test, said } = made();
    const report = fromHex('1600 08fa e0000105');
    for (let length = 0; length < IGMP_LENGTH; length++) {
      test.send('a', bytesFrame(report.slice(0, length), '224.0.1.5'));
    }
    test.send('a', bytesFrame(report.with(7, 6), '224.0.1.5'));
    const long = igmpFrame(REPORT, '224.0.1.5');
    // More than the frame holds, by the IP header.
    long.set([0x01, 0x00], 16);
    test.send('a', long);
    expect(said()).toEqual([]);
    expect(test.fabric.counters).toMatchObject({ malformed: IGMP_LENGTH + 2 });
    // What follows a message is ignored (RFC 2236 section 2.5).
    test.send('a', bytesFrame(fromHex('1600 08f6 e0000105 00010003'), '224.0.1.5'));
    expect(said()).toEqual([JOINED]);
  });

  it('C-122 in pieces is dropped', () => {
    const { test, said, dropped } = made();
    const header = { moreFragments: true, dontFragment: false };
    const report = fromHex('1600 08fa e0000105');
    test.send('a', rawFrame({ source: '10.1.0.11', destination: '224.0.1.5', header }, 2, report));
    expect(said()).toEqual([]);
    expect(dropped()).toEqual([['MULTICAST_FRAGMENTS_NOT_SUPPORTED', 1]]);
  });

  it('C-119 A-017 reaches nobody where there is no IGMP, or no domain', () => {
    const without = made(false);
    without.test.send('a', igmpFrame(REPORT, '224.0.1.5'));
    expect(without.said()).toEqual([]);
    expect(without.dropped()).toEqual([['PROTOCOL_RESTRICTION', 1]]);
    const { test, said, dropped } = made();
    test.send('o', igmpFrame(REPORT, '224.0.1.5', '10.1.1.11'));
    expect(said()).toEqual([]);
    expect(dropped()).toEqual([['MULTICAST_NOT_SUPPORTED', 1]]);
  });

  it('is no data: members get nothing of it', () => {
    const { test } = made();
    joinGroup(test, DOMAIN, '224.0.1.5', 'b');
    test.send('a', igmpFrame(REPORT, '224.0.1.5'));
    expect(test.arrived).toEqual([]);
  });
});

describe('what a domain asks', () => {
  const query = () =>
    igmpFrame({ kind: 'query', maxResponseTime: 100, group: 0 as never }, '224.0.0.1', '0.0.0.0');
  const ask = (test: TestNetwork, networkInterfaceId: string, domainId = DOMAIN) => {
    test.fabric.send({ kind: 'domain-port', domainId, networkInterfaceId }, query());
    test.fabric.drain();
    return test.arrived.splice(0).map(({ to }) => to);
  };

  it('C-120 C-123 comes from 0.0.0.0 to 224.0.0.1, past the ACL and the groups inwards', () => {
    const { test, dropped } = made();
    expect(ask(test, 'eni-a')).toEqual([]);
    expect(dropped()).toEqual([['ENI_SG_RULES_MISMATCH', 1]]);
    test.ingress('sg-1', { protocol: 2, peer: '0.0.0.0/32' });
    expect(ask(test, 'eni-a')).toEqual([{ kind: 'interface', id: 'eni-a' }]);
    const cidr = '0.0.0.0/32';
    test.entry('acl-1', { ruleNumber: 1, egress: false, action: 'deny', cidr, protocol: 2 });
    expect(ask(test, 'eni-a')).toEqual([]);
    expect(dropped()).toContainEqual(['SUBNET_ACL_RESTRICTION', 1]);
  });

  it('C-120 reaches interfaces of the domain alone', () => {
    const { test } = made();
    test.ingress('sg-1');
    expect(ask(test, 'eni-o')).toEqual([]);
    expect(ask(test, 'eni-a', 'tgw-mcast-domain-2')).toEqual([]);
    expect(ask(test, 'eni-gone')).toEqual([]);
    expect(test.fabric.counters.ignored).toBe(3);
    expect(ask(test, 'eni-b')).toHaveLength(1);
  });
});
