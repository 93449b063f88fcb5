/** Two VPCs that can be peered, and the calls that peer them. */
import type { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import type { Cloud } from '../../src/control/cloud.ts';
import type { Scope } from '../../src/control/scope.ts';
import type { Vpc } from '../../src/model/vpc/vpc.ts';
import { type Cidr4, parseCidr4, parseCidr6 } from '../../src/net/cidr.ts';
import { OTHER_ACCOUNT, REGION, SCOPE, type TestCloud } from './test-cloud.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const OTHER_REGION = 'us-west-2';
/** Another account's VPCs in the same Region. */
export const OTHER_SCOPE: Scope = { account: OTHER_ACCOUNT, region: REGION };
/** The same account in another Region. */
export const FAR_SCOPE: Scope = { account: SCOPE.account, region: OTHER_REGION };

export interface VpcOptions extends Partial<Omit<Vpc, 'cidrs' | 'ipv6Cidrs'>> {
  /** IPv4 blocks, the primary one first. */
  readonly blocks?: readonly string[];
  readonly ipv6Blocks?: readonly string[];
}

/** A VPC's record alone: what peering looks at, nothing that lives inside it. */
export async function addVpc(cloud: Cloud, scope: Scope, options: VpcOptions = {}): Promise<Vpc> {
  const { blocks = ['10.0.0.0/16'], ipv6Blocks = [], ...members } = options;
  return cloud.execute((tx) => {
    const association = <T>(cidr: T) => ({
      associationId: tx.newId('vpc-cidr-association'),
      cidr,
      state: 'associated' as const,
    });
    return tx.put('vpc', {
      id: tx.newId('vpc'),
      ...scope,
      state: 'available',
      isDefault: false,
      cidrs: blocks.map((text) => association(parseCidr4(text) as Cidr4)),
      ipv6Cidrs: ipv6Blocks.map((text) => association(parseCidr6(text)!)),
      instanceTenancy: 'default',
      enableDnsSupport: true,
      enableDnsHostnames: true,
      enableNetworkAddressUsageMetrics: false,
      dhcpOptionsId: 'default',
      ...members,
    });
  });
}

export interface Pair {
  readonly requester: EC2;
  readonly accepter: EC2;
  readonly vpc: Vpc;
  readonly peerVpc: Vpc;
}

/** Two VPCs that do not overlap, and their owners' clients. */
export async function vpcPair(test: TestCloud, peer: Scope = OTHER_SCOPE): Promise<Pair> {
  return {
    requester: test.ec2(),
    accepter: test.ec2(peer.account, peer.region),
    vpc: await addVpc(test.cloud, SCOPE),
    peerVpc: await addVpc(test.cloud, peer, { blocks: ['10.1.0.0/16'] }),
  };
}

/** Asks for a connection; its id. */
export async function requestPeering({ requester, vpc, peerVpc }: Pair): Promise<string> {
  const { VpcPeeringConnection } = await requester.createVpcPeeringConnection({
    VpcId: vpc.id,
    PeerVpcId: peerVpc.id,
    PeerOwnerId: peerVpc.account,
    PeerRegion: peerVpc.region,
  });
  return VpcPeeringConnection!.VpcPeeringConnectionId!;
}

/** Asks and accepts; the id. */
export async function peer(pair: Pair): Promise<string> {
  const id = await requestPeering(pair);
  await pair.accepter.acceptVpcPeeringConnection({ VpcPeeringConnectionId: id });
  return id;
}

/** The connection as a client sees it. */
export async function lookAt(client: EC2, id: string) {
  const { VpcPeeringConnections } = await client.describeVpcPeeringConnections({
    VpcPeeringConnectionIds: [id],
  });
  return VpcPeeringConnections![0]!;
}

export async function statusOf(client: EC2, id: string): Promise<string | undefined> {
  return (await lookAt(client, id)).Status?.Code;
}

/** Neither named nor listed (B-014). */
export async function expectUnseen(client: EC2, id: string): Promise<void> {
  await expect(lookAt(client, id)).rejects.toMatchObject({
    name: 'InvalidVpcPeeringConnectionID.NotFound',
  });
  const { VpcPeeringConnections } = await client.describeVpcPeeringConnections({});
  expect(VpcPeeringConnections?.map((one) => one.VpcPeeringConnectionId)).not.toContain(id);
}
