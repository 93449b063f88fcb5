import type { EC2 } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { ask, fateOf, openGroup } from '../support/ask.ts';
import { launchOne, lookAtInstance, makeGroup } from '../support/instance-fixture.ts';
import { changeList, makeList } from '../support/prefix-list-fixture.ts';
import { acceptPeering, askToPeer, mainTable, makeTable } from '../support/route-fixture.ts';
import { type TestCloud, testCloud } from '../support/test-cloud.ts';
import { makeSubnet, makeVpc } from '../support/vpc-fixture.ts';

/**
 * Three VPCs, each with one instance whose groups are open: the first is peered with the others,
 * who know the way back. Its table has what a test puts in.
 */
interface Star {
  readonly table: string;
  readonly from: string;
  readonly b: { readonly instance: string; readonly address: string; readonly peering: string };
  readonly c: { readonly instance: string; readonly address: string; readonly peering: string };
}

let test: TestCloud;
let ec2: EC2;
let star: Star;

async function side(block: string, home: { vpcId: string; block: string }) {
  const { VpcId } = await makeVpc(ec2, block);
  const { SubnetId } = await makeSubnet(ec2, VpcId, block.replace('/16', '/24'));
  const group = await openGroup(ec2, VpcId);
  const instance = await launchOne(ec2, { SubnetId, SecurityGroupIds: [group] });
  const address = (await lookAtInstance(ec2, instance)).PrivateIpAddress!;
  const peering = await askToPeer(ec2, home.vpcId, VpcId);
  await acceptPeering(ec2, peering);
  const { RouteTableId } = await mainTable(ec2, VpcId);
  const back = { DestinationCidrBlock: home.block, VpcPeeringConnectionId: peering };
  await ec2.createRoute({ RouteTableId, ...back });
  return { instance, address, peering };
}

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  const home = { vpcId: (await makeVpc(ec2, '10.0.0.0/16')).VpcId, block: '10.0.0.0/16' };
  const { SubnetId } = await makeSubnet(ec2, home.vpcId, '10.0.0.0/24');
  const table = await makeTable(ec2, home.vpcId);
  await ec2.associateRouteTable({ RouteTableId: table, SubnetId });
  const group = await openGroup(ec2, home.vpcId);
  const from = await launchOne(ec2, { SubnetId, SecurityGroupIds: [group] });
  star = { table, from, b: await side('10.1.0.0/16', home), c: await side('10.2.0.0/16', home) };
});

const routeList = (list: string, peering: string) =>
  ec2.createRoute({
    RouteTableId: star.table,
    DestinationPrefixListId: list,
    VpcPeeringConnectionId: peering,
  });
const routeBlock = (DestinationCidrBlock: string, VpcPeeringConnectionId: string) =>
  ec2.createRoute({ RouteTableId: star.table, DestinationCidrBlock, VpcPeeringConnectionId });
const fate = (to: string) => fateOf(ask(test.lab, { from: star.from, to }));

/** Who a packet to an address of B is handed to. */
const peeringTaken = (to: string) =>
  ask(test.lab, { from: star.from, to }).forward.hops.find(
    ({ kind }) => kind === 'vpc-peering-connection',
  )?.resource;

describe('a route to a prefix list', () => {
  it('leads where the list’s entries are, and nowhere else', async () => {
    const list = await makeList(ec2, ['10.1.0.0/17', '192.0.2.0/24']);
    await routeList(list, star.b.peering);
    const answer = ask(test.lab, { from: star.from, to: star.b.address });
    expect(answer.reachable).toBe(true);
    const hop = answer.forward.hops.find(({ kind }) => kind === 'route-table');
    expect(hop!.rule).toEqual({
      destinationPrefixListId: list,
      target: star.b.peering,
      state: 'active',
      origin: 'CreateRoute',
    });
    expect(fate(star.c.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${star.table}`);
    expect(fate('10.1.128.1')).toBe(`NO_ROUTE_TO_DESTINATION at ${star.table}`);
  });

  it('follows the list at once, in every table', async () => {
    const list = await makeList(ec2, []);
    await routeList(list, star.b.peering);
    expect(fate(star.b.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${star.table}`);
    await changeList(ec2, list, { add: ['10.1.0.0/16'] });
    expect(fate(star.b.address)).toBe('delivered');
    await changeList(ec2, list, { remove: ['10.1.0.0/16'] });
    expect(fate(star.b.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${star.table}`);
    await ec2.restoreManagedPrefixListVersion({
      PrefixListId: list,
      PreviousVersion: 2,
      CurrentVersion: 3,
    });
    expect(fate(star.b.address)).toBe('delivered');
    await ec2.deleteRoute({ RouteTableId: star.table, DestinationPrefixListId: list });
    expect(fate(star.b.address)).toBe(`NO_ROUTE_TO_DESTINATION at ${star.table}`);
  });

  it('A-024 loses to a longer block, and wins over a shorter one', async () => {
    await routeList(await makeList(ec2, ['10.1.0.0/20']), star.b.peering);
    await routeBlock('10.1.0.0/16', star.c.peering);
    expect(peeringTaken(star.b.address)).toBe(star.b.peering);
    await routeBlock('10.1.0.0/24', star.c.peering);
    expect(peeringTaken(star.b.address)).toBe(star.c.peering);
  });

  it('A-027 loses to a block that is the same as its entry', async () => {
    await routeList(await makeList(ec2, ['10.1.0.0/16']), star.c.peering);
    expect(peeringTaken(star.b.address)).toBe(star.c.peering);
    await routeBlock('10.1.0.0/16', star.b.peering);
    expect(peeringTaken(star.b.address)).toBe(star.b.peering);
  });

  it('A-028 one of two lists with equal entries wins, whatever was made first', async () => {
    const lists = [await makeList(ec2, ['10.1.0.0/16']), await makeList(ec2, ['10.1.0.0/16'])];
    await routeList(lists[0]!, star.b.peering);
    await routeList(lists[1]!, star.c.peering);
    const winner = peeringTaken(star.b.address);
    for (let count = 0; count < 5; count++) expect(peeringTaken(star.b.address)).toBe(winner);
    await ec2.deleteRoute({ RouteTableId: star.table, DestinationPrefixListId: lists[0]! });
    expect(peeringTaken(star.b.address)).toBe(star.c.peering);
    await routeList(lists[0]!, star.b.peering);
    expect(peeringTaken(star.b.address)).toBe(winner);
    // A change of what neither list is asked about changes nothing either.
    await changeList(ec2, lists[1]!, { add: ['203.0.113.0/24'] });
    expect(peeringTaken(star.b.address)).toBe(winner);
  });

  it('A-040 drops as a blackhole while its target is gone', async () => {
    const list = await makeList(ec2, ['10.1.0.0/16']);
    await routeList(list, star.b.peering);
    await routeBlock('10.0.0.0/8', star.b.peering);
    await ec2.deleteVpcPeeringConnection({ VpcPeeringConnectionId: star.b.peering });
    expect(fate(star.b.address)).toBe(`BAD_STATE_ROUTE at ${star.table}`);
  });
});

describe('a rule that names a prefix list', () => {
  const permission = (list: string) => [
    { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: list }] },
  ];

  it('lets in whom the list holds, at once', async () => {
    const vpcId = (await lookAtInstance(ec2, star.b.instance)).VpcId!;
    const group = await makeGroup(ec2, vpcId, 'listed');
    const list = await makeList(ec2, ['192.0.2.0/24']);
    await ec2.authorizeSecurityGroupIngress({ GroupId: group, IpPermissions: permission(list) });
    await ec2.modifyInstanceAttribute({ InstanceId: star.b.instance, Groups: [group] });
    await routeBlock('10.1.0.0/16', star.b.peering);
    const eni = (await lookAtInstance(ec2, star.b.instance)).NetworkInterfaces![0]!;
    const refused = `ENI_SG_RULES_MISMATCH at ${eni.NetworkInterfaceId}`;
    expect(fate(star.b.address)).toBe(refused);
    await changeList(ec2, list, { add: ['10.0.0.0/8'] });
    const { forward } = ask(test.lab, { from: star.from, to: star.b.address });
    expect(forward.disposition).toBe('delivered');
    expect(forward.hops.find(({ resource }) => resource === group)!.rule).toMatchObject({
      prefixListId: list,
    });
    await changeList(ec2, list, { remove: ['10.0.0.0/8'] });
    expect(fate(star.b.address)).toBe(refused);
  });

  it('lets out to whom the list holds', async () => {
    const { VpcId, NetworkInterfaces } = await lookAtInstance(ec2, star.from);
    const group = await makeGroup(ec2, VpcId!, 'out');
    const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.revokeSecurityGroupEgress({ GroupId: group, IpPermissions: all });
    const list = await makeList(ec2, ['10.1.0.0/16']);
    await ec2.authorizeSecurityGroupEgress({ GroupId: group, IpPermissions: permission(list) });
    await ec2.modifyInstanceAttribute({ InstanceId: star.from, Groups: [group] });
    await routeBlock('10.1.0.0/16', star.b.peering);
    await routeBlock('10.2.0.0/16', star.c.peering);
    expect(fate(star.b.address)).toBe('delivered');
    expect(fate(star.c.address)).toBe(
      `ENI_SG_RULES_MISMATCH at ${NetworkInterfaces![0]!.NetworkInterfaceId}`,
    );
  });
});

describe('what two tables share', () => {
  it('a route by a list to an interface of the same subnet passes no ACL (A-063)', async () => {
    const { SubnetId } = await lookAtInstance(ec2, star.from);
    const { VpcId } = await lookAtInstance(ec2, star.from);
    const group = await openGroupNamed(VpcId!);
    const box = await launchOne(ec2, { SubnetId: SubnetId!, SecurityGroupIds: [group] });
    await ec2.modifyInstanceAttribute({ InstanceId: box, SourceDestCheck: { Value: false } });
    const list = await makeList(ec2, ['192.0.2.0/24']);
    await ec2.createRoute({
      RouteTableId: star.table,
      DestinationPrefixListId: list,
      InstanceId: box,
    });
    const { forward } = ask(test.lab, { from: star.from, to: '192.0.2.1' });
    const table = forward.hops.findIndex(({ kind }) => kind === 'route-table');
    expect(forward.hops.slice(0, table + 2).map(({ kind }) => kind)).toEqual([
      'network-interface',
      'security-group',
      'route-table',
      'security-group',
    ]);
  });

  async function openGroupNamed(vpcId: string): Promise<string> {
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'group-name', Values: ['open'] },
    ];
    return (await ec2.describeSecurityGroups({ Filters })).SecurityGroups![0]!.GroupId!;
  }
});
