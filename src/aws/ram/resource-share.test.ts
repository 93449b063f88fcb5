import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import {
  join,
  listArn,
  makeShare,
  NO_SHARE,
  shareLists,
  statusesOf,
} from '../../../test/support/sharing-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';

const THIRD_ACCOUNT = '333333333333';
const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const HOURS = 3_600_000;

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});

async function sharesOf(account: string, resourceOwner: 'SELF' | 'OTHER-ACCOUNTS' = 'SELF') {
  const { resourceShares } = await cloud.ram(account).getResourceShares({ resourceOwner });
  return resourceShares!.map(({ name, status }) => `${name} ${status}`);
}

describe('CreateResourceShare', () => {
  it('makes a share that is active at once', async () => {
    const { resourceShare, clientToken } = await cloud.ram().createResourceShare({
      name: 'lists',
      tags: [{ key: 'team', value: 'net' }],
      clientToken: 'once',
    });
    expect(clientToken).toBe('once');
    expect(resourceShare).toEqual({
      resourceShareArn: expect.stringMatching(
        new RegExp(`^arn:aws:ram:${REGION}:${ACCOUNT}:resource-share/${UUID}$`),
      ),
      name: 'lists',
      owningAccountId: ACCOUNT,
      allowExternalPrincipals: true,
      status: 'ACTIVE',
      tags: [{ key: 'team', value: 'net' }],
      creationTime: new Date('2026-01-01T00:00:00Z'),
      lastUpdatedTime: new Date('2026-01-01T00:00:00Z'),
      featureSet: 'STANDARD',
    });
    expect(await sharesOf(ACCOUNT)).toEqual(['lists ACTIVE']);
    expect(await sharesOf(OTHER_ACCOUNT)).toEqual([]);
  });

  it('joins what it names, each once', async () => {
    const list = listArn(await makeList(cloud.ec2(), ['10.0.0.0/8']));
    const share = await makeShare(cloud.ram(), {
      resourceArns: [list, list],
      principals: [OTHER_ACCOUNT, THIRD_ACCOUNT, OTHER_ACCOUNT],
    });
    expect(await statusesOf(cloud.ram(), share)).toEqual({
      [list]: 'ASSOCIATED',
      [OTHER_ACCOUNT]: 'ASSOCIATING',
      [THIRD_ACCOUNT]: 'ASSOCIATING',
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no name', { name: '' }, 'InvalidParameterException'],
    ['a long name', { name: 'x'.repeat(256) }, 'InvalidParameterException'],
    ['no permission ARN', { permissionArns: ['x'] }, 'MalformedArnException'],
    [
      'an unknown permission',
      { permissionArns: ['arn:aws:ram::aws:permission/Nothing'] },
      'UnknownResourceException',
    ],
    [
      'a customer’s permission',
      { permissionArns: [`arn:aws:ram:${REGION}:${ACCOUNT}:permission/own`] },
      'UnknownResourceException',
    ],
    [
      'two permissions for one type',
      {
        permissionArns: Array(2).fill(
          'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionPrefixList',
        ),
      },
      'InvalidParameterException',
    ],
    ['sources', { sources: [ACCOUNT] }, 'UnsupportedOperation'],
    [
      'what is about organizations',
      { resourceShareConfiguration: { retainSharingOnAccountLeaveOrganization: true } },
      'UnsupportedOperation',
    ],
    ['a reserved tag', { tags: [{ key: 'aws:x', value: '' }] }, 'TagPolicyViolationException'],
    ['a tag without a key', { tags: [{ value: '' }] }, 'InvalidParameterException'],
    ['a tag without a value', { tags: [{ key: 'x' }] }, 'InvalidParameterException'],
    ['a long value', { tags: [{ key: 'x', value: 'y'.repeat(257) }] }, 'InvalidParameterException'],
    ['a long key', { tags: [{ key: 'x'.repeat(129), value: '' }] }, 'InvalidParameterException'],
    [
      'a tag twice',
      {
        tags: [
          { key: 'x', value: '' },
          { key: 'x', value: '' },
        ],
      },
      'InvalidParameterException',
    ],
    [
      'too many tags',
      { tags: Array.from({ length: 51 }, (_, n) => ({ key: `k${n}`, value: '' })) },
      'TagLimitExceededException',
    ],
    ['a strange token', { clientToken: 'ü' }, 'InvalidClientTokenException'],
  ])('refuses %s, and makes nothing', async (_what, request, code) => {
    await expectError(cloud.ram().createResourceShare({ name: 'x', ...request }), code);
    expect(await sharesOf(ACCOUNT)).toEqual([]);
  });

  it('the same token makes one share', async () => {
    const once = { name: 'a', principals: [OTHER_ACCOUNT], clientToken: 'once' };
    const made = [];
    for (let count = 0; count < 2; count++) {
      const { resourceShare } = await cloud.ram().createResourceShare(once);
      made.push(resourceShare!.resourceShareArn);
    }
    expect(made[1]).toBe(made[0]);
    const other = cloud.ram().createResourceShare({ ...once, name: 'b' });
    await expectError(other, 'IdempotentParameterMismatchException');
    await cloud.ram(OTHER_ACCOUNT).createResourceShare({ name: 'c', clientToken: 'once' });
    expect(await sharesOf(ACCOUNT)).toEqual(['a ACTIVE']);
  });

  it('has a quota', async () => {
    await cloud.cloud.execute((tx) => {
      for (let count = 0; count < 5000; count++) {
        const id = `arn:aws:ram:${REGION}:${ACCOUNT}:resource-share/${count}`;
        const times = { creationTime: 0, lastUpdatedTime: 0 };
        const rest = { name: 'x', allowExternalPrincipals: true, permissionArns: [] };
        const owner = { account: ACCOUNT, region: REGION };
        tx.put('resource-share', { id, ...owner, ...rest, ...times, status: 'ACTIVE' });
      }
    });
    await expectError(makeShare(cloud.ram()), 'ResourceShareLimitExceededException');
    await makeShare(cloud.ram(ACCOUNT, 'eu-west-1'));
  });
});

describe('UpdateResourceShare', () => {
  it('changes the name, or whether outsiders are allowed', async () => {
    const share = await makeShare(cloud.ram());
    await cloud.advance(1000);
    const { resourceShare } = await cloud.ram().updateResourceShare({
      resourceShareArn: share,
      name: 'better',
      allowExternalPrincipals: false,
    });
    expect(resourceShare).toMatchObject({
      name: 'better',
      allowExternalPrincipals: false,
      status: 'ACTIVE',
      creationTime: new Date('2026-01-01T00:00:00Z'),
      lastUpdatedTime: new Date('2026-01-01T00:00:01Z'),
    });
    const added = { resourceShareArn: share, principals: [OTHER_ACCOUNT] };
    await expectError(cloud.ram().associateResourceShare(added), 'OperationNotPermittedException');
  });

  it('keeps outsiders allowed as long as there are any', async () => {
    const share = await makeShare(cloud.ram(), { principals: [OTHER_ACCOUNT] });
    const closed = { resourceShareArn: share, allowExternalPrincipals: false };
    await expectError(cloud.ram().updateResourceShare(closed), 'OperationNotPermittedException');
    const left = { resourceShareArn: share, principals: [OTHER_ACCOUNT] };
    await cloud.ram().disassociateResourceShare(left);
    await cloud.ram().updateResourceShare(closed);
    const made = { name: 'x', allowExternalPrincipals: false, principals: [OTHER_ACCOUNT] };
    await expectError(cloud.ram().createResourceShare(made), 'OperationNotPermittedException');
  });

  it('refuses what asks for nothing, and what is not the caller’s', async () => {
    const list = await makeList(cloud.ec2(), ['10.0.0.0/8']);
    const share = await shareLists(cloud, list);
    const update = (account: string, resourceShareArn: string, name?: string) =>
      cloud.ram(account).updateResourceShare({ resourceShareArn, ...(name && { name }) });
    await expectError(update(ACCOUNT, share), 'MissingRequiredParameterException');
    await expectError(update(ACCOUNT, 'x', 'x'), 'MalformedArnException');
    await expectError(update(ACCOUNT, NO_SHARE, 'x'), 'UnknownResourceException');
    await expectError(update(OTHER_ACCOUNT, share, 'x'), 'OperationNotPermittedException');
    await expectError(update(THIRD_ACCOUNT, share, 'x'), 'UnknownResourceException');
    const elsewhere = cloud.ram(ACCOUNT, 'eu-west-1');
    const there = elsewhere.updateResourceShare({ resourceShareArn: share, name: 'x' });
    await expectError(there, 'UnknownResourceException');
    const long = 'x'.repeat(256);
    await expectError(update(ACCOUNT, share, long), 'InvalidParameterException');
    expect(await sharesOf(ACCOUNT)).toEqual(['test ACTIVE']);
  });
});

describe('DeleteResourceShare', () => {
  it('ends the share and all it joins, and is forgotten after a while', async () => {
    cloud = await testCloud({ transitions: 'aws' });
    const id = await makeList(cloud.ec2(), ['10.0.0.0/8']);
    const share = await shareLists(cloud, id);
    await cloud.advance(5000);
    expect(await sharesOf(OTHER_ACCOUNT, 'OTHER-ACCOUNTS')).toEqual(['test ACTIVE']);
    const { returnValue } = await cloud.ram().deleteResourceShare({ resourceShareArn: share });
    expect(returnValue).toBe(true);
    expect(await sharesOf(ACCOUNT)).toEqual(['test DELETING']);
    expect(await sharesOf(OTHER_ACCOUNT, 'OTHER-ACCOUNTS')).toEqual([]);
    const leaving = { [listArn(id)]: 'DISASSOCIATING', [OTHER_ACCOUNT]: 'DISASSOCIATING' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(leaving);
    await cloud.advance(5000);
    expect(await sharesOf(ACCOUNT)).toEqual(['test DELETED']);
    const left = { [listArn(id)]: 'DISASSOCIATED', [OTHER_ACCOUNT]: 'DISASSOCIATED' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(left);
    await cloud.advance(2 * HOURS);
    expect(await sharesOf(ACCOUNT)).toEqual([]);
    const { model } = cloud.cloud;
    for (const kind of [
      'resource-share',
      'resource-share-association',
      'resource-share-invitation',
    ] as const) {
      expect([...model.all(kind)], kind).toEqual([]);
    }
  });

  it('withdraws invitations that wait', async () => {
    const share = await makeShare(cloud.ram(), { principals: [OTHER_ACCOUNT] });
    await cloud.ram().deleteResourceShare({ resourceShareArn: share });
    const { resourceShareInvitations } = await cloud
      .ram(OTHER_ACCOUNT)
      .getResourceShareInvitations({});
    expect(resourceShareInvitations).toEqual([]);
  });

  it('is once: afterwards the share takes no more', async () => {
    const share = await makeShare(cloud.ram());
    const request = { resourceShareArn: share, clientToken: 'once' };
    await cloud.ram().deleteResourceShare(request);
    expect((await cloud.ram().deleteResourceShare(request)).returnValue).toBe(true);
    const again = cloud.ram().deleteResourceShare({ resourceShareArn: share });
    await expectError(again, 'InvalidStateTransitionException', /DELETED/);
    const renamed = cloud.ram().updateResourceShare({ resourceShareArn: share, name: 'x' });
    await expectError(renamed, 'InvalidStateTransitionException');
    const more = { resourceShareArn: share, principals: [OTHER_ACCOUNT] };
    const added = cloud.ram().associateResourceShare(more);
    await expectError(added, 'InvalidStateTransitionException');
    const left = cloud.ram().disassociateResourceShare(more);
    await expectError(left, 'InvalidStateTransitionException');
  });

  it('is the owner’s alone', async () => {
    const share = await shareLists(cloud, await makeList(cloud.ec2(), ['10.0.0.0/8']));
    const remove = (account: string, resourceShareArn: string) =>
      cloud.ram(account).deleteResourceShare({ resourceShareArn });
    await expectError(remove(OTHER_ACCOUNT, share), 'OperationNotPermittedException');
    await expectError(remove(THIRD_ACCOUNT, share), 'UnknownResourceException');
    await expectError(remove(ACCOUNT, NO_SHARE), 'UnknownResourceException');
    await expectError(remove(ACCOUNT, `${share}/x`), 'MalformedArnException');
  });
});

describe('GetResourceShares', () => {
  const names = async (request: object) => {
    const { resourceShares } = await cloud
      .ram()
      .getResourceShares({ resourceOwner: 'SELF', ...request });
    return resourceShares!.map(({ name }) => name);
  };

  it('filters by name, status, tags and permissions', async () => {
    const list = listArn(await makeList(cloud.ec2(), ['10.0.0.0/8']));
    const a = await makeShare(cloud.ram(), { name: 'a', resourceArns: [list] });
    const b = await makeShare(cloud.ram(), { name: 'b' });
    const tags = [{ key: 'team', value: 'net' }];
    await cloud.ram().tagResource({ resourceShareArn: b, tags });
    const c = await makeShare(cloud.ram(), { name: 'c' });
    await cloud.ram().deleteResourceShare({ resourceShareArn: c });
    expect(await names({})).toEqual(['a', 'b', 'c']);
    expect(await names({ name: 'b' })).toEqual(['b']);
    expect(await names({ resourceShareStatus: 'DELETED' })).toEqual(['c']);
    expect(await names({ resourceShareArns: [b, a, b] })).toEqual(['b', 'a']);
    expect(await names({ tagFilters: [{ tagKey: 'team' }] })).toEqual(['b']);
    expect(await names({ tagFilters: [{ tagKey: 'team', tagValues: ['x', 'net'] }] })).toEqual([
      'b',
    ]);
    expect(await names({ tagFilters: [{ tagKey: 'team', tagValues: ['x'] }] })).toEqual([]);
    expect(await names({ tagFilters: [{ tagKey: 'constructor' }] })).toEqual([]);
    const permissionArn = 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionPrefixList';
    expect(await names({ permissionArn })).toEqual(['a']);
    expect(await names({ permissionArn, permissionVersion: 2 })).toEqual([]);
    await expectError(names({ tagFilters: [{}] }), 'InvalidParameterException');
  });

  it('shows a principal what it has joined, without the owner’s tags', async () => {
    const joined = await makeShare(cloud.ram(), { name: 'joined', principals: [OTHER_ACCOUNT] });
    await makeShare(cloud.ram(), { name: 'waiting', principals: [OTHER_ACCOUNT] });
    const tags = [{ key: 'secret', value: 'x' }];
    await cloud.ram().tagResource({ resourceShareArn: joined, tags });
    await join(cloud.ram(OTHER_ACCOUNT), joined);
    const resourceOwner = 'OTHER-ACCOUNTS';
    const { resourceShares } = await cloud.ram(OTHER_ACCOUNT).getResourceShares({ resourceOwner });
    expect(resourceShares).toMatchObject([{ name: 'joined', owningAccountId: ACCOUNT, tags: [] }]);
    expect(await sharesOf(OTHER_ACCOUNT, 'SELF')).toEqual([]);
    expect(await sharesOf(THIRD_ACCOUNT, 'OTHER-ACCOUNTS')).toEqual([]);
    const elsewhere = cloud.ram(OTHER_ACCOUNT, 'eu-west-1').getResourceShares({ resourceOwner });
    expect((await elsewhere).resourceShares).toEqual([]);
  });

  it('refuses an ARN that the caller does not see on that side', async () => {
    const share = await makeShare(cloud.ram(), { principals: [OTHER_ACCOUNT] });
    const get = (account: string, resourceOwner: 'SELF' | 'OTHER-ACCOUNTS', arn = share) =>
      cloud.ram(account).getResourceShares({ resourceOwner, resourceShareArns: [arn] });
    const unknown = 'UnknownResourceException';
    await expectError(get(OTHER_ACCOUNT, 'OTHER-ACCOUNTS'), unknown);
    await join(cloud.ram(OTHER_ACCOUNT), share);
    expect((await get(OTHER_ACCOUNT, 'OTHER-ACCOUNTS')).resourceShares).toHaveLength(1);
    await expectError(get(OTHER_ACCOUNT, 'SELF'), unknown);
    await expectError(get(ACCOUNT, 'OTHER-ACCOUNTS'), unknown);
    await expectError(get(THIRD_ACCOUNT, 'OTHER-ACCOUNTS'), unknown);
    await expectError(get(ACCOUNT, 'SELF', 'arn:aws:ram'), 'MalformedArnException');
  });

  it('has pages', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await makeShare(cloud.ram(), { name });
    const pages: (string | undefined)[][] = [];
    let nextToken: string | undefined;
    do {
      const page = await cloud.ram().getResourceShares({
        resourceOwner: 'SELF',
        maxResults: 2,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      pages.push(page.resourceShares!.map(({ name }) => name));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    for (const maxResults of [0, 501, -1]) {
      await expectError(names({ maxResults }), 'InvalidParameterException');
    }
    await expectError(names({ nextToken: 'x' }), 'InvalidNextTokenException');
  });
});

describe('TagResource and UntagResource', () => {
  const tagsOf = async (arn: string) => {
    const resourceShareArns = [arn];
    const request = { resourceOwner: 'SELF' as const, resourceShareArns };
    const { resourceShares } = await cloud.ram().getResourceShares(request);
    return resourceShares![0]!.tags!.map(({ key, value }) => `${key}=${value}`);
  };

  it('set and remove the owner’s tags, which EC2 does not tell', async () => {
    const share = await makeShare(cloud.ram());
    const tags = [
      { key: 'a', value: '1' },
      { key: 'b', value: '' },
    ];
    await cloud.ram().tagResource({ resourceShareArn: share, tags });
    await cloud.ram().tagResource({ resourceShareArn: share, tags: [{ key: 'a', value: '2' }] });
    expect(await tagsOf(share)).toEqual(['a=2', 'b=']);
    expect((await cloud.ec2().describeTags({})).Tags).toEqual([]);
    await cloud.ram().untagResource({ resourceShareArn: share, tagKeys: ['a', 'c'] });
    expect(await tagsOf(share)).toEqual(['b=']);
  });

  it('name one share of the caller’s', async () => {
    const share = await shareLists(cloud, await makeList(cloud.ec2(), ['10.0.0.0/8']));
    const tags = [{ key: 'a', value: '1' }];
    const permission = 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionPrefixList';
    const refusals: [string, object, string][] = [
      [ACCOUNT, {}, 'InvalidParameterException'],
      [ACCOUNT, { resourceShareArn: share, resourceArn: permission }, 'InvalidParameterException'],
      [ACCOUNT, { resourceArn: permission }, 'UnknownResourceException'],
      [ACCOUNT, { resourceShareArn: NO_SHARE }, 'UnknownResourceException'],
      [ACCOUNT, { resourceShareArn: 'x' }, 'MalformedArnException'],
      [OTHER_ACCOUNT, { resourceShareArn: share }, 'OperationNotPermittedException'],
    ];
    for (const [account, request, code] of refusals) {
      await expectError(cloud.ram(account).tagResource({ tags, ...request }), code);
      await expectError(cloud.ram(account).untagResource({ tagKeys: ['a'], ...request }), code);
    }
    const reserved = [{ key: 'AWS:a', value: '' }];
    const request = cloud.ram().tagResource({ resourceShareArn: share, tags: reserved });
    await expectError(request, 'TagPolicyViolationException');
  });
});
