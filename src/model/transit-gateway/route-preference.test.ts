import { describe, expect, it } from 'vitest';
import { parseCidr } from '../../net/cidr.ts';
import type { AsPath } from '../../wire/bgp/as-path.ts';
import { ORIGIN } from '../../wire/bgp/path-attributes.ts';
import type { LearnedPath } from '../hybrid/learned-route.ts';
import { Model } from '../model.ts';
import {
  type CandidateRoute,
  type LearnedTransitGatewayRoute,
  preferredRoutes,
  type StaticTransitGatewayRoute,
  type VpcTransitGatewayRoute,
} from './route.ts';
import { DEFAULT_TRANSIT_GATEWAY_OPTIONS } from './transit-gateway.ts';

const PLACE = {
  transitGatewayId: 'tgw-1',
  routeTableId: 'tgw-rtb-1',
  destination: parseCidr('192.168.0.0/16')!,
};
const made: StaticTransitGatewayRoute = { id: 'static', ...PLACE, type: 'static' };
const vpc: VpcTransitGatewayRoute = {
  ...{ id: 'vpc', ...PLACE, type: 'propagated', suppressed: false },
  ...{ attachmentId: 'tgw-attach-vpc', resourceType: 'vpc' },
};

interface Heard extends Partial<Omit<LearnedPath, 'attributes'>> {
  readonly asns?: readonly number[];
}

function learned(
  resourceType: LearnedTransitGatewayRoute['resourceType'],
  name: string,
  { asns = [65_010], ...members }: Heard = {},
): LearnedTransitGatewayRoute {
  const asPath: AsPath = [{ kind: 'sequence', asns }];
  const attributes = { origin: ORIGIN.igp, asPath };
  const usual = { length: asns.length, med: 100, localPreference: 100, internal: false };
  const { routeTableId: _, ...place } = PLACE;
  return {
    ...{ id: name, ...place, resourceType },
    attachmentId: `tgw-attach-${name}`,
    path: { attributes, ...usual, ...members },
    linkIds: [`link-${name}`],
  };
}

function prefer(routes: readonly CandidateRoute[], vpnEcmpSupport = true): string[] {
  const model = new Model();
  const options = { ...DEFAULT_TRANSIT_GATEWAY_OPTIONS, vpnEcmpSupport };
  const owned = { id: 'tgw-1', account: '111111111111', region: 'us-east-1' };
  const after = {
    ...owned,
    state: 'available',
    description: '',
    creationTime: 0,
    options,
  } as const;
  model.apply({ kind: 'transit-gateway', id: 'tgw-1', before: undefined, after });
  const ids = (list: readonly CandidateRoute[]) => preferredRoutes(model, list).map(({ id }) => id);
  expect(ids(routes.toReversed())).toEqual(ids(routes));
  return ids(routes);
}

describe('of several routes of a transit gateway to one block', () => {
  it('C-064 a VPC’s goes before Direct Connect’s, Connect’s and a VPN’s', () => {
    const kinds = ['direct-connect-gateway', 'connect', 'vpn'] as const;
    const routes = [vpc, ...kinds.map((kind) => learned(kind, kind))];
    for (const [index, { id }] of routes.entries()) {
      expect(prefer(routes.slice(index))).toEqual([id]);
    }
  });

  it('C-064 the static one goes before all of them', () => {
    expect(prefer([vpc, made, learned('vpn', 'a')])).toEqual(['static']);
  });

  it('C-065 the shorter AS path, then the lower MED, then eBGP', () => {
    const long = learned('vpn', 'long', { asns: [65_010, 65_010], med: 0 });
    const high = learned('vpn', 'high', { med: 200 });
    const inside = learned('vpn', 'inside', { internal: true });
    const best = learned('vpn', 'best');
    expect(prefer([long, high, inside, best])).toEqual(['best']);
    expect(prefer([long, high, inside])).toEqual(['inside']);
    expect(prefer([long, high])).toEqual(['high']);
  });

  it('C-101 C-096 C-109 equal ones of one kind share, if their AS paths are the same', () => {
    for (const kind of ['vpn', 'connect', 'direct-connect-gateway'] as const) {
      const [a, b] = [learned(kind, 'a'), learned(kind, 'b')];
      expect(prefer([a, b])).toEqual(['a', 'b']);
      expect(prefer([a, b, learned(kind, 'c', { asns: [65_020] })])).toEqual(['a', 'b']);
    }
  });

  it('C-109 never across kinds', () => {
    expect(prefer([learned('connect', 'a'), learned('vpn', 'b')])).toEqual(['a']);
  });

  it('C-101 VPNs share only if the gateway’s option says so', () => {
    const two = [learned('vpn', 'a'), learned('vpn', 'b')];
    expect(prefer(two, false)).toEqual(['a']);
    expect(prefer([learned('connect', 'a'), learned('connect', 'b')], false)).toEqual(['a', 'b']);
  });
});
