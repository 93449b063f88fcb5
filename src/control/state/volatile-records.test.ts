import { describe, expect, it } from 'vitest';
import { newHost, newScene, newSubnet, type Scene } from '../../../test/scenarios/scene.ts';
import { newVpnSite, sessionsAt } from '../../../test/scenarios/site-scene.ts';
import { attach, makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import { KINDS } from '../../model/schema.ts';
import { isLastingKind } from '../../model/volatile.ts';
import { createMemoryStore } from '../../store/memory.ts';
import type { Store } from '../../store/store.ts';
import { exportState, parseState } from './document.ts';
import { replaceState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

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

const VOLATILE = KINDS.filter((kind) => !isLastingKind(kind));

/** How many records there are of each kind that tells of now. */
function counted({ cloud: { model } }: Scene): Record<string, number> {
  return Object.fromEntries(VOLATILE.map((kind) => [kind, [...model.all(kind)].length]));
}

const UP = {
  'bgp-session': 2,
  'learned-route': 2,
  'site-route': 1,
  'transit-gateway-learned-route': 1,
};
const GONE = Object.fromEntries(Object.keys(UP).map((kind) => [kind, 0]));

describe('records that tell of now', () => {
  it('H-088 are not kept, and are there again after a restart', async () => {
    const store = createMemoryStore();
    const { scene, hostId, siteHost } = await stage(store);
    expect(counted(scene)).toEqual(UP);
    const kept = await store.load();
    const kinds = new Set(kept.map(({ kind }) => kind));
    expect(VOLATILE.filter((kind) => kinds.has(kind))).toEqual([]);
    scene.lab.close();
    const again = await newScene({ store, startMillis: scene.cloud.now() });
    again.pass(10_000);
    expect(counted(again)).toEqual(UP);
    expect(again.fate({ from: hostId, to: siteHost })).toBe('reachable');
  });

  it('are not exported, refused where they are imported, and learned anew there', async () => {
    const { scene, hostId, siteHost } = await stage(createMemoryStore());
    const document = JSON.parse(JSON.stringify(exportState(scene.cloud.model)));
    expect(VOLATILE.filter((kind) => kind in document.records)).toEqual([]);
    expect(document.records.site).toHaveLength(1);
    for (const kind of VOLATILE) {
      const records = { ...document.records, [kind]: [...scene.cloud.model.all(kind)] };
      const spoilt = JSON.parse(JSON.stringify({ ...document, records }));
      expect(() => parseState(spoilt)).toThrow(kind);
    }
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
      expect(counted(scene)).toEqual(GONE);
      expect([...scene.cloud.model.all('site')]).toEqual([]);
      scene.pass(60_000);
      expect(counted(scene)).toEqual(GONE);
    }
  });

  it('of an account stay when another is reset', async () => {
    const { scene } = await stage(createMemoryStore());
    await scene.cloud.execute((tx) => resetAccount(tx, '222222222222'));
    expect(counted(scene)).toEqual(UP);
  });
});
