import { describe, expect, it } from 'vitest';
import { OTHER_ACCOUNT } from '../support/test-cloud.ts';
import {
  ALL_OUT,
  allowIn,
  askToPeer,
  kindsOf,
  membersOf,
  newAcl,
  newGateway,
  newGroup,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  peer,
  routeTo,
  type Scene,
  type SceneVpc,
} from './scene.ts';

/** A VPC with one subnet and one host in it. */
async function site(scene: Scene, block: string, where: Parameters<Scene['vpc']>[1] = {}) {
  const vpc = await scene.vpc(block, where);
  const subnet = await newSubnet(vpc, block.replace('/16', '/24'));
  return { vpc, subnet, host: await newHost(subnet) };
}

const over = (id: string) => ({ VpcPeeringConnectionId: id });

async function routes(id: string, ...ways: readonly (readonly [SceneVpc, string])[]) {
  for (const [vpc, block] of ways) await routeTo(vpc, vpc.mainTable, block, over(id));
}

async function peered() {
  const scene = await newScene();
  const a = await site(scene, '10.1.0.0/16');
  const b = await site(scene, '10.2.0.0/16', { account: OTHER_ACCOUNT });
  const pcx = await peer(a.vpc, b.vpc);
  const web = { from: a.host.id, to: b.host.address, protocol: 'tcp', port: 443 } as const;
  return { ...scene, scene, a, b, pcx, web };
}

describe('a peering connection', () => {
  it('B-003 carries nothing before it is active', async () => {
    const scene = await newScene({ transitions: 'fast' });
    const a = await site(scene, '10.1.0.0/16');
    const b = await site(scene, '10.2.0.0/16');
    await scene.advance(1000);
    const pcx = await askToPeer(a.vpc, b.vpc);
    await scene.advance(1000);
    await routes(pcx, [a.vpc, '10.2.0.0/16'], [b.vpc, '10.1.0.0/16']);
    const question = { from: a.host.id, to: b.host.address };
    const blackhole = `BAD_STATE_ROUTE at ${a.vpc.mainTable}`;
    expect(scene.fate(question)).toBe(blackhole);
    await b.vpc.ec2.acceptVpcPeeringConnection({ VpcPeeringConnectionId: pcx });
    expect(scene.fate(question)).toBe(blackhole);
    await scene.advance(1000);
    expect(scene.fate(question)).toBe('reachable');
  });

  it('B-038 brings no routes: each side needs its own', async () => {
    const { a, b, pcx, web, fate } = await peered();
    expect(fate(web)).toBe(`NO_ROUTE_TO_DESTINATION at ${a.vpc.mainTable}`);
    await routes(pcx, [a.vpc, '10.2.0.0/16']);
    expect(fate(web)).toBe(`back: NO_ROUTE_TO_DESTINATION at ${b.vpc.mainTable}`);
    await routes(pcx, [b.vpc, '10.1.0.0/16']);
    expect(fate(web)).toBe('reachable');
  });

  it('B-039 a route may name a part of the peer, even one address', async () => {
    const { a, b, pcx, web, fate } = await peered();
    await routes(pcx, [a.vpc, `${b.host.address}/32`], [b.vpc, '10.1.0.0/24']);
    expect(fate(web)).toBe('reachable');
    const other = await newHost(b.subnet);
    const toOther = { ...web, to: other.address };
    expect(fate(toOther)).toBe(`NO_ROUTE_TO_DESTINATION at ${a.vpc.mainTable}`);
  });

  it('B-040 no transit to a third VPC', async () => {
    const { scene, a, b, pcx, web, fate } = await peered();
    const c = await site(scene, '10.3.0.0/16');
    const onward = await peer(b.vpc, c.vpc);
    await routes(pcx, [a.vpc, '10.3.0.0/16'], [b.vpc, '10.1.0.0/16']);
    await routes(onward, [b.vpc, '10.3.0.0/16'], [c.vpc, '10.1.0.0/16']);
    const throughB = { ...web, to: c.host.address };
    expect(fate(throughB)).toBe(`PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${pcx}`);
  });

  it('B-041 no way out by the peer’s internet gateway', async () => {
    const { a, b, pcx, web, fate } = await peered();
    await newGateway(b.vpc);
    await routes(pcx, [a.vpc, '0.0.0.0/0'], [b.vpc, '10.1.0.0/16']);
    const out = { ...web, to: '8.8.8.8' };
    expect(fate(out)).toBe(`PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${pcx}`);
  });

  it('B-042 B-044 what enters meets the subnet’s ACL and the groups, and no route table', async () => {
    const { a, b, pcx, web, ask, fate } = await peered();
    await routes(pcx, [a.vpc, '10.2.0.0/16'], [b.vpc, '10.1.0.0/16']);
    expect(kindsOf(ask(web).forward)).toEqual([
      'network-interface egress',
      'security-group egress',
      'network-acl egress',
      'route-table egress',
      'vpc-peering-connection egress',
      'network-acl ingress',
      'security-group ingress',
      'network-interface ingress',
    ]);
    const acl = await newAcl(b.subnet, [ALL_OUT]);
    expect(fate(web)).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
  });

  it('B-036 B-043 peers of one VPC may overlap: a reply follows the replier’s own routes', async () => {
    const { scene, a, b, pcx, web } = await peered();
    // Another VPC with the range, and the host's very address.
    const twin = await site(scene, '10.1.0.0/16');
    expect(twin.host.address).toBe(a.host.address);
    const other = await peer(twin.vpc, b.vpc);
    await routes(pcx, [a.vpc, '10.2.0.0/16']);
    await routes(other, [b.vpc, '10.1.0.0/16'], [twin.vpc, '10.2.0.0/16']);
    const { reachable, forward, return: back } = scene.ask(web);
    expect([reachable, forward.disposition]).toEqual([false, 'delivered']);
    expect(back?.hops.at(-1)?.resource).toBe(twin.host.eni);
  });

  it('B-047 carries IPv6 where both sides have blocks and routes', async () => {
    const scene = await newScene();
    const a = await site(scene, '10.1.0.0/16', { ipv6: true });
    const b = await site(scene, '10.2.0.0/16', { ipv6: true });
    const pcx = await peer(a.vpc, b.vpc);
    await routes(pcx, [a.vpc, '10.2.0.0/16'], [b.vpc, '10.1.0.0/16']);
    const question = { from: a.host.id, to: b.host.id, family: 6 } as const;
    expect(scene.fate(question)).toBe(`NO_ROUTE_TO_DESTINATION at ${a.vpc.mainTable}`);
    await routes(pcx, [a.vpc, `${b.host.ipv6}/128`], [b.vpc, `${a.host.ipv6}/128`]);
    expect(scene.fate(question)).toBe('reachable');
  });

  it('B-048 B-061 carries 9001 bytes inside a Region, 8500 between Regions', async () => {
    const scene = await newScene();
    const a = await site(scene, '10.1.0.0/16');
    const near = await site(scene, '10.2.0.0/16');
    const far = await site(scene, '10.3.0.0/16', { region: 'eu-west-1' });
    const within = await peer(a.vpc, near.vpc);
    const between = await peer(a.vpc, far.vpc);
    await routes(within, [a.vpc, '10.2.0.0/16'], [near.vpc, '10.1.0.0/16']);
    await routes(between, [a.vpc, '10.3.0.0/16'], [far.vpc, '10.1.0.0/16']);
    const ping = (to: string, packet: number) => {
      // IPv4 and ICMP headers and the message stand before the extra bytes.
      return scene.fate({ from: a.host.id, to, dontFragment: true, size: packet - 20 - 8 - 8 });
    };
    expect(ping(near.host.address, 9001)).toBe('reachable');
    expect(ping(far.host.address, 8500)).toBe('reachable');
    expect(ping(far.host.address, 8501)).toBe(`MTU_EXCEEDED at ${between}`);
  });

  it('B-060 what counts are the blocks of the moment', async () => {
    const { a, b, pcx, web, fate } = await peered();
    const CidrBlock = '10.77.0.0/24';
    const associate = () => b.vpc.ec2.associateVpcCidrBlock({ VpcId: b.vpc.id, CidrBlock });
    await routes(pcx, [a.vpc, CidrBlock], [b.vpc, '10.1.0.0/16']);
    const outside = { ...web, to: '10.77.0.9' };
    expect(fate(outside)).toBe(`PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${pcx}`);
    const { CidrBlockAssociation } = await associate();
    expect(fate(outside)).toBe(`NO_POSSIBLE_DESTINATION at ${b.vpc.id}`);
    const AssociationId = CidrBlockAssociation!.AssociationId!;
    await b.vpc.ec2.disassociateVpcCidrBlock({ AssociationId });
    expect(fate(outside)).toBe(`PCX_REQUIRES_ADDRESS_IN_VPC_CIDR at ${pcx}`);
  });

  it('B-045 its end leaves blackholes on both sides', async () => {
    const { a, b, pcx, web, fate } = await peered();
    await routes(pcx, [a.vpc, '10.2.0.0/16'], [b.vpc, '10.1.0.0/16']);
    await b.vpc.ec2.deleteVpcPeeringConnection(over(pcx));
    expect(fate(web)).toBe(`BAD_STATE_ROUTE at ${a.vpc.mainTable}`);
    const backwards = { ...web, from: b.host.id, to: a.host.address };
    expect(fate(backwards)).toBe(`BAD_STATE_ROUTE at ${b.vpc.mainTable}`);
  });

  it('B-056 a group of the peer counts inside the Region, while the connection is active', async () => {
    const { a, b, pcx, web, fate } = await peered();
    await routes(pcx, [a.vpc, '10.2.0.0/16'], [b.vpc, '10.1.0.0/16']);
    const group = await newGroup(b.vpc, 'for peers');
    await allowIn(b.vpc, group, membersOf(a.vpc.open));
    const server = await newHost(b.subnet, { groups: [group] });
    expect(fate({ ...web, to: server.address })).toBe('reachable');
    const stranger = await newHost(a.subnet, { groups: [a.vpc.defaultGroup] });
    const fromStranger = { ...web, from: stranger.id, to: server.address };
    expect(fate(fromStranger)).toBe(`ENI_SG_RULES_MISMATCH at ${server.eni}`);
  });

  it('A-106 does not lead to the peer’s resolver', async () => {
    const { a, b, pcx, fate } = await peered();
    await routes(pcx, [a.vpc, '10.2.0.0/16'], [b.vpc, '10.1.0.0/16']);
    const table = await ownTable(a.subnet);
    await routeTo(a.vpc, table, '10.2.0.0/16', over(pcx));
    const question = { from: a.host.id, to: '10.2.0.2', protocol: 'udp', port: 53 } as const;
    expect(fate(question)).toBe(`NO_POSSIBLE_DESTINATION at ${b.vpc.id}`);
  });
});
