import { describe, expect, it } from 'vitest';
import { addPeer, makeConnect } from '../../test/support/connect-fixture.ts';
import { makeMulticastScene } from '../../test/support/multicast-fixture.ts';
import { makeList } from '../../test/support/prefix-list-fixture.ts';
import { testCloud } from '../../test/support/test-cloud.ts';
import {
  attachNewVpc,
  defaultTable,
  makeTransitGateway,
  peerGateways,
} from '../../test/support/transit-fixture.ts';
import { topologyOf } from './topology.ts';

const EVERYTHING = { account: undefined, region: undefined };

/** A gateway with one VPC attached, another that was, and a peer. */
async function setUp() {
  const { ec2, cloud } = await testCloud();
  const client = ec2();
  const gateway = await makeTransitGateway(client, { TransitGatewayCidrBlocks: ['10.99.0.0/24'] });
  const peer = await makeTransitGateway(client);
  const vpc = await attachNewVpc(client, gateway, '10.0.0.0/16');
  const gone = await attachNewVpc(client, gateway, '10.0.0.0/16');
  const peering = await peerGateways(client, gateway, peer);
  const table = await defaultTable(client, gateway);
  const list = await makeList(client, ['192.168.0.0/16']);
  await client.createTransitGatewayRoute({
    TransitGatewayRouteTableId: table,
    TransitGatewayAttachmentId: gone.attachmentId,
    DestinationCidrBlock: '10.7.0.0/16',
  });
  await client.createTransitGatewayPrefixListReference({
    TransitGatewayRouteTableId: table,
    PrefixListId: list,
    Blackhole: true,
  });
  await client.deleteTransitGatewayVpcAttachment({
    TransitGatewayAttachmentId: gone.attachmentId,
  });
  return { cloud, gateway, peer, vpc, gone, peering, table, list };
}

describe('transit gateways in a drawing', () => {
  it('are resources with their states', async () => {
    const { cloud, gateway, vpc, gone, peering, table } = await setUp();
    const { resources } = topologyOf(cloud, EVERYTHING);
    const of = (id: string) => resources.find((resource) => resource.id === id);
    expect(of(gateway)).toMatchObject({
      type: 'transit-gateway',
      state: 'available',
      cidrs: ['10.99.0.0/24'],
    });
    expect(of(vpc.attachmentId)).toMatchObject({
      type: 'transit-gateway-attachment',
      state: 'available',
    });
    expect(of(gone.attachmentId)).toMatchObject({ state: 'deleted' });
    expect(of(peering)).toMatchObject({ type: 'transit-gateway-attachment' });
    expect(of(table)).toMatchObject({ type: 'transit-gateway-route-table' });
  });

  it('are joined with VPCs, peers, tables and interfaces', async () => {
    const { cloud, gateway, peer, vpc, gone, peering, table, list } = await setUp();
    const { edges } = topologyOf(cloud, EVERYTHING);
    const state = 'available';
    const from = vpc.attachmentId;
    expect(edges.filter((edge) => edge.from === from)).toEqual([
      { from, to: gateway, type: 'attached', state },
      { from, to: vpc.vpcId, type: 'attached', state },
      { from, to: table, type: 'uses' },
    ]);
    expect(edges.filter((edge) => edge.from === peering && edge.type === 'peers')).toEqual([
      { from: peering, to: gateway, type: 'peers', state },
      { from: peering, to: peer, type: 'peers', state },
    ]);
    expect(edges.filter((edge) => edge.from === gone.attachmentId)).toEqual([]);
    const [eni] = cloud.model.by('network-interface', 'vpc', vpc.vpcId);
    expect(edges).toContainEqual({ from: eni!.id, to: from, type: 'attached' });
    const route = (to: string, destination: string, now: string) => ({
      from: table,
      to,
      type: 'route',
      destination,
      state: now,
    });
    expect(edges.filter((edge) => edge.from === table)).toEqual([
      { from: table, to: gateway, type: 'in' },
      route(from, '10.0.0.0/16', 'active'),
      route(gone.attachmentId, '10.7.0.0/16', 'blackhole'),
      route(gateway, list, 'blackhole'),
    ]);
  });
});

describe('Connect attachments in a drawing', () => {
  it('ride on their transport, and carry their peers', async () => {
    const { ec2, cloud } = await testCloud();
    const client = ec2();
    const { gateway, transport, connect } = await makeConnect(client);
    const id = (await addPeer(client, connect)).TransitGatewayConnectPeerId!;
    const state = 'available';
    const joined = [
      { from: connect, to: gateway, type: 'attached', state },
      { from: connect, to: transport, type: 'attached', state },
    ];
    const seen = () => {
      const { resources, edges } = topologyOf(cloud, EVERYTHING);
      return {
        peer: resources.find((one) => one.id === id),
        edges: edges.filter(({ from, type }) => [connect, id].includes(from) && type !== 'uses'),
      };
    };
    const { peer, edges } = seen();
    expect(peer).toMatchObject({
      type: 'transit-gateway-connect-peer',
      state,
      addresses: ['10.200.0.1', '10.0.0.10'],
    });
    expect(edges).toEqual([...joined, { from: id, to: connect, type: 'attached', state }]);
    await client.deleteTransitGatewayConnectPeer({ TransitGatewayConnectPeerId: id });
    expect(seen().edges).toEqual(joined);
  });
});

describe('multicast domains in a drawing', () => {
  it('are of their gateway, and used by their subnets', async () => {
    const { ec2, cloud } = await testCloud();
    const { domainId, gatewayId, vpc } = await makeMulticastScene(ec2());
    const { resources, edges } = topologyOf(cloud, EVERYTHING);
    expect(resources.find(({ id }) => id === domainId)).toMatchObject({
      type: 'transit-gateway-multicast-domain',
      state: 'available',
    });
    expect(edges.filter(({ from, to }) => from === domainId || to === domainId)).toEqual([
      { from: domainId, to: gatewayId, type: 'in' },
      { from: vpc.subnetIds[0], to: domainId, type: 'uses', state: 'associated' },
    ]);
  });
});
