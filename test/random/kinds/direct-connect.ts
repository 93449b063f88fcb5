/** Direct Connect: virtual interfaces at virtual private gateways and Direct Connect gateways. */
import { createAssociation } from '../../../src/control/direct-connect/association.ts';
import { createConnection } from '../../../src/control/direct-connect/connection.ts';
import { createGateway } from '../../../src/control/direct-connect/gateway.ts';
import { createInterface } from '../../../src/control/direct-connect/virtual-interface.ts';
import type { Scope } from '../../../src/control/scope.ts';
import { locationsOf } from '../../../src/model/direct-connect/location.ts';
import type { Cidr } from '../../../src/net/cidr.ts';
import { all, any, attempt, type Builder, block, scopeOf } from '../builder.ts';
import { standUp } from './hybrid.ts';

/** A connection an account and Region, with a few virtual interfaces and sites behind them. */
export async function buildDirectConnects(builder: Builder): Promise<void> {
  const { random } = builder;
  const homes = new Map<string, Scope>();
  for (const { account, region } of all(builder, 'transit-gateway')) {
    homes.set(account, { account, region });
  }
  for (const scope of homes.values()) {
    if (random.chance(0.2)) continue;
    await buildTransit(builder, scope);
    await buildPrivate(builder, scope);
  }
}

/** C-106: what is announced is a list, which need not fit what the gateway has. */
async function buildTransit(builder: Builder, scope: Scope): Promise<void> {
  const { random, cloud } = builder;
  const gatewayId = await gatewayOf(builder, scope, 64_900);
  const transit = any(builder, 'transit-gateway', ({ account }) => account === scope.account);
  if (gatewayId === undefined || transit === undefined) return;
  const prefixes = ['10.0.0.0/8', '172.16.0.0/12', '100.64.0.0/10', '2600::/16']
    .map(block)
    .filter(() => random.chance(0.75));
  await associate(builder, scope, gatewayId, transit.id, prefixes);
  for (let count = 0; count < 1 + random.below(2); count++) {
    await addInterface(builder, scope, 'transit', { directConnectGatewayId: gatewayId });
  }
  await cloud.advance(1000);
}

/** At a VPC's gateway, or over a Direct Connect gateway, for those blocks that are let through. */
async function buildPrivate(builder: Builder, scope: Scope): Promise<void> {
  const { random, cloud } = builder;
  const gatewayId = await gatewayOf(builder, scope, 64_901);
  const own = all(builder, 'vpn-gateway').filter(
    ({ account, attachment }) => account === scope.account && attachment?.state === 'attached',
  );
  for (const { id } of own) {
    if (gatewayId === undefined || random.chance(0.4)) continue;
    const prefixes = random.chance(0.6) ? [] : [block(random.pick(['10.0.0.0/8', '10.0.0.0/16']))];
    await associate(builder, scope, gatewayId, id, prefixes);
  }
  const direct = random.pick(own.filter(({ region }) => region === scope.region));
  if (direct !== undefined) {
    await addInterface(builder, scope, 'private', { virtualGatewayId: direct.id });
  }
  if (gatewayId === undefined) return;
  await addInterface(builder, scope, 'private', { directConnectGatewayId: gatewayId });
  await cloud.advance(1000);
}

async function gatewayOf(
  builder: Builder,
  scope: Scope,
  amazonSideAsn: number,
): Promise<string | undefined> {
  const request = { name: 'hub', amazonSideAsn, tags: {} };
  const made = await attempt(builder, (tx) => createGateway(tx, scope, request));
  await builder.cloud.advance(10_000);
  return made?.id;
}

async function associate(
  builder: Builder,
  scope: Scope,
  directConnectGatewayId: string,
  gatewayId: string,
  prefixes: readonly Cidr[],
): Promise<void> {
  const request = { directConnectGatewayId, gatewayId, prefixes };
  await attempt(builder, (tx) => createAssociation(tx, scope, request));
  await builder.cloud.advance(10_000);
}

async function addInterface(
  builder: Builder,
  scope: Scope,
  type: 'private' | 'transit',
  gateway: { readonly virtualGatewayId?: string; readonly directConnectGatewayId?: string },
): Promise<void> {
  const { random, cloud } = builder;
  const connectionId = await connectionOf(builder, scope);
  if (connectionId === undefined) return;
  const vlan = 100 + all(builder, 'direct-connect-virtual-interface').length;
  const mtu = random.pick(type === 'transit' ? [1500, 8500] : [1500, 9001, 8500]);
  const peer = { asn: random.pick([65_060, 65_060, 65_070]), family: 4 } as const;
  const request = { type, connectionId, name: 'circuit', vlan, mtu, peer, tags: {}, ...gateway };
  const made = await attempt(builder, (tx) => createInterface(tx, scope, request));
  await cloud.advance(10_000);
  if (made !== undefined) await standUp(builder, { kind: 'virtual-interface', id: made.id });
}

async function connectionOf(builder: Builder, scope: Scope): Promise<string | undefined> {
  const known = any(
    builder,
    'direct-connect-connection',
    ({ account, region }) => account === scope.account && region === scope.region,
  );
  if (known !== undefined) return known.id;
  const location = locationsOf(scope.region)[0]!.code;
  const request = { name: 'port', location, bandwidth: '1Gbps', tags: {} };
  const made = await attempt(builder, (tx) => createConnection(tx, scopeOf(scope), request));
  await builder.cloud.advance(10_000);
  return made?.id;
}
