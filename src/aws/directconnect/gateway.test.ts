import type { DirectConnect } from '@aws-sdk/client-direct-connect';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  associate,
  gatewayState,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
  REFUSED,
} from '../../../test/support/direct-connect-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { GONE, statesUntil } from '../../../test/support/terraform-waiter.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';
import { attachNewGateway } from '../../../test/support/vpn-fixture.ts';

let cloud: TestCloud;
let dx: DirectConnect;
beforeEach(async () => {
  cloud = await testCloud();
  dx = cloud.directConnect();
});

describe('a Direct Connect gateway', () => {
  it('H-068 is pending, available and deleting, and then described no more', async () => {
    cloud = await testCloud({ transitions: 'fast' });
    dx = cloud.directConnect();
    const id = await makeGateway(dx);
    const read = () => gatewayState(dx, id);
    expect(await statesUntil(cloud, 'available', read)).toEqual(['pending', 'available']);
    const deleted = await dx.deleteDirectConnectGateway({ directConnectGatewayId: id });
    expect(deleted.directConnectGateway).toMatchObject({ directConnectGatewayState: 'deleting' });
    expect(await statesUntil(cloud, GONE, read)).toEqual(['deleting', GONE]);
    const again = dx.deleteDirectConnectGateway({ directConnectGatewayId: id });
    await expectError(again, REFUSED, `Direct Connect Gateway ${id} does not exist`);
  });

  it('H-068 H-077 is of no Region, its id is a UUID, its ASN 64512 unless chosen', async () => {
    const tags = [{ key: 'a', value: 'b' }];
    const far = cloud.directConnect(ACCOUNT, 'ap-south-1');
    const request = { directConnectGatewayName: 'one', tags };
    const { directConnectGateway } = await far.createDirectConnectGateway(request);
    expect(directConnectGateway).toEqual({
      directConnectGatewayId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      directConnectGatewayName: 'one',
      amazonSideAsn: 64_512,
      ownerAccount: ACCOUNT,
      directConnectGatewayState: 'pending',
      tags,
    });
    const id = directConnectGateway!.directConnectGatewayId!;
    const near = cloud.directConnect(ACCOUNT, 'eu-west-1');
    const renaming = { directConnectGatewayId: id, newDirectConnectGatewayName: 'two' };
    await near.updateDirectConnectGateway(renaming);
    const { directConnectGateways } = await dx.describeDirectConnectGateways({});
    expect(directConnectGateways).toMatchObject([{ directConnectGatewayName: 'two', tags }]);
    const other = cloud.directConnect(OTHER_ACCOUNT);
    expect(await gatewayState(other, id)).toBeUndefined();
    await expectError(other.updateDirectConnectGateway(renaming), REFUSED, /does not exist/);
  });

  it.each([64_511, 65_535, 4_199_999_999, 0])('H-068 cannot have the ASN %i', async (asn) => {
    await expectError(makeGateway(dx, asn), REFUSED, new RegExp(String(asn)));
    expect((await dx.describeDirectConnectGateways({})).directConnectGateways).toEqual([]);
  });

  it('H-056 is one of two hundred', async () => {
    for (let count = 0; count < 200; count++) await makeGateway(dx);
    await expectError(makeGateway(dx), REFUSED, /200 Direct Connect gateways/);
    await makeGateway(cloud.directConnect(OTHER_ACCOUNT));
  });

  it('H-068 is not deleted while a virtual interface or an association is there', async () => {
    const directConnectGatewayId = await makeGateway(dx);
    const connectionId = await makeConnection(dx);
    const one = await makePrivate(dx, connectionId, { directConnectGatewayId });
    const remove = () => dx.deleteDirectConnectGateway({ directConnectGatewayId });
    await expectError(remove(), REFUSED, new RegExp(one.virtualInterfaceId!));
    await dx.deleteVirtualInterface({ virtualInterfaceId: one.virtualInterfaceId! });
    const { vpnGatewayId } = await attachNewGateway(cloud.ec2());
    const { associationId } = await associate(dx, directConnectGatewayId, vpnGatewayId);
    await expectError(remove(), REFUSED, new RegExp(vpnGatewayId));
    await dx.deleteDirectConnectGatewayAssociation({ associationId: associationId! });
    await remove();
    expect(await gatewayState(dx, directConnectGatewayId)).toBeUndefined();
  });

  it('H-071 H-077 shows its virtual interfaces as attachments, by either id', async () => {
    cloud = await testCloud({ transitions: 'fast' });
    dx = cloud.directConnect();
    const connectionId = await makeConnection(dx);
    const directConnectGatewayId = await makeGateway(dx);
    await cloud.advance(200);
    const transit = await makeTransit(dx, connectionId, { directConnectGatewayId });
    const virtualInterfaceId = transit.virtualInterfaceId!;
    const list = async (input: object, client = dx) =>
      (await client.describeDirectConnectGatewayAttachments(input)).directConnectGatewayAttachments;
    const shown = {
      directConnectGatewayId,
      virtualInterfaceId,
      virtualInterfaceRegion: 'us-east-1',
      virtualInterfaceOwnerAccount: ACCOUNT,
      attachmentType: 'TransitVirtualInterface',
    };
    const attaching = [{ ...shown, attachmentState: 'attaching' }];
    expect(await list({ directConnectGatewayId })).toEqual(attaching);
    await cloud.advance(50);
    const attached = [{ ...shown, attachmentState: 'attached' }];
    expect(await list({ virtualInterfaceId })).toEqual(attached);
    expect(await list({ virtualInterfaceId }, cloud.directConnect(OTHER_ACCOUNT))).toEqual([]);
    await dx.deleteVirtualInterface({ virtualInterfaceId });
    const detaching = [{ ...shown, attachmentState: 'detaching' }];
    expect(await list({ directConnectGatewayId, virtualInterfaceId })).toEqual(detaching);
    await cloud.advance(50);
    expect(await list({ directConnectGatewayId })).toEqual([]);
    expect(await list({ virtualInterfaceId: 'dxvif-0' })).toEqual([]);
    await expectError(list({}), REFUSED, /Specify/);
  });
});

describe('tags', () => {
  const arnOf = (type: string, id: string, region = 'us-east-1') =>
    `arn:aws:directconnect:${region}:${ACCOUNT}:${type}/${id}`;

  it('are put on what an ARN names, and taken off', async () => {
    const connectionId = await makeConnection(dx);
    const directConnectGatewayId = await makeGateway(dx);
    const { virtualInterfaceId } = await makePrivate(dx, connectionId, { directConnectGatewayId });
    const arns = [
      arnOf('dxcon', connectionId),
      arnOf('dxvif', virtualInterfaceId!),
      arnOf('dx-gateway', directConnectGatewayId, ''),
    ];
    for (const resourceArn of arns) {
      const tags = [{ key: 'a', value: 'b' }, { key: 'c' }];
      await dx.tagResource({ resourceArn, tags });
    }
    const tagsOf = async () =>
      (await dx.describeTags({ resourceArns: arns })).resourceTags!.map(({ tags }) => tags);
    const tags = [
      { key: 'a', value: 'b' },
      { key: 'c', value: '' },
    ];
    expect(await tagsOf()).toEqual([tags, tags, tags]);
    const { connections } = await dx.describeConnections({});
    expect(connections).toMatchObject([{ tags }]);
    await dx.untagResource({ resourceArn: arns[0]!, tagKeys: ['a', 'z'] });
    expect(await tagsOf()).toEqual([[tags[1]], tags, tags]);
  });

  it('H-076 have their own errors', async () => {
    const resourceArn = arnOf('dxcon', await makeConnection(dx));
    const put = (tags: { key: string }[], arn = resourceArn) =>
      dx.tagResource({ resourceArn: arn, tags });
    await expectError(put([{ key: 'a' }, { key: 'a' }]), 'DuplicateTagKeysException');
    const many = Array.from({ length: 51 }, (_, index) => ({ key: `k${index}` }));
    await expectError(put(many), 'TooManyTagsException');
    await expectError(put([{ key: 'aws:a' }]), REFUSED);
    await expectError(put([{ key: 'a' }], arnOf('dxcon', 'dxcon-0')), REFUSED, /does not exist/);
    await expectError(put([{ key: 'a' }], 'x'), REFUSED, /x does not exist/);
    const foreign = cloud
      .directConnect(OTHER_ACCOUNT)
      .describeTags({ resourceArns: [resourceArn] });
    await expectError(foreign, REFUSED, /does not exist/);
  });
});
