import { beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../../src/model/model.ts';
import type { Change, Kind, Records } from '../../src/model/schema.ts';
import { parseCidr, parseCidr4 } from '../../src/net/cidr.ts';
import { randomLab } from '../random/topology.ts';
import { faultsOf } from './invariants.ts';

let changes: Change[];
beforeAll(async () => {
  changes = (await randomLab(1)).cloud.snapshot();
});

/** The cloud with one record replaced, or taken out. */
function withRecord<K extends Kind>(
  kind: K,
  fits: (record: Records[K]) => boolean,
  change: (record: Records[K]) => Records[K] | undefined,
): Model {
  const model = new Model();
  const index = changes.findIndex((one) => one.kind === kind && fits(one.after as Records[K]));
  expect(index).toBeGreaterThanOrEqual(0);
  for (const [at, one] of changes.entries()) {
    const after = at === index ? change(one.after as Records[K]) : one.after;
    if (after !== undefined) model.apply({ ...one, after } as Change);
  }
  return model;
}

describe('a random cloud is whole', () => {
  it.each([1, 2, 3, 4, 5, 6])('seed %d', async (seed) => {
    const { cloud } = await randomLab(seed);
    expect(faultsOf(cloud.model)).toEqual([]);
  });
});

const any = () => true;
const block = parseCidr4('10.0.0.0/8')!;

describe('what is wrong is seen', () => {
  it.each<[string, () => Model, RegExp]>([
    ['a VPC that is gone', () => withRecord('vpc', any, () => undefined), /needs the vpc/],
    ['a group that is gone', () => gone('security-group'), /security-group/],
    ['a table that is gone', () => gone('route-table'), /needs the route-table/],
    ['an owner nobody is', () => withRecord('subnet', any, foreign), /another account/],
    ['a Region nobody knows', () => withRecord('vpc', any, elsewhere), /Region 'mars'/],
    ['a subnet beyond its VPC', () => withRecord('subnet', any, tooLarge), /not of its VPC/],
    ['subnets that overlap', overlappingSubnets, /overlaps/],
    ['a route under a wrong id', () => withRecord('route', any, misnamed), /id of its destination/],
    ['an address twice', sharedAddress, /shares its address/],
    ['a tag set of nothing', () => lonely('tag-set'), /missing/],
  ])('%s', (_what, make, message) => {
    expect(faultsOf(make()).join('\n')).toMatch(message);
  });

  it('an index that forgot to follow', () => {
    const model = withRecord('subnet', any, (subnet) => subnet);
    const [subnet] = [...model.all('subnet')];
    // Written into in place: the index still has it under its old VPC.
    Object.assign(subnet!, { vpcId: 'vpc-00000000' });
    expect(faultsOf(model).join('\n')).toMatch(/the index vpc/);
    changes = changes.map((change) => structuredClone(change));
  });
});

function gone(kind: 'security-group' | 'route-table'): Model {
  return withRecord(kind, any, () => undefined);
}

function foreign(subnet: Records['subnet']): Records['subnet'] {
  return { ...subnet, account: '999999999999' };
}

function elsewhere(vpc: Records['vpc']): Records['vpc'] {
  return { ...vpc, region: 'mars' };
}

function tooLarge(subnet: Records['subnet']): Records['subnet'] {
  return { ...subnet, cidr: block };
}

function misnamed(route: Records['route']): Records['route'] {
  return { ...route, destination: parseCidr('1.2.3.0/24')! };
}

function overlappingSubnets(): Model {
  const model = withRecord('subnet', any, (subnet) => subnet);
  const [subnet] = [...model.all('subnet')];
  const twin = { ...subnet!, id: 'subnet-00000001' };
  model.apply({ kind: 'subnet', id: twin.id, before: undefined, after: twin });
  return model;
}

function sharedAddress(): Model {
  const model = withRecord('network-interface', any, (eni) => eni);
  const [eni] = [...model.all('network-interface')];
  const twin = { ...eni!, id: 'eni-00000001' };
  model.apply({ kind: 'network-interface', id: twin.id, before: undefined, after: twin });
  return model;
}

function lonely(kind: 'tag-set'): Model {
  const model = withRecord('vpc', any, (vpc) => vpc);
  const [account, region, resourceId] = ['111111111111', 'us-east-1', 'vpc-00000000'];
  const id = `${account}|${region}|${resourceId}`;
  const after = { id, account, region, resourceId, resourceType: 'vpc', tags: { a: 'b' } };
  model.apply({ kind, id, before: undefined, after });
  return model;
}
