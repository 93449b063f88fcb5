import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import {
  changeList,
  entriesOf,
  lookAtList,
  makeList,
} from '../../../test/support/prefix-list-fixture.ts';
import { OTHER_ACCOUNT, type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';

let test: TestCloud;
let ec2: EC2;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
});

const NEW = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 5 } as const;

describe('CreateManagedPrefixList', () => {
  it('answers the list as it begins; then it is there', async () => {
    const { PrefixList } = await ec2.createManagedPrefixList({
      ...NEW,
      Entries: [{ Cidr: '10.1.0.0/16', Description: 'Vienna' }, { Cidr: '10.2.0.0/16' }],
      TagSpecifications: [{ ResourceType: 'prefix-list', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    const id = PrefixList!.PrefixListId!;
    expect(PrefixList).toEqual({
      PrefixListId: id,
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Version: 1,
      State: 'create-in-progress',
      PrefixListArn: `arn:aws:ec2:us-east-1:111111111111:prefix-list/${id}`,
      OwnerId: '111111111111',
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(await lookAtList(ec2, id)).toEqual({ ...PrefixList, State: 'create-complete' });
    const { Entries } = await ec2.getManagedPrefixListEntries({ PrefixListId: id });
    expect(Entries).toEqual([
      { Cidr: '10.1.0.0/16', Description: 'Vienna' },
      { Cidr: '10.2.0.0/16' },
    ]);
  });

  it('takes IPv6, and no entries at all', async () => {
    expect(await entriesOf(ec2, await makeList(ec2, ['2001:db8::/32']))).toEqual(['2001:db8::/32']);
    expect(await entriesOf(ec2, await makeList(ec2, []))).toEqual([]);
  });

  it.each(['com.amazonaws.x', 'com.amazon.x', 'com.aws.x', '', 'n'.repeat(256)])(
    'refuses the name %j',
    async (PrefixListName) => {
      const call = ec2.createManagedPrefixList({ ...NEW, PrefixListName });
      await expectError(call, 'InvalidParameterValue');
    },
  );

  it('takes a name that merely looks like AWS', async () => {
    await ec2.createManagedPrefixList({ ...NEW, PrefixListName: 'com.amazonaws-mine' });
  });

  it.each([0, -1, 1001])('refuses the size %i', async (MaxEntries) => {
    await expectError(
      ec2.createManagedPrefixList({ ...NEW, MaxEntries }),
      'InvalidParameterValue',
      /maxEntries/,
    );
  });

  it.each([
    ['of the other family', ['2001:db8::/32'], /not of the address family IPv4/],
    ['that are none', ['10.0.0.0/33'], /10.0.0.0\/33/],
    ['twice', ['10.0.0.0/8', '10.0.0.1/8'], /10.0.0.0\/8 is specified more than once/],
  ])('refuses entries %s', async (_, blocks, message) => {
    const Entries = blocks.map((Cidr) => ({ Cidr }));
    const call = ec2.createManagedPrefixList({ ...NEW, Entries });
    await expectError(call, 'InvalidParameterValue', message);
  });

  it('refuses more entries than the list may have, and more than a call may', async () => {
    const Entries = Array.from({ length: 101 }, (_, index) => ({ Cidr: `10.0.${index}.0/24` }));
    await expectError(
      ec2.createManagedPrefixList({ ...NEW, Entries: Entries.slice(0, 6) }),
      'PrefixListMaxEntriesExceeded',
    );
    await expectError(
      ec2.createManagedPrefixList({ ...NEW, MaxEntries: 200, Entries }),
      'InvalidParameterValue',
    );
  });

  it('refuses an unknown family and a long description', async () => {
    await expectError(
      ec2.createManagedPrefixList({ ...NEW, AddressFamily: 'IPX' }),
      'InvalidParameterValue',
    );
    const Entries = [{ Cidr: '10.0.0.0/8', Description: 'd'.repeat(256) }];
    await expectError(ec2.createManagedPrefixList({ ...NEW, Entries }), 'InvalidParameterValue');
  });

  it('has a quota in the Region', async () => {
    for (let count = 0; count < 100; count++) await ec2.createManagedPrefixList(NEW);
    await expectError(ec2.createManagedPrefixList(NEW), 'PrefixListLimitExceeded');
    await test.ec2(undefined, 'eu-west-1').createManagedPrefixList(NEW);
  });

  it('G-030 G-032 makes one list for one client token', async () => {
    const once = await ec2.createManagedPrefixList({ ...NEW, ClientToken: 't' });
    const again = await ec2.createManagedPrefixList({ ...NEW, ClientToken: 't' });
    expect(again.PrefixList!.PrefixListId).toBe(once.PrefixList!.PrefixListId);
    await expectError(
      ec2.createManagedPrefixList({ ...NEW, MaxEntries: 6, ClientToken: 't' }),
      'IdempotentParameterMismatch',
    );
  });

  it('does nothing with DryRun', async () => {
    const count = async () => (await ec2.describeManagedPrefixLists({})).PrefixLists!.length;
    const before = await count();
    await expectError(ec2.createManagedPrefixList({ ...NEW, DryRun: true }), 'DryRunOperation');
    expect(await count()).toBe(before);
  });
});

describe('ModifyManagedPrefixList', () => {
  let id: string;

  beforeEach(async () => {
    id = await makeList(ec2, ['10.1.0.0/16', '10.2.0.0/16'], 3);
  });

  const modify = (request: object) => ec2.modifyManagedPrefixList({ PrefixListId: id, ...request });

  it('makes another version of other entries', async () => {
    const { PrefixList } = await modify({
      CurrentVersion: 1,
      AddEntries: [{ Cidr: '10.3.0.0/16' }, { Cidr: '10.4.0.0/16' }],
      RemoveEntries: [{ Cidr: '10.1.0.0/16' }],
    });
    expect(PrefixList).toMatchObject({ State: 'modify-in-progress', Version: 1 });
    expect(await lookAtList(ec2, id)).toMatchObject({ State: 'modify-complete', Version: 2 });
    expect(await entriesOf(ec2, id)).toEqual(['10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16']);
    expect(await entriesOf(ec2, id, 1)).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
  });

  it('makes no version of another name or size', async () => {
    await modify({ PrefixListName: 'other' });
    await modify({ MaxEntries: 2 });
    const now = { PrefixListName: 'other', MaxEntries: 2, Version: 1, State: 'modify-complete' };
    expect(await lookAtList(ec2, id)).toMatchObject(now);
  });

  it('refuses another version than the current one, and entries without any', async () => {
    const AddEntries = [{ Cidr: '10.3.0.0/16' }];
    await expectError(
      modify({ CurrentVersion: 2, AddEntries }),
      'PrefixListVersionMismatch',
      'The prefix list has the incorrect version number.',
    );
    await expectError(modify({ AddEntries }), 'MissingParameter', /currentVersion/);
  });

  it('refuses entries together with a size, and nothing at all', async () => {
    const AddEntries = [{ Cidr: '10.3.0.0/16' }];
    const call = modify({ CurrentVersion: 1, AddEntries, MaxEntries: 9 });
    await expectError(call, 'InvalidParameterCombination');
    await expectError(modify({}), 'InvalidRequest');
  });

  it('refuses to add what is there and to remove what is not', async () => {
    await expectError(
      modify({ CurrentVersion: 1, AddEntries: [{ Cidr: '10.1.0.0/16', Description: 'again' }] }),
      'InvalidPrefixListModification',
      /10.1.0.0\/16/,
    );
    await expectError(
      modify({ CurrentVersion: 1, RemoveEntries: [{ Cidr: '10.9.0.0/16' }] }),
      'InvalidPrefixListModification',
      /10.9.0.0\/16/,
    );
    const same = [{ Cidr: '10.1.0.0/16' }];
    await expectError(
      modify({ CurrentVersion: 1, AddEntries: same, RemoveEntries: same }),
      'InvalidParameterValue',
      /in both/,
    );
    expect(await lookAtList(ec2, id)).toMatchObject({ Version: 1, State: 'create-complete' });
  });

  it('refuses more entries than the size, and a size below the entries', async () => {
    const AddEntries = [{ Cidr: '10.3.0.0/16' }, { Cidr: '10.4.0.0/16' }];
    const call = modify({ CurrentVersion: 1, AddEntries });
    await expectError(call, 'PrefixListMaxEntriesExceeded');
    await expectError(modify({ MaxEntries: 1 }), 'PrefixListMaxEntriesExceeded');
    await expectError(modify({ MaxEntries: 1001 }), 'InvalidParameterValue');
    await expectError(modify({ PrefixListName: 'com.aws.x' }), 'InvalidParameterValue');
  });

  it('refuses another family, and more than a call may remove', async () => {
    const AddEntries = [{ Cidr: '2001:db8::/32' }];
    await expectError(modify({ CurrentVersion: 1, AddEntries }), 'InvalidParameterValue');
    const RemoveEntries = Array.from({ length: 101 }, () => ({ Cidr: '10.1.0.0/16' }));
    await expectError(modify({ CurrentVersion: 1, RemoveEntries }), 'InvalidParameterValue');
  });

  it('knows only the caller’s lists', async () => {
    const other = test.ec2(OTHER_ACCOUNT);
    const request = { PrefixListId: id, PrefixListName: 'mine' };
    await expectError(other.modifyManagedPrefixList(request), 'InvalidPrefixListID.NotFound');
    await expectError(
      ec2.modifyManagedPrefixList({ PrefixListId: 'pl-x', PrefixListName: 'x' }),
      'InvalidPrefixListId.Malformed',
    );
  });
});

describe('a list that changes', () => {
  it('is in its states for a while, and refuses further changes meanwhile', async () => {
    const slow = await testCloud({ transitions: 'fast' });
    const client = slow.ec2();
    const id = await makeList(client, ['10.1.0.0/16']);
    const change = () => changeList(client, id, { add: ['10.2.0.0/16'] });
    await expectError(change(), 'IncorrectState', /create-in-progress/);
    await slow.advance(50);
    await change();
    expect(await entriesOf(client, id)).toEqual(['10.1.0.0/16']);
    await expectError(change(), 'IncorrectState', /modify-in-progress/);
    await expectError(
      client.getManagedPrefixListEntries({ PrefixListId: id, TargetVersion: 2 }),
      'PrefixListVersionNotFound',
    );
    await slow.advance(50);
    expect(await entriesOf(client, id)).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
    const back = { PrefixListId: id, PreviousVersion: 1, CurrentVersion: 2 };
    const { PrefixList } = await client.restoreManagedPrefixListVersion(back);
    expect(PrefixList).toMatchObject({ State: 'restore-in-progress', Version: 2 });
    await slow.advance(50);
    expect(await lookAtList(client, id)).toMatchObject({ State: 'restore-complete', Version: 3 });
    await client.deleteManagedPrefixList({ PrefixListId: id });
    expect(await lookAtList(client, id)).toMatchObject({ State: 'delete-in-progress' });
    await expectError(
      client.deleteManagedPrefixList({ PrefixListId: id }),
      'IncorrectState',
      /delete-in-progress/,
    );
    await slow.advance(50);
    await expectError(lookAtList(client, id), 'InvalidPrefixListID.NotFound');
  });
});

describe('RestoreManagedPrefixListVersion', () => {
  it('makes a new version of an old one’s entries', async () => {
    const id = await makeList(ec2, ['10.1.0.0/16']);
    await changeList(ec2, id, { add: ['10.2.0.0/16'], remove: ['10.1.0.0/16'] });
    const request = { PrefixListId: id, PreviousVersion: 1, CurrentVersion: 2 };
    await ec2.restoreManagedPrefixListVersion(request);
    expect(await lookAtList(ec2, id)).toMatchObject({ Version: 3, State: 'restore-complete' });
    expect(await entriesOf(ec2, id)).toEqual(['10.1.0.0/16']);
    await expectError(ec2.restoreManagedPrefixListVersion(request), 'PrefixListVersionMismatch');
    await expectError(
      ec2.restoreManagedPrefixListVersion({ ...request, PreviousVersion: 7, CurrentVersion: 3 }),
      'PrefixListVersionNotFound',
    );
  });

  it('refuses entries that the list has no room for any more', async () => {
    const id = await makeList(ec2, ['10.1.0.0/16', '10.2.0.0/16'], 2);
    await changeList(ec2, id, { remove: ['10.1.0.0/16'] });
    await ec2.modifyManagedPrefixList({ PrefixListId: id, MaxEntries: 1 });
    await expectError(
      ec2.restoreManagedPrefixListVersion({
        PrefixListId: id,
        PreviousVersion: 1,
        CurrentVersion: 2,
      }),
      'PrefixListMaxEntriesExceeded',
    );
  });
});

describe('DeleteManagedPrefixList', () => {
  it('takes the list, its versions, tags and token away', async () => {
    const { PrefixList } = await ec2.createManagedPrefixList({
      ...NEW,
      ClientToken: 't',
      TagSpecifications: [{ ResourceType: 'prefix-list', Tags: [{ Key: 'a', Value: 'b' }] }],
    });
    const PrefixListId = PrefixList!.PrefixListId!;
    const deleted = await ec2.deleteManagedPrefixList({ PrefixListId });
    expect(deleted.PrefixList).toMatchObject({ State: 'delete-in-progress' });
    await expectError(lookAtList(ec2, PrefixListId), 'InvalidPrefixListID.NotFound');
    const { model } = test.cloud;
    expect([...model.all('prefix-list-version')]).toEqual([]);
    expect((await ec2.describeTags({})).Tags).toEqual([]);
    const anew = await ec2.createManagedPrefixList({ ...NEW, ClientToken: 't' });
    expect(anew.PrefixList!.PrefixListId).not.toBe(PrefixListId);
  });
});

describe('AWS’s own lists', () => {
  const S3 = 'com.amazonaws.us-east-1.s3';
  const named = async (client: EC2, name: string) => {
    const Filters = [{ Name: 'prefix-list-name', Values: [name] }];
    return (await client.describeManagedPrefixLists({ Filters })).PrefixLists!;
  };

  it('are S3’s and DynamoDB’s of the Region, with the same ids for everybody', async () => {
    const { PrefixLists } = await ec2.describeManagedPrefixLists({});
    const names = PrefixLists!.map(({ PrefixListName }) => PrefixListName);
    expect(names).toEqual(['com.amazonaws.us-east-1.dynamodb', S3]);
    const [own] = await named(ec2, S3);
    expect(own).toEqual({
      PrefixListId: 'pl-63a5400a',
      PrefixListName: S3,
      AddressFamily: 'IPv4',
      State: 'create-complete',
      PrefixListArn: 'arn:aws:ec2:us-east-1:aws:prefix-list/pl-63a5400a',
      OwnerId: 'AWS',
      Tags: [],
    });
    const other = await testCloud({ seed: 2 });
    expect(await named(other.ec2(OTHER_ACCOUNT), S3)).toEqual([own]);
  });

  it('are of their Region alone, and no two Regions share addresses', async () => {
    const { Regions } = await ec2.describeRegions({ AllRegions: true });
    const blocks: string[] = [];
    const ids = new Set<string | undefined>();
    for (const { RegionName } of Regions!) {
      const { PrefixLists } = await test.ec2(undefined, RegionName).describePrefixLists({});
      for (const { Cidrs, PrefixListId } of PrefixLists!) {
        blocks.push(...Cidrs!);
        ids.add(PrefixListId);
      }
    }
    expect(new Set(blocks).size).toBe(blocks.length);
    expect(ids.size).toBe(2 * Regions!.length);
    const elsewhere = test.ec2(undefined, 'eu-west-1');
    await expectError(lookAtList(elsewhere, 'pl-63a5400a'), 'InvalidPrefixListID.NotFound');
  });

  it('are found by owner, and show their entries', async () => {
    const Filters = [{ Name: 'owner-id', Values: ['AWS'] }];
    const { PrefixLists } = await ec2.describeManagedPrefixLists({ Filters });
    expect(PrefixLists).toHaveLength(2);
    expect(await entriesOf(ec2, 'pl-63a5400a')).toContain('52.216.0.0/15');
  });

  it('cannot be changed, deleted, tagged or asked for who uses them', async () => {
    const PrefixListId = 'pl-63a5400a';
    await expectError(
      ec2.modifyManagedPrefixList({ PrefixListId, PrefixListName: 'mine' }),
      'OperationNotPermitted',
    );
    await expectError(ec2.deleteManagedPrefixList({ PrefixListId }), 'OperationNotPermitted');
    await expectError(
      ec2.getManagedPrefixListAssociations({ PrefixListId }),
      'OperationNotPermitted',
    );
    const Tags = [{ Key: 'a', Value: 'b' }];
    await expectError(
      ec2.createTags({ Resources: [PrefixListId], Tags }),
      'InvalidPrefixListID.NotFound',
    );
  });

  it('are all that DescribePrefixLists knows', async () => {
    await makeList(ec2, ['10.0.0.0/8']);
    const { PrefixLists } = await ec2.describePrefixLists({});
    expect(PrefixLists!.map(({ PrefixListId }) => PrefixListId)).toEqual([
      'pl-02cd2c6b',
      'pl-63a5400a',
    ]);
    for (const [Name, value] of [
      ['prefix-list-id', 'pl-63a5400a'],
      ['prefix-list-name', S3],
    ] as const) {
      const found = await ec2.describePrefixLists({ Filters: [{ Name, Values: [value] }] });
      expect(found.PrefixLists).toHaveLength(1);
      expect(found.PrefixLists![0]).toMatchObject({ PrefixListName: S3 });
    }
    await expectError(
      ec2.describePrefixLists({ PrefixListIds: ['pl-00000000'] }),
      'InvalidPrefixListID.NotFound',
    );
  });
});

describe('Describe and Get', () => {
  it('filter and page', async () => {
    const ids = [];
    for (let count = 0; count < 3; count++) ids.push(await makeList(ec2, ['10.0.0.0/8']));
    const first = await ec2.describeManagedPrefixLists({ MaxResults: 2 });
    expect(first.PrefixLists).toHaveLength(2);
    const { NextToken } = first;
    const second = await ec2.describeManagedPrefixLists({ MaxResults: 100, NextToken });
    expect(second.PrefixLists![0]!.PrefixListId).toBe(ids[2]);
    const Filters = [{ Name: 'prefix-list-id', Values: [ids[1]!] }];
    const found = await ec2.describeManagedPrefixLists({ Filters });
    expect(found.PrefixLists).toHaveLength(1);
    const bad = [{ Name: 'state', Values: ['x'] }];
    await expectError(ec2.describeManagedPrefixLists({ Filters: bad }), 'InvalidParameterValue');
    await expectError(ec2.describeManagedPrefixLists({ MaxResults: 101 }), 'InvalidParameterValue');
  });

  it('page entries', async () => {
    const id = await makeList(ec2, ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16']);
    const request = { PrefixListId: id, MaxResults: 2 };
    const { Entries, NextToken } = await ec2.getManagedPrefixListEntries(request);
    expect(Entries!.map(({ Cidr }) => Cidr)).toEqual(['10.1.0.0/16', '10.2.0.0/16']);
    const rest = await ec2.getManagedPrefixListEntries({ ...request, NextToken });
    expect(rest.Entries!.map(({ Cidr }) => Cidr)).toEqual(['10.3.0.0/16']);
    expect(rest.NextToken).toBeUndefined();
    await expectError(
      ec2.getManagedPrefixListEntries({ PrefixListId: id, TargetVersion: 9 }),
      'PrefixListVersionNotFound',
    );
  });

  it('takes tags', async () => {
    const id = await makeList(ec2, []);
    await ec2.createTags({ Resources: [id], Tags: [{ Key: 'k', Value: 'v' }] });
    expect((await lookAtList(ec2, id)).Tags).toEqual([{ Key: 'k', Value: 'v' }]);
    const { Tags } = await ec2.describeTags({});
    expect(Tags).toEqual([{ ResourceId: id, ResourceType: 'prefix-list', Key: 'k', Value: 'v' }]);
  });
});
