import { describe, expect, it } from 'vitest';
import type { VpcAttachmentOptions } from '../../model/transit-gateway/attachment.ts';
import type { TransitGatewayOptions } from '../../model/transit-gateway/transit-gateway.ts';
import type { Answer } from '../question.ts';
import { TestNetwork } from '../test-network.ts';
import { associate, attachVpc, propagate, transitGateway, transitTable } from '../test-transit.ts';

const TGW = { kind: 'transit-gateway', id: 'tgw-1' } as const;
const ZONES = { a: 'use1-az1', b: 'use1-az2', c: 'use1-az3' } as const;
type Zone = keyof typeof ZONES;

/**
 * VPC N: 10.N.0.0/16, everything allowed; of each zone given a subnet `Na` 10.N.1.0/24 (b: .2,
 * c: .3) with a host `hNa` at .10 and a subnet `tNa` 10.N.101.0/28 (b: .102 …), all on one route
 * table.
 */
function vpc(test: TestNetwork, number: number, zones: readonly Zone[] = ['a', 'b']): void {
  const six = `2001:db8:${number}`;
  const name = String(number);
  test.vpc(name, [`10.${number}.0.0/16`, `${six}::/56`]);
  for (const peer of ['0.0.0.0/0', '::/0']) test.ingress(`sg-${name}`, { peer });
  for (const zone of zones) {
    const index = 'abc'.indexOf(zone) + 1;
    const zoneId = ZONES[zone];
    const blocks = [`10.${number}.${index}.0/24`, `${six}:${index}::/64`];
    test.subnet(`${name}${zone}`, name, blocks, `acl-${name}`, zoneId);
    test.subnet(
      `t${name}${zone}`,
      name,
      [`10.${number}.${100 + index}.0/28`],
      `acl-${name}`,
      zoneId,
    );
    const ipv6 = `${six}:${index}::10`;
    test.host(`h${name}${zone}`, `${name}${zone}`, `10.${number}.${index}.10`, { ipv6 });
  }
  test.route(`rtb-${name}`, '10.0.0.0/8', TGW);
  test.route(`rtb-${name}`, '2001:db8::/32', TGW);
}

function attach(
  test: TestNetwork,
  number: number,
  zones: readonly Zone[] = ['a', 'b'],
  options: Partial<VpcAttachmentOptions> = {},
): void {
  const name = String(number);
  const entries = zones.map((zone) => [
    `t${name}${zone}`,
    `10.${number}.${101 + 'abc'.indexOf(zone)}.5`,
  ]);
  attachVpc(test, 'tgw-1', name, Object.fromEntries(entries), { ipv6Support: true, ...options });
  associate(test, 'tgw-rtb-1', name);
  propagate(test, 'tgw-rtb-1', `10.${number}.0.0/16`, name);
  propagate(test, 'tgw-rtb-1', `2001:db8:${number}::/56`, name);
}

/** VPCs 1 and 2 in zones a and b on one gateway with one table. */
function made(
  options: Partial<VpcAttachmentOptions> = {},
  gateway: Partial<TransitGatewayOptions> = {},
): TestNetwork {
  const test = new TestNetwork();
  transitGateway(test, 'tgw-1', gateway);
  transitTable(test, 'tgw-rtb-1', 'tgw-1');
  for (const number of [1, 2]) vpc(test, number);
  for (const number of [1, 2]) attach(test, number, ['a', 'b'], options);
  return test;
}

const way = ({ forward }: Answer) =>
  forward.hops.map(({ kind, resource }) => `${kind} ${resource}`);
const fate = ({ forward, return: back, reachable }: Answer) =>
  reachable ? 'reachable' : [(back ?? forward).reason, (back ?? forward).at];
/** The zones by whose interfaces a packet came into VPCs. */
const zonesOf = (trace: Answer['forward'] | null) =>
  trace!.hops.flatMap(({ rule }) =>
    rule?.availabilityZoneId === undefined ? [] : [rule.availabilityZoneId],
  );

describe('the way', () => {
  it.each(['10.2.1.10', '2001:db8:2:1::10'])(
    'C-034 C-047 by the ACLs of both attachment subnets and the table of the second: %s',
    (to) => {
      const test = made();
      for (const side of [1, 2]) {
        test.acl(`acl-t${side}`, `vpc-${side}`);
        for (const egress of [true, false]) {
          for (const [index, cidr] of ['0.0.0.0/0', '::/0'].entries()) {
            const entry = { ruleNumber: 100 + index, egress, action: 'allow', cidr } as const;
            test.entry(`acl-t${side}`, entry);
          }
        }
        test.useAcl(`subnet-t${side}a`, `acl-t${side}`);
      }
      const answer = test.ask('h1a', to);
      expect(fate(answer)).toBe('reachable');
      expect(way(answer)).toEqual([
        'network-interface eni-h1a',
        'security-group sg-1',
        'network-acl acl-1',
        'route-table rtb-1',
        'network-acl acl-t1',
        'transit-gateway-attachment tgw-attach-1',
        'transit-gateway-route-table tgw-rtb-1',
        'transit-gateway-attachment tgw-attach-2',
        'network-acl acl-t2',
        'route-table rtb-2',
        'network-acl acl-2',
        'security-group sg-2',
        'network-interface eni-h2a',
      ]);
    },
  );

  it('C-046 from within the attachment subnet both sides of its ACL, into it none', () => {
    const test = made();
    test.host('in1', 't1a', '10.1.101.9');
    test.host('in2', 't2a', '10.2.101.9');
    const answer = test.ask('in1', '10.2.101.9');
    expect(fate(answer)).toBe('reachable');
    expect(way(answer)).toEqual([
      'network-interface eni-in1',
      'security-group sg-1',
      'network-acl acl-1',
      'route-table rtb-1',
      'network-acl acl-1',
      'transit-gateway-attachment tgw-attach-1',
      'transit-gateway-route-table tgw-rtb-1',
      'transit-gateway-attachment tgw-attach-2',
      'route-table rtb-2',
      'security-group sg-2',
      'network-interface eni-in2',
    ]);
    expect(answer.forward.hops.map(({ direction }) => direction).slice(2, 8)).toEqual([
      'egress',
      'egress',
      'ingress',
      'egress',
      'egress',
      'ingress',
    ]);
  });

  it('C-031 C-035 each side needs a route of its own', () => {
    const test = made();
    test.unroute('rtb-1', '10.0.0.0/8');
    expect(fate(test.ask('h1a', '10.2.1.10'))).toEqual(['NO_ROUTE_TO_DESTINATION', 'rtb-1']);
    expect(fate(test.ask('h2a', '10.1.1.10'))).toEqual(['NO_ROUTE_TO_DESTINATION', 'rtb-1']);
  });

  it('C-034 the attachment subnet’s own table leads on', () => {
    const test = made();
    test.host('mid', '2b', '10.2.2.66', { sourceDestCheck: false });
    test.table('rtb-t2', 'vpc-2', ['10.2.0.0/16']);
    test.route('rtb-t2', '10.2.1.0/24', { kind: 'network-interface', id: 'eni-mid' });
    test.useTable('subnet-t2a', 'vpc-2', 'rtb-t2');
    expect(way(test.ask('h1a', '10.2.1.10'))).toContain('network-interface eni-mid');
    expect(way(test.ask('h1b', '10.2.1.10'))).not.toContain('network-interface eni-mid');
  });

  it('C-129 C-130 what is larger than 8500 bytes does not enter; the sender is told', () => {
    const test = made();
    const large = { size: 8600, dontFragment: true };
    expect(fate(test.ask('h1a', '10.2.1.10', 'udp', large))).toEqual([
      'MTU_EXCEEDED',
      'tgw-attach-1',
    ]);
    expect(fate(test.ask('h1a', '10.2.1.10', 'tcp', { size: 8600 }))).toBe('reachable');
  });

  it('counts the time to live: routes that lead round end', () => {
    const test = made();
    propagate(test, 'tgw-rtb-1', '10.9.0.0/16', '2');
    const answer = test.ask('h1a', '10.9.1.1');
    expect(answer.forward.reason).toBe('TTL_EXPIRED');
    expect(answer.forward.hops.at(-1)?.kind).toBe('transit-gateway-attachment');
    expect(fate(test.ask('h1a', '10.2.1.10', 'icmp', { ttl: 2 }))).toBe('reachable');
    expect(fate(test.ask('h1a', '10.2.1.10', 'icmp', { ttl: 1 }))).toEqual([
      'TTL_EXPIRED',
      'tgw-attach-1',
    ]);
  });

  it('nobody answers at the addresses of the gateway’s interfaces', () => {
    const test = made();
    expect(fate(test.ask('h1a', '10.1.101.5', 'icmp'))).toEqual([
      'PROTOCOL_RESTRICTION',
      'tgw-attach-1',
    ]);
    expect(fate(test.ask('h1a', '10.2.101.5', 'icmp'))).toEqual([
      'PROTOCOL_RESTRICTION',
      'tgw-attach-2',
    ]);
  });
});

describe('the table', () => {
  it('C-053 an attachment without association drops what enters by it', () => {
    const test = made();
    test.delete('transit-gateway-route-table-association', 'tgw-1|tgw-attach-1');
    const reason = 'TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION';
    expect(fate(test.ask('h1a', '10.2.1.10'))).toEqual([reason, 'tgw-attach-1']);
    expect(fate(test.ask('h2a', '10.1.1.10'))).toEqual([reason, 'tgw-attach-1']);
    associate(test, 'tgw-rtb-1', '1');
    expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
  });

  it('C-052 C-081 the associated table routes what comes in, and no other', () => {
    const test = made();
    transitTable(test, 'tgw-rtb-2', 'tgw-1');
    associate(test, 'tgw-rtb-2', '1');
    expect(fate(test.ask('h1a', '10.2.1.10'))).toEqual([
      'TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT',
      'tgw-rtb-2',
    ]);
    propagate(test, 'tgw-rtb-2', '10.2.0.0/16', '2');
    expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
  });

  it('C-043 routes to an attachment that is gone are blackholes, here and in the VPC', () => {
    const test = made();
    test.update('transit-gateway-attachment', 'tgw-attach-2', { state: 'deleting' });
    expect(fate(test.ask('h1a', '10.2.1.10'))).toEqual(['TGW_RTB_BAD_STATE_ROUTE', 'tgw-rtb-1']);
    expect(fate(test.ask('h2a', '10.1.1.10'))).toEqual(['BAD_STATE_ROUTE', 'rtb-2']);
    test.update('transit-gateway-attachment', 'tgw-attach-2', { state: 'modifying' });
    expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
  });

  it('C-023 C-135 an attachment carries IPv6 only with its option on', () => {
    const test = made({ ipv6Support: false });
    const reason = 'TGW_ATTACH_IPV6_NOT_SUPPORTED';
    expect(fate(test.ask('h1a', '2001:db8:2:1::10'))).toEqual([reason, 'tgw-attach-1']);
    const { options } = test.get('transit-gateway-attachment', 'tgw-attach-1') as never;
    const changed = { options: { ...(options as VpcAttachmentOptions), ipv6Support: true } };
    test.update('transit-gateway-attachment', 'tgw-attach-1', changed as never);
    expect(fate(test.ask('h1a', '2001:db8:2:1::10'))).toEqual([reason, 'tgw-attach-2']);
    expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
  });
});

describe('zones', () => {
  it('C-032 C-033 a sender needs an attachment subnet in its zone, whichever its own is', () => {
    const test = new TestNetwork();
    transitGateway(test, 'tgw-1');
    transitTable(test, 'tgw-rtb-1', 'tgw-1');
    vpc(test, 1, ['a', 'b']);
    vpc(test, 2, ['a', 'b']);
    attach(test, 1, ['a']);
    attach(test, 2, ['a', 'b']);
    expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
    expect(fate(test.ask('h1b', '10.2.1.10'))).toEqual([
      'TGW_ROUTE_AZ_RESTRICTION',
      'tgw-attach-1',
    ]);
    // The way back leaves 2 by its own zone, and comes in where 1 is attached.
    expect(zonesOf(test.ask('h1a', '10.2.2.10').return)).toEqual([ZONES.a]);
  });

  it('C-036 a packet keeps the zone of its sender where the destination has it', () => {
    const test = made();
    for (const zone of ['a', 'b'] as const) {
      const { forward, return: back } = test.ask(`h1${zone}`, '10.2.1.10');
      expect([zonesOf(forward), zonesOf(back)]).toEqual([[ZONES[zone]], [ZONES.a]]);
    }
  });

  it('C-036 elsewhere one of the destination’s zones is picked, by the flow', () => {
    const test = new TestNetwork();
    transitGateway(test, 'tgw-1');
    transitTable(test, 'tgw-rtb-1', 'tgw-1');
    vpc(test, 1, ['c']);
    vpc(test, 2, ['a', 'b']);
    attach(test, 1, ['c']);
    attach(test, 2, ['a', 'b']);
    const picked = Array.from({ length: 32 }, (_, index) =>
      zonesOf(test.ask('h1c', '10.2.1.10', 'tcp', { sourcePort: 50_000 + index }).forward),
    ).flat();
    expect(picked).toHaveLength(32);
    expect(new Set(picked)).toEqual(new Set([ZONES.a, ZONES.b]));
  });
});

describe('group references', () => {
  function onlyMembersOf1(test: TestNetwork): void {
    test.close('sg-2', false);
    test.ingress('sg-2', { peer: 'sg-1' });
  }

  it('C-048 hold over a gateway that supports them, inwards', () => {
    const test = made({}, { securityGroupReferencingSupport: true });
    onlyMembersOf1(test);
    expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
    test.close('sg-1', true);
    test.egress('sg-1', { peer: 'sg-2' });
    expect(fate(test.ask('h1a', '10.2.1.10'))).toEqual(['ENI_SG_RULES_MISMATCH', 'eni-h1a']);
  });

  it('C-049 do not hold in use1-az3', () => {
    const test = new TestNetwork();
    transitGateway(test, 'tgw-1', { securityGroupReferencingSupport: true });
    transitTable(test, 'tgw-rtb-1', 'tgw-1');
    vpc(test, 1, ['a', 'c']);
    vpc(test, 2, ['a']);
    attach(test, 1, ['a', 'c']);
    attach(test, 2, ['a']);
    onlyMembersOf1(test);
    expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
    expect(fate(test.ask('h1c', '10.2.1.10'))).toEqual(['SG_REFERENCES_NOT_PRESERVED', 'eni-h2a']);
  });

  it.each(['gateway', '1', '2'])(
    'C-048 C-050 do not hold where %s does not support them',
    (off) => {
      const test = made({}, { securityGroupReferencingSupport: true });
      onlyMembersOf1(test);
      if (off === 'gateway') {
        const { options } = test.get('transit-gateway', 'tgw-1');
        const without = { ...options, securityGroupReferencingSupport: false };
        test.update('transit-gateway', 'tgw-1', { options: without });
      } else {
        const record = test.get('transit-gateway-attachment', `tgw-attach-${off}`);
        if (record.resourceType !== 'vpc') throw new Error('not a VPC');
        const options = { ...record.options, securityGroupReferencingSupport: false };
        test.put('transit-gateway-attachment', { ...record, options });
      }
      expect(fate(test.ask('h1a', '10.2.1.10'))).toEqual(['SG_REFERENCING_SUPPORT', 'eni-h2a']);
      test.ingress('sg-2', { peer: '10.1.0.0/16' });
      expect(fate(test.ask('h1a', '10.2.1.10'))).toBe('reachable');
    },
  );
});

describe('appliance mode', () => {
  const pinned = (test: TestNetwork, options: { sourcePort: number }) => {
    const { forward, return: back } = test.ask('h1a', '10.2.2.10', 'tcp', options);
    return [zonesOf(forward), zonesOf(back)];
  };
  /** VPC 3 inspects what goes between 1 and 2: an appliance in each zone, that forwards. */
  function inspected(applianceModeSupport: boolean): TestNetwork {
    const test = made();
    vpc(test, 3);
    attach(test, 3, ['a', 'b'], { applianceModeSupport });
    transitTable(test, 'tgw-rtb-in', 'tgw-1');
    for (const spoke of ['1', '2']) associate(test, 'tgw-rtb-in', spoke);
    propagate(test, 'tgw-rtb-in', '10.0.0.0/8', '3');
    for (const zone of ['a', 'b']) {
      const index = zone === 'a' ? 1 : 2;
      test.host(`fw${zone}`, `3${zone}`, `10.3.${index}.20`, { sourceDestCheck: false });
      test.table(`rtb-t3${zone}`, 'vpc-3', ['10.3.0.0/16']);
      const eni = { kind: 'network-interface', id: `eni-fw${zone}` } as const;
      test.route(`rtb-t3${zone}`, '0.0.0.0/0', eni);
      test.useTable(`subnet-t3${zone}`, 'vpc-3', `rtb-t3${zone}`);
    }
    return test;
  }

  it('C-037 leads both directions of a flow through one zone', () => {
    const test = inspected(true);
    const zones = new Set<unknown>();
    for (let sourcePort = 50_000; sourcePort < 50_020; sourcePort++) {
      const [[there, into] = [], [back, home] = []] = pinned(test, { sourcePort });
      // Into the appliance's VPC, then into the receiver's by the appliance's zone.
      expect(back).toBe(there);
      expect([into, home]).toEqual([there, there]);
      zones.add(there);
    }
    expect(zones).toEqual(new Set([ZONES.a, ZONES.b]));
  });

  it('C-036 without it each direction goes by its sender’s zone', () => {
    const [there, back] = pinned(inspected(false), { sourcePort: 50_000 });
    expect([there![0], back![0]]).toEqual([ZONES.a, ZONES.b]);
  });

  it('C-049 groups are lost at the appliance', () => {
    const test = inspected(true);
    test.close('sg-2', false);
    test.ingress('sg-2', { peer: 'sg-1' });
    const { options } = test.get('transit-gateway', 'tgw-1');
    test.update('transit-gateway', 'tgw-1', {
      options: { ...options, securityGroupReferencingSupport: true },
    });
    expect(fate(test.ask('h1a', '10.2.1.10'))).toEqual(['SG_REFERENCES_NOT_PRESERVED', 'eni-h2a']);
  });
});

describe('through a VPC to somewhere else', () => {
  /** VPC 2 has gateways of every kind; what VPC 1 sends there is led to one of them. */
  function leaving(target: Parameters<TestNetwork['route']>[2]): TestNetwork {
    const test = made();
    test.gateway('igw-2', 'vpc-2');
    test.egressOnlyGateway('eigw-2', 'vpc-2');
    test.vpc('9', ['10.9.0.0/16']);
    test.peer('pcx-29', 'vpc-2', 'vpc-9');
    test.subnet('nat', '2', ['10.2.50.0/24']);
    test.table('rtb-nat', 'vpc-2', ['10.2.0.0/16']);
    test.useTable('subnet-nat', 'vpc-2', 'rtb-nat');
    test.route('rtb-nat', '0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-2' });
    test.route('rtb-nat', '10.1.0.0/16', TGW);
    test.nat('2', 'nat', ['10.2.50.7'], ['203.0.113.7']);
    test.route('rtb-1', '0.0.0.0/0', TGW);
    test.route('rtb-1', '::/0', TGW);
    for (const any of ['0.0.0.0/0', '::/0', '10.9.0.0/16']) propagate(test, 'tgw-rtb-1', any, '2');
    test.table('rtb-t2', 'vpc-2', ['10.2.0.0/16']);
    test.useTable('subnet-t2a', 'vpc-2', 'rtb-t2');
    for (const any of ['0.0.0.0/0', '::/0', '10.9.0.0/16']) test.route('rtb-t2', any, target);
    return test;
  }

  it('A-098 A-110 A-112 to a NAT gateway: passes, and the reply is routed by its subnet', () => {
    const test = leaving({ kind: 'nat-gateway', id: 'nat-2' });
    const answer = test.ask('h1a', '198.51.100.9');
    expect(fate(answer)).toBe('reachable');
    expect(answer.observed?.source).toBe('203.0.113.7');
    expect(answer.return!.hops.map(({ resource }) => resource)).toContain('rtb-nat');
    test.unroute('rtb-nat', '10.1.0.0/16');
    expect(test.ask('h1a', '198.51.100.9').return).toMatchObject({
      reason: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
      at: 'igw-2',
    });
  });

  it('A-110 to an appliance, and on to a NAT gateway: passes', () => {
    const test = leaving({ kind: 'network-interface', id: 'eni-fw' });
    test.table('rtb-fw', 'vpc-2', ['10.2.0.0/16']);
    test.subnet('fw', '2', ['10.2.60.0/24']);
    test.useTable('subnet-fw', 'vpc-2', 'rtb-fw');
    test.host('fw', 'fw', '10.2.60.7', { sourceDestCheck: false });
    test.route('rtb-fw', '0.0.0.0/0', { kind: 'nat-gateway', id: 'nat-2' });
    const answer = test.ask('h1a', '198.51.100.9');
    expect(fate(answer)).toBe('reachable');
    expect(way(answer)).toContain('nat-gateway nat-2');
  });

  it.each([
    ['10.9.0.1', 'vpc-peering-connection', 'pcx-29', 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR'],
    ['198.51.100.9', 'internet-gateway', 'igw-2', 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS'],
    ['2001:db8:ff::1', 'internet-gateway', 'igw-2', 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS'],
    ['2001:db8:ff::1', 'egress-only-internet-gateway', 'eigw-2', 'GATEWAY_REJECTS_SPOOFED_TRAFFIC'],
  ] as const)('A-110 A-114 %s to a %s: dropped', (to, kind, id, reason) => {
    expect(fate(leaving({ kind, id }).ask('h1a', to))).toEqual([reason, id]);
  });
});
