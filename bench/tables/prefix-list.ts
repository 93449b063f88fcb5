/** How soon packets obey when a prefix list that many route tables use gains or loses an entry. */
import { createPrefixList } from '../../src/control/vpc/prefix-list.ts';
import { createPrefixListRoute } from '../../src/control/vpc/prefix-list-route.ts';
import { deleteRoute } from '../../src/control/vpc/route.ts';
import { createRouteTable } from '../../src/control/vpc/route-table.ts';
import { associateRouteTable } from '../../src/control/vpc/route-table-association.ts';
import { formatCidr } from '../../src/net/cidr.ts';
import { NO_TOKEN } from '../../test/random/builder.ts';
import { openDoor } from '../support/door.ts';
import { openLab, SCOPE } from '../support/lab.ts';
import type { LargeCloud } from '../support/large-cloud.ts';
import { digits, millisOf, ratio, spreadOf } from '../support/measure.ts';
import { addSite, launchMany, peerSites } from '../support/network.ts';
import { leavesItsVpc } from '../support/packet.ts';
import type { Bench, Figures } from '../support/table.ts';

const TABLES = [10, 1000];
const WARM_UP = 300;
const CHANGES = 300;

export const prefixList: Bench = {
  name: 'prefix-list',
  title: 'A prefix list gains an entry',
  about:
    'ModifyManagedPrefixList adds an entry to a list that so many route tables lead over a ' +
    'peering, and removes it by turns; until a packet under the last of them has obeyed, without ' +
    "the disk's sync. Beside it: a list that few tables use.",
  run,
};

async function run(): Promise<Figures> {
  const rows: string[][] = [];
  let base: number | undefined;
  for (const tables of TABLES) {
    const { median, p90 } = spreadOf(await changes(tables));
    base ??= median;
    const count = tables.toLocaleString('en-US');
    rows.push([count, digits(median), digits(p90), ratio(median, base)]);
  }
  return { columns: ['route tables that use it', 'ms, median', 'ms, p90', 'ratio'], rows };
}

async function changes(tables: number): Promise<number[]> {
  const { lab, pair, listId } = await usedList(tables);
  const call = openDoor(lab);
  const Cidr = formatCidr(pair.far.vpc.cidrs[0]!.cidr);
  const turn = async (index: number) => {
    const joins = index % 2 === 0;
    await call('ModifyManagedPrefixList', {
      PrefixListId: listId,
      CurrentVersion: String(index + 1),
      [joins ? 'AddEntry.1.Cidr' : 'RemoveEntry.1.Cidr']: Cidr,
    });
    if (leavesItsVpc(lab.fabric, pair, index) !== joins) throw new Error('it did not obey');
  };
  await millisOf(WARM_UP, turn);
  return millisOf(CHANGES, (index) => turn(WARM_UP + index));
}

async function usedList(tables: number) {
  const lab = await openLab();
  const { cloud } = lab;
  const [near, far] = [await addSite(lab, 0), await addSite(lab, 1)];
  const peeringId = await peerSites(lab, near, far);
  const { id: listId } = await cloud.execute((tx) => {
    const { routeTableId } = near;
    deleteRoute(tx, SCOPE, { routeTableId, destination: far.vpc.cidrs[0]!.cidr });
    const request = { name: 'far', family: 4, maxEntries: 20, entries: [], tags: {} } as const;
    return createPrefixList(tx, SCOPE, { ...request, clientToken: NO_TOKEN });
  });
  for (let index = 0; index < tables; index++) {
    await cloud.execute((tx) => {
      const request = { vpcId: near.vpc.id, tags: {}, clientToken: NO_TOKEN };
      const { id: routeTableId } = createRouteTable(tx, SCOPE, request);
      const target = { kind: 'vpc-peering-connection', id: peeringId } as const;
      createPrefixListRoute(tx, SCOPE, { routeTableId, prefixListId: listId, target });
      if (index < tables - 1) return;
      associateRouteTable(tx, SCOPE, { routeTableId, subnetId: near.subnet.id });
    });
  }
  const [from] = await launchMany(lab, near, 1);
  const [to] = await launchMany(lab, far, 1);
  const pair: LargeCloud['pairs'][number] = { near, far, peeringId, from: from!, to: to! };
  return { lab, pair, listId };
}
