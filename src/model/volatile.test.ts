import { describe, expect, it } from 'vitest';
import { newHost, newScene, newSubnet, type Scene } from '../../test/scenarios/scene.ts';
import { newVpnSite, sessionsAt } from '../../test/scenarios/site-scene.ts';
import { attach, makeTransitGateway } from '../../test/support/transit-fixture.ts';
import { exportState, parseState } from '../control/state/document.ts';
import { replaceState } from '../control/state/replace.ts';
import { resetAccount } from '../control/state/reset-account.ts';
import { createMemoryStore } from '../store/memory.ts';
import type { Store } from '../store/store.ts';
import { VOLATILE_KINDS } from './volatile.ts';

interface Stage {
  readonly scene: Scene;
  readonly hostId: string;
  readonly siteHost: string;
}

/** A site with both sessions up behind a transit gateway, and a host that reaches it. */
async function stage(store: Store): Promise<Stage> {
  const scene = await newScene({ store });
  const vpc = await scene.vpc('10.0.0.0/16');
  const subnet = await newSubnet(vpc, '10.0.0.0/24');
  const { id: hostId } = await newHost(subnet);
  const TransitGatewayId = await makeTransitGateway(vpc.ec2);
  await attach(vpc.ec2, TransitGatewayId, vpc.id, [subnet.id]);
  const route = { RouteTableId: vpc.mainTable, DestinationCidrBlock: '0.0.0.0/0' };
  await vpc.ec2.createRoute({ ...route, TransitGatewayId });
  const prefixes = ['192.168.0.0/16'];
  const { host } = await newVpnSite(scene, 'dc1', { TransitGatewayId }, { prefixes });
  return { scene, hostId, siteHost: host };
}

/** How many records there are of each kind that tells of now, learned routes of tables included. */
function counted({ cloud: { model } }: Scene): number[] {
  const learned = [...model.all('transit-gateway-route')].filter((route) => 'linkIds' in route);
  return [...VOLATILE_KINDS.map((kind) => [...model.all(kind)].length), learned.length];
}

const UP = [2, 2, 1, 1];

describe('records that tell of now', () => {
  it('H-088 are not kept, and are there again after a restart', async () => {
    const store = createMemoryStore();
    const { scene, hostId, siteHost } = await stage(store);
    expect(counted(scene)).toEqual(UP);
    const kept = await store.load();
    const kinds = new Set(kept.map(({ kind }) => kind));
    for (const kind of VOLATILE_KINDS) expect(kinds).not.toContain(kind);
    expect(kept.filter(({ value }) => 'linkIds' in (value as object))).toEqual([]);
    scene.lab.close();
    const again = await newScene({ store, startMillis: scene.cloud.now() });
    again.pass(10_000);
    expect(counted(again)).toEqual(UP);
    expect(again.fate({ from: hostId, to: siteHost })).toBe('reachable');
  });

  it('are not exported, refused where they are imported, and learned anew there', async () => {
    const { scene, hostId, siteHost } = await stage(createMemoryStore());
    const document = JSON.parse(JSON.stringify(exportState(scene.cloud.model)));
    for (const kind of VOLATILE_KINDS) expect(document.records).not.toHaveProperty(kind);
    expect(document.records.site).toHaveLength(1);
    const learned = [...scene.cloud.model.all('transit-gateway-route')].find(
      (route) => 'linkIds' in route,
    );
    const routes = [...document.records['transit-gateway-route'], learned];
    const spoilt = { ...document.records, 'transit-gateway-route': routes };
    expect(() =>
      parseState(JSON.parse(JSON.stringify({ ...document, records: spoilt }))),
    ).toThrow();
    const other = await newScene({ seed: 2, startMillis: scene.cloud.now() });
    await other.cloud.execute((tx) => replaceState(tx, parseState(document)));
    other.pass(10_000);
    expect(counted(other)).toEqual(UP);
    expect(other.fate({ from: hostId, to: siteHost })).toBe('reachable');
  });

  it('are learned anew where their own cloud imports what it has exported', async () => {
    const { scene, hostId, siteHost } = await stage(createMemoryStore());
    const document = JSON.parse(JSON.stringify(exportState(scene.cloud.model)));
    await scene.cloud.execute((tx) => replaceState(tx, parseState(document)));
    scene.pass(10_000);
    expect(counted(scene)).toEqual(UP);
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established', 'Established']);
    expect(scene.fate({ from: hostId, to: siteHost })).toBe('reachable');
  });

  it('go with everything, and with their account', async () => {
    for (const reset of ['all', 'account'] as const) {
      const { scene } = await stage(createMemoryStore());
      await scene.cloud.execute((tx) =>
        reset === 'all' ? replaceState(tx, []) : resetAccount(tx, '111111111111'),
      );
      expect(counted(scene)).toEqual([0, 0, 0, 0]);
      expect([...scene.cloud.model.all('site')]).toEqual([]);
      scene.pass(60_000);
      expect(counted(scene)).toEqual([0, 0, 0, 0]);
    }
  });

  it('of an account stay when another is reset', async () => {
    const { scene } = await stage(createMemoryStore());
    await scene.cloud.execute((tx) => resetAccount(tx, '222222222222'));
    expect(counted(scene)).toEqual(UP);
  });
});
