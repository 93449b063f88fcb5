import type { DirectConnect } from '@aws-sdk/client-direct-connect';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  LOCATION,
  lookAtConnection,
  lookAtInterface,
  makeConnection,
  makeGateway,
  makePrivate,
  makeTransit,
  REFUSED,
} from '../../../test/support/direct-connect-fixture.ts';
import { expectError } from '../../../test/support/expect-error.ts';
import { faultsOf } from '../../../test/support/invariants.ts';
import { statesUntil } from '../../../test/support/terraform-waiter.ts';
import {
  ACCOUNT,
  OTHER_ACCOUNT,
  REGION,
  type TestCloud,
  testCloud,
} from '../../../test/support/test-cloud.ts';

const MINUTES = 60_000;
let cloud: TestCloud;
let dx: DirectConnect;
beforeEach(async () => {
  cloud = await testCloud();
  dx = cloud.directConnect();
});

describe('a connection', () => {
  it('H-077 is answered flat, with its own members', async () => {
    const tags = [{ key: 'a', value: 'b' }];
    const request = { location: LOCATION, bandwidth: '10Gbps', connectionName: 'one', tags };
    const connection = await dx.createConnection(request);
    expect(connection).toMatchObject({
      connectionId: expect.stringMatching(/^dxcon-[0-9a-f]{8}$/),
      connectionName: 'one',
      ownerAccount: ACCOUNT,
      region: REGION,
      location: LOCATION,
      bandwidth: '10Gbps',
      connectionState: 'requested',
      tags,
    });
    expect(await lookAtConnection(dx, connection.connectionId!)).toMatchObject({
      connectionState: 'available',
    });
  });

  it('H-053 is requested, pending and available, then deleting and deleted', async () => {
    cloud = await testCloud({ transitions: 'fast' });
    dx = cloud.directConnect();
    const id = await makeConnection(dx);
    const read = async () => (await lookAtConnection(dx, id)).connectionState;
    const made = ['requested', 'pending', 'available'];
    expect(await statesUntil(cloud, 'available', read)).toEqual(made);
    await dx.deleteConnection({ connectionId: id });
    expect(await statesUntil(cloud, 'deleted', read)).toEqual(['deleting', 'deleted']);
    await cloud.advance(15 * MINUTES);
    await expectError(read(), REFUSED, `Could not find Connection with ID ${id}`);
    expect((await dx.describeConnections({})).connections).toEqual([]);
  });

  it.each([
    ['location', { location: 'EqLD5' }, /EqLD5 is not one of us-east-1/],
    ['bandwidth', { bandwidth: '3Gbps' }, /3Gbps is not one of/],
    ['name', { connectionName: '' }, /connectionName/],
    ['name', { connectionName: 'x'.repeat(101) }, /connectionName/],
    ['LAG', { lagId: 'dxlag-0' }, /Could not find Lag with ID dxlag-0/],
    ['MACsec', { requestMACSec: true }, /requestMACSec is not supported/],
  ])('H-076 is refused with another %s', async (_what, members, message) => {
    const request = { location: LOCATION, bandwidth: '1Gbps', connectionName: 'a', ...members };
    await expectError(dx.createConnection(request), REFUSED, message);
    expect((await dx.describeConnections({})).connections).toEqual([]);
  });

  it('is renamed by its owner, whom alone it is shown to', async () => {
    const id = await makeConnection(dx);
    await dx.updateConnection({ connectionId: id, connectionName: 'two' });
    expect(await lookAtConnection(dx, id)).toMatchObject({ connectionName: 'two' });
    const other = cloud.directConnect(OTHER_ACCOUNT);
    const request = { connectionId: id, connectionName: 'three' };
    await expectError(other.updateConnection(request), REFUSED, /Could not find Connection/);
    await expectError(other.deleteConnection({ connectionId: id }), REFUSED);
    const elsewhere = cloud.directConnect(ACCOUNT, 'eu-west-1');
    await expectError(elsewhere.describeConnections({ connectionId: id }), REFUSED);
    const macsec = { connectionId: id, encryptionMode: 'must_encrypt' };
    await expectError(dx.updateConnection(macsec), REFUSED, /encryptionMode/);
  });

  it('H-055 cannot be deleted while a virtual interface runs over it', async () => {
    const connectionId = await makeConnection(dx);
    const directConnectGatewayId = await makeGateway(dx);
    const { virtualInterfaceId: id } = await makePrivate(dx, connectionId, {
      directConnectGatewayId,
    });
    await expectError(dx.deleteConnection({ connectionId }), REFUSED, new RegExp(id!));
    await dx.deleteVirtualInterface({ virtualInterfaceId: id! });
    await dx.deleteConnection({ connectionId });
    expect(await lookAtConnection(dx, connectionId)).toMatchObject({ connectionState: 'deleted' });
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('H-056 is one of ten', async () => {
    for (let count = 0; count < 10; count++) await makeConnection(dx);
    await expectError(makeConnection(dx), REFUSED, /10 connections/);
    await makeConnection(cloud.directConnect(OTHER_ACCOUNT));
  });

  it('has pages, each with its records', async () => {
    for (let count = 0; count < 3; count++) await makeConnection(dx);
    const { connections, nextToken } = await dx.describeConnections({ maxResults: 2 });
    const rest = await dx.describeConnections({ nextToken: nextToken! });
    expect([connections!.length, rest.connections!.length]).toEqual([2, 1]);
    await expectError(dx.describeConnections({ maxResults: 101 }), REFUSED, /maxResults/);
  });
});

describe('a hosted connection', () => {
  const owner = () => cloud.directConnect(OTHER_ACCOUNT);
  const allocate = (connectionId: string, members: object = {}) =>
    dx.allocateHostedConnection({
      connectionId,
      ownerAccount: OTHER_ACCOUNT,
      bandwidth: '500Mbps',
      connectionName: 'hosted',
      vlan: 7,
      ...members,
    });

  it('H-053 is ordering until its owner confirms, and has one VLAN', async () => {
    const parent = await makeConnection(dx);
    const hosted = await allocate(parent);
    expect(hosted).toMatchObject({ ownerAccount: OTHER_ACCOUNT, vlan: 7 });
    expect(hosted.connectionState).toBe('ordering');
    const id = hosted.connectionId!;
    const directConnectGatewayId = await makeGateway(owner());
    const create = (vlan: number) => makeTransit(owner(), id, { vlan, directConnectGatewayId });
    await expectError(create(7), REFUSED, /ordering/);
    await expectError(dx.confirmConnection({ connectionId: id }), REFUSED);
    const { connectionState } = await owner().confirmConnection({ connectionId: id });
    expect(connectionState).toBe('pending');
    expect((await lookAtConnection(owner(), id)).connectionState).toBe('available');
    await expectError(create(8), REFUSED, /VLAN 7 alone/);
    await create(7);
    await expectError(create(7), REFUSED, /already in use/);
    await expectError(owner().confirmConnection({ connectionId: id }), REFUSED, /available/);
    await expectError(dx.deleteConnection({ connectionId: parent }), REFUSED, new RegExp(id));
    const { connections } = await dx.describeHostedConnections({ connectionId: parent });
    expect(connections!.map(({ connectionId }) => connectionId)).toEqual([id]);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('H-053 deleted while it is ordering it is rejected', async () => {
    const parent = await makeConnection(dx);
    const { connectionId } = await allocate(parent);
    const { connectionState } = await owner().deleteConnection({ connectionId: connectionId! });
    expect(connectionState).toBe('rejected');
    const { connectionId: second } = await allocate(parent);
    await owner().confirmConnection({ connectionId: second! });
    await dx.deleteConnection({ connectionId: second! });
    expect(await lookAtConnection(owner(), second!)).toMatchObject({ connectionState: 'deleted' });
    await dx.deleteConnection({ connectionId: parent });
  });

  it.each([
    ['speed', { bandwidth: '3Gbps' }, /3Gbps/],
    ['VLAN', { vlan: 4095 }, /4095/],
    ['owner', { ownerAccount: 'me' }, /12 digits/],
    ['name', { connectionName: '' }, /connectionName/],
  ])('H-076 is refused with another %s', async (_what, members, message) => {
    await expectError(allocate(await makeConnection(dx), members), REFUSED, message);
  });

  it('H-058 has a VLAN of its own, and hosts nothing', async () => {
    const parent = await makeConnection(dx);
    const { connectionId } = await allocate(parent);
    await expectError(allocate(parent), REFUSED, /VLAN 7 is already in use/);
    const directConnectGatewayId = await makeGateway(dx);
    const taken = makePrivate(dx, parent, { vlan: 7, directConnectGatewayId });
    await expectError(taken, REFUSED, /VLAN 7 is already in use/);
    await owner().confirmConnection({ connectionId: connectionId! });
    const request = { connectionId: connectionId!, ownerAccount: ACCOUNT, vlan: 9 };
    const again = { ...request, bandwidth: '500Mbps', connectionName: 'x' };
    await expectError(owner().allocateHostedConnection(again), REFUSED, /hosts none/);
  });
});

describe('a LAG', () => {
  const makeLag = async (members: object = {}) => {
    const request = { numberOfConnections: 2, location: LOCATION, connectionsBandwidth: '1Gbps' };
    return (await dx.createLag({ ...request, lagName: 'lag', ...members })).lagId!;
  };
  const look = async (lagId: string) => (await dx.describeLags({ lagId })).lags![0]!;

  it('H-054 has new connections of its own, in its states', async () => {
    cloud = await testCloud({ transitions: 'fast' });
    dx = cloud.directConnect();
    const id = await makeLag();
    const read = async () => (await look(id)).lagState;
    const states = ['requested', 'pending', 'available'];
    expect(await statesUntil(cloud, 'available', read)).toEqual(states);
    const lag = await look(id);
    expect(lag).toMatchObject({ lagName: 'lag', minimumLinks: 0, numberOfConnections: 2 });
    expect(lag.connections!.map(({ lagId }) => lagId)).toEqual([id, id]);
    await dx.deleteLag({ lagId: id });
    expect(await statesUntil(cloud, 'deleted', read)).toEqual(['deleting', 'deleted']);
    const { connections } = await dx.describeConnections({});
    expect(connections!.map(({ lagId }) => lagId)).toEqual([undefined, undefined]);
    await cloud.advance(15 * MINUTES);
    await expectError(read(), REFUSED, `Could not find Lag with ID ${id}`);
  });

  it('H-054 takes four connections of one speed and place, two from 100 Gbps up', async () => {
    const id = await makeLag({ numberOfConnections: 3 });
    const other = await makeConnection(dx, '10Gbps');
    const join = (connectionId: string) =>
      dx.associateConnectionWithLag({ connectionId, lagId: id });
    await expectError(join(other), REFUSED, /takes connections of 1Gbps/);
    await join(await makeConnection(dx));
    const fifth = await makeConnection(dx);
    await expectError(join(fifth), REFUSED, /4 connections, the maximum/);
    const wide = { numberOfConnections: 3, connectionsBandwidth: '100Gbps' };
    await expectError(makeLag(wide), REFUSED, /1 to 2/);
    await expectError(makeLag({ numberOfConnections: 0 }), REFUSED, /1 to 4/);
  });

  it('H-054 with fewer working connections than minimumLinks is down', async () => {
    cloud = await testCloud({ transitions: 'fast' });
    dx = cloud.directConnect();
    const id = await makeLag({ numberOfConnections: 1 });
    await cloud.advance(200);
    await dx.associateConnectionWithLag({ connectionId: await makeConnection(dx), lagId: id });
    await dx.updateLag({ lagId: id, minimumLinks: 2, lagName: 'two' });
    expect(await look(id)).toMatchObject({ lagState: 'down', lagName: 'two', minimumLinks: 2 });
    await cloud.advance(200);
    expect((await look(id)).lagState).toBe('available');
    await expectError(dx.updateLag({ lagId: id, minimumLinks: 3 }), REFUSED, /2 connections/);
  });

  it('H-055 takes over what runs over a connection, and keeps it', async () => {
    const connectionId = await makeConnection(dx);
    const directConnectGatewayId = await makeGateway(dx);
    const { virtualInterfaceId } = await makePrivate(dx, connectionId, { directConnectGatewayId });
    const id = await makeLag({ connectionId });
    expect((await look(id)).numberOfConnections).toBe(2);
    const of = async () => (await lookAtInterface(dx, virtualInterfaceId!))!.connectionId;
    expect(await of()).toBe(id);
    await dx.disassociateConnectionFromLag({ connectionId, lagId: id });
    expect(await of()).toBe(id);
    await expectError(dx.deleteLag({ lagId: id }), REFUSED, new RegExp(virtualInterfaceId!));
    const again = dx.disassociateConnectionFromLag({ connectionId, lagId: id });
    await expectError(again, REFUSED, /not associated with Lag/);
    expect(faultsOf(cloud.cloud.model)).toEqual([]);
  });

  it('H-055 keeps its minimumLinks, but loses its last connection', async () => {
    const id = await makeLag();
    await dx.updateLag({ lagId: id, minimumLinks: 2 });
    const [first, second] = (await look(id)).connections!.map((one) => one.connectionId!);
    const takeOut = (connectionId: string) =>
      dx.disassociateConnectionFromLag({ connectionId, lagId: id });
    await expectError(takeOut(first!), REFUSED, /minimumLinks/);
    await expectError(dx.deleteConnection({ connectionId: first! }), REFUSED, /minimumLinks/);
    await dx.updateLag({ lagId: id, minimumLinks: 1 });
    await takeOut(first!);
    await expectError(dx.deleteConnection({ connectionId: second! }), REFUSED, /minimumLinks/);
    await takeOut(second!);
    expect((await look(id)).connections).toEqual([]);
  });

  it('H-056 is one of ten', async () => {
    cloud = await testCloud();
    dx = cloud.directConnect();
    for (let count = 0; count < 10; count++) {
      const connectionId = await makeConnection(dx);
      await makeLag({ numberOfConnections: 1, connectionId });
    }
    await expectError(makeLag({ numberOfConnections: 1 }), REFUSED, /10 LAGs/);
  });
});

describe('a request', () => {
  const send = (headers: Record<string, string>, body: string) =>
    cloud.door({ method: 'POST', url: '/', headers, body: Buffer.from(body) });

  it('H-075 is known by its header alone, without a signature', async () => {
    const headers = { 'x-amz-target': 'OvertureService.DescribeLocations' };
    const { status, body } = await send(headers, '{}');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ locations: [{ locationCode: LOCATION }, {}] });
  });

  it('H-076 with a body that is no JSON, or of other members, is refused as JSON', async () => {
    const headers = { 'x-amz-target': 'OvertureService.DescribeConnections' };
    const broken = await send(headers, '{');
    expect(JSON.parse(broken.body)).toMatchObject({ __type: 'SerializationException' });
    const unknown = await send(headers, '{"ConnectionId":"dxcon-0"}');
    expect(JSON.parse(unknown.body)).toMatchObject({ __type: REFUSED });
    expect([broken.status, unknown.status]).toEqual([400, 400]);
  });
});

describe('what there is to connect to', () => {
  it('locations are those of the Region', async () => {
    const { locations } = await dx.describeLocations({});
    expect(locations!.map(({ locationCode }) => locationCode)).toContain(LOCATION);
    const far = cloud.directConnect(ACCOUNT, 'af-south-1');
    const [only] = (await far.describeLocations({})).locations!;
    expect(only).toMatchObject({ region: 'af-south-1' });
    const location = only!.locationCode!;
    await far.createConnection({ location, bandwidth: '1Gbps', connectionName: 'x' });
  });

  it.each([
    ['describeLoa', { connectionId: 'dxcon-0' }],
    ['createInterconnect', { interconnectName: 'x', bandwidth: '1Gbps', location: LOCATION }],
    ['associateMacSecKey', { connectionId: 'dxcon-0' }],
    ['describeRouterConfiguration', { virtualInterfaceId: 'dxvif-0' }],
  ] as const)('H-076 %s is not built, and says so', async (operation, input) => {
    const call = (dx[operation] as (input: object) => Promise<unknown>).call(dx, input);
    await expectError(call, REFUSED, /is not supported by openvpc/);
  });
});
