/**
 * A network with a GRE tunnel made of stations by hand. In VPC a the hosts x and z and, as the
 * tunnel's far end, the router r; behind r, past the tunnel, the host y of VPC b. What x sends to
 * y goes into the tunnel at a gateway's attachment, what y sends to x does at r.
 */
import { type Family, type Ip, isIpv4 } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import type { FabricOptions } from './fabric.ts';
import type { GreTunnel } from './gre-tunnel.ts';
import { Station } from './station.ts';
import { type Action, ANY, blockTerm, type Match, type Rule } from './table.ts';
import { TestNetwork } from './test-network.ts';
import { ip } from './test-values.ts';

export const ATTACHMENT = 'tgw-attach-connect';
/** Addresses of the gateway and of r, by the family outside. */
export const ENDS: Readonly<Record<Family, { gateway: string; router: string }>> = {
  4: { gateway: '192.0.2.1', router: '10.0.2.10' },
  6: { gateway: '2001:db8:f::1', router: '2001:db8:a:2::10' },
};
export const X = { 4: '10.0.1.10', 6: '2001:db8:a:1::10' } as const;
export const Z = { 4: '10.0.1.11', 6: '2001:db8:a:1::11' } as const;
export const Y = { 4: '10.9.1.10', 6: '2001:db8:b:1::10' } as const;

export interface TunnelOptions extends Partial<FabricOptions> {
  /** Outside. */
  readonly family?: Family;
  /** What the gateway does with a packet before it wraps it. */
  readonly before?: readonly Action[];
  /** What it does with the GRE packet. */
  readonly after?: readonly Action[];
  /** Without it r takes what comes by the tunnel as any guest does. */
  readonly unwraps?: boolean;
}

export interface TunnelNetwork {
  readonly test: TestNetwork;
  /** Where packets enter the gateway, from x and from r. */
  readonly gateway: Station;
  readonly arrival: Station;
  /** Where what comes from the gateway enters their subnets. */
  readonly toRouter: Station;
  readonly toX: Station;
}

export function tunnelNetwork(options: TunnelOptions = {}): TunnelNetwork {
  const { family = 4, before = [], after = [], unwraps = true, ...fabric } = options;
  const test = new TestNetwork(fabric);
  twoVpcs(test);
  const { gateway: ours, router: theirs } = ENDS[family];
  const [source, destination] = [ip(ours), ip(theirs)];
  const [x, r, y] = ['x', 'r', 'y'].map((name) => test.network.interfaces.get(`eni-${name}`)!);
  const one = test.network.subnets.get('subnet-one')!;
  const two = test.network.subnets.get('subnet-two')!;

  const toRouter = attachment([
    { do: 'set-next-hop', to: r! },
    { do: 'go', to: two.arrive },
  ]);
  const transport = attachment([...after, { do: 'go', to: toRouter }]);
  const into: GreTunnel = { source, destination };
  const gateway = attachment([...before, { do: 'wrap', by: into, to: transport }]);
  route(x!.out, Y, gateway);

  // At r: what comes by the tunnel goes to y, and what y sends goes into it.
  const isInTunnel: Match = { protocol: PROTOCOL.gre, source: term(source) };
  const fromTunnel: Action = { do: 'unwrap', receivedBy: r!.id, to: y!.guest };
  if (unwraps) prepend(r!.guest, { match: isInTunnel, actions: [fromTunnel] });
  const back: GreTunnel = { source: destination, destination: source };
  const kind = 'network-interface';
  const router = new Station({ role: 'guest', resource: r!.id, kind, direction: 'egress' });
  router.table = only([{ do: 'wrap', by: back, sentBy: r!.id, to: r!.out }]);
  route(y!.out, X, router);

  const toX = attachment([
    { do: 'set-next-hop', to: x! },
    { do: 'go', to: one.arrive },
  ]);
  const arrival = attachment([{ do: 'unwrap', to: toX }]);
  prepend(r!.out, {
    match: { protocol: PROTOCOL.gre, destination: term(source) },
    actions: [{ do: 'go', to: arrival }],
  });
  return { test, gateway, arrival, toRouter, toX };
}

function twoVpcs(test: TestNetwork): void {
  test.vpc('a', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.vpc('b', ['10.9.0.0/16', '2001:db8:b::/56']);
  for (const group of ['sg-a', 'sg-b']) {
    test.ingress(group);
    test.ingress(group, { peer: '::/0' });
  }
  test.subnet('one', 'a', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'a', ['10.0.2.0/24', '2001:db8:a:2::/64']);
  test.subnet('far', 'b', ['10.9.1.0/24', '2001:db8:b:1::/64']);
  test.host('x', 'one', X[4], { ipv6: X[6] });
  test.host('z', 'one', Z[4], { ipv6: Z[6] });
  test.host('r', 'two', ENDS[4].router, { ipv6: ENDS[6].router });
  test.host('y', 'far', Y[4], { ipv6: Y[6] });
}

function attachment(actions: readonly Action[]): Station {
  const kind = 'transit-gateway-attachment';
  const made = new Station({ role: kind, resource: ATTACHMENT, kind, direction: 'egress' });
  made.table = only(actions);
  return made;
}

function only(actions: readonly Action[]) {
  return { rules: [], otherwise: { match: ANY, actions } };
}

/** What goes to one host, of either family, leaves its usual way. */
function route(station: Station, to: Readonly<Record<Family, string>>, target: Station): void {
  for (const address of [to[4], to[6]]) {
    const match: Match = { destination: term(ip(address)) };
    prepend(station, { match, actions: [{ do: 'go', to: target }] });
  }
}

function prepend(station: Station, rule: Rule): void {
  const { rules, otherwise } = station.table;
  station.table = { rules: [rule, ...rules], otherwise };
}

function term(address: Ip) {
  return blockTerm({ address, length: isIpv4(address) ? 32 : 128 });
}
