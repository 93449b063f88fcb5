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
  const command = verb('matrix', 'Show which running instance reaches which.');
  withPlaceOptions(withProtocolOptions(command));
  return runs<Options>(command, shell, async ({ client, options, show, terminal }) => {
    const { account, region } = options;
    const query = new URLSearchParams({ ...(account && { account }), ...(region && { region }) });
    const { resources } = await client.get<Topology>(`/_openvpc/topology?${query}`);
    const instances = resources.filter(
      ({ type, state }) => type === 'instance' && state === 'running',
    );
    const answers = await askAll(client, instances, protocolOf(options), terminal);
    show(documentOf(instances, answers), () =>
      formatMatrix(instances, answers, createPaint(terminal.colors)),
    );
    return undefined;
  });
}

function documentOf(instances: readonly TopologyResource[], answers: Answers) {
  return {
    instances: instances.map(({ id, name, account, region }) => ({ id, name, account, region })),
    reachable: answers.map((row) => row.map((answer) => answer?.reachable ?? null)),
    drops: answers.flatMap((row, from) =>
      row.flatMap((answer, to) =>
        answer === null || answer.reachable
          ? []
          : [{ from: instances[from]!.id, to: instances[to]!.id, ...stopOf(answer) }],
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
  instances: readonly TopologyResource[],
  protocol: ReturnType<typeof protocolOf>,
  terminal: Terminal,
): Promise<Answers> {
  const answers = instances.map(() => instances.map((): ShownAnswer | null => null));
  const pairs = instances.flatMap((_, row) =>
    instances.flatMap((__, column) => (row === column ? [] : [[row, column] as const])),
  );
  let next = 0;
  const worker = async () => {
    for (let pair = pairs[next++]; pair !== undefined; pair = pairs[next++]) {
      const [row, column] = pair;
      const question = { from: instances[row]!.id, to: instances[column]!.id, ...protocol };
      answers[row]![column] = await client.post<ShownAnswer>('/_openvpc/trace', question);
      if (next % PROGRESS_EVERY === 0) terminal.progress(`${next} of ${pairs.length}`);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, worker));
  terminal.progress('');
  return answers;
}
