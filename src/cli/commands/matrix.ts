import type { Command } from 'commander';
import type { Topology, TopologyResource } from '../../server/topology.ts';
import type { Client } from '../client.ts';
import type { ShownAnswer } from '../format/answer.ts';
import { matrixTable } from '../format/matrix.ts';
import { createPaint } from '../format/paint.ts';
import type { Terminal } from '../output.ts';
import {
  type ProtocolOptions,
  protocolOf,
  withPlaceOptions,
  withProtocolOptions,
} from '../question.ts';
import { runs, type Shell, verb } from '../verb.ts';

interface Options extends ProtocolOptions {
  readonly account?: string;
  readonly region?: string;
}

/** Questions under way at once. */
const ABREAST = 16;

export function matrixCommand(shell: Shell): Command {
  const command = verb('matrix', 'Show which running instance reaches which.');
  withPlaceOptions(withProtocolOptions(command));
  return runs<Options>(command, shell, async ({ client, options, show, terminal }) => {
    const { account, region } = options;
    const query = new URLSearchParams({ ...(account && { account }), ...(region && { region }) });
    const { resources } = await client.get<Topology>(`/_openvpc/topology?${query}`);
    const instances = resources.filter(
      ({ type, state }) => type === 'instance' && state === 'running',
    );
    const reachable = await askAll(client, instances, protocolOf(options), terminal);
    const paint = createPaint(terminal.colors);
    show({ instances: instances.map(({ id, name }) => ({ id, name })), reachable }, () =>
      matrixTable(instances, reachable, paint),
    );
    return undefined;
  });
}

/** Row by sender, column by receiver; null on the diagonal. */
async function askAll(
  client: Client,
  instances: readonly TopologyResource[],
  protocol: ReturnType<typeof protocolOf>,
  terminal: Terminal,
): Promise<(boolean | null)[][]> {
  const reachable = instances.map(() => instances.map((): boolean | null => null));
  const pairs = instances.flatMap((_, row) =>
    instances.flatMap((__, column) => (row === column ? [] : [[row, column] as const])),
  );
  let next = 0;
  const worker = async () => {
    for (let pair = pairs[next++]; pair !== undefined; pair = pairs[next++]) {
      const [row, column] = pair;
      const question = { from: instances[row]!.id, to: instances[column]!.id, ...protocol };
      const answer = await client.post<ShownAnswer>('/_openvpc/trace', question);
      reachable[row]![column] = answer.reachable;
      if (next % 1000 === 0) terminal.progress(`${next} of ${pairs.length}`);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, worker));
  return reachable;
}
