/** From the start of the process to its first answer. */
import { createVpc } from '../../src/control/vpc/vpc.ts';
import { SCOPE } from '../support/lab.ts';
import { digits, ratio, spreadOf } from '../support/measure.ts';
import { blockOf } from '../support/network.ts';
import { hasMoto, type Server, startMoto, startOpenvpc } from '../support/servers.ts';
import type { Bench, Figures } from '../support/table.ts';

const STARTS = 7;
const VPCS = 5000;

export const startUp: Bench = {
  name: 'start-up',
  title: 'Start-up',
  about: 'From the start of the process until DescribeVpcs has been answered, median of seven.',
  run,
};

async function run(): Promise<Figures> {
  const starts: readonly (readonly [string, () => Promise<Server>])[] = [
    ['openvpc, empty', () => startOpenvpc()],
    [`openvpc, ${VPCS.toLocaleString('en-US')} VPCs on disk`, startFull],
    ...(hasMoto() ? [['moto, empty', startMoto] as const] : []),
  ];
  const rows: string[][] = [];
  let base: number | undefined;
  for (const [name, start] of starts) {
    const samples: number[] = [];
    const memory: number[] = [];
    const cpu: number[] = [];
    for (let index = 0; index < STARTS; index++) {
      const server = await start();
      samples.push(server.startMillis);
      memory.push(server.memory());
      cpu.push(server.cpuMillis());
      await server.stop();
    }
    const { median } = spreadOf(samples);
    base ??= median;
    const own = [spreadOf(cpu).median, spreadOf(memory).median].map(digits);
    rows.push([name, digits(median), ratio(median, base), ...own]);
  }
  return { columns: ['server', 'ms', 'ratio', 'CPU ms', 'memory, MB'], rows };
}

function startFull(): Promise<Server> {
  return startOpenvpc(async ({ cloud }) => {
    for (let index = 0; index < VPCS; index++) {
      await cloud.execute((tx) => createVpc(tx, SCOPE, { cidr: blockOf(index % 4096) }));
    }
  });
}
