/** What a call costs, and what memory is held, as the cloud grows; beside moto's server. */
import { createVpc } from '../../src/control/vpc/vpc.ts';
import type { Lab } from '../../src/server/lab.ts';
import { ask, load, messageOf } from '../support/http-client.ts';
import { SCOPE } from '../support/lab.ts';
import { digits, ratio } from '../support/measure.ts';
import { blockOf } from '../support/network.ts';
import { hasMoto, type Server, startMoto, startOpenvpc } from '../support/servers.ts';
import type { Bench, Figures } from '../support/table.ts';

const SIZES = [10, 100, 1000, 5000];
const PAGE = 100;
const WARM_UP = { count: 2000, seconds: 3 };
const LIMIT = { count: 2000, seconds: 4 };

export const doorSize: Bench = {
  name: 'door-size',
  title: 'The AWS door: the size of the cloud',
  about:
    'DescribeVpcs over one connection: milliseconds a call, median, and the resident memory of ' +
    'the server afterwards; in brackets the ratio to the smallest cloud, of a page to the smallest ' +
    'that fills one.',
  run,
};

interface Costs {
  readonly byId: number;
  readonly page: number;
  readonly all: number;
  readonly megabytes: number;
}

async function run(): Promise<Figures> {
  const rows = await rowsOf('openvpc', async (size) => startOpenvpc((lab) => fill(lab, size)));
  const beside = hasMoto() ? await rowsOf('moto', startFilledMoto) : [];
  return {
    columns: ['server', 'VPCs', 'one by id', 'a page of 100', 'all', 'memory, MB'],
    rows: [...rows, ...beside],
    notes: [
      beside.length > 0
        ? 'moto does not page this call: every answer holds all VPCs.'
        : "moto's server is not installed: its rows are left out.",
    ],
  };
}

async function rowsOf(name: string, start: (size: number) => Promise<Server>): Promise<string[][]> {
  const rows: string[][] = [];
  let base: Costs | undefined;
  let basePage: number | undefined;
  for (const size of SIZES) {
    const server = await start(size);
    try {
      const costs = await costsOf(server);
      base ??= costs;
      if (size >= PAGE) basePage ??= costs.page;
      const cell = (cost: number, to = Number.NaN) =>
        Number.isNaN(to) ? digits(cost) : `${digits(cost)} (${ratio(cost, to)})`;
      const { byId, page, all, megabytes } = costs;
      const cells = [cell(byId, base.byId), cell(page, basePage), cell(all, base.all)];
      rows.push([name, size.toLocaleString('en-US'), ...cells, digits(megabytes)]);
    } finally {
      await server.stop();
    }
  }
  return rows;
}

async function costsOf({ port, memory }: Server): Promise<Costs> {
  const all = await ask(port, 'DescribeVpcs');
  const ids = [...all.matchAll(/<vpcId>([^<]*)/g)].map((match) => match[1]!);
  const median = async (parameters: Readonly<Record<string, string>>) => {
    const message = messageOf('DescribeVpcs', parameters);
    await load(port, 1, WARM_UP, () => message);
    return (await load(port, 1, LIMIT, () => message)).medianMillis;
  };
  const byId = await median({ 'VpcId.1': ids[ids.length >> 1]! });
  const page = await median({ MaxResults: String(PAGE) });
  return { byId, page, all: await median({}), megabytes: memory() };
}

async function fill({ cloud }: Lab, size: number): Promise<void> {
  for (let index = 0; index < size; index++) {
    await cloud.execute((tx) => createVpc(tx, SCOPE, { cidr: blockOf(index % 4096) }));
  }
}

async function startFilledMoto(size: number): Promise<Server> {
  const server = await startMoto();
  // The default VPC counts; so does openvpc's, which the account has from its first call on.
  for (let index = 0; index < size; index++) {
    await ask(server.port, 'CreateVpc', { CidrBlock: `10.${index % 256}.0.0/16` });
  }
  return server;
}
