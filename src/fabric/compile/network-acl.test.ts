import { describe, expect, it } from 'vitest';
import type { NetworkAclEntry } from '../../model/vpc/network-acl.ts';
import { type AskOptions, TestNetwork } from '../test-network.ts';

type Entry = Partial<Omit<NetworkAclEntry, 'cidr'>> & { readonly cidr?: string };

/** x in one subnet under acl-a, which lets all pass; z in another under acl-z with `entries`. */
function made(...entries: Entry[]): TestNetwork {
  const test = new TestNetwork();
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.ingress('sg-a');
  test.ingress('sg-a', { peer: '::/0' });
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:a:2::/64'], 'acl-z');
  test.host('x', 'one', '10.0.1.10', { ipv6: '2001:db8:a:1::10' });
  test.host('z', 'two', '10.0.2.10', { ipv6: '2001:db8:a:2::10' });
  test.acl('acl-z', 'vpc-a');
  for (const entry of entries) add(test, entry);
  return test;
}

function add(test: TestNetwork, entry: Entry): void {
  const usual = { ruleNumber: 100, egress: false, action: 'allow', cidr: '0.0.0.0/0' } as const;
  test.entry('acl-z', { ...usual, ...entry });
}

/** The way from x to z: which entry of acl-z decided, and what became of the packet. */
function judged(
  test: TestNetwork,
  to = '10.0.2.10',
  protocol: 'tcp' | 'udp' | 'icmp' = 'tcp',
  options: AskOptions = {},
) {
  const { forward } = test.ask('x', to, protocol, options);
  const { rule } = forward.hops.find(({ resource }) => resource === 'acl-z')!;
  return `${forward.disposition} ${rule?.ruleAction} ${rule?.ruleNumber}`;
}

describe('entries', () => {
  it('A-058 in ascending order of number, whatever order they were made in; the first decides', () => {
    const test = made(
      { ruleNumber: 300, action: 'allow' },
      { ruleNumber: 100, action: 'deny', cidr: '10.0.1.10/32' },
      { ruleNumber: 200, action: 'allow', cidr: '10.0.1.0/24' },
    );
    expect(judged(test)).toBe('dropped deny 100');
    test.host('w', 'one', '10.0.1.11');
    const other = test.ask('w', '10.0.2.10').forward;
    expect(other.hops.find(({ resource }) => resource === 'acl-z')?.rule?.ruleNumber).toBe(200);
    add(test, { ruleNumber: 50, action: 'allow', cidr: '10.0.1.10/32' });
    expect(judged(test)).toBe('delivered allow 50');
  });

  it('A-058 none matches: the last one denies, 32767 for IPv4 and 32768 for IPv6', () => {
    const test = made({ cidr: '192.168.0.0/16' });
    expect(judged(test)).toBe('dropped deny 32767');
    expect(judged(test, '2001:db8:a:2::10')).toBe('dropped deny 32768');
    const { forward } = test.ask('x', '10.0.2.10');
    expect(forward).toMatchObject({ reason: 'SUBNET_ACL_RESTRICTION', at: 'acl-z' });
    expect(forward.hops.at(-1)).toMatchObject({ kind: 'network-acl', direction: 'ingress' });
  });

  it('A-058 each family by its own entries', () => {
    const four = made({ cidr: '0.0.0.0/0' });
    expect(judged(four)).toBe('delivered allow 100');
    expect(judged(four, '2001:db8:a:2::10')).toBe('dropped deny 32768');
    const six = made({ cidr: '::/0' });
    expect(judged(six)).toBe('dropped deny 32767');
    expect(judged(six, '2001:db8:a:2::10')).toBe('delivered allow 100');
  });

  it('A-058 by protocol, destination ports, and ICMP type and code', () => {
    const tcp = made({ protocol: 6, ports: { from: 443, to: 444 } });
    const port = (number: number) => judged(tcp, '10.0.2.10', 'tcp', { port: number });
    expect([442, 443, 444, 445].map(port)).toEqual([
      'dropped deny 32767',
      'delivered allow 100',
      'delivered allow 100',
      'dropped deny 32767',
    ]);
    expect(judged(tcp, '10.0.2.10', 'udp', { port: 443 })).toBe('dropped deny 32767');
    expect(judged(tcp, '10.0.2.10', 'icmp')).toBe('dropped deny 32767');
    const echo = made({ protocol: 1, icmp: { type: 8, code: -1 } });
    expect(judged(echo, '10.0.2.10', 'icmp')).toBe('delivered allow 100');
    const reply = made({ protocol: 1, icmp: { type: 0, code: -1 } });
    expect(judged(reply, '10.0.2.10', 'icmp')).toBe('dropped deny 32767');
  });

  it('A-058 cites the entry as it was made', () => {
    const test = made({ protocol: 6, ports: { from: 1, to: 1024 }, cidr: '10.0.1.0/24' });
    const { hops } = test.ask('x', '10.0.2.10').forward;
    expect(hops.find(({ resource }) => resource === 'acl-z')?.rule).toEqual({
      ruleNumber: 100,
      ruleAction: 'allow',
      egress: false,
      protocol: '6',
      cidrBlock: '10.0.1.0/24',
      portRange: { from: 1, to: 1024 },
    });
  });
});

describe('both directions', () => {
  it('A-062 stateless: replies need an entry of their own', () => {
    const test = made({ egress: false });
    const { reachable, forward, return: back } = test.ask('x', '10.0.2.10');
    expect([reachable, forward.disposition]).toEqual([false, 'delivered']);
    expect(back).toMatchObject({ reason: 'SUBNET_ACL_RESTRICTION', at: 'acl-z' });
    expect(back?.hops.at(-1)).toMatchObject({ kind: 'network-acl', direction: 'egress' });
    add(test, { egress: true, protocol: 6, ports: { from: 50000, to: 50000 } });
    expect(test.ask('x', '10.0.2.10').reachable).toBe(true);
    expect(test.ask('x', '10.0.2.10', 'tcp', { sourcePort: 50001 }).reachable).toBe(false);
  });

  it('A-062 egress entries look at the destination, ingress entries at the source', () => {
    const test = made({ cidr: '10.0.1.10/32' }, { egress: true, cidr: '10.0.1.10/32' });
    expect(test.ask('x', '10.0.2.10').reachable).toBe(true);
    const swapped = made({ cidr: '10.0.2.10/32' }, { egress: true, cidr: '10.0.1.10/32' });
    expect(judged(swapped)).toBe('dropped deny 32767');
  });
});

describe('association', () => {
  it('A-064 another ACL is in force at once, and named in answers', () => {
    const test = made();
    test.useAcl('subnet-two', 'acl-a');
    const { forward, reachable } = test.ask('x', '10.0.2.10');
    expect(reachable).toBe(true);
    const acls = forward.hops.filter(({ kind }) => kind === 'network-acl');
    expect(acls.map(({ resource }) => resource)).toEqual(['acl-a', 'acl-a']);
    test.useAcl('subnet-two', 'acl-z');
    expect(test.ask('x', '10.0.2.10').forward.at).toBe('acl-z');
  });

  it('an entry counts in every subnet of its ACL', () => {
    const test = made({}, { egress: true });
    test.useAcl('subnet-one', 'acl-z');
    expect(test.ask('x', '10.0.2.10').reachable).toBe(true);
    test.update('network-acl', 'acl-z', { entries: [] });
    expect(test.ask('x', '10.0.2.10').forward.hops.at(-1)?.direction).toBe('egress');
  });
});
