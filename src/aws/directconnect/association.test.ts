import type { DirectConnect } from '@aws-sdk/client-direct-connect';
import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  associate,
  blocks,
  lookAtAssociation,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
  REFUSED,
} from '../../../test/support/direct-connect-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { GONE, statesUntil } from '../../../test/support/terraform-waiter.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';
import { defaultTable, makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import { attachNewGateway, makeVpnGateway } from '../../../test/support/vpn-fixture.ts';

let cloud: TestCloud;
let dx: DirectConnect;
let ec2: EC2;
let directConnectGatewayId: string;

async function begin(transitions: 'instant' | 'fast' = 'instant'): Promise<void> {
  cloud = await testCloud({ transitions });
  dx = cloud.directConnect();
  ec2 = cloud.ec2();
  directConnectGatewayId = await makeGateway(dx);
}
beforeEach(() => begin());

const stateOf = async (id: string) => (await lookAtAssociation(dx, id))?.associationState;
const join = (gatewayId: string, prefixes?: readonly string[]) =>
  associate(dx, directConnectGatewayId, gatewayId, prefixes);
const end = (associationId: string) => dx.deleteDirectConnectGatewayAssociation({ associationId });

describe('an association with a virtual private gateway', () => {
  it('H-071 is associating and associated, disassociating and gone', async () => {
    await begin('fast');
    const VpnGatewayId = await makeVpnGateway(ec2);
    const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
    await cloud.advance(100);
    await ec2.attachVpnGateway({ VpnGatewayId, VpcId: Vpc!.VpcId! });
    const one = await join(VpnGatewayId);
    expect(one).toEqual({
      associationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      associationState: 'associating',
      directConnectGatewayId,
      directConnectGatewayOwnerAccount: ACCOUNT,
      associatedGateway: {
        id: VpnGatewayId,
        type: 'virtualPrivateGateway',
        ownerAccount: ACCOUNT,
        region: 'us-east-1',
      },
      allowedPrefixesToDirectConnectGateway: [],
      virtualGatewayId: VpnGatewayId,
      virtualGatewayRegion: 'us-east-1',
      virtualGatewayOwnerAccount: ACCOUNT,
    });
    const read = () => stateOf(one.associationId!);
    expect(await statesUntil(cloud, 'associated', read)).toEqual(['associating', 'associated']);
    const ended = await end(one.associationId!);
    const state = ended.directConnectGatewayAssociation!.associationState;
    expect(state).toBe('disassociating');
    expect(await statesUntil(cloud, GONE, read)).toEqual(['disassociating', GONE]);
    await expectError(end(one.associationId!), REFUSED, /does not exist/);
  });

  it('H-072 needs a VPC, is one alone, and no block is behind two of one gateway', async () => {
    const lonely = await makeVpnGateway(ec2);
    await expectError(join(lonely), REFUSED, /not attached to a VPC/);
    await ec2.deleteVpnGateway({ VpnGatewayId: lonely });
    const { vpnGatewayId } = await attachNewGateway(ec2);
    await join(vpnGatewayId);
    await expectError(join(vpnGatewayId), REFUSED, /associated with .* already/);
    const other = await makeGateway(dx);
    await expectError(associate(dx, other, vpnGatewayId), REFUSED, /associated with .* already/);
    const same = await attachNewGateway(ec2, '10.0.128.0/17');
    await expectError(join(same.vpnGatewayId), REFUSED, /10.0.128.0.17 .*overlaps/);
    await associate(dx, other, same.vpnGatewayId);
    await join((await attachNewGateway(ec2, '10.1.0.0/16')).vpnGatewayId);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('H-046 ends when the gateway loses its VPC, and keeps the gateway until then', async () => {
    const { vpnGatewayId: VpnGatewayId, vpcId: VpcId } = await attachNewGateway(ec2);
    const { associationId } = await join(VpnGatewayId);
    await expectError(ec2.deleteVpnGateway({ VpnGatewayId }), 'IncorrectState');
    await ec2.detachVpnGateway({ VpnGatewayId, VpcId });
    expect(await lookAtAssociation(dx, associationId!)).toBeUndefined();
    await ec2.deleteVpnGateway({ VpnGatewayId });
    await begin('fast');
    await cloud.advance(100);
    const gateway = await makeVpnGateway(ec2);
    const { Vpc } = await ec2.createVpc({ CidrBlock: '10.0.0.0/16' });
    await cloud.advance(100);
    const place = { VpnGatewayId: gateway, VpcId: Vpc!.VpcId! };
    await ec2.attachVpnGateway(place);
    const id = (await join(gateway)).associationId!;
    await ec2.detachVpnGateway(place);
    expect(await stateOf(id)).toBe('disassociating');
  });

  it('H-069 H-070 has a filter or none, by the older parameter as well', async () => {
    const { vpnGatewayId: virtualGatewayId } = await attachNewGateway(ec2);
    const request = { directConnectGatewayId, virtualGatewayId };
    const answer = await dx.createDirectConnectGatewayAssociation({
      ...request,
      addAllowedPrefixesToDirectConnectGateway: blocks(['10.0.0.0/15', '10.0.0.0/15']),
    });
    const { directConnectGatewayAssociation: one } = answer;
    expect(one!.allowedPrefixesToDirectConnectGateway).toEqual(blocks(['10.0.0.0/15']));
    const both = { ...request, gatewayId: 'vgw-0' };
    await expectError(dx.createDirectConnectGatewayAssociation(both), REFUSED, /one alone/);
    await expectError(
      dx.createDirectConnectGatewayAssociation({ directConnectGatewayId }),
      REFUSED,
      /one alone/,
    );
    await dx.deleteDirectConnectGatewayAssociation(request);
    await expectError(dx.deleteDirectConnectGatewayAssociation(request), REFUSED, /not exist/);
    await expectError(dx.deleteDirectConnectGatewayAssociation({}), REFUSED, /Specify/);
  });

  it.each(['10.0.0.0', '10.0.0.1/16', 'x', '2001:db8::1/32'])(
    'H-069 takes blocks alone, not %s',
    async (prefix) => {
      const { vpnGatewayId } = await attachNewGateway(ec2);
      const message = prefix.includes('1/') ? /host bits/ : /not a block/;
      await expectError(join(vpnGatewayId, [prefix]), REFUSED, message);
    },
  );

  it('H-056 is one of twenty at a gateway', async () => {
    cloud = await testCloud({ quotas: true });
    dx = cloud.directConnect();
    directConnectGatewayId = await makeGateway(dx);
    const regions = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-west-1'];
    let count = 0;
    for (const region of regions) {
      const client = cloud.ec2(ACCOUNT, region);
      for (let each = 0; each < 4; each++, count++) {
        await join((await attachNewGateway(client, `10.${count}.0.0/16`)).vpnGatewayId);
      }
    }
    const more = await attachNewGateway(cloud.ec2(ACCOUNT, 'eu-west-2'), '10.99.0.0/16');
    await expectError(join(more.vpnGatewayId), REFUSED, /20 gateways/);
  });
});

describe('an association with a transit gateway', () => {
  const attachments = async () =>
    (await ec2.describeTransitGatewayAttachments({})).TransitGatewayAttachments!;

  it('C-104 makes an attachment that joins the default tables, and ends with it', async () => {
    await begin('fast');
    const tgw = await makeTransitGateway(ec2);
    await cloud.advance(50);
    const one = await join(tgw, ['10.0.0.0/8']);
    expect(one.associatedGateway).toMatchObject({ id: tgw, type: 'transitGateway' });
    expect(one.virtualGatewayId).toBeUndefined();
    const [attachment] = await attachments();
    expect(attachment).toMatchObject({
      TransitGatewayId: tgw,
      ResourceType: 'direct-connect-gateway',
      ResourceId: directConnectGatewayId,
      ResourceOwnerId: ACCOUNT,
      State: 'pending',
    });
    const TransitGatewayRouteTableId = await defaultTable(ec2, tgw);
    await cloud.advance(50);
    const table = { TransitGatewayRouteTableId };
    const { Associations } = await ec2.getTransitGatewayRouteTableAssociations(table);
    expect(Associations).toMatchObject([
      { ResourceType: 'direct-connect-gateway', State: 'associated' },
    ]);
    const propagations = await ec2.getTransitGatewayRouteTablePropagations(table);
    expect(propagations.TransitGatewayRouteTablePropagations).toMatchObject([
      { ResourceType: 'direct-connect-gateway', State: 'enabled' },
    ]);
    expect(await stateOf(one.associationId!)).toBe('associated');
    expect(await attachments()).toMatchObject([{ State: 'available' }]);
    const remove = ec2.deleteTransitGateway({ TransitGatewayId: tgw });
    await expectError(remove, 'IncorrectState', /Direct Connect Gateway Attachments/);
    await end(one.associationId!);
    expect(await attachments()).toMatchObject([{ State: 'deleting' }]);
    await cloud.advance(50);
    expect(await attachments()).toMatchObject([{ State: 'deleted' }]);
    expect(await stateOf(one.associationId!)).toBeUndefined();
    await ec2.deleteTransitGateway({ TransitGatewayId: tgw });
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('C-104 may end before it has begun', async () => {
    await begin('fast');
    const tgw = await makeTransitGateway(ec2);
    await cloud.advance(50);
    const { associationId } = await join(tgw, ['10.0.0.0/8']);
    await end(associationId!);
    await cloud.advance(50);
    expect(await attachments()).toMatchObject([{ State: 'failed' }]);
    expect(await stateOf(associationId!)).toBeUndefined();
  });

  it('C-005 C-104 needs another ASN, which stays another', async () => {
    const tgw = await makeTransitGateway(ec2, { AmazonSideAsn: 64_600 });
    await expectError(join(tgw, ['10.0.0.0/8']), REFUSED, /one ASN, 64600/);
    expect(await attachments()).toEqual([]);
    const other = await makeTransitGateway(ec2);
    await join(other, ['10.0.0.0/8']);
    const change = { TransitGatewayId: other, Options: { AmazonSideAsn: 64_600 } };
    await expectError(ec2.modifyTransitGateway(change), 'IncorrectState', /AmazonSideAsn/);
  });

  it('C-105 is not for a gateway of the other kind', async () => {
    const connectionId = await makeConnection(dx);
    const tgw = await makeTransitGateway(ec2);
    const { vpnGatewayId } = await attachNewGateway(ec2);
    await join(tgw, ['10.0.0.0/8']);
    const other = new RegExp(tgw);
    await expectError(join(vpnGatewayId), REFUSED, other);
    await expectError(makePrivate(dx, connectionId, { directConnectGatewayId }), REFUSED, other);
    await makeTransit(dx, connectionId, { directConnectGatewayId });
    directConnectGatewayId = await makeGateway(dx);
    await makeTransit(dx, connectionId, { vlan: 2, directConnectGatewayId });
    await expectError(join(vpnGatewayId), REFUSED, /dxvif-/);
    directConnectGatewayId = await makeGateway(dx);
    await makePrivate(dx, connectionId, { vlan: 3, directConnectGatewayId });
    await expectError(join(tgw, ['10.0.0.0/8']), REFUSED, /dxvif-/);
    await join(vpnGatewayId);
    const transit = makeTransit(dx, connectionId, { vlan: 4, directConnectGatewayId });
    await expectError(transit, REFUSED, new RegExp(vpnGatewayId));
  });

  it('H-070 C-107 needs prefixes, at most 200, apart from those of others', async () => {
    const tgw = await makeTransitGateway(ec2);
    await expectError(join(tgw), REFUSED, /at least one entry/);
    const many = Array.from({ length: 201 }, (_, index) => `10.${index}.0.0/16`);
    await expectError(join(tgw, many), REFUSED, /201 allowed prefixes/);
    await join(tgw, ['10.0.0.0/9', '2001:db8::/32']);
    const other = await makeTransitGateway(ec2);
    await expectError(join(other, ['10.64.0.0/16']), REFUSED, /10.64.0.0.16 of .* overlaps/);
    await expectError(join(other, ['2001:db8::/48']), REFUSED, /overlaps/);
    await join(other, many.slice(128, 201));
    const twice = join(other, ['192.168.0.0/16']);
    await expectError(twice, REFUSED, /associated with .* already/);
  });

  it('C-108 is one of six at a gateway, and one of twenty at a transit gateway', async () => {
    cloud = await testCloud();
    dx = cloud.directConnect();
    directConnectGatewayId = await makeGateway(dx);
    for (let count = 0; count < 6; count++) {
      const client = cloud.ec2(ACCOUNT, count < 3 ? 'us-east-1' : 'eu-west-1');
      await join(await makeTransitGateway(client), [`10.${count}.0.0/16`]);
    }
    const tgw = await makeTransitGateway(cloud.ec2(ACCOUNT, 'us-west-2'));
    await expectError(join(tgw, ['10.9.0.0/16']), REFUSED, /6 gateways/);
    for (let count = 0; count < 20; count++) {
      await associate(dx, await makeGateway(dx), tgw, ['10.9.0.0/16']);
    }
    const more = associate(dx, await makeGateway(dx), tgw, ['10.9.0.0/16']);
    await expectError(more, REFUSED, /20 Direct Connect gateways/);
  });

  it('H-071 keeps what stays in force while it is updating', async () => {
    await begin('fast');
    const tgw = await makeTransitGateway(ec2);
    await cloud.advance(50);
    const { associationId } = await join(tgw, ['10.0.0.0/16', '10.1.0.0/16']);
    await cloud.advance(50);
    const change = (add: string[], remove: string[], client = dx) =>
      client.updateDirectConnectGatewayAssociation({
        associationId: associationId!,
        addAllowedPrefixesToDirectConnectGateway: blocks(add),
        removeAllowedPrefixesToDirectConnectGateway: blocks(remove),
      });
    const answer = await change(['10.2.0.0/16'], ['10.0.0.0/16']);
    expect(answer.directConnectGatewayAssociation).toMatchObject({
      associationState: 'updating',
      allowedPrefixesToDirectConnectGateway: blocks(['10.1.0.0/16', '10.2.0.0/16']),
    });
    const inForce = () =>
      cloud.cloud.model.get('direct-connect-gateway-association', associationId!)!.allowedPrefixes;
    expect(inForce()).toHaveLength(1);
    await expectError(change(['10.3.0.0/16'], []), REFUSED, /updating/);
    await cloud.advance(50);
    expect(inForce()).toHaveLength(2);
    expect(await stateOf(associationId!)).toBe('associated');
    const all = ['10.1.0.0/16', '10.2.0.0/16'];
    await expectError(change([], all), REFUSED, /at least one entry/);
    await expectError(change(['10.4.0.0/16'], [], cloud.directConnect(OTHER_ACCOUNT)), REFUSED);
    await expectError(dx.updateDirectConnectGatewayAssociation({}), REFUSED, /missing/);
  });

  it('H-077 is described by at least one id', async () => {
    const tgw = await makeTransitGateway(ec2);
    const { associationId } = await join(tgw, ['10.0.0.0/8']);
    const list = async (input: object, client = dx) =>
      (await client.describeDirectConnectGatewayAssociations(input))
        .directConnectGatewayAssociations!.length;
    expect(await list({ associationId })).toBe(1);
    expect(await list({ directConnectGatewayId })).toBe(1);
    expect(await list({ associatedGatewayId: tgw, directConnectGatewayId })).toBe(1);
    expect(await list({ associatedGatewayId: 'tgw-0', directConnectGatewayId })).toBe(0);
    expect(await list({ associationId: 'x' })).toBe(0);
    expect(await list({ associationId }, cloud.directConnect(OTHER_ACCOUNT))).toBe(0);
    await expectError(list({}), REFUSED, /Specify/);
  });

  it('is with a gateway of the caller’s, wherever that is', async () => {
    const foreign = await makeTransitGateway(cloud.ec2(OTHER_ACCOUNT));
    await expectError(join(foreign, ['10.0.0.0/8']), REFUSED, /does not exist in the account/);
    const far = await makeTransitGateway(cloud.ec2(ACCOUNT, 'eu-west-1'));
    const one = await join(far, ['10.0.0.0/8']);
    expect(one.associatedGateway).toMatchObject({ region: 'eu-west-1' });
    expect(await attachments()).toEqual([]);
    const there = await cloud.ec2(ACCOUNT, 'eu-west-1').describeTransitGatewayAttachments({});
    expect(there.TransitGatewayAttachments).toHaveLength(1);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });
});
