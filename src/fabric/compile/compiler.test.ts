import { describe, expect, it } from 'vitest';
import { Fabric } from '../fabric.ts';
import { TestNetwork } from '../test-network.ts';

function made(hosts = 0): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16']);
  test.subnet('one', 'a', ['10.0.1.0/24']);
  test.subnet('two', 'a', ['10.0.2.0/24']);
  test.host('x', 'one', '10.0.1.10');
  for (let index = 0; index < hosts; index++) test.host(`h${index}`, 'two', `10.0.2.${index + 10}`);
  return test;
}

/** Tables by the station they stand at: what a change has made anew shows as another object. */
function tables({ network }: TestNetwork): Map<string, unknown> {
  const all = new Map<string, unknown>();
  for (const [id, node] of network.interfaces) {
    for (const name of ['send', 'out', 'groupsOut', 'groupsIn', 'into', 'guest'] as const) {
      all.set(`${id} ${name}`, node[name].table);
    }
  }
  for (const [id, node] of network.subnets) {
    for (const name of ['link', 'border', 'aclOut', 'arrive', 'aclIn'] as const) {
      all.set(`${id} ${name}`, node[name].table);
    }
  }
  for (const [id, station] of network.routeTables) all.set(id, station.table);
  for (const [id, node] of network.vpcs) all.set(id, node.router.table);
  return all;
}

/** Which tables a change makes anew. */
function touched(test: TestNetwork, change: () => void): string[] {
  const before = tables(test);
  change();
  return [...tables(test)].filter(([id, table]) => before.get(id) !== table).map(([id]) => id);
}

describe('a change makes anew what it feeds, and nothing else', () => {
  it('a route: its table', () => {
    const test = made(5);
    test.vpc('b', ['10.1.0.0/16']);
    test.peer('pcx-1', 'vpc-a', 'vpc-b');
    const route = { kind: 'vpc-peering-connection', id: 'pcx-1' } as const;
    expect(touched(test, () => test.route('rtb-a', '10.1.0.0/16', route))).toEqual(['rtb-a']);
    expect(touched(test, () => test.unroute('rtb-a', '10.1.0.0/16'))).toEqual(['rtb-a']);
  });

  it('a rule: the gates of the interfaces that carry its group', () => {
    const test = made(2);
    test.group('sg-x', 'vpc-a');
    test.update('network-interface', 'eni-x', { groupIds: ['sg-x'] });
    expect(touched(test, () => test.ingress('sg-x'))).toEqual([
      'eni-x groupsOut',
      'eni-x groupsIn',
    ]);
  });

  it('a member of a referenced group: its own tables, no rule of those that refer', () => {
    const test = made(3);
    test.group('sg-x', 'vpc-a');
    test.ingress('sg-a', { peer: 'sg-x' });
    const changed = touched(test, () => {
      test.update('network-interface', 'eni-x', { groupIds: ['sg-x'] });
    });
    expect(changed.filter((id) => !id.startsWith('eni-x '))).toEqual([]);
  });

  it('an instance that stops: its interfaces', () => {
    const test = made(3);
    const changed = touched(test, () => test.update('instance', 'i-x', { state: 'stopped' }));
    expect(changed.filter((id) => !id.startsWith('eni-x '))).toEqual([]);
    expect(changed).toContain('eni-x out');
  });

  it('an entry of an ACL: the borders of its subnets', () => {
    const test = made(1);
    test.acl('acl-two', 'vpc-a');
    test.useAcl('subnet-two', 'acl-two');
    const entry = { ruleNumber: 1, egress: true, action: 'deny', cidr: '0.0.0.0/0' } as const;
    const changed = touched(test, () => test.entry('acl-two', entry));
    expect(changed.filter((id) => !id.startsWith('subnet-two '))).toEqual([]);
    expect(changed).toEqual(expect.arrayContaining(['subnet-two aclOut', 'subnet-two aclIn']));
  });

  it('tags of an instance: its interfaces; tags of anything else: nothing', () => {
    const test = made(1);
    const changed = touched(test, () => test.tag('i-x', { 'openvpc:forward': 'drop' }));
    expect(changed.filter((id) => !id.startsWith('eni-x '))).toEqual([]);
    expect(changed).toContain('eni-x guest');
    const other = { ...test.get('tag-set', '111111111111|us-east-1|i-x') };
    const vpcTags = { ...other, id: 'other', resourceId: 'vpc-a', resourceType: 'vpc' };
    expect(touched(test, () => test.put('tag-set', vpcTags))).toEqual([]);
  });

  it('A-041 the interface of a NAT gateway: the tables that lead to it', () => {
    const test = made();
    test.nat('one', 'two', ['10.0.2.9']);
    test.route('rtb-a', '192.0.2.0/24', { kind: 'nat-gateway', id: 'nat-one' });
    test.update('natgateway', 'nat-one', { state: 'deleted' });
    const changed = touched(test, () => test.delete('network-interface', 'eni-one'));
    expect(changed).toEqual(['rtb-a']);
  });

  it('what feeds no table changes none', () => {
    const test = made(1);
    expect(touched(test, () => test.put('setting', { id: 'x', value: 1 }))).toEqual([]);
  });
});

describe('a fabric', () => {
  it('with nothing in it carries nothing and fails nowhere', () => {
    const fabric = new Fabric({ now: () => 0, deliver: () => expect.unreachable() });
    fabric.apply([]);
    fabric.send({ kind: 'interface', id: 'eni-x' }, new Uint8Array(60));
    fabric.send({ kind: 'resolver', vpcId: 'vpc-x' }, new Uint8Array(60));
    fabric.drain();
    expect(fabric.counters.forwarded).toBe(0);
  });

  it('forgets what is deleted, all of it', () => {
    const test = made(2);
    test.gateway('igw-1', 'vpc-a');
    test.gateway('igw-1', undefined);
    test.delete('internet-gateway', 'igw-1');
    for (const name of ['x', 'h0', 'h1']) test.delete('network-interface', `eni-${name}`);
    for (const name of ['one', 'two']) test.delete('subnet', `subnet-${name}`);
    test.unroute('rtb-a', '10.0.0.0/16');
    test.delete('route-table', 'rtb-a');
    test.delete('network-acl', 'acl-a');
    test.close('sg-a', true);
    test.close('sg-a', false);
    test.delete('security-group', 'sg-a');
    test.delete('vpc', 'vpc-a');
    const { vpcs, subnets, interfaces, routeTables, acls, gates, gateways, groups } = test.network;
    const all = { vpcs, subnets, interfaces, routeTables, acls, gates, gateways, groups };
    const sizes = Object.entries(all).map(([name, map]) => [name, map.size]);
    expect(sizes.filter(([, size]) => size !== 0)).toEqual([]);
  });
});
