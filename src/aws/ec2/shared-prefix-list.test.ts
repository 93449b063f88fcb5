import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeGroup } from '../../../test/support/instance-fixture.ts';
import {
  changeList,
  entriesOf,
  lookAtList,
  makeList,
} from '../../../test/support/prefix-list-fixture.ts';
import { lookAtTable, makeGateway, makeTable } from '../../../test/support/route-fixture.ts';
import { makeShare, shareLists } from '../../../test/support/sharing-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';

/** A list of one account's, shared with another that has a table, a gateway and a group. */
let test: TestCloud;
let owner: EC2;
let consumer: EC2;
let list: string;
let share: string;
let table: string;
let gateway: string;
let group: string;

beforeEach(async () => {
  test = await testCloud();
  owner = test.ec2();
  consumer = test.ec2(OTHER_ACCOUNT);
  list = await makeList(owner, ['192.0.2.0/24'], 10);
  share = await shareLists(test, list);
  const { VpcId } = await makeVpc(consumer);
  table = await makeTable(consumer, VpcId);
  gateway = await makeGateway(consumer, VpcId);
  group = await makeGroup(consumer, VpcId, 'rules');
});

const listsOf = async (ec2: EC2) =>
  (await ec2.describeManagedPrefixLists({ MaxResults: 100 }))
    .PrefixLists!.filter(({ OwnerId }) => OwnerId !== 'AWS')
    .map(({ PrefixListId }) => PrefixListId);
const destination = () => ({ RouteTableId: table, DestinationPrefixListId: list });
const route = () => consumer.createRoute({ ...destination(), GatewayId: gateway });
const permission = () => [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: list }] }];
const allow = () =>
  consumer.authorizeSecurityGroupIngress({ GroupId: group, IpPermissions: permission() });
const unshare = () =>
  test.ram().disassociateResourceShare({ resourceShareArn: share, principals: [OTHER_ACCOUNT] });
const NOT_FOUND = 'InvalidPrefixListID.NotFound';

describe('a prefix list that another account shares', () => {
  it('is described with its owner, without the owner’s tags', async () => {
    await owner.createTags({ Resources: [list], Tags: [{ Key: 'Name', Value: 'secret' }] });
    const seen = await lookAtList(consumer, list);
    expect(seen).toEqual({ ...(await lookAtList(owner, list)), Tags: [] });
    expect(seen).toMatchObject({ OwnerId: ACCOUNT, MaxEntries: 10, State: 'create-complete' });
    expect(await listsOf(consumer)).toEqual([list]);
    const own = await makeList(consumer, ['10.0.0.0/8']);
    expect(await listsOf(consumer)).toEqual([own, list]);
    expect(await listsOf(owner)).toEqual([list]);
    const Filters = [{ Name: 'owner-id', Values: [ACCOUNT] }];
    const { PrefixLists } = await consumer.describeManagedPrefixLists({ Filters });
    expect(PrefixLists).toHaveLength(1);
  });

  it('shows its entries, of each version', async () => {
    expect(await entriesOf(consumer, list)).toEqual(['192.0.2.0/24']);
    await changeList(owner, list, { add: ['198.51.100.0/24'] });
    expect(await entriesOf(consumer, list)).toEqual(['192.0.2.0/24', '198.51.100.0/24']);
    expect(await entriesOf(consumer, list, 1)).toEqual(['192.0.2.0/24']);
  });

  it('is seen by who has accepted, in the Region, and by nobody else', async () => {
    const look = (ec2: EC2) => ec2.describeManagedPrefixLists({ PrefixListIds: [list] });
    await expectError(look(test.ec2(OTHER_ACCOUNT, 'eu-west-1')), NOT_FOUND);
    const third = test.ec2('333333333333');
    await expectError(look(third), NOT_FOUND);
    await test
      .ram()
      .associateResourceShare({ resourceShareArn: share, principals: ['333333333333'] });
    await expectError(look(third), NOT_FOUND);
    await expectError(entriesOf(third, list), NOT_FOUND);
    expect(await listsOf(third)).toEqual([]);
  });

  it('can be the destination of routes and the peer of rules', async () => {
    await route();
    await allow();
    const { Routes } = await lookAtTable(consumer, table);
    expect(Routes).toContainEqual(expect.objectContaining({ DestinationPrefixListId: list }));
    const { PrefixListAssociations } = await owner.getManagedPrefixListAssociations({
      PrefixListId: list,
    });
    expect(PrefixListAssociations).toEqual([
      { ResourceId: table, ResourceOwner: OTHER_ACCOUNT },
      { ResourceId: group, ResourceOwner: OTHER_ACCOUNT },
    ]);
    await expectError(owner.deleteManagedPrefixList({ PrefixListId: list }), 'DependencyViolation');
  });

  it('A-038 A-085 counts by its size against the quotas of who refers to it', async () => {
    const big = await makeList(owner, ['192.0.2.0/24'], 51);
    await shareLists(test, big);
    const request = { ...destination(), DestinationPrefixListId: big, GatewayId: gateway };
    await expectError(consumer.createRoute(request), 'RouteLimitExceeded');
    await route();
    const grown = { PrefixListId: list, MaxEntries: 60 };
    await owner.modifyManagedPrefixList(grown);
    const { State, StateMessage } = await lookAtList(owner, list);
    expect(State).toBe('modify-failed');
    expect(StateMessage).toContain(table);
  });

  it('is its owner’s alone to change', async () => {
    const refused = 'OperationNotPermitted';
    const PrefixListId = list;
    const modify = consumer.modifyManagedPrefixList({ PrefixListId, PrefixListName: 'mine' });
    await expectError(modify, refused);
    await expectError(consumer.deleteManagedPrefixList({ PrefixListId }), refused);
    const versions = { CurrentVersion: 1, PreviousVersion: 1 };
    const restore = consumer.restoreManagedPrefixListVersion({ PrefixListId, ...versions });
    await expectError(restore, refused);
    await expectError(consumer.getManagedPrefixListAssociations({ PrefixListId }), refused);
    const tags = { Resources: [list], Tags: [{ Key: 'a', Value: 'b' }] };
    await expectError(consumer.createTags(tags), NOT_FOUND);
    expect((await lookAtList(owner, list)).PrefixListName).toBe('test');
  });
});

describe('a prefix list that is shared no more', () => {
  const ways: [string, () => Promise<unknown>][] = [
    ['the principal is taken out', unshare],
    [
      'the principal leaves',
      () =>
        test.ram(OTHER_ACCOUNT).disassociateResourceShare({
          resourceShareArn: share,
          principals: [OTHER_ACCOUNT],
        }),
    ],
    [
      'the list is taken out',
      () =>
        test.ram().disassociateResourceShare({
          resourceShareArn: share,
          resourceArns: [`arn:aws:ec2:us-east-1:${ACCOUNT}:prefix-list/${list}`],
        }),
    ],
    ['the share is deleted', () => test.ram().deleteResourceShare({ resourceShareArn: share })],
  ];

  it.each(ways)('cannot be seen, or referred to anew: %s', async (_what, end) => {
    await end();
    await expectError(lookAtList(consumer, list), NOT_FOUND);
    await expectError(entriesOf(consumer, list), NOT_FOUND);
    await expectError(route(), NOT_FOUND);
    await expectError(allow(), NOT_FOUND);
    expect(await listsOf(consumer)).toEqual([]);
  });

  it('is shared as long as one of two shares holds it', async () => {
    await shareLists(test, list);
    expect(await listsOf(consumer)).toEqual([list]);
    await unshare();
    expect(await listsOf(consumer)).toEqual([list]);
    const empty = await makeShare(test.ram());
    await test.ram().deleteResourceShare({ resourceShareArn: empty });
    expect((await lookAtList(consumer, list)).OwnerId).toBe(ACCOUNT);
  });

  it('stays where it was referred to, and can be taken out there', async () => {
    await route();
    await allow();
    await unshare();
    const { Routes } = await lookAtTable(consumer, table);
    expect(Routes).toContainEqual(expect.objectContaining({ DestinationPrefixListId: list }));
    const { SecurityGroups } = await consumer.describeSecurityGroups({ GroupIds: [group] });
    expect(SecurityGroups![0]!.IpPermissions).toMatchObject(permission());
    const led = consumer.replaceRoute({ ...destination(), GatewayId: gateway });
    await expectError(led, NOT_FOUND);
    await consumer.deleteRoute(destination());
    await expectError(consumer.deleteRoute(destination()), NOT_FOUND);
    const revoke = () =>
      consumer.revokeSecurityGroupIngress({ GroupId: group, IpPermissions: permission() });
    await revoke();
    await expectError(revoke(), NOT_FOUND);
    await owner.deleteManagedPrefixList({ PrefixListId: list });
  });
});
