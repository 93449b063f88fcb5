import { waitUntilVpcPeeringConnectionExists } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  addVpc,
  DAY,
  lookAt,
  OTHER_SCOPE,
  peer,
  requestPeering,
  vpcPair,
} from '../../../test/support/peering-fixture.ts';
import { ACCOUNT, OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import { putTags } from '../../control/tags.ts';

describe('what a description shows', () => {
  it('B-037 the blocks of both sides, only while active', async () => {
    const test = await testCloud();
    const pair = {
      requester: test.ec2(),
      accepter: test.ec2(OTHER_ACCOUNT),
      vpc: await addVpc(test.cloud, SCOPE, { ipv6Blocks: ['2600:1f00::/56'] }),
      peerVpc: await addVpc(test.cloud, OTHER_SCOPE, {
        blocks: ['10.1.0.0/16', '100.64.0.0/20'],
      }),
    };
    const id = await requestPeering(pair);
    const ids = { VpcPeeringConnectionId: id };
    const expectHidden = async () => {
      const { RequesterVpcInfo, AccepterVpcInfo } = await lookAt(pair.requester, id);
      for (const info of [RequesterVpcInfo, AccepterVpcInfo]) {
        expect(info?.CidrBlock).toBeUndefined();
        expect(info?.CidrBlockSet).toBeUndefined();
        expect(info?.Ipv6CidrBlockSet).toBeUndefined();
      }
    };
    await expectHidden();
    await pair.accepter.acceptVpcPeeringConnection(ids);
    for (const client of [pair.requester, pair.accepter]) {
      expect(await lookAt(client, id)).toMatchObject({
        RequesterVpcInfo: {
          CidrBlock: '10.0.0.0/16',
          CidrBlockSet: [{ CidrBlock: '10.0.0.0/16' }],
          Ipv6CidrBlockSet: [{ Ipv6CidrBlock: '2600:1f00::/56' }],
        },
        AccepterVpcInfo: {
          CidrBlock: '10.1.0.0/16',
          CidrBlockSet: [{ CidrBlock: '10.1.0.0/16' }, { CidrBlock: '100.64.0.0/20' }],
        },
      });
    }
    await pair.requester.deleteVpcPeeringConnection(ids);
    await expectHidden();
  });

  it('B-058 each account and Region sees its own tags', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const created = await pair.requester.createVpcPeeringConnection({
      VpcId: pair.vpc.id,
      PeerVpcId: pair.peerVpc.id,
      PeerOwnerId: OTHER_ACCOUNT,
      TagSpecifications: [
        { ResourceType: 'vpc-peering-connection', Tags: [{ Key: 'Name', Value: 'ours' }] },
      ],
    });
    expect(created.VpcPeeringConnection?.Tags).toEqual([{ Key: 'Name', Value: 'ours' }]);
    const id = created.VpcPeeringConnection!.VpcPeeringConnectionId!;
    expect((await lookAt(pair.accepter, id)).Tags).toEqual([]);
    await test.cloud.execute((tx) =>
      putTags(tx, OTHER_SCOPE, 'vpc-peering-connection', id, { Name: 'theirs' }),
    );
    expect((await lookAt(pair.requester, id)).Tags).toEqual([{ Key: 'Name', Value: 'ours' }]);
    expect((await lookAt(pair.accepter, id)).Tags).toEqual([{ Key: 'Name', Value: 'theirs' }]);
    const byTag = async (Value: string) => {
      const { VpcPeeringConnections } = await pair.requester.describeVpcPeeringConnections({
        Filters: [{ Name: 'tag:Name', Values: [Value] }],
      });
      return VpcPeeringConnections?.length;
    };
    expect([await byTag('ours'), await byTag('theirs')]).toEqual([1, 0]);
  });

  it('the SDK’s waiter finishes', async () => {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const id = await requestPeering(pair);
    const { state } = await waitUntilVpcPeeringConnectionExists(
      { client: pair.accepter, maxWaitTime: 20 },
      { VpcPeeringConnectionIds: [id] },
    );
    expect(state).toBe('SUCCESS');
  });
});

describe('filters and pages', () => {
  /** An active connection to another account and a pending one inside the account. */
  async function scenario() {
    const test = await testCloud();
    const pair = await vpcPair(test);
    const active = await peer(pair);
    const sister = await addVpc(test.cloud, SCOPE, { blocks: ['10.2.0.0/16'] });
    await test.advance(DAY);
    const expires = new Date(test.cloud.now() + 7 * DAY).toISOString();
    const pending = await requestPeering({ ...pair, accepter: test.ec2(), peerVpc: sister });
    await test.cloud.execute((tx) =>
      putTags(tx, SCOPE, 'vpc-peering-connection', active, { Team: 'blue' }),
    );
    const find = async (Name: string, ...Values: string[]) => {
      const answer = await test
        .ec2()
        .describeVpcPeeringConnections({ Filters: [{ Name, Values }] });
      return answer.VpcPeeringConnections?.map((one) => one.VpcPeeringConnectionId);
    };
    return { test, pair, sister, active, pending, expires, find };
  }

  it('B-059 every filter', async () => {
    const { pair, sister, active, pending, expires, find } = await scenario();
    const both = [active, pending];
    const cases: [string, string, string[]][] = [
      ['accepter-vpc-info.cidr-block', '10.1.0.0/16', [active]],
      ['accepter-vpc-info.cidr-block', '10.2.0.0/16', []],
      ['accepter-vpc-info.owner-id', OTHER_ACCOUNT, [active]],
      ['accepter-vpc-info.vpc-id', sister.id, [pending]],
      ['requester-vpc-info.cidr-block', '10.0.0.0/16', [active]],
      ['requester-vpc-info.owner-id', ACCOUNT, both],
      ['requester-vpc-info.owner-id', OTHER_ACCOUNT, []],
      ['requester-vpc-info.vpc-id', pair.vpc.id, both],
      ['expiration-time', expires, [pending]],
      ['status-code', 'active', [active]],
      ['status-code', 'pending-acceptance', [pending]],
      ['status-message', 'Pending*', [pending]],
      ['tag:Team', 'blue', [active]],
      ['tag-key', 'Team', [active]],
      ['vpc-peering-connection-id', pending, [pending]],
    ];
    for (const [name, value, expected] of cases) {
      expect([name, await find(name, value)]).toEqual([name, expected]);
    }
    expect(await find('status-code', 'active', 'pending-acceptance')).toEqual(both);
    await expect(find('status', 'active')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('B-059 ids and filters both hold; one unknown id fails the call', async () => {
    const { test, active, pending } = await scenario();
    const Filters = [{ Name: 'status-code', Values: ['active'] }];
    const answer = await test.ec2().describeVpcPeeringConnections({
      VpcPeeringConnectionIds: [pending, active],
      Filters,
    });
    expect(answer.VpcPeeringConnections?.map((one) => one.VpcPeeringConnectionId)).toEqual([
      active,
    ]);
    const unknown = test.ec2().describeVpcPeeringConnections({
      VpcPeeringConnectionIds: [active, 'pcx-0123456789abcdef0'],
    });
    await expect(unknown).rejects.toMatchObject({ name: 'InvalidVpcPeeringConnectionID.NotFound' });
  });

  it('G-042 G-043 pages of 5 to 1000', async () => {
    const test = await testCloud();
    const { requester, vpc } = await vpcPair(test);
    const made: string[] = [];
    for (let index = 0; index < 12; index++) {
      const blocks = [`10.${index + 50}.0.0/16`];
      const peerVpc = await addVpc(test.cloud, SCOPE, { blocks });
      made.push(await requestPeering({ requester, accepter: requester, vpc, peerVpc }));
    }
    const pages: string[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await requester.describeVpcPeeringConnections({
        MaxResults: 5,
        ...(NextToken === undefined ? {} : { NextToken }),
      });
      pages.push(page.VpcPeeringConnections!.map((one) => one.VpcPeeringConnectionId!));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(made);
    for (const MaxResults of [4, 1001]) {
      await expect(requester.describeVpcPeeringConnections({ MaxResults })).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
    }
  });
});
