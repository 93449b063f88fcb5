/** How soon a packet obeys a route that has just changed, in a small cloud and in a large one. */
import { formatCidr } from '../../src/net/cidr.ts';
import { type CallDoor, openDoor } from '../support/door.ts';
import { type LargeCloud, largeCloud, type Pair } from '../support/large-cloud.ts';
import { digits, millisOf, ratio, spreadOf } from '../support/measure.ts';
import { leavesItsVpc } from '../support/packet.ts';
import type { Bench, Figures } from '../support/table.ts';

const SIZES = [10, 1000];
const WARM_UP = 200;
const CHANGES = 600;

export const routeChange: Bench = {
  name: 'route-change',
  title: 'A route changes',
  about:
    'CreateRoute and DeleteRoute by turns, each of another VPC, through the AWS door in this ' +
    "process, without the disk's sync: from the call's arrival until a packet has been sent and " +
    'has obeyed. Beside it: the same in a cloud of another size.',
  run,
};

async function run(): Promise<Figures> {
  const rows: string[][] = [];
  let base: number | undefined;
  for (const vpcs of SIZES) {
    const cloud = await largeCloud(vpcs);
    const { median, p90 } = spreadOf(await changes(cloud));
    base ??= median;
    const { model } = cloud.lab.cloud;
    const count = (kind: 'network-interface' | 'vpc-peering-connection') =>
      [...model.all(kind)].length.toLocaleString('en-US');
    const size = [
      vpcs.toLocaleString('en-US'),
      count('network-interface'),
      count('vpc-peering-connection'),
    ];
    rows.push([...size, digits(median), digits(p90), ratio(median, base)]);
  }
  return { columns: ['VPCs', 'interfaces', 'peerings', 'ms, median', 'ms, p90', 'ratio'], rows };
}

async function changes({ lab, pairs }: LargeCloud): Promise<number[]> {
  const call = openDoor(lab);
  const turn = async (index: number) => {
    const pair = pairs[Math.floor(index / 2) % pairs.length]!;
    const open = index % 2 === 1;
    await change(call, pair, open);
    if (leavesItsVpc(lab.fabric, pair, index) !== open) throw new Error('the packet did not obey');
  };
  await millisOf(WARM_UP, turn);
  return millisOf(CHANGES, turn);
}

function change(call: CallDoor, { near, far, peeringId }: Pair, open: boolean): Promise<string> {
  const route = {
    RouteTableId: near.routeTableId,
    DestinationCidrBlock: formatCidr(far.vpc.cidrs[0]!.cidr),
  };
  if (!open) return call('DeleteRoute', route);
  return call('CreateRoute', { ...route, VpcPeeringConnectionId: peeringId });
}
