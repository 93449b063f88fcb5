import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import {
  join,
  listArn,
  makeShare,
  NO_SHARE,
  pendingInvitation,
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
const HOURS = 3_600_000;
const BLOCKS = ['10.0.0.0/8'];
/** A list that AWS has in us-east-1. */
const AWS_LIST = 'pl-63a5400a';

let cloud: TestCloud;
let list: string;
let share: string;
beforeEach(async () => {
  cloud = await testCloud();
  list = await makeList(cloud.ec2(), BLOCKS);
  share = await makeShare(cloud.ram());
});

interface Entities {
  readonly resourceArns?: string[];
  readonly principals?: string[];
}

const associate = (entities: Entities, account = ACCOUNT, resourceShareArn = share) =>
  cloud.ram(account).associateResourceShare({ resourceShareArn, ...entities });
const disassociate = (entities: Entities, account = ACCOUNT, resourceShareArn = share) =>
  cloud.ram(account).disassociateResourceShare({ resourceShareArn, ...entities });

describe('AssociateResourceShare', () => {
  it('answers what is on its way, and then is there', async () => {
    cloud = await testCloud({ transitions: 'aws' });
    list = await makeList(cloud.ec2(), BLOCKS);
    share = await makeShare(cloud.ram());
    const entities = { resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT] };
    const request = { resourceShareArn: share, ...entities, clientToken: 'once' };
    const made = await cloud.ram().associateResourceShare(request);
    const times = { creationTime: expect.any(Date), lastUpdatedTime: expect.any(Date) };
    const common = { resourceShareArn: share, resourceShareName: 'test', ...times };
    expect(made).toMatchObject({ clientToken: 'once' });
    expect(made.resourceShareAssociations).toEqual([
      {
        ...common,
        associatedEntity: listArn(list),
        associationType: 'RESOURCE',
        status: 'ASSOCIATING',
        external: false,
      },
      {
        ...common,
        associatedEntity: OTHER_ACCOUNT,
        associationType: 'PRINCIPAL',
        status: 'ASSOCIATING',
        external: true,
      },
    ]);
    await cloud.advance(5000);
    const settled = { [listArn(list)]: 'ASSOCIATED', [OTHER_ACCOUNT]: 'ASSOCIATING' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(settled);
    const again = await cloud.ram().associateResourceShare(request);
    expect(again.resourceShareAssociations!.map(({ status }) => status)).toEqual([
      'ASSOCIATED',
      'ASSOCIATING',
    ]);
    const other = cloud.ram().associateResourceShare({ ...request, principals: [THIRD_ACCOUNT] });
    await expectError(other, 'IdempotentParameterMismatchException');
  });

  it('leaves what is associated already as it is, and invites nobody twice', async () => {
    const entities = { resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT] };
    await associate(entities);
    await associate(entities);
    const { resourceShareInvitations } = await cloud
      .ram(OTHER_ACCOUNT)
      .getResourceShareInvitations({});
    expect(resourceShareInvitations).toHaveLength(1);
    await join(cloud.ram(OTHER_ACCOUNT), share);
    await associate(entities);
    const there = { [listArn(list)]: 'ASSOCIATED', [OTHER_ACCOUNT]: 'ASSOCIATED' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(there);
  });

  const NOBODYS_LIST = 'pl-00000000000000000';
  it.each<[string, () => string, string]>([
    ['no ARN', () => list, 'MalformedArnException'],
    ['nothing', () => '', 'MalformedArnException'],
    [
      'a type that is not shared',
      () => `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc/vpc-00000000`,
      'MalformedArnException',
    ],
    [
      'a type of another service',
      () => `arn:aws:rds:${REGION}:${ACCOUNT}:prefix-list/${list}`,
      'MalformedArnException',
    ],
    ['a list that is not there', () => listArn(NOBODYS_LIST), 'UnknownResourceException'],
    ['another account’s', () => listArn(list, OTHER_ACCOUNT), 'OperationNotPermittedException'],
    [
      'one of AWS’s own',
      () => `arn:aws:ec2:${REGION}:aws:prefix-list/${AWS_LIST}`,
      'OperationNotPermittedException',
    ],
    ['one of AWS’s as the caller’s', () => listArn(AWS_LIST), 'UnknownResourceException'],
    ['another Region’s', () => listArn(list, ACCOUNT, 'eu-west-1'), 'InvalidParameterException'],
  ])('refuses as a resource: %s', async (_what, arn, code) => {
    const resourceArns = [arn()];
    await expectError(associate({ resourceArns }), code);
    await expectError(cloud.ram().createResourceShare({ name: 'x', resourceArns }), code);
    expect(await statusesOf(cloud.ram(), share)).toEqual({});
  });

  it('refuses what another account owns under the caller’s ARN', async () => {
    const theirs = await makeList(cloud.ec2(OTHER_ACCOUNT), BLOCKS);
    const claimed = associate({ resourceArns: [listArn(theirs)] });
    await expectError(claimed, 'UnknownResourceException');
  });

  it.each([
    ['12 letters', 'abcdefghijkl', 'InvalidParameterException'],
    ['11 digits', '22222222222', 'InvalidParameterException'],
    ['nothing', '', 'InvalidParameterException'],
    ['the owner', ACCOUNT, 'InvalidParameterException'],
    [
      'an organization',
      'arn:aws:organizations::111111111111:organization/o-exampleorgid',
      'UnknownResourceException',
    ],
    [
      'a unit',
      'arn:aws:organizations::111111111111:ou/o-exampleorgid/ou-abcd-12345678',
      'UnknownResourceException',
    ],
    ['a role', 'arn:aws:iam::222222222222:role/path/name', 'UnsupportedOperation'],
    ['a user', 'arn:aws:iam::222222222222:user/name', 'UnsupportedOperation'],
    ['a service', 'ec2.amazonaws.com', 'UnsupportedOperation'],
    ['another ARN', 'arn:aws:s3:::bucket', 'InvalidParameterException'],
  ])('refuses as a principal: %s', async (_what, principal, code) => {
    const principals = [OTHER_ACCOUNT, principal];
    await expectError(associate({ principals }), code);
    await expectError(cloud.ram().createResourceShare({ name: 'x', principals }), code);
    expect(await statusesOf(cloud.ram(), share)).toEqual({});
  });

  it('refuses nothing, too much, and shares of others', async () => {
    await expectError(associate({}), 'InvalidParameterException');
    await expectError(associate({ resourceArns: [] }), 'InvalidParameterException');
    const principals = Array.from({ length: 101 }, (_, n) => String(100_000_000_000 + n));
    await expectError(associate({ principals }), 'ResourceShareLimitExceededException');
    const resourceArns = Array<string>(101).fill(listArn(list));
    await expectError(associate({ resourceArns }), 'ResourceShareLimitExceededException');
    const one = { principals: [OTHER_ACCOUNT] };
    await expectError(associate(one, ACCOUNT, 'x'), 'MalformedArnException');
    await expectError(associate(one, ACCOUNT, NO_SHARE), 'UnknownResourceException');
    await expectError(associate(one, OTHER_ACCOUNT), 'UnknownResourceException');
    await associate(one);
    await expectError(associate(one, OTHER_ACCOUNT), 'OperationNotPermittedException');
    const sources = { resourceShareArn: share, ...one, sources: ['222222222222'] };
    await expectError(cloud.ram().associateResourceShare(sources), 'UnsupportedOperation');
    await expectError(cloud.ram().disassociateResourceShare(sources), 'UnsupportedOperation');
  });
});

describe('DisassociateResourceShare', () => {
  it('takes a resource or a principal away', async () => {
    cloud = await testCloud({ transitions: 'aws' });
    list = await makeList(cloud.ec2(), BLOCKS);
    share = await shareLists(cloud, list);
    await cloud.advance(5000);
    const { resourceShareAssociations } = await disassociate({ resourceArns: [listArn(list)] });
    expect(resourceShareAssociations).toMatchObject([
      { associatedEntity: listArn(list), status: 'DISASSOCIATING' },
    ]);
    const again = disassociate({ resourceArns: [listArn(list)] });
    await expectError(again, 'InvalidStateTransitionException', /DISASSOCIATING/);
    const back = associate({ resourceArns: [listArn(list)] });
    await expectError(back, 'InvalidStateTransitionException', /DISASSOCIATING/);
    await cloud.advance(5000);
    const gone = { [listArn(list)]: 'DISASSOCIATED', [OTHER_ACCOUNT]: 'ASSOCIATED' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(gone);
    await expectError(disassociate({ resourceArns: [listArn(list)] }), 'UnknownResourceException');
    await cloud.advance(2 * HOURS);
    expect(await statusesOf(cloud.ram(), share)).toEqual({ [OTHER_ACCOUNT]: 'ASSOCIATED' });
  });

  it('and what left may come again', async () => {
    await associate({ resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT] });
    await join(cloud.ram(OTHER_ACCOUNT), share);
    const both = { resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT] };
    await disassociate(both);
    const left = { [listArn(list)]: 'DISASSOCIATED', [OTHER_ACCOUNT]: 'DISASSOCIATED' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(left);
    await associate(both);
    const back = { [listArn(list)]: 'ASSOCIATED', [OTHER_ACCOUNT]: 'ASSOCIATING' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(back);
    await join(cloud.ram(OTHER_ACCOUNT), share);
    // What was to forget the old association does not touch the new one.
    await cloud.advance(3 * HOURS);
    const there = { [listArn(list)]: 'ASSOCIATED', [OTHER_ACCOUNT]: 'ASSOCIATED' };
    expect(await statusesOf(cloud.ram(), share)).toEqual(there);
  });

  it('withdraws an invitation that waits', async () => {
    await associate({ principals: [OTHER_ACCOUNT] });
    const invitation = await pendingInvitation(cloud.ram(OTHER_ACCOUNT), share);
    await disassociate({ principals: [OTHER_ACCOUNT] });
    const late = cloud
      .ram(OTHER_ACCOUNT)
      .acceptResourceShareInvitation({ resourceShareInvitationArn: invitation });
    await expectError(late, 'ResourceShareInvitationArnNotFoundException');
  });

  it('lets a principal leave by itself, and nobody else', async () => {
    await associate({ resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT, THIRD_ACCOUNT] });
    await join(cloud.ram(OTHER_ACCOUNT), share);
    await join(cloud.ram(THIRD_ACCOUNT), share);
    const refused = 'OperationNotPermittedException';
    const third = { principals: [THIRD_ACCOUNT] };
    await expectError(disassociate(third, OTHER_ACCOUNT), refused);
    const resource = { resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT] };
    await expectError(disassociate(resource, OTHER_ACCOUNT), refused);
    const all = { principals: [OTHER_ACCOUNT, THIRD_ACCOUNT] };
    await expectError(disassociate(all, OTHER_ACCOUNT), refused);
    const own = { principals: [OTHER_ACCOUNT, OTHER_ACCOUNT] };
    const { resourceShareAssociations } = await disassociate(own, OTHER_ACCOUNT);
    expect(resourceShareAssociations).toHaveLength(1);
    const left = {
      [listArn(list)]: 'ASSOCIATED',
      [OTHER_ACCOUNT]: 'DISASSOCIATED',
      [THIRD_ACCOUNT]: 'ASSOCIATED',
    };
    expect(await statusesOf(cloud.ram(), share)).toEqual(left);
    await expectError(disassociate(own, OTHER_ACCOUNT), 'UnknownResourceException');
    await expectError(disassociate(own, '444444444444'), 'UnknownResourceException');
  });

  it('refuses what is not associated, and names that are none', async () => {
    const unknown = 'UnknownResourceException';
    await expectError(disassociate({ principals: [OTHER_ACCOUNT] }), unknown);
    await expectError(disassociate({ resourceArns: [listArn(list)] }), unknown);
    await expectError(disassociate({ resourceArns: ['x'] }), 'MalformedArnException');
    await expectError(disassociate({ principals: ['x'] }), 'InvalidParameterException');
    await expectError(disassociate({}), 'InvalidParameterException');
  });

  it('is once with a token', async () => {
    await associate({ principals: [OTHER_ACCOUNT] });
    const request = { resourceShareArn: share, principals: [OTHER_ACCOUNT], clientToken: 'once' };
    for (let count = 0; count < 2; count++) {
      const answer = await cloud.ram().disassociateResourceShare(request);
      expect(answer.resourceShareAssociations).toMatchObject([{ associatedEntity: OTHER_ACCOUNT }]);
    }
  });
});

describe('a resource that is deleted', () => {
  it('leaves every share', async () => {
    const other = await makeShare(cloud.ram(), { resourceArns: [listArn(list)] });
    await associate({ resourceArns: [listArn(list)] });
    await cloud.ec2().deleteManagedPrefixList({ PrefixListId: list });
    for (const arn of [share, other]) {
      expect(await statusesOf(cloud.ram(), arn)).toEqual({ [listArn(list)]: 'DISASSOCIATED' });
    }
    await expectError(associate({ resourceArns: [listArn(list)] }), 'UnknownResourceException');
  });
});

describe('GetResourceShareAssociations', () => {
  it('filters', async () => {
    const more = await makeList(cloud.ec2(), BLOCKS);
    await associate({
      resourceArns: [listArn(list), listArn(more)],
      principals: [OTHER_ACCOUNT, THIRD_ACCOUNT],
    });
    const second = await makeShare(cloud.ram(), { resourceArns: [listArn(list)] });
    await join(cloud.ram(THIRD_ACCOUNT), share);
    await disassociate({ resourceArns: [listArn(more)] });
    const get = async (
      associationType: 'PRINCIPAL' | 'RESOURCE' | 'SOURCE',
      filters: object = {},
    ) => {
      const request = { associationType, ...filters };
      const answer = await cloud.ram().getResourceShareAssociations(request);
      return answer.resourceShareAssociations!.map(({ associatedEntity }) => associatedEntity);
    };
    const [a, b] = [listArn(list), listArn(more)];
    expect(await get('RESOURCE')).toEqual([a, b, a]);
    expect(await get('PRINCIPAL')).toEqual([OTHER_ACCOUNT, THIRD_ACCOUNT]);
    expect(await get('SOURCE')).toEqual([]);
    expect(await get('RESOURCE', { resourceArn: b })).toEqual([b]);
    expect(await get('RESOURCE', { resourceShareArns: [second] })).toEqual([a]);
    expect(await get('RESOURCE', { associationStatus: 'ASSOCIATED' })).toEqual([a, a]);
    expect(await get('PRINCIPAL', { associationStatus: 'ASSOCIATED' })).toEqual([THIRD_ACCOUNT]);
    expect(await get('PRINCIPAL', { principal: OTHER_ACCOUNT })).toEqual([OTHER_ACCOUNT]);
    const invalid = 'InvalidParameterException';
    await expectError(get('PRINCIPAL', { resourceArn: a }), invalid);
    await expectError(get('RESOURCE', { principal: OTHER_ACCOUNT }), invalid);
    await expectError(get('RESOURCE', { resourceArn: 'x' }), 'MalformedArnException');
    await expectError(get('RESOURCE', { maxResults: 501 }), invalid);
    await expectError(get('RESOURCE', { nextToken: 'x' }), 'InvalidNextTokenException');
    const first = await cloud
      .ram()
      .getResourceShareAssociations({ associationType: 'RESOURCE', maxResults: 2 });
    expect(await get('RESOURCE', { nextToken: first.nextToken, maxResults: 2 })).toEqual([a]);
  });

  it('is the owner’s alone', async () => {
    await associate({ principals: [OTHER_ACCOUNT] });
    const get = (account: string, resourceShareArn: string) =>
      cloud.ram(account).getResourceShareAssociations({
        associationType: 'PRINCIPAL',
        resourceShareArns: [resourceShareArn],
      });
    await expectError(get(OTHER_ACCOUNT, share), 'OperationNotPermittedException');
    await expectError(get(THIRD_ACCOUNT, share), 'UnknownResourceException');
    await expectError(get(ACCOUNT, NO_SHARE), 'UnknownResourceException');
    await expectError(get(ACCOUNT, 'x'), 'MalformedArnException');
  });
});

describe('ListResources and ListPrincipals', () => {
  type Owner = 'SELF' | 'OTHER-ACCOUNTS';
  const resources = async (account: string, resourceOwner: Owner, filters: object = {}) => {
    const answer = await cloud.ram(account).listResources({ resourceOwner, ...filters });
    return answer.resources!.map(({ arn, status }) => `${arn} ${status}`);
  };
  const principals = async (account: string, resourceOwner: Owner, filters: object = {}) => {
    const answer = await cloud.ram(account).listPrincipals({ resourceOwner, ...filters });
    return answer.principals!.map(({ id }) => id);
  };

  it('show both sides what is shared', async () => {
    await associate({ resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT, THIRD_ACCOUNT] });
    expect(await resources(OTHER_ACCOUNT, 'OTHER-ACCOUNTS')).toEqual([]);
    await join(cloud.ram(OTHER_ACCOUNT), share);
    const shown = [`${listArn(list)} AVAILABLE`];
    expect(await resources(ACCOUNT, 'SELF')).toEqual(shown);
    expect(await resources(OTHER_ACCOUNT, 'OTHER-ACCOUNTS')).toEqual(shown);
    expect(await resources(ACCOUNT, 'OTHER-ACCOUNTS')).toEqual([]);
    expect(await resources(OTHER_ACCOUNT, 'SELF')).toEqual([]);
    expect(await principals(ACCOUNT, 'SELF')).toEqual([OTHER_ACCOUNT, THIRD_ACCOUNT]);
    expect(await principals(OTHER_ACCOUNT, 'OTHER-ACCOUNTS')).toEqual([ACCOUNT]);
    expect(await principals(THIRD_ACCOUNT, 'OTHER-ACCOUNTS')).toEqual([]);
    const { resources: whole } = await cloud.ram().listResources({ resourceOwner: 'SELF' });
    expect(whole).toEqual([
      {
        arn: listArn(list),
        type: 'ec2:PrefixList',
        resourceShareArn: share,
        status: 'AVAILABLE',
        creationTime: expect.any(Date),
        lastUpdatedTime: expect.any(Date),
        resourceRegionScope: 'REGIONAL',
      },
    ]);
    const { principals: all } = await cloud.ram().listPrincipals({ resourceOwner: 'SELF' });
    expect(all![0]).toEqual({
      id: OTHER_ACCOUNT,
      resourceShareArn: share,
      creationTime: expect.any(Date),
      lastUpdatedTime: expect.any(Date),
      external: true,
    });
  });

  it('filter', async () => {
    const more = await makeList(cloud.ec2(), BLOCKS);
    await associate({ resourceArns: [listArn(list)], principals: [OTHER_ACCOUNT] });
    const second = await makeShare(cloud.ram(), {
      resourceArns: [listArn(more)],
      principals: [THIRD_ACCOUNT],
    });
    const [a, b] = [`${listArn(list)} AVAILABLE`, `${listArn(more)} AVAILABLE`];
    expect(await resources(ACCOUNT, 'SELF')).toEqual([a, b]);
    expect(await resources(ACCOUNT, 'SELF', { principal: THIRD_ACCOUNT })).toEqual([b]);
    expect(await resources(ACCOUNT, 'SELF', { resourceArns: [listArn(list)] })).toEqual([a]);
    expect(await resources(ACCOUNT, 'SELF', { resourceShareArns: [second] })).toEqual([b]);
    expect(await resources(ACCOUNT, 'SELF', { resourceType: 'EC2:prefixlist' })).toEqual([a, b]);
    expect(await resources(ACCOUNT, 'SELF', { resourceRegionScope: 'REGIONAL' })).toEqual([a, b]);
    expect(await resources(ACCOUNT, 'SELF', { resourceRegionScope: 'GLOBAL' })).toEqual([]);
    expect(await principals(ACCOUNT, 'SELF', { resourceArn: listArn(more) })).toEqual([
      THIRD_ACCOUNT,
    ]);
    expect(await principals(ACCOUNT, 'SELF', { resourceType: 'ec2:PrefixList' })).toHaveLength(2);
    expect(await principals(ACCOUNT, 'SELF', { principals: [OTHER_ACCOUNT] })).toEqual([
      OTHER_ACCOUNT,
    ]);
    expect(await principals(ACCOUNT, 'SELF', { resourceShareArns: [second] })).toEqual([
      THIRD_ACCOUNT,
    ]);
    await join(cloud.ram(THIRD_ACCOUNT), second);
    const theirs = 'OTHER-ACCOUNTS';
    expect(await resources(THIRD_ACCOUNT, theirs, { principal: ACCOUNT })).toEqual([b]);
    expect(await resources(THIRD_ACCOUNT, theirs, { principal: OTHER_ACCOUNT })).toEqual([]);
    expect(await principals(THIRD_ACCOUNT, theirs, { resourceShareArns: [second] })).toEqual([
      ACCOUNT,
    ]);
  });

  it('refuse what they cannot read', async () => {
    const type = { resourceType: 'ec2:Vpc' };
    await expectError(resources(ACCOUNT, 'SELF', type), 'InvalidResourceTypeException');
    await expectError(principals(ACCOUNT, 'SELF', type), 'InvalidParameterException');
    const malformed = 'MalformedArnException';
    await expectError(resources(ACCOUNT, 'SELF', { resourceArns: ['x'] }), malformed);
    await expectError(principals(ACCOUNT, 'SELF', { resourceArn: 'x' }), malformed);
    for (const ask of [resources, principals]) {
      await expectError(ask(ACCOUNT, 'SELF', { resourceShareArns: ['x'] }), malformed);
      const unknown = ask(ACCOUNT, 'SELF', { resourceShareArns: [NO_SHARE] });
      await expectError(unknown, 'UnknownResourceException');
      await expectError(ask(ACCOUNT, 'SELF', { maxResults: 0 }), 'InvalidParameterException');
      const token = ask(ACCOUNT, 'SELF', { nextToken: 'x' });
      await expectError(token, 'InvalidNextTokenException');
    }
  });
});
