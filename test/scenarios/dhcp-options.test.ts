import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { launchOne, lookAtInstance } from '../support/instance-fixture.ts';
import { acceptPeering, askToPeer, mainTable, makeGateway } from '../support/route-fixture.ts';
import { makeVpc } from '../support/vpc-fixture.ts';
import { fateOf, newScene, newSubnet, type Scene } from './scene.ts';

let scene: Scene;
let ec2: EC2;
let vpcId: string;
let subnetId: string;
let groupId: string;
/** Who asks for names, and whom the name means. */
let asker: string;
let web: { readonly id: string; readonly address: string; readonly name: string };

beforeEach(async () => {
  scene = await newScene();
  ec2 = scene.ec2();
  const vpc = await scene.vpc('10.0.0.0/16');
  vpcId = vpc.id;
  await ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsHostnames: { Value: true } });
  subnetId = (await newSubnet(vpc, '10.0.0.0/24')).id;
  groupId = vpc.open;
  asker = await start();
  web = await lookAt(await start());
});

const start = (tags: Record<string, string> = {}) =>
  launchOne(ec2, {
    SubnetId: subnetId,
    SecurityGroupIds: [groupId],
    TagSpecifications: [
      {
        ResourceType: 'instance',
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      },
    ],
  });

async function lookAt(id: string) {
  const { PrivateIpAddress, PrivateDnsName } = await lookAtInstance(ec2, id);
  return { id, address: PrivateIpAddress!, name: PrivateDnsName! };
}

/** Gives the VPC a set of options. */
async function use(options: Record<string, readonly string[]>): Promise<void> {
  const DhcpConfigurations = Object.entries(options).map(([Key, Values]) => ({
    Key,
    Values: [...Values],
  }));
  const { DhcpOptions } = await ec2.createDhcpOptions({ DhcpConfigurations });
  const DhcpOptionsId = DhcpOptions!.DhcpOptionsId!;
  await ec2.associateDhcpOptions({ VpcId: vpcId, DhcpOptionsId });
}

const useServers = (...servers: string[]) => use({ 'domain-name-servers': servers });
const reached = (to: string) => {
  const answer = scene.ask({ from: asker, to });
  return answer.reachable ? answer.observed?.destination : fateOf(answer);
};
const unresolved = () => `NAME_NOT_RESOLVED at ${vpcId}`;

describe('the name servers of a VPC', () => {
  it('A-102 are AWS’s resolver by default, and with no set at all', async () => {
    expect(reached(web.name)).toBe(web.address);
    await ec2.associateDhcpOptions({ VpcId: vpcId, DhcpOptionsId: 'default' });
    expect(reached(web.name)).toBe(web.address);
    await use({ 'domain-name': ['example.com'] });
    expect(reached(web.name)).toBe(web.address);
  });

  it('are those that the set lists: AWS’s by its own address', async () => {
    await useServers('10.0.0.2');
    expect(reached(web.name)).toBe(web.address);
    await useServers('AmazonProvidedDNS');
    expect(reached(web.name)).toBe(web.address);
  });

  it('do not answer where nothing has the listed address', async () => {
    await useServers('10.0.0.200');
    expect(reached(web.name)).toBe(unresolved());
    expect(reached(web.address)).toBe(web.address);
  });

  it('are asked in order, past those that do not answer', async () => {
    await useServers('10.0.0.200', '192.0.2.53', '10.0.0.2');
    expect(reached(web.name)).toBe(web.address);
  });

  it('may be an instance, which asks the resolver of its VPC', async () => {
    const server = await lookAt(await start());
    await useServers(server.address);
    expect(reached(web.name)).toBe(web.address);
    expect(reached('ip-10-9-9-9.ec2.internal')).toBe(unresolved());
    await ec2.modifyVpcAttribute({ VpcId: vpcId, EnableDnsSupport: { Value: false } });
    expect(reached(web.name)).toBe(unresolved());
  });

  it('answer only where the network lets the query through', async () => {
    const server = await lookAt(await start());
    await useServers(server.address);
    const IpPermissions = [
      { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
    ];
    await ec2.revokeSecurityGroupIngress({ GroupId: groupId, IpPermissions });
    const tcp = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 };
    await ec2.authorizeSecurityGroupIngress({
      GroupId: groupId,
      IpPermissions: [{ ...tcp, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    expect(reached(web.name)).toBe(unresolved());
    // no group stands between a host and AWS's resolver.
    await useServers('AmazonProvidedDNS');
    expect(reached(web.name)).toBe(web.address);
  });

  it('answer only where the instance does', async () => {
    const server = await lookAt(await start({ 'openvpc:listen': '80/tcp' }));
    await useServers(server.address);
    expect(reached(web.name)).toBe(unresolved());
  });

  it('may be the asking host itself', async () => {
    await useServers((await lookAt(asker)).address);
    expect(reached(web.name)).toBe(web.address);
  });

  it('A-106 are not the resolver of a peer', async () => {
    const peer = (await makeVpc(ec2, '10.1.0.0/16')).VpcId;
    const peering = await askToPeer(ec2, vpcId, peer);
    await acceptPeering(ec2, peering);
    const { RouteTableId } = await mainTable(ec2, vpcId);
    await ec2.createRoute({
      RouteTableId,
      DestinationCidrBlock: '10.1.0.0/16',
      VpcPeeringConnectionId: peering,
    });
    await useServers('10.1.0.2');
    expect(reached(web.name)).toBe(unresolved());
  });

  it('outside know Amazon’s public names alone (A-105)', async () => {
    const gateway = await makeGateway(ec2, vpcId);
    const { RouteTableId } = await mainTable(ec2, vpcId);
    await ec2.createRoute({
      RouteTableId,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: gateway,
    });
    await useServers('8.8.8.8');
    expect(reached('localhost')).toBe(unresolved());
    expect(reached('ec2-198-51-100-7.compute-1.amazonaws.com')).toBe(unresolved());
    await ec2.modifySubnetAttribute({ SubnetId: subnetId, MapPublicIpOnLaunch: { Value: true } });
    asker = await start();
    expect(reached('ec2-198-51-100-7.compute-1.amazonaws.com')).toBe('198.51.100.7');
    expect(reached(web.name)).toBe(unresolved());
  });
});

describe('the domain of a VPC', () => {
  it('completes names of one label', async () => {
    const label = web.name.split('.')[0]!;
    expect(reached(label)).toBe(web.address);
    await use({
      'domain-name': ['example.com ec2.internal'],
      'domain-name-servers': ['AmazonProvidedDNS'],
    });
    expect(reached(label)).toBe(web.address);
    await use({
      'domain-name': ['example.com'],
      'domain-name-servers': ['AmazonProvidedDNS'],
    });
    expect(reached(label)).toBe(unresolved());
    expect(reached(web.name)).toBe(web.address);
  });
});
