import { describe, expect, it } from 'vitest';
import {
  allowIn,
  kindsOf,
  newGroup,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  routeTo,
  silence,
  stopChecking,
  tcp,
} from './scene.ts';

/** Traffic from the clients' subnet to the servers' goes over an instance between them. */
async function overAppliance(tags: Readonly<Record<string, string>> = {}, forwards = true) {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16');
  const clients = await newSubnet(vpc, '10.0.1.0/24');
  const servers = await newSubnet(vpc, '10.0.2.0/24');
  const between = await newSubnet(vpc, '10.0.3.0/24');
  const group = await newGroup(vpc, 'appliance');
  const appliance = await newHost(between, { groups: [group], tags, forwards });
  await allowIn(vpc, group, { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] });
  const client = await newHost(clients);
  const server = await newHost(servers);
  const table = await ownTable(clients);
  await routeTo(vpc, table, '10.0.2.0/24', { NetworkInterfaceId: appliance.eni });
  const web = { from: client.id, to: server.id, protocol: 'tcp', port: 443 } as const;
  return { ...scene, vpc, group, appliance, client, server, web };
}

describe('the check of source and destination', () => {
  it('A-087 A-088 an instance takes what is its own, and forwards only without the check', async () => {
    const { vpc, appliance, web, fate, ask } = await overAppliance({}, false);
    expect(fate(web)).toBe(`ENI_SOURCE_DEST_CHECK_RESTRICTION at ${appliance.eni}`);
    await stopChecking(vpc, appliance.id);
    const { reachable, forward } = ask(web);
    expect(reachable).toBe(true);
    expect(kindsOf(forward)).toEqual([
      'network-interface egress',
      'security-group egress',
      'network-acl egress',
      'route-table egress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
      'security-group egress',
      'network-acl egress',
      'route-table egress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
    ]);
  });

  it('A-087 on the way out too: a second interface checks what it did not send', async () => {
    const { vpc, appliance, web, fate } = await overAppliance({ 'openvpc:forward': '1' });
    const { NetworkInterface } = await vpc.ec2.createNetworkInterface({
      SubnetId: (await newSubnet(vpc, '10.0.4.0/24')).id,
      Groups: [vpc.open],
    });
    const NetworkInterfaceId = NetworkInterface!.NetworkInterfaceId!;
    const { id: InstanceId } = appliance;
    await vpc.ec2.attachNetworkInterface({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 });
    expect(fate(web)).toBe(`ENI_SOURCE_DEST_CHECK_RESTRICTION at ${NetworkInterfaceId}`);
    const SourceDestCheck = { Value: false };
    await vpc.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck });
    expect(fate(web)).toBe('reachable');
  });
});

describe('an instance that forwards', () => {
  it('A-113 its groups judge both legs by the packet’s own header', async () => {
    const { vpc, group, appliance, web, fate } = await overAppliance();
    const all = { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] };
    await vpc.ec2.revokeSecurityGroupIngress({ GroupId: group, IpPermissions: [all] });
    expect(fate(web)).toBe(`SG_HAS_NO_RULES at ${appliance.eni}`);
    await allowIn(vpc, group, tcp(443, '10.0.1.0/24'));
    expect(fate(web)).toBe('reachable');
    await silence(vpc, group);
    expect(fate(web)).toBe(`SG_HAS_NO_RULES at ${appliance.eni}`);
    const IpPermissions = [tcp(443, '10.0.2.0/24')];
    await vpc.ec2.authorizeSecurityGroupEgress({ GroupId: group, IpPermissions });
    expect(fate(web)).toBe('reachable');
  });

  it('counts the time to live down', async () => {
    const { appliance, web, fate } = await overAppliance();
    expect(fate({ ...web, ttl: 1 })).toBe(`TTL_EXPIRED at ${appliance.eni}`);
    expect(fate({ ...web, ttl: 2 })).toBe('reachable');
  });

  it('may swallow: openvpc:forward=drop', async () => {
    const { appliance, web, fate } = await overAppliance({ 'openvpc:forward': 'drop' });
    expect(fate(web)).toBe(`INSTANCE_DROPS at ${appliance.eni}`);
  });

  it('may masquerade: openvpc:forward=nat', async () => {
    const { appliance, web, ask } = await overAppliance({ 'openvpc:forward': 'nat' });
    const { reachable, observed } = ask(web);
    expect(reachable).toBe(true);
    expect(observed?.source).toBe(appliance.address);
  });
});

describe('an instance that answers', () => {
  it('does so on the ports of openvpc:listen; elsewhere it refuses', async () => {
    const scene = await newScene();
    const subnet = await newSubnet(await scene.vpc('10.0.0.0/16'), '10.0.1.0/24');
    const client = await newHost(subnet);
    const server = await newHost(subnet, { tags: { 'openvpc:listen': '443/tcp, 53/udp' } });
    const to = { from: client.id, to: server.id };
    expect(scene.fate({ ...to, protocol: 'tcp', port: 443 })).toBe('reachable');
    expect(scene.fate({ ...to, protocol: 'udp', port: 53 })).toBe('reachable');
    expect(scene.fate(to)).toBe('reachable');
    for (const protocol of ['tcp', 'udp'] as const) {
      const { reachable, forward, return: back } = scene.ask({ ...to, protocol, port: 80 });
      expect([reachable, forward.disposition, back?.disposition]).toEqual([
        false,
        'delivered',
        'delivered',
      ]);
    }
  });

  it('FC-01 runs', async () => {
    const scene = await newScene();
    const subnet = await newSubnet(await scene.vpc('10.0.0.0/16'), '10.0.1.0/24');
    const [client, server] = [await newHost(subnet), await newHost(subnet)];
    await subnet.vpc.ec2.stopInstances({ InstanceIds: [server.id] });
    const answer = scene.fate({ from: client.id, to: server.address });
    expect(answer).toBe(`BAD_STATE at ${server.eni}`);
    await subnet.vpc.ec2.startInstances({ InstanceIds: [server.id] });
    expect(scene.fate({ from: client.id, to: server.address })).toBe('reachable');
  });
});
