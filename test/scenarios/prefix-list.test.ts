import { beforeEach, describe, expect, it } from 'vitest';
import { changeList, makeList } from '../support/prefix-list-fixture.ts';
import {
  allowIn,
  kindsOf,
  newGroup,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  peer,
  routeTo,
  type Scene,
  type SceneHost,
  type SceneSubnet,
  type SceneVpc,
  silence,
} from './scene.ts';

/**
 * Three VPCs, each with one instance whose groups are open: the first is peered with the others,
 * who know the way back. Its table has what a test puts in.
 */
let scene: Scene;
let home: SceneVpc;
let subnet: SceneSubnet;
let table: string;
let from: SceneHost;
let b: Peer;
let c: Peer;

interface Peer {
  readonly vpc: SceneVpc;
  readonly host: SceneHost;
  readonly address: string;
  readonly peering: string;
}

async function newPeer(block: string): Promise<Peer> {
  const vpc = await scene.vpc(block);
  const host = await newHost(await newSubnet(vpc, block.replace('/16', '/24')));
  const peering = await peer(home, vpc);
  await routeTo(vpc, vpc.mainTable, '10.0.0.0/16', { VpcPeeringConnectionId: peering });
  return { vpc, host, address: host.address, peering };
}

beforeEach(async () => {
  scene = await newScene();
  home = await scene.vpc('10.0.0.0/16');
  subnet = await newSubnet(home, '10.0.0.0/24');
  table = await ownTable(subnet);
  from = await newHost(subnet);
  b = await newPeer('10.1.0.0/16');
  c = await newPeer('10.2.0.0/16');
});

const routeList = (list: string, peering: string) =>
  home.ec2.createRoute({
    RouteTableId: table,
    DestinationPrefixListId: list,
    VpcPeeringConnectionId: peering,
  });
const routeBlock = (DestinationCidrBlock: string, VpcPeeringConnectionId: string) =>
  home.ec2.createRoute({ RouteTableId: table, DestinationCidrBlock, VpcPeeringConnectionId });
const fate = (to: string) => scene.fate({ from: from.id, to });

/** Who a packet to an address of B is handed to. */
const peeringTaken = (to: string) =>
  scene
    .ask({ from: from.id, to })
    .forward.hops.find(({ kind }) => kind === 'vpc-peering-connection')?.resource;

describe('a route to a prefix list', () => {
  it('leads where the list’s entries are, and nowhere else', async () => {
    const list = await makeList(home.ec2, ['10.1.0.0/17', '192.0.2.0/24']);
    await routeList(list, b.peering);
    const answer = scene.ask({ from: from.id, to: b.address });
    expect(answer.reachable).toBe(true);
    const hop = answer.forward.hops.find(({ kind }) => kind === 'route-table');
    expect(hop!.rule).toEqual({
      destinationPrefixListId: list,
      target: b.peering,
      state: 'active',
      origin: 'CreateRoute',
    });
    expect(fate(c.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
    expect(fate('10.1.128.1')).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
  });

  it('follows the list at once, in every table', async () => {
    const list = await makeList(home.ec2, []);
    await routeList(list, b.peering);
    expect(fate(b.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
    await changeList(home.ec2, list, { add: ['10.1.0.0/16'] });
    expect(fate(b.address)).toBe('reachable');
    await changeList(home.ec2, list, { remove: ['10.1.0.0/16'] });
    expect(fate(b.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
    await home.ec2.restoreManagedPrefixListVersion({
      PrefixListId: list,
      PreviousVersion: 2,
      CurrentVersion: 3,
    });
    expect(fate(b.address)).toBe('reachable');
    await home.ec2.deleteRoute({ RouteTableId: table, DestinationPrefixListId: list });
    expect(fate(b.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${table}`);
  });

  it('A-024 loses to a longer block, and wins over a shorter one', async () => {
    await routeList(await makeList(home.ec2, ['10.1.0.0/20']), b.peering);
    await routeBlock('10.1.0.0/16', c.peering);
    expect(peeringTaken(b.address)).toBe(b.peering);
    await routeBlock('10.1.0.0/24', c.peering);
    expect(peeringTaken(b.address)).toBe(c.peering);
  });

  it('A-027 loses to a block that is the same as its entry', async () => {
    await routeList(await makeList(home.ec2, ['10.1.0.0/16']), c.peering);
    expect(peeringTaken(b.address)).toBe(c.peering);
    await routeBlock('10.1.0.0/16', b.peering);
    expect(peeringTaken(b.address)).toBe(b.peering);
  });

  it('A-028 one of two lists with equal entries wins, whatever was made first', async () => {
    const lists = [
      await makeList(home.ec2, ['10.1.0.0/16']),
      await makeList(home.ec2, ['10.1.0.0/16']),
    ];
    await routeList(lists[0]!, b.peering);
    await routeList(lists[1]!, c.peering);
    const winner = peeringTaken(b.address);
    for (let count = 0; count < 5; count++) expect(peeringTaken(b.address)).toBe(winner);
    await home.ec2.deleteRoute({ RouteTableId: table, DestinationPrefixListId: lists[0]! });
    expect(peeringTaken(b.address)).toBe(c.peering);
    await routeList(lists[0]!, b.peering);
    expect(peeringTaken(b.address)).toBe(winner);
    // A change of what neither list is asked about changes nothing either.
    await changeList(home.ec2, lists[1]!, { add: ['203.0.113.0/24'] });
    expect(peeringTaken(b.address)).toBe(winner);
  });

  it('A-040 drops as a blackhole while its target is gone', async () => {
    const list = await makeList(home.ec2, ['10.1.0.0/16']);
    await routeList(list, b.peering);
    await routeBlock('10.0.0.0/8', b.peering);
    await home.ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: b.peering });
    expect(fate(b.address)).toBe(`BAD_STATE_ROUTE at ${table}`);
  });
});

describe('a rule that names a prefix list', () => {
  const permission = (list: string) => {
    return { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: list }] };
  };

  it('lets in whom the list holds, at once', async () => {
    const group = await newGroup(b.vpc, 'listed');
    const list = await makeList(home.ec2, ['192.0.2.0/24']);
    await allowIn(b.vpc, group, permission(list));
    await home.ec2.modifyInstanceAttribute({ InstanceId: b.host.id, Groups: [group] });
    await routeBlock('10.1.0.0/16', b.peering);
    const refused = `ENI_SG_RULES_MISMATCH at ${b.host.eni}`;
    expect(fate(b.address)).toBe(refused);
    await changeList(home.ec2, list, { add: ['10.0.0.0/8'] });
    const { forward } = scene.ask({ from: from.id, to: b.address });
    expect(forward.disposition).toBe('delivered');
    expect(forward.hops.find(({ resource }) => resource === group)!.rule).toMatchObject({
      prefixListId: list,
    });
    await changeList(home.ec2, list, { remove: ['10.0.0.0/8'] });
    expect(fate(b.address)).toBe(refused);
  });

  it('lets out to whom the list holds', async () => {
    const group = await newGroup(home, 'out');
    await silence(home, group);
    const list = await makeList(home.ec2, ['10.1.0.0/16']);
    const IpPermissions = [permission(list)];
    await home.ec2.authorizeSecurityGroupEgress({ GroupId: group, IpPermissions });
    await home.ec2.modifyInstanceAttribute({ InstanceId: from.id, Groups: [group] });
    await routeBlock('10.1.0.0/16', b.peering);
    await routeBlock('10.2.0.0/16', c.peering);
    expect(fate(b.address)).toBe('reachable');
    expect(fate(c.address)).toBe(`ENI_SG_RULES_MISMATCH at ${from.eni}`);
  });
});

describe('a route by a list inside a subnet', () => {
  it('A-063 passes no ACL', async () => {
    const box = await newHost(subnet, { forwards: true });
    await home.ec2.createRoute({
      RouteTableId: table,
      DestinationPrefixListId: await makeList(home.ec2, ['192.0.2.0/24']),
      InstanceId: box.id,
    });
    const { forward } = scene.ask({ from: from.id, to: '192.0.2.1' });
    expect(kindsOf(forward).slice(0, 4)).toEqual([
      'network-interface egress',
      'security-group egress',
      'route-table egress',
      'security-group ingress',
    ]);
  });
});
