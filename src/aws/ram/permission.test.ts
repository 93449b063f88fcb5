import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeList } from '../../../test/support/prefix-list-fixture.ts';
import {
  join,
  listArn,
  makeShare,
  NO_SHARE,
  shareLists,
} from '../../../test/support/sharing-fixture.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';

const THIRD_ACCOUNT = '333333333333';
const NAME = 'AWSRAMDefaultPermissionPrefixList';
const ARN = `arn:aws:ram::aws:permission/${NAME}`;

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await testCloud();
});

describe('ListResourceTypes', () => {
  it('lists what can be shared', async () => {
    const list = async (request: object = {}) =>
      (await cloud.ram().listResourceTypes(request)).resourceTypes!;
    expect(await list()).toContainEqual({
      resourceType: 'ec2:PrefixList',
      serviceName: 'ec2',
      resourceRegionScope: 'REGIONAL',
    });
    expect(await list({ resourceRegionScope: 'REGIONAL' })).toEqual(await list());
    expect(await list({ resourceRegionScope: 'GLOBAL' })).toEqual([]);
    await expectError(list({ maxResults: 0 }), 'InvalidParameterException');
    await expectError(list({ nextToken: 'x' }), 'InvalidNextTokenException');
  });
});

describe('ListPermissions and GetPermission', () => {
  it('show AWS’s default permission of a type', async () => {
    const list = async (request: object = {}) => {
      const { permissions } = await cloud.ram().listPermissions(request);
      return permissions!.map(({ arn }) => arn);
    };
    expect(await list()).toContain(ARN);
    expect(await list({ resourceType: 'ec2:prefixlist' })).toEqual([ARN]);
    expect(await list({ permissionType: 'AWS_MANAGED' })).toContain(ARN);
    expect(await list({ permissionType: 'CUSTOMER_MANAGED' })).toEqual([]);
    await expectError(list({ resourceType: 'ec2:Vpc' }), 'InvalidParameterException');
    await expectError(list({ maxResults: 501 }), 'InvalidParameterException');
    await expectError(list({ nextToken: 'x' }), 'InvalidNextTokenException');
  });

  it('say what a permission permits', async () => {
    const get = async (permissionArn: string, permissionVersion?: number) =>
      (
        await cloud.ram().getPermission({
          permissionArn,
          ...(permissionVersion === undefined ? {} : { permissionVersion }),
        })
      ).permission!;
    const { permission, ...rest } = await get(ARN);
    expect(JSON.parse(permission!)).toEqual({
      Effect: 'Allow',
      Action: expect.arrayContaining(['ec2:GetManagedPrefixListEntries']),
    });
    expect(rest).toMatchObject({
      arn: ARN,
      name: NAME,
      version: '1',
      defaultVersion: true,
      resourceType: 'ec2:PrefixList',
      status: 'ATTACHABLE',
      isResourceTypeDefault: true,
      permissionType: 'AWS_MANAGED',
    });
    expect(await get(ARN, 1)).toEqual({ permission, ...rest });
    await expectError(get(ARN, 2), 'UnknownResourceException');
    await expectError(get(`${ARN}s`), 'UnknownResourceException');
    await expectError(get('x'), 'MalformedArnException');
  });
});

describe('ListResourceSharePermissions', () => {
  const list = async (resourceShareArn: string, account = ACCOUNT, request: object = {}) => {
    const client = cloud.ram(account);
    const { permissions } = await client.listResourceSharePermissions({
      resourceShareArn,
      ...request,
    });
    return permissions!.map(({ arn, status }) => `${arn} ${status}`);
  };

  it('lists those asked for, and the default of each type that joins', async () => {
    const asked = await cloud.ram().createResourceShare({ name: 'x', permissionArns: [ARN] });
    const shown = [`${ARN} ASSOCIATED`];
    expect(await list(asked.resourceShare!.resourceShareArn!)).toEqual(shown);
    const share = await makeShare(cloud.ram(), { principals: [OTHER_ACCOUNT] });
    expect(await list(share)).toEqual([]);
    for (let count = 0; count < 2; count++) {
      const resourceArns = [listArn(await makeList(cloud.ec2(), ['10.0.0.0/8']))];
      await cloud.ram().associateResourceShare({ resourceShareArn: share, resourceArns });
    }
    expect(await list(share)).toEqual(shown);
    await join(cloud.ram(OTHER_ACCOUNT), share);
    expect(await list(share, OTHER_ACCOUNT)).toEqual(shown);
    await expectError(list(share, THIRD_ACCOUNT), 'UnknownResourceException');
    await expectError(list(NO_SHARE), 'UnknownResourceException');
    await expectError(list('x'), 'MalformedArnException');
    await expectError(list(share, ACCOUNT, { maxResults: 0 }), 'InvalidParameterException');
    await expectError(list(share, ACCOUNT, { nextToken: 'x' }), 'InvalidNextTokenException');
  });
});

describe('GetResourcePolicies', () => {
  const get = async (resourceArns: string[], request: object = {}, account = ACCOUNT) => {
    const { policies } = await cloud.ram(account).getResourcePolicies({ resourceArns, ...request });
    return policies!.map((policy) => JSON.parse(policy));
  };

  it('tells what shares permit as policies', async () => {
    const list = await makeList(cloud.ec2(), ['10.0.0.0/8']);
    const arn = listArn(list);
    expect(await get([arn])).toEqual([]);
    await makeShare(cloud.ram(), { resourceArns: [arn], principals: [THIRD_ACCOUNT] });
    expect(await get([arn])).toEqual([]);
    await shareLists(cloud, list);
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: [OTHER_ACCOUNT] },
      Action: expect.any(Array),
      Resource: arn,
    };
    const policy = { Version: '2012-10-17', Statement: [statement] };
    expect(await get([arn, arn])).toEqual([policy]);
    expect(await get([arn], { principal: OTHER_ACCOUNT })).toEqual([policy]);
    expect(await get([arn], { principal: THIRD_ACCOUNT })).toEqual([]);
    const notFound = 'ResourceArnNotFoundException';
    await expectError(get([arn], {}, OTHER_ACCOUNT), notFound);
    await expectError(get([listArn('pl-00000000000000000')]), notFound);
    await expectError(get(['x']), 'MalformedArnException');
    await expectError(get([arn], { maxResults: 0 }), 'InvalidParameterException');
    await expectError(get([arn], { nextToken: 'x' }), 'InvalidNextTokenException');
  });
});

describe('EnableSharingWithAwsOrganization', () => {
  it('is refused: the account is in no organization', async () => {
    const enable = cloud.ram().enableSharingWithAwsOrganization({});
    await expectError(enable, 'OperationNotPermittedException', /111111111111 is not in an org/);
  });
});

describe('what is not built', () => {
  it('is UnsupportedOperation', async () => {
    const calls = [
      cloud.ram().listPermissionVersions({ permissionArn: ARN }),
      cloud.ram().associateResourceSharePermission({
        resourceShareArn: NO_SHARE,
        permissionArn: ARN,
      }),
      cloud.ram().promoteResourceShareCreatedFromPolicy({ resourceShareArn: NO_SHARE }),
    ];
    for (const call of calls) await expectError(call, 'UnsupportedOperation');
  });
});
