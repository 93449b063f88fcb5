import { describe, expect, it } from 'vitest';
import { TestNetwork } from '../test-network.ts';
import { block } from '../test-values.ts';

function pcx(id: string) {
  return { kind: 'vpc-peering-connection', id } as const;
}

/** A VPC 10.N.0.0/16 with one host `hN` at 10.N.1.10, everything allowed. */
function vpc(test: TestNetwork, number: number, options: { region?: string } = {}, name = number) {
  const six = `2001:db8:${number}`;
  test.vpc(`${name}`, [`10.${number}.0.0/16`, `${six}::/56`], options);
  test.ingress(`sg-${name}`);
  test.ingress(`sg-${name}`, { peer: '::/0' });
  test.subnet(`${name}`, `${name}`, [`10.${number}.1.0/24`, `${six}:1::/64`]);
  test.host(`h${name}`, `${name}`, `10.${number}.1.10`, { ipv6: `${six}:1::10` });
}

/** 1 and 2 are peered over pcx-12 and route to each other. */
function made(options: { region?: string } = {}): TestNetwork {
  const test = new TestNetwork();
  vpc(test, 1);
  vpc(test, 2, options);
  test.peer('pcx-12', 'vpc-1', 'vpc-2');
  for (const [here, there] of [
    [1, 2],
    [2, 1],
  ]) {
    test.route(`rtb-${here}`, `10.${there}.0.0/16`, pcx('pcx-12'));
    test.route(`rtb-${here}`, `2001:db8:${there}::/56`, pcx('pcx-12'));
  }
  return test;
}

describe('the way', () => {
  it.each(['10.2.1.10', '2001:db8:2:1::10'])(
    'B-044 B-047 by the peer’s ACL and groups, by none of its route tables: %s',
    (to) => {
      const { reachable, forward } = made().ask('h1', to);
      expect(reachable).toBe(true);
      expect(forward.hops.map(({ kind, resource }) => `${kind} ${resource}`)).toEqual([
        'network-interface eni-h1',
        'security-group sg-1',
        'network-acl acl-1',
        'route-table rtb-1',
        'vpc-peering-connection pcx-12',
        'network-acl acl-2',
        'security-group sg-2',
        'network-interface eni-h2',
      ]);
    },
  );

  it('B-044 a route of the receiving VPC does not lead what enters elsewhere', () => {
    const test = made();
    test.host('m', '2', '10.2.1.66', { sourceDestCheck: false });
    test.route('rtb-2', '10.2.1.10/32', { kind: 'network-interface', id: 'eni-m' });
    const { forward, observed } = test.ask('h1', '10.2.1.10');
    expect(observed?.instance).toBe('i-h2');
    expect(forward.hops.map(({ resource }) => resource)).not.toContain('eni-m');
  });

  it('B-044 the destination subnet’s ACL and the interface’s groups refuse', () => {
    const acl = made();
    acl.update('network-acl', 'acl-2', { entries: [] });
    expect(acl.ask('h1', '10.2.1.10').forward).toMatchObject({ at: 'acl-2' });
    const groups = made();
    groups.close('sg-2', false);
    expect(groups.ask('h1', '10.2.1.10').forward).toMatchObject({ at: 'eni-h2' });
  });

  it('B-038 with a route on one side alone requests arrive and replies do not', () => {
    const test = made();
    test.unroute('rtb-2', '10.1.0.0/16');
    const { reachable, forward, return: back } = test.ask('h1', '10.2.1.10');
    expect([reachable, forward.disposition]).toEqual([false, 'delivered']);
    expect(back).toMatchObject({ reason: 'NO_ROUTE_TO_DESTINATION', at: 'rtb-2' });
  });
});

describe('no transit', () => {
  it('B-040 a packet for none of the peer’s blocks is dropped at the peering', () => {
    const test = made();
    vpc(test, 3);
    test.peer('pcx-23', 'vpc-2', 'vpc-3');
    test.route('rtb-2', '10.3.0.0/16', pcx('pcx-23'));
    test.route('rtb-3', '10.2.0.0/16', pcx('pcx-23'));
    expect(test.ask('h2', '10.3.1.10').reachable).toBe(true);
    test.route('rtb-1', '10.3.0.0/16', pcx('pcx-12'));
    test.route('rtb-1', '2001:db8:3::/56', pcx('pcx-12'));
    for (const to of ['10.3.1.10', '2001:db8:3:1::10']) {
      const { forward } = test.ask('h1', to);
      expect(forward).toMatchObject({ reason: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', at: 'pcx-12' });
      expect(forward.hops.at(-1)?.kind).toBe('vpc-peering-connection');
    }
  });

  it('B-041 the peer’s internet gateway is out of reach', () => {
    const test = made();
    test.gateway('igw-2', 'vpc-2');
    test.route('rtb-2', '0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-2' });
    test.route('rtb-1', '0.0.0.0/0', pcx('pcx-12'));
    expect(test.ask('h1', '203.0.113.9').forward).toMatchObject({ at: 'pcx-12' });
  });

  it('B-060 the blocks that count are those associated now, secondary ones included', () => {
    const test = made();
    test.route('rtb-1', '10.20.0.0/16', pcx('pcx-12'));
    const dropped = { reason: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', at: 'pcx-12' };
    expect(test.ask('h1', '10.20.1.10').forward).toMatchObject(dropped);
    const { cidrs } = test.get('vpc', 'vpc-2');
    const second = {
      associationId: 'vpc-cidr-assoc-second',
      cidr: block('10.20.0.0/16') as never,
      state: 'associated' as const,
    };
    test.update('vpc', 'vpc-2', { cidrs: [...cidrs, second] });
    test.subnet('20', '2', ['10.20.1.0/24']);
    test.host('h20', '20', '10.20.1.10');
    expect(test.ask('h1', '10.20.1.10').observed?.instance).toBe('i-h20');
    const leaving = { ...second, state: 'disassociating' as const };
    test.update('vpc', 'vpc-2', { cidrs: [...cidrs, leaving] });
    const { forward } = test.ask('h1', '10.20.1.10');
    expect(forward).toMatchObject(dropped);
    const route = forward.hops.find(({ kind }) => kind === 'route-table');
    expect(route?.rule).toMatchObject({ target: 'pcx-12', state: 'active' });
  });
});

describe('several peers', () => {
  /** 1 is peered with 2 and with twin, which have equal blocks. */
  const twins = () => {
    const test = made();
    test.vpc('twin', ['10.2.0.0/16']);
    test.ingress('sg-twin');
    test.subnet('twin', 'twin', ['10.2.1.0/24']);
    test.host('twin', 'twin', '10.2.1.10');
    test.peer('pcx-t', 'vpc-twin', 'vpc-1');
    test.route('rtb-twin', '10.1.0.0/16', pcx('pcx-t'));
    return test;
  };

  it('B-036 B-039 peers may overlap: the longest prefix picks, down to one address', () => {
    const test = twins();
    expect(test.ask('h1', '10.2.1.10').observed?.instance).toBe('i-h2');
    test.route('rtb-1', '10.2.1.0/24', pcx('pcx-t'));
    expect(test.ask('h1', '10.2.1.10').observed?.instance).toBe('i-twin');
    test.route('rtb-1', '10.2.1.10/32', pcx('pcx-12'));
    expect(test.ask('h1', '10.2.1.10').observed?.instance).toBe('i-h2');
  });

  it('B-043 a reply follows the replier’s own table, even to another peer with the same range', () => {
    const test = twins();
    const { forward, return: back, reachable } = test.ask('twin', '10.1.1.10');
    expect(forward.disposition).toBe('delivered');
    expect(back?.hops.at(-1)?.resource).toBe('eni-h2');
    const way = back!.hops.map(({ resource }) => resource);
    expect(way).toContain('pcx-12');
    expect(way).not.toContain('pcx-t');
    expect(reachable).toBe(false);
  });
});

describe('its life', () => {
  it('B-045 deleted, both sides’ routes are blackholes and stay', () => {
    const test = made();
    test.update('vpc-peering-connection', 'pcx-12', { status: 'deleted' });
    for (const [from, to] of [
      ['h1', '10.2.1.10'],
      ['h2', '10.1.1.10'],
    ] as const) {
      const { forward } = test.ask(from, to);
      expect(forward.reason).toBe('BAD_STATE_ROUTE');
      expect(forward.hops.at(-1)?.rule).toMatchObject({ state: 'blackhole', target: 'pcx-12' });
    }
    test.delete('vpc-peering-connection', 'pcx-12');
    expect(test.ask('h1', '10.2.1.10').forward.reason).toBe('BAD_STATE_ROUTE');
  });

  it('either side may be the requester', () => {
    const test = made();
    const { requester, accepter } = test.get('vpc-peering-connection', 'pcx-12');
    test.update('vpc-peering-connection', 'pcx-12', { status: 'deleted' });
    test.update('vpc-peering-connection', 'pcx-12', {
      status: 'active',
      requester: accepter,
      accepter: requester,
    });
    expect(test.ask('h1', '10.2.1.10').reachable).toBe(true);
    expect(test.ask('h2', '10.1.1.10').reachable).toBe(true);
  });
});

describe('size', () => {
  const sent = (test: TestNetwork, bytes: number) =>
    test.ask('h1', '10.2.1.10', 'icmp', { size: bytes - 36, dontFragment: true }).forward;

  it('B-048 inside a Region the link’s own 9001 bytes', () => {
    expect(sent(made(), 9001).disposition).toBe('delivered');
  });

  it('B-048 B-061 between Regions 8500 bytes; larger packets that may not be cut are dropped', () => {
    const test = made({ region: 'eu-west-1' });
    expect(sent(test, 8500).disposition).toBe('delivered');
    expect(sent(test, 8501)).toMatchObject({ reason: 'MTU_EXCEEDED', at: 'pcx-12' });
    const cut = test.ask('h1', '10.2.1.10', 'icmp', { size: 8600 });
    expect(cut.forward.disposition).toBe('delivered');
  });

  it('B-061 TCP hears of the size and sends less', () => {
    const test = made({ region: 'eu-west-1' });
    expect(test.ask('h1', '10.2.1.10', 'tcp', { size: 20_000 }).reachable).toBe(true);
    test.close('sg-1', false);
    expect(test.ask('h1', '10.2.1.10', 'tcp', { size: 20_000 }).reachable).toBe(false);
    test.ingress('sg-1', { protocol: 'icmp', icmp: { type: 3, code: 4 } });
    expect(test.ask('h1', '10.2.1.10', 'tcp', { size: 20_000 }).reachable).toBe(true);
  });
});
