import { type Command, Option } from 'commander';
import type { Topology } from '../../server/topology.ts';
import { dotGraph } from '../format/dot.ts';
import { mermaidGraph } from '../format/mermaid.ts';
import { withPlaceOptions } from '../question.ts';
import { runs, type Shell, verb } from '../verb.ts';

interface Options {
  readonly format: 'mermaid' | 'dot';
  readonly account?: string;
  readonly region?: string;
}

export function graphCommand(shell: Shell): Command {
  const command = verb('graph', 'Draw the network as text.').addOption(
    new Option('--format <format>', 'for Mermaid or Graphviz')
      .choices(['mermaid', 'dot'])
      .default('mermaid'),
  );
  withPlaceOptions(command);
  return runs<Options>(command, shell, async ({ client, options, show }) => {
    const { account, region, format } = options;
    const query = new URLSearchParams({ ...(account && { account }), ...(region && { region }) });
    const topology = await client.get<Topology>(`/_openvpc/topology?${query}`);
    show(topology, () => (format === 'dot' ? dotGraph(topology) : mermaidGraph(topology)));
    return undefined;
  });
}
