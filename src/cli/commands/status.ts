import type { Command } from 'commander';
import type { Topology } from '../../server/topology.ts';
import { columns } from '../format/columns.ts';
import { runs, type Shell, verb } from '../verb.ts';

interface Health {
  readonly status: string;
  readonly version: string;
}

export function statusCommand(shell: Shell): Command {
  const command = verb('status', 'Show whether a server answers, and what is in it.');
  return runs(command, shell, async ({ client, endpoint, show }) => {
    const health = await client.get<Health>('/health');
    const { resources } = await client.get<Topology>('/_openvpc/topology');
    const counts: Record<string, number> = {};
    for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
    const accounts = new Set(resources.map(({ account }) => account)).size;
    const answer = { ...health, endpoint, accounts, resources: counts };
    show(answer, () => {
      const rows = Object.entries(counts).map(([type, count]) => [`  ${type}`, String(count)]);
      const head = `openvpc ${health.version} at ${endpoint}: ${health.status}`;
      return [head, ...columns([['  account', String(accounts)], ...rows])].join('\n');
    });
    return undefined;
  });
}
