import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import { AwsError } from '../../model/error.ts';
import { createMemoryStore } from '../../store/memory.ts';
import { ensureAccount } from '../account.ts';
import type { Cloud } from '../cloud.ts';
import { exportState, parseState, type StateDocument } from './document.ts';
import { replaceState, resetState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

const OTHER = { ...SCOPE, account: OTHER_ACCOUNT };

async function filledCloud(): Promise<Cloud> {
  const { cloud, ec2 } = await testCloud();
  await ensureAccount(cloud, OTHER);
  const client = ec2();
  const { Vpcs } = await client.describeVpcs({});
  const { VpcPeeringConnection } = await client.createVpcPeeringConnection({
    VpcId: (await client.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!,
    PeerOwnerId: OTHER_ACCOUNT,
    PeerVpcId: cloud.model.first('vpc', 'owner', `${OTHER_ACCOUNT}|${SCOPE.region}`)!.id,
  });
  const pcx = VpcPeeringConnection!.VpcPeeringConnectionId!;
  await ec2(OTHER_ACCOUNT).acceptVpcPeeringConnection({ VpcPeeringConnectionId: pcx });
  const table = cloud.model.first('route-table', 'owner', `${OTHER_ACCOUNT}|${SCOPE.region}`)!;
  await ec2(OTHER_ACCOUNT).createRoute({
    RouteTableId: table.id,
    DestinationCidrBlock: '10.0.0.0/16',
    VpcPeeringConnectionId: pcx,
  });
  await client.createTags({ Resources: [Vpcs![0]!.VpcId!], Tags: [{ Key: 'Name', Value: 'a' }] });
  return cloud;
}

const asJson = (cloud: Cloud) => JSON.parse(JSON.stringify(exportState(cloud.model)));

/** The records of a document in the order of their ids. */
function sorted({ records }: { records: object }): object {
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const lists = Object.entries(JSON.parse(JSON.stringify(records)) as typeof records);
  return Object.fromEntries(lists.map(([kind, list]) => [kind, list.sort(byId)]));
}

async function importInto(cloud: Cloud, document: unknown): Promise<void> {
  const changes = parseState(document);
  await cloud.execute((tx) => replaceState(tx, changes));
}

let source: Cloud;
let document: StateDocument;
beforeAll(async () => {
  source = await filledCloud();
  document = asJson(source);
});

describe('export and import', () => {
  it('carry everything over', async () => {
    const { cloud } = await testCloud({ seed: 2 });
    await ensureAccount(cloud, { ...SCOPE, account: '999999999999' });
    await importInto(cloud, document);
    expect(asJson(cloud)).toEqual(document);
    expect(document.records.vpc).toHaveLength(3);
    expect(document.records['vpc-peering-connection']).toMatchObject([{ status: 'active' }]);
  });

  it('never move the clock back', async () => {
    const { cloud, advance } = await testCloud();
    await advance(5000);
    const now = cloud.now();
    await importInto(cloud, document);
    expect(cloud.now()).toBe(now);
    const ahead = { id: 'clock-offset', value: 60_000 };
    await importInto(cloud, { ...document, records: { setting: [ahead] } });
    expect(cloud.now()).toBe(now + 55_000);
  });

  it('refuse a time that no clock may read', async () => {
    const { cloud, advance } = await testCloud();
    await ensureAccount(cloud, SCOPE);
    const before = asJson(cloud);
    const century = 100 * 365 * 86_400_000;
    for (let count = 0; count < 69; count++) await advance(century);
    await expect(advance(century)).rejects.toThrow(AwsError);
    await expect(advance(Number.MAX_VALUE)).rejects.toThrow(AwsError);
    const ahead = { id: 'clock-offset', value: 1e300 };
    const imported = importInto(cloud, { ...document, records: { setting: [ahead] } });
    await expect(imported).rejects.toThrow(AwsError);
    expect(new Date(cloud.now()).toISOString()).toMatch(/^89/);
    expect(asJson(cloud).records.vpc).toEqual(before.records.vpc);
  });

  it('make timers happen as they would have', async () => {
    const { cloud, ec2 } = await testCloud({ transitions: 'fast' });
    await ec2().createVpc({ CidrBlock: '10.0.0.0/16' });
    const pending = asJson(cloud);
    expect(pending.records.timer).not.toHaveLength(0);
    const other = await testCloud({ transitions: 'fast' });
    await importInto(other.cloud, pending);
    await other.advance(1000);
    expect([...other.cloud.model.all('timer')]).toEqual([]);
    expect([...other.cloud.model.all('vpc')].map(({ state }) => state)).not.toContain('pending');
  });
});

describe('what is refused', () => {
  const change = (kind: string, member: string, value: unknown) => {
    const records = structuredClone(document.records) as unknown as Record<
      string,
      Record<string, unknown>[]
    >;
    records[kind]![0]![member] = value;
    return { ...document, records };
  };

  const first = () => document.records.vpc![0]!;

  it.each<[string, () => unknown, RegExp]>([
    ['no object', () => [], /expected object/],
    ['another format', () => ({ ...document, format: 'x' }), /format: must be 'openvpc-state'/],
    ['a later version', () => ({ ...document, version: 2 }), /version 2 is of a later openvpc/],
    ['an unknown kind', () => ({ ...document, records: { unicorn: [] } }), /kind 'unicorn'/],
    ['a member too many', () => change('vpc', 'colour', 'red'), /vpc\[0\].*colour/],
    ['a member of another type', () => change('vpc', 'isDefault', 1), /vpc\[0\]: isDefault/],
    ['a member missing', () => change('vpc', 'cidrs', undefined), /vpc\[0\]: cidrs/],
    ['an id twice', () => change('subnet', 'id', document.records.subnet![1]!.id), /two records/],
    ['an id no store can keep', () => change('subnet', 'id', '\ud800'), /printable ASCII/],
    ['half a character', () => change('security-group', 'description', '\ud800'), /Unicode/],
    ['a missing VPC', () => change('subnet', 'vpcId', 'vpc-0'), /needs the vpc 'vpc-0'/],
    ['an id that lies', () => change('route', 'id', 'rtb-0|10.0.0.0/8'), /its id should be/],
    ['a second main table', () => change('route-table-association', 'vpcId', 'x'), /main|missing/],
    ['an event nobody knows', () => withTimer('vpc.explode'), /must be an event/],
    ['a clock that is no number', () => withSetting('clock-offset', 'soon'), /milliseconds/],
    ['host bits', () => change('vpc', 'cidrs', hostBits()), /must have no host bits/],
  ])('%s', (_what, make, message) => {
    const refused = () => parseState(JSON.parse(JSON.stringify(make())));
    expect(refused).toThrow(AwsError);
    expect(refused).toThrow(message);
  });

  function withTimer(event: string) {
    const timer = { id: `${event}|x`, at: 1, event, target: 'x' };
    return { ...document, records: { timer: [timer] } };
  }

  function withSetting(id: string, value: unknown) {
    return { ...document, records: { setting: [{ id, value }] } };
  }

  function hostBits() {
    const [association] = first().cidrs;
    return [{ ...association, cidr: { address: 1, length: 8 } }];
  }

  it('garbage anywhere is an AwsError or a state that exports as itself', async () => {
    const kinds = Object.keys(document.records);
    const spoil = fc.record({
      kind: fc.constantFrom(...kinds),
      index: fc.nat(20),
      member: fc.nat(20),
      value: fc.oneof(fc.jsonValue(), fc.constantFrom('\ud800', '\u0000', 'ä')),
    });
    // The store takes whatever is accepted, or the server would stop.
    const { cloud } = await testCloud({ store: createMemoryStore() });
    await fc.assert(
      fc.asyncProperty(spoil, async ({ kind, index, member, value }) => {
        const spoiled = structuredClone(document) as unknown as {
          records: Record<string, Record<string, unknown>[]>;
        };
        const list = spoiled.records[kind]!;
        const record = list[index % list.length]!;
        const names = Object.keys(record);
        record[names[member % names.length]!] = value;
        try {
          await importInto(cloud, spoiled);
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
          return;
        }
        // A record that was there before keeps its place.
        expect(sorted(asJson(cloud))).toEqual(sorted(spoiled));
      }),
      { numRuns: 500 },
    );
  });
});

describe('reset', () => {
  it('leaves nothing but the time', async () => {
    const cloud = await filledCloud();
    await cloud.advance(1000);
    const now = cloud.now();
    await cloud.execute(resetState);
    expect(asJson(cloud).records).toEqual({ setting: [{ id: 'clock-offset', value: 1000 }] });
    expect(cloud.now()).toBe(now);
  });

  it('of one account leaves the others what they have', async () => {
    const cloud = await filledCloud();
    await cloud.execute((tx) => resetAccount(tx, SCOPE.account));
    const left = asJson(cloud);
    const text = JSON.stringify(left.records);
    expect(text).not.toContain(SCOPE.account);
    expect(left.records.vpc).toHaveLength(1);
    expect(left.records['vpc-peering-connection']).toBeUndefined();
    // The other's route to the connection stays: a blackhole.
    const [route] = left.records.route.filter((one: { target: { kind: string } }) =>
      one.target.kind.includes('peering'),
    );
    expect(route).toBeDefined();
    expect(() => parseState(left)).not.toThrow();
  });

  it('of one account gives it its default VPC anew', async () => {
    const { cloud } = await testCloud();
    await ensureAccount(cloud, SCOPE);
    const [before] = [...cloud.model.all('vpc')];
    await cloud.execute((tx) => resetAccount(tx, SCOPE.account));
    expect([...cloud.model.all('vpc')]).toEqual([]);
    await ensureAccount(cloud, SCOPE);
    const [after] = [...cloud.model.all('vpc')];
    expect(after).toMatchObject({ isDefault: true });
    expect(after!.id).not.toBe(before!.id);
  });
});
