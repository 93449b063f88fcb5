import type { EC2, IpPermission } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { expectError } from '../../../test/support/expect-error.ts';
import { acceptPeering, askToPeer, deletePeering } from '../../../test/support/route-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, testCloud } from '../../../test/support/test-cloud.ts';
import { makeVpc } from '../../../test/support/vpc-fixture.ts';
import { isStale } from '../../model/vpc/stale-rule.ts';

const HTTP = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80 };
const DIFFERENT_NETWORKS = 'You have specified two resources that belong to different networks.';

async function makeGroup(client: EC2, VpcId: string, name: string): Promise<string> {
  const request = { VpcId, GroupName: name, Description: `group ${name}` };
  return (await client.createSecurityGroup(request)).GroupId!;
}

/** Group `web` here, group `app` in another VPC, `peer`'s, and how to peer the two. */
async function setUp(peerAccount = ACCOUNT, peerRegion = 'us-east-1') {
  const cloud = await testCloud();
  const client = cloud.ec2();
  const peer = cloud.ec2(peerAccount, peerRegion);
  const { VpcId } = await makeVpc(client, '10.0.0.0/16');
  const { VpcId: peerVpcId } = await makeVpc(peer, '10.1.0.0/16');
  const web = await makeGroup(client, VpcId, 'web');
  const app = await makeGroup(peer, peerVpcId, 'app');
  return {
    ...cloud,
    client,
    peer,
    VpcId,
    peerVpcId,
    web,
    app,
    connect: async () => {
      const id = await askToPeer(client, VpcId, peerVpcId, peerAccount);
      await acceptPeering(peer, id);
      return id;
    },
    /** Lets the members of `app` into `web`. */
    refer: (members: object = {}) =>
      client.authorizeSecurityGroupIngress({
        GroupId: web,
        IpPermissions: [{ ...HTTP, UserIdGroupPairs: [{ GroupId: app, ...members }] }],
      }),
    permissions: async (): Promise<IpPermission[]> => {
      const { SecurityGroups } = await client.describeSecurityGroups({ GroupIds: [web] });
      return SecurityGroups![0]!.IpPermissions!;
    },
    stale: async () => (await client.describeStaleSecurityGroups({ VpcId })).StaleSecurityGroupSet!,
    references: async () => {
      const answer = await peer.describeSecurityGroupReferences({ GroupId: [app] });
      return answer.SecurityGroupReferenceSet!;
    },
  };
}

describe('references to groups', () => {
  it('A-078 A-081 name a group of the same VPC, and take over none of its rules', async () => {
    const { client, VpcId, web } = await setUp();
    const db = await makeGroup(client, VpcId, 'db');
    const open = { ...HTTP, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await client.authorizeSecurityGroupIngress({ GroupId: web, IpPermissions: [open] });
    const permission = { ...HTTP, UserIdGroupPairs: [{ GroupId: web, UserId: ACCOUNT }] };
    await client.authorizeSecurityGroupIngress({ GroupId: db, IpPermissions: [permission] });
    const { SecurityGroups } = await client.describeSecurityGroups({ GroupIds: [db] });
    expect(SecurityGroups![0]!.IpPermissions).toEqual([
      { ...permission, IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] },
    ]);
  });

  it('A-081 B-056 need an active peering for a group of another VPC', async () => {
    const { connect, refer, permissions, client, peer, VpcId, peerVpcId, app } = await setUp();
    await expectError(refer(), 'InvalidGroup.NotFound', DIFFERENT_NETWORKS);
    const waiting = await askToPeer(client, VpcId, peerVpcId);
    await expectError(refer(), 'InvalidGroup.NotFound', DIFFERENT_NETWORKS);
    await peer.rejectVpcPeeringConnection({ VpcPeeringConnectionId: waiting });
    const VpcPeeringConnectionId = await connect();
    const { SecurityGroupRules } = await refer();
    const reference = {
      GroupId: app,
      UserId: ACCOUNT,
      VpcId: peerVpcId,
      VpcPeeringConnectionId,
      PeeringStatus: 'active',
    };
    expect(SecurityGroupRules![0]!.ReferencedGroupInfo).toEqual(reference);
    expect((await permissions())[0]!.UserIdGroupPairs).toEqual([reference]);
  });

  it('A-081 B-056 reach groups of another account, named with it or not', async () => {
    const { connect, refer, web, client, app } = await setUp(OTHER_ACCOUNT);
    // G-025: before the peering there is no such group for us.
    const message = `The security group '${app}' does not exist`;
    await expectError(refer(), 'InvalidGroup.NotFound', message);
    await connect();
    const wrong = refer({ UserId: '333333333333' });
    await expectError(wrong, 'InvalidGroup.NotFound', message);
    await refer({ UserId: OTHER_ACCOUNT });
    await expectError(refer(), 'InvalidPermission.Duplicate');
    const pair = { ...HTTP, UserIdGroupPairs: [{ GroupId: app, UserId: OTHER_ACCOUNT }] };
    await client.revokeSecurityGroupIngress({ GroupId: web, IpPermissions: [pair] });
    await refer();
    await client.authorizeSecurityGroupEgress({ GroupId: web, IpPermissions: [pair] });
  });

  it('B-056 never reach another Region', async () => {
    const { client, peer, VpcId, peerVpcId, refer } = await setUp(ACCOUNT, 'eu-west-1');
    const { VpcPeeringConnection } = await client.createVpcPeeringConnection({
      VpcId,
      PeerVpcId: peerVpcId,
      PeerRegion: 'eu-west-1',
    });
    await acceptPeering(peer, VpcPeeringConnection!.VpcPeeringConnectionId!);
    await expectError(refer(), 'InvalidGroup.NotFound');
  });

  it('G-016 refuse ids that are malformed, unknown or at odds with the rest', async () => {
    const { connect, refer, VpcId, peerVpcId } = await setUp();
    await expectError(refer({ GroupId: 'sg-1' }), 'InvalidGroupId.Malformed');
    await expectError(refer({ GroupId: 'sg-0123456789abcdef0' }), 'InvalidGroup.NotFound');
    const id = await connect();
    const otherPeering = { VpcPeeringConnectionId: 'pcx-0123456789abcdef0' };
    await expectError(refer(otherPeering), 'InvalidGroup.NotFound', DIFFERENT_NETWORKS);
    await expectError(refer({ VpcId }), 'InvalidGroup.NotFound', DIFFERENT_NETWORKS);
    await refer({ VpcId: peerVpcId, VpcPeeringConnectionId: id });
  });
});

describe('stale rules', () => {
  it('A-082 stay when the peering goes, and come alive when it comes back', async () => {
    const { cloud, connect, refer, stale, permissions, client, web, app, ...rest } = await setUp();
    const first = await connect();
    const { SecurityGroupRules } = await refer();
    const rule = () =>
      cloud.model.get('security-group-rule', SecurityGroupRules![0]!.SecurityGroupRuleId!)!;
    expect(await stale()).toEqual([]);
    expect(isStale(cloud.model, rule())).toBe(false);
    await deletePeering(client, first);
    expect(isStale(cloud.model, rule())).toBe(true);
    const pair = {
      GroupId: app,
      UserId: ACCOUNT,
      VpcId: rest.peerVpcId,
      VpcPeeringConnectionId: first,
      PeeringStatus: 'deleted',
    };
    expect((await permissions())[0]!.UserIdGroupPairs).toEqual([pair]);
    await rest.advance(7 * 24 * 3_600_000); // Nobody sees the connection any more.
    expect((await permissions())[0]!.UserIdGroupPairs).toEqual([pair]);
    const second = await connect();
    expect(isStale(cloud.model, rule())).toBe(false);
    expect(await stale()).toEqual([]);
    expect((await permissions())[0]!.UserIdGroupPairs).toEqual([
      { ...pair, VpcPeeringConnectionId: second, PeeringStatus: 'active' },
    ]);
    await client.deleteSecurityGroup({ GroupId: web });
  });

  it('A-082 A-083 stay when the peer deletes the group, and are removed by hand', async () => {
    const { connect, refer, stale, client, peer, VpcId, web, app, ...rest } = await setUp();
    const VpcPeeringConnectionId = await connect();
    await refer({ Description: 'from app' });
    await peer.deleteSecurityGroup({ GroupId: app });
    const pair = { GroupId: app, UserId: ACCOUNT, VpcId: rest.peerVpcId };
    expect(await stale()).toEqual([
      {
        Description: 'group web',
        GroupId: web,
        GroupName: 'web',
        StaleIpPermissions: [
          {
            ...HTTP,
            IpRanges: [],
            PrefixListIds: [],
            UserIdGroupPairs: [
              {
                ...pair,
                VpcPeeringConnectionId,
                PeeringStatus: 'active',
                Description: 'from app',
              },
            ],
          },
        ],
        StaleIpPermissionsEgress: [],
        VpcId,
      },
    ]);
    const IpPermissions = [{ ...HTTP, UserIdGroupPairs: [pair] }];
    await client.revokeSecurityGroupIngress({ GroupId: web, IpPermissions });
    expect(await stale()).toEqual([]);
  });

  it('A-083 of another account are revoked by what is shown of them', async () => {
    const { connect, refer, stale, client, peer, web, app } = await setUp(OTHER_ACCOUNT);
    await connect();
    await refer();
    await peer.deleteSecurityGroup({ GroupId: app });
    const IpPermissions = (await stale())[0]!.StaleIpPermissions! as IpPermission[];
    expect(IpPermissions[0]!.UserIdGroupPairs).toMatchObject([{ UserId: OTHER_ACCOUNT }]);
    await client.revokeSecurityGroupIngress({ GroupId: web, IpPermissions });
    expect(await stale()).toEqual([]);
  });

  it('B-057 are shown with the status of the peering, outbound too', async () => {
    const { connect, client, VpcId, web, app } = await setUp(OTHER_ACCOUNT);
    const id = await connect();
    const IpPermissions = [{ ...HTTP, UserIdGroupPairs: [{ GroupId: app }] }];
    await client.authorizeSecurityGroupEgress({ GroupId: web, IpPermissions });
    await deletePeering(client, id);
    const { StaleSecurityGroupSet } = await client.describeStaleSecurityGroups({ VpcId });
    expect(StaleSecurityGroupSet).toMatchObject([
      {
        GroupId: web,
        StaleIpPermissions: [],
        StaleIpPermissionsEgress: [
          {
            ...HTTP,
            UserIdGroupPairs: [{ VpcPeeringConnectionId: id, PeeringStatus: 'deleted' }],
          },
        ],
      },
    ]);
  });

  it('G-016 G-025 G-042 are asked for by VPC, in pages of 5 to 255', async () => {
    const { client, ec2, VpcId } = await setUp();
    const ask = (request: { VpcId: string; MaxResults?: number }, by = client) =>
      by.describeStaleSecurityGroups(request);
    await expectError(ask({ VpcId: 'vpc-1' }), 'InvalidVpcID.Malformed');
    await expectError(ask({ VpcId }, ec2(OTHER_ACCOUNT)), 'InvalidVpcID.NotFound');
    await expectError(ask({ VpcId, MaxResults: 256 }), 'InvalidParameterValue');
    expect((await ask({ VpcId, MaxResults: 255 })).StaleSecurityGroupSet).toEqual([]);
  });
});

describe('DescribeSecurityGroupReferences', () => {
  it('B-057 lists each peer VPC that names a group, while the peering is active', async () => {
    const { connect, refer, references, client, VpcId, web, app } = await setUp(OTHER_ACCOUNT);
    expect(await references()).toEqual([]);
    const id = await connect();
    await refer();
    const IpPermissions = [{ ...HTTP, ToPort: 81, UserIdGroupPairs: [{ GroupId: app }] }];
    await client.authorizeSecurityGroupIngress({ GroupId: web, IpPermissions });
    expect(await references()).toEqual([
      { GroupId: app, ReferencingVpcId: VpcId, VpcPeeringConnectionId: id },
    ]);
    await deletePeering(client, id);
    expect(await references()).toEqual([]);
  });

  it('leaves out the own VPC, and knows only the own groups', async () => {
    const { client, ec2, web } = await setUp();
    const IpPermissions = [{ ...HTTP, UserIdGroupPairs: [{ GroupId: web }] }];
    await client.authorizeSecurityGroupIngress({ GroupId: web, IpPermissions });
    const answer = await client.describeSecurityGroupReferences({ GroupId: [web] });
    expect(answer.SecurityGroupReferenceSet).toEqual([]);
    const foreign = ec2(OTHER_ACCOUNT).describeSecurityGroupReferences({ GroupId: [web] });
    await expectError(foreign, 'InvalidGroup.NotFound');
  });
});

describe('GetSecurityGroupsForVpc', () => {
  it('G-037 lists the groups of a VPC, by filters and in pages', async () => {
    const { client, VpcId, web } = await setUp();
    await client.createTags({ Resources: [web], Tags: [{ Key: 'tier', Value: 'web' }] });
    const get = async (Name: string, value: string) => {
      const Filters = [{ Name, Values: [value] }];
      return (await client.getSecurityGroupsForVpc({ VpcId, Filters })).SecurityGroupForVpcs!;
    };
    const view = {
      Description: 'group web',
      GroupId: web,
      GroupName: 'web',
      OwnerId: ACCOUNT,
      PrimaryVpcId: VpcId,
      Tags: [{ Key: 'tier', Value: 'web' }],
    };
    for (const [name, value] of [
      ['description', 'group *'],
      ['group-id', web],
      ['group-name', 'web'],
      ['tag:tier', 'web'],
    ] as const) {
      expect(await get(name, value), name).toEqual([view]);
    }
    expect(await get('primary-vpc-id', VpcId)).toHaveLength(2);
    expect(await get('owner-id', OTHER_ACCOUNT)).toEqual([]);
    for (let count = 0; count < 4; count++) await makeGroup(client, VpcId, `g${count}`);
    const page = await client.getSecurityGroupsForVpc({ VpcId, MaxResults: 5 });
    expect(page.SecurityGroupForVpcs).toHaveLength(5);
    const rest = { VpcId, MaxResults: 5, NextToken: page.NextToken };
    expect((await client.getSecurityGroupsForVpc(rest)).SecurityGroupForVpcs).toHaveLength(1);
    await expectError(
      client.getSecurityGroupsForVpc({ VpcId: 'vpc-0123456789abcdef0' }),
      'InvalidVpcID.NotFound',
    );
  });
});
