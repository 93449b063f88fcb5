import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { makeGroup } from '../../../test/support/instance-fixture.ts';
import { changeList, lookAtList, makeList } from '../../../test/support/prefix-list-fixture.ts';
import {
  launch,
  lookAtTable,
  makeGateway,
  makeTable,
} from '../../../test/support/route-fixture.ts';
import { OTHER_ACCOUNT, type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../../../test/support/vpc-fixture.ts';

const S3 = 'pl-63a5400a';
let test: TestCloud;
let ec2: EC2;
let vpcId: string;
let tableId: string;
let gatewayId: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  vpcId = (await makeVpc(ec2)).VpcId;
  tableId = await makeTable(ec2, vpcId);
  gatewayId = await makeGateway(ec2, vpcId);
});

const routeTo = (DestinationPrefixListId: string, target: object = { GatewayId: gatewayId }) =>
  ec2.createRoute({ RouteTableId: tableId, DestinationPrefixListId, ...target });

/** Routes of the table that somebody made. */
const madeRoutes = async () =>
  (await lookAtTable(ec2, tableId)).Routes!.filter(({ GatewayId }) => GatewayId !== 'local');

describe('routes to prefix lists', () => {
  it('are shown with the list as their destination', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    await routeTo(list);
    expect(await madeRoutes()).toEqual([
      {
        DestinationPrefixListId: list,
        GatewayId: gatewayId,
        Origin: 'CreateRoute',
        State: 'active',
      },
    ]);
    const Filters = [{ Name: 'route.destination-prefix-list-id', Values: [list] }];
    const { RouteTables } = await ec2.describeRouteTables({ Filters });
    expect(RouteTables!.map(({ RouteTableId }) => RouteTableId)).toEqual([tableId]);
  });

  it('go to AWS’s own lists as well', async () => {
    await routeTo(S3);
    expect((await madeRoutes())[0]).toMatchObject({ DestinationPrefixListId: S3 });
  });

  it('are led elsewhere and deleted by the list', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    const { SubnetId } = await makeSubnet(ec2, vpcId, '10.0.0.0/24');
    const { eni } = await launch(ec2, SubnetId);
    const request = { RouteTableId: tableId, DestinationPrefixListId: list };
    await expectError(
      ec2.replaceRoute({ ...request, NetworkInterfaceId: eni }),
      'InvalidParameterValue',
      /no route defined/,
    );
    await expectError(ec2.deleteRoute(request), 'InvalidRoute.NotFound');
    await routeTo(list);
    await ec2.replaceRoute({ ...request, NetworkInterfaceId: eni });
    expect((await madeRoutes())[0]).toMatchObject({ NetworkInterfaceId: eni });
    await expectError(
      ec2.replaceRoute({ ...request, LocalTarget: true }),
      'InvalidParameterValue',
      /no default target/,
    );
    await ec2.deleteRoute(request);
    expect(await madeRoutes()).toEqual([]);
  });

  it('A-034 A-035 have one destination, once in a table', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    await routeTo(list);
    await expectError(routeTo(list), 'RouteAlreadyExists', new RegExp(list));
    await expectError(
      routeTo(list, { GatewayId: gatewayId, DestinationCidrBlock: '0.0.0.0/0' }),
      'InvalidParameterCombination',
    );
  });

  it('need a list that the caller has', async () => {
    await expectError(routeTo('pl-00000000'), 'InvalidPrefixListID.NotFound');
    await expectError(routeTo('list'), 'InvalidPrefixListId.Malformed');
    const foreign = await makeList(test.ec2(OTHER_ACCOUNT), ['192.0.2.0/24']);
    await expectError(routeTo(foreign), 'InvalidPrefixListID.NotFound');
  });

  it('A-031 A-033 cannot be made while the list holds what no such route may lead to', async () => {
    const inside = await makeList(ec2, ['192.0.2.0/24', '10.0.1.0/24']);
    await expectError(routeTo(inside), 'InvalidParameterValue', /10.0.1.0\/24/);
    const reserved = await makeList(ec2, ['169.254.168.0/24']);
    await expectError(routeTo(reserved), 'InvalidParameterValue', /reserved/);
  });

  it('A-037 A-038 count as many as their list may hold', async () => {
    await routeTo(await makeList(ec2, ['192.0.2.0/24'], 30));
    await expectError(routeTo(await makeList(ec2, [], 21)), 'RouteLimitExceeded');
    await routeTo(await makeList(ec2, [], 19));
    const route = (index: number) =>
      ec2.createRoute({
        RouteTableId: tableId,
        DestinationCidrBlock: `198.51.100.${index}/32`,
        GatewayId: gatewayId,
      });
    await route(1);
    await expectError(route(2), 'RouteLimitExceeded');
  });

  it('A-037 count in their own family only', async () => {
    await routeTo(await makeList(ec2, ['192.0.2.0/24'], 50));
    await routeTo(await makeList(ec2, ['2001:db8::/32'], 50));
  });

  it('A-038 keep a list from growing past a table’s quota', async () => {
    const list = await makeList(ec2, [], 30);
    await routeTo(list);
    await routeTo(await makeList(ec2, [], 20));
    await ec2.modifyManagedPrefixList({ PrefixListId: list, MaxEntries: 31 });
    const failed = await lookAtList(ec2, list);
    expect(failed).toMatchObject({ State: 'modify-failed', MaxEntries: 30 });
    expect(failed.StateMessage).toContain(tableId);
    await ec2.modifyManagedPrefixList({ PrefixListId: list, MaxEntries: 29 });
    const now = await lookAtList(ec2, list);
    expect(now).toMatchObject({ State: 'modify-complete', MaxEntries: 29 });
    expect(now.StateMessage).toBeUndefined();
  });

  it('are there no more when their table is deleted', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    await routeTo(list);
    await ec2.deleteRouteTable({ RouteTableId: tableId });
    await ec2.deleteManagedPrefixList({ PrefixListId: list });
  });
});

describe('rules that name prefix lists', () => {
  let groupId: string;

  beforeEach(async () => {
    groupId = await makeGroup(ec2, vpcId, 'web');
  });

  const permission = (list: string, Description?: string) => ({
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    PrefixListIds: [{ PrefixListId: list, ...(Description && { Description }) }],
  });
  const allow = (list: string, Description?: string) =>
    ec2.authorizeSecurityGroupIngress({
      GroupId: groupId,
      IpPermissions: [permission(list, Description)],
    });
  const lookAtGroup = async () =>
    (await ec2.describeSecurityGroups({ GroupIds: [groupId] })).SecurityGroups![0]!;

  it('are made, shown both ways, found and revoked', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    const { SecurityGroupRules } = await allow(list, 'offices');
    expect(SecurityGroupRules).toHaveLength(1);
    const rule = { PrefixListId: list, FromPort: 443, ToPort: 443, Description: 'offices' };
    expect(SecurityGroupRules![0]).toMatchObject(rule);
    expect(SecurityGroupRules![0]!.CidrIpv4).toBeUndefined();
    expect((await lookAtGroup()).IpPermissions).toEqual([
      { ...permission(list, 'offices'), IpRanges: [], Ipv6Ranges: [], UserIdGroupPairs: [] },
    ]);
    const Filters = [{ Name: 'ip-permission.prefix-list-id', Values: [list] }];
    const found = await ec2.describeSecurityGroups({ Filters });
    expect(found.SecurityGroups!.map(({ GroupId }) => GroupId)).toEqual([groupId]);
    const IpPermissions = [permission(list)];
    await ec2.revokeSecurityGroupIngress({ GroupId: groupId, IpPermissions });
    expect((await lookAtGroup()).IpPermissions).toEqual([]);
  });

  it('are modified to name another', async () => {
    const [one, other] = [await makeList(ec2, []), await makeList(ec2, [])];
    const { SecurityGroupRules } = await allow(one);
    await ec2.modifySecurityGroupRules({
      GroupId: groupId,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: SecurityGroupRules![0]!.SecurityGroupRuleId!,
          SecurityGroupRule: { IpProtocol: '-1', PrefixListId: other },
        },
      ],
    });
    expect((await lookAtGroup()).IpPermissions![0]!.PrefixListIds).toEqual([
      { PrefixListId: other },
    ]);
  });

  it('A-084 are duplicates by their list', async () => {
    const list = await makeList(ec2, []);
    await allow(list);
    await expectError(allow(list, 'again'), 'InvalidPermission.Duplicate', new RegExp(list));
    await expectError(allow('pl-00000000'), 'InvalidPrefixListID.NotFound');
    await allow(S3);
  });

  it('A-085 count as many as their list may hold', async () => {
    await allow(await makeList(ec2, [], 59));
    const two = await makeList(ec2, [], 2);
    await expectError(allow(two), 'RulesPerSecurityGroupLimitExceeded');
    await allow(await makeList(ec2, [], 1));
    // The other family and the other direction have room of their own.
    await allow(await makeList(ec2, ['2001:db8::/32'], 60));
    const IpPermissions = [permission(two)];
    await ec2.authorizeSecurityGroupEgress({ GroupId: groupId, IpPermissions });
  });

  it('A-085 keep a list from growing past a group’s quota', async () => {
    const list = await makeList(ec2, [], 30);
    await allow(list);
    const udp = { ...permission(list), IpProtocol: 'udp' };
    await ec2.authorizeSecurityGroupIngress({ GroupId: groupId, IpPermissions: [udp] });
    await ec2.modifyManagedPrefixList({ PrefixListId: list, MaxEntries: 31 });
    const failed = await lookAtList(ec2, list);
    expect(failed.State).toBe('modify-failed');
    expect(failed.StateMessage).toContain(groupId);
  });
});

describe('who refers to a list', () => {
  it('is told, each resource once, page by page', async () => {
    const list = await makeList(ec2, []);
    await routeTo(list);
    const groupId = await makeGroup(ec2, vpcId, 'web');
    for (const IpProtocol of ['tcp', 'udp']) {
      const ports = { IpProtocol, FromPort: 1, ToPort: 2 };
      const IpPermissions = [{ ...ports, PrefixListIds: [{ PrefixListId: list }] }];
      await ec2.authorizeSecurityGroupIngress({ GroupId: groupId, IpPermissions });
    }
    const request = { PrefixListId: list };
    const { PrefixListAssociations } = await ec2.getManagedPrefixListAssociations(request);
    expect(PrefixListAssociations).toEqual([
      { ResourceId: tableId, ResourceOwner: '111111111111' },
      { ResourceId: groupId, ResourceOwner: '111111111111' },
    ]);
    await expectError(
      ec2.getManagedPrefixListAssociations({ ...request, MaxResults: 4 }),
      'InvalidParameterValue',
    );
  });

  it('keeps the list from being deleted', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    await routeTo(list);
    const gone = () => ec2.deleteManagedPrefixList({ PrefixListId: list });
    await expectError(gone(), 'DependencyViolation');
    await ec2.deleteRoute({ RouteTableId: tableId, DestinationPrefixListId: list });
    const GroupId = await makeGroup(ec2, vpcId, 'web');
    const IpPermissions = [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: list }] }];
    await ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions });
    await expectError(gone(), 'DependencyViolation');
    await ec2.deleteSecurityGroup({ GroupId });
    await gone();
  });

  it('does not keep it from changing', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    await routeTo(list);
    await changeList(ec2, list, { add: ['198.51.100.0/24'] });
    expect((await lookAtList(ec2, list)).Version).toBe(2);
  });
});

describe('network ACLs', () => {
  it('A-066 take blocks only: their entries have no member for a list', async () => {
    const list = await makeList(ec2, ['192.0.2.0/24']);
    const { NetworkAcl } = await ec2.createNetworkAcl({ VpcId: vpcId });
    const call = ec2.createNetworkAclEntry({
      NetworkAclId: NetworkAcl!.NetworkAclId!,
      RuleNumber: 100,
      Protocol: '-1',
      RuleAction: 'allow',
      Egress: false,
      CidrBlock: list,
    });
    await expectError(call, 'InvalidParameterValue', /not a valid CIDR block/);
  });
});
