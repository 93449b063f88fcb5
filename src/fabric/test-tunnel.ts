/**
 * A network with a GRE tunnel made of stations by hand. In VPC `near` the hosts a and c and, as the
 * tunnel's far end, the router e; behind e, past the tunnel, the host f of VPC `far`. What a sends
 * to f goes into the tunnel at a gateway's attachment, what f sends to a does at e.
 */
import { type Family, type Ip, isIpv4 } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import type { Fabric, FabricOptions } from './fabric.ts';
import type { GreTunnel } from './gre-tunnel.ts';
import { Station } from './station.ts';
import { type Action, ANY, blockTerm, type Match, type Rule } from './table.ts';
import { TestNetwork } from './test-network.ts';
import { ip } from './test-values.ts';

export const ATTACHMENT = 'tgw-attach-connect';
/** Addresses of the gateway and of e, by the family outside. */
export const ENDS: Readonly<Record<Family, { gateway: string; router: string }>> = {
  4: { gateway: '192.0.2.1', router: '10.0.2.10' },
  6: { gateway: '2001:db8:f::1', router: '2001:db8:a:2::10' },
};
export const A = { 4: '10.0.1.10', 6: '2001:db8:a:1::10' } as const;
export const C = { 4: '10.0.1.11', 6: '2001:db8:a:1::11' } as const;
export const F = { 4: '10.9.1.10', 6: '2001:db8:b:1::10' } as const;

export interface TunnelOptions extends Partial<FabricOptions> {
  /** In place of one with these options. */
  readonly fabric?: Fabric;
  /** Outside. */
  readonly family?: Family;
  /** What the gateway does with a packet before it wraps it. */
  readonly before?: readonly Action[];
  /** What is larger than fits inside, a hears of. */
  readonly insideMtu?: number;
  /** What it does with the GRE packet. */
  readonly after?: readonly Action[];
  /** Without it e takes what comes by the tunnel as any guest does. */
  readonly unwraps?: boolean;
}

export interface TunnelNetwork {
  readonly test: TestNetwork;
  /** Where packets enter the gateway, from a and from e. */
  readonly gateway: Station;
  readonly arrival: Station;
  /** Where what comes from the gateway enters their subnets. */
  readonly toRouter: Station;
  readonly toA: Station;
}

export function tunnelNetwork(options: TunnelOptions = {}): TunnelNetwork {
  const { family = 4, before = [], insideMtu, after = [], unwraps = true } = options;
  const test = new TestNetwork(options, options.fabric);
  twoVpcs(test);
  const { gateway: ours, router: theirs } = ENDS[family];
  const [source, destination] = [ip(ours), ip(theirs)];
  const [a, e, f] = ['a', 'e', 'f'].map((name) => test.network.interfaces.get(`eni-${name}`)!);
  const one = test.network.subnets.get('subnet-one')!;
  const two = test.network.subnets.get('subnet-two')!;

  const toA = attachment([
    { do: 'set-next-hop', to: a! },
    { do: 'go', to: one.arrive },
  ]);
  const toRouter = attachment([
    { do: 'set-next-hop', to: e! },
    { do: 'go', to: two.arrive },
  ]);
  const transport = attachment([...after, { do: 'go', to: toRouter }]);
  const into: GreTunnel = { source, destination };
  const from = { ipv4: ip(ENDS[4].gateway), ipv6: ip(ENDS[6].gateway) };
  const fits: Action[] =
    insideMtu === undefined
      ? []
      : [
          { do: 'set-errors', to: toA, from },
          { do: 'check-size', mtu: insideMtu },
        ];
  const gateway = attachment([...before, ...fits, { do: 'wrap', by: into, to: transport }]);
  route(a!.out, F, gateway);

  // At e: what comes by the tunnel goes to f, and what f sends goes into it.
  const isInTunnel: Match = { protocol: PROTOCOL.gre, source: term(source) };
  const fromTunnel: Action = { do: 'unwrap', receivedBy: e!.id, to: f!.into };
  if (unwraps) prepend(e!.guest, { match: isInTunnel, actions: [fromTunnel] });
  const back: GreTunnel = { source: destination, destination: source };
  const kind = 'network-interface';
  const router = new Station({ role: 'guest', resource: e!.id, kind, direction: 'egress' });
  router.table = only([{ do: 'wrap', by: back, sentBy: e!.id, to: e!.out }]);
  route(f!.out, A, router);

  const arrival = attachment([{ do: 'unwrap', to: toA }]);
  prepend(e!.out, {
    match: { protocol: PROTOCOL.gre, destination: term(source) },
    actions: [{ do: 'go', to: arrival }],
  });
  return { test, gateway, arrival, toRouter, toA };
}

function twoVpcs(test: TestNetwork): void {
  test.vpc('near', ['10.0.0.0/16', '2001:db8:a::/56']);
  test.vpc('far', ['10.9.0.0/16', '2001:db8:b::/56']);
  for (const group of ['sg-near', 'sg-far']) {
    test.ingress(group);
    test.ingress(group, { peer: '::/0' });
  }
  test.subnet('one', 'near', ['10.0.1.0/24', '2001:db8:a:1::/64']);
  test.subnet('two', 'near', ['10.0.2.0/24', '2001:db8:a:2::/64']);
  test.subnet('three', 'far', ['10.9.1.0/24', '2001:db8:b:1::/64']);
  test.host('a', 'one', A[4], { ipv6: A[6] });
  test.host('c', 'one', C[4], { ipv6: C[6] });
  test.host('e', 'two', ENDS[4].router, { ipv6: ENDS[6].router });
  test.host('f', 'three', F[4], { ipv6: F[6] });
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
