import { isIPv4 } from 'node:net';
import type { Command } from 'commander';
import type { Topology, TopologyResource } from '../../server/topology.ts';
import type { Client } from '../client.ts';
import type { ShownAnswer } from '../format/answer.ts';
import { type Answers, formatMatrix } from '../format/matrix.ts';
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
const PROGRESS_EVERY = 1000;

export function matrixCommand(shell: Shell): Command {
  const command = verb('matrix', 'Show who reaches whom: running instances, and hosts of sites.');
  withPlaceOptions(withProtocolOptions(command));
  return runs<Options>(command, shell, async ({ client, options, show, terminal }) => {
    const { account, region } = options;
    const query = new URLSearchParams({ ...(account && { account }), ...(region && { region }) });
    const { resources } = await client.get<Topology>(`/_openvpc/topology?${query}`);
    const places = resources.flatMap(placesOf);
    const answers = await askAll(client, places, protocolOf(options), terminal);
    show(documentOf(places, answers), () =>
      formatMatrix(places, answers, createPaint(terminal.colors)),
    );
    return undefined;
  });
}

/** A site has places at its hosts; those of IPv6 alone cannot be asked for by what has IPv4. */
function placesOf(resource: TopologyResource): TopologyResource[] {
  const { type, state, id, addresses = [] } = resource;
  if (type === 'instance') return state === 'running' ? [resource] : [];
  if (type !== 'site') return [];
  return addresses.filter(isIPv4).map((address) => ({ ...resource, id: `${id}/${address}` }));
}

function documentOf(places: readonly TopologyResource[], answers: Answers) {
  return {
    instances: places.map(({ id, name, account, region }) => ({ id, name, account, region })),
    reachable: answers.map((row) => row.map((answer) => answer?.reachable ?? null)),
    drops: answers.flatMap((row, from) =>
      row.flatMap((answer, to) =>
        answer === null || answer.reachable
          ? []
          : [{ from: places[from]!.id, to: places[to]!.id, ...stopOf(answer) }],
      ),
    ),
  };
}

function stopOf({ forward, return: back }: ShownAnswer) {
  const way = forward.disposition === 'dropped' || back === null ? 'forward' : 'return';
  const { reason, at } = way === 'forward' ? forward : back!;
  return { way, reason, at };
}

async function askAll(
  client: Client,
  places: readonly TopologyResource[],
  protocol: ReturnType<typeof protocolOf>,
  terminal: Terminal,
): Promise<Answers> {
  const answers = places.map(() => places.map((): ShownAnswer | null => null));
  const pairs = places.flatMap((_, row) =>
    places.flatMap((__, column) => (row === column ? [] : [[row, column] as const])),
  );
  let next = 0;
  const worker = async () => {
    for (let pair = pairs[next++]; pair !== undefined; pair = pairs[next++]) {
      const [row, column] = pair;
      const question = { from: places[row]!.id, to: places[column]!.id, ...protocol };
      answers[row]![column] = await client.post<ShownAnswer>('/_openvpc/trace', question);
      if (next % PROGRESS_EVERY === 0) terminal.progress(`${next} of ${pairs.length}`);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, worker));
  terminal.progress('');
  return answers;
}
