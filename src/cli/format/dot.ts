import type { Topology } from '../../server/topology.ts';
import { type Box, drawingOf } from './drawing.ts';

/** A Graphviz graph. */
export function dotGraph(topology: Topology): string {
  const { boxes, nodes, lines } = drawingOf(topology);
  return [
    'graph openvpc {',
    '  compound=true;',
    '  node [shape=box];',
    ...boxes.flatMap((box) => boxLines(box, '  ')),
    ...nodes.map((node) => `  ${quoted(node.id)} [label=${label(node)}, shape=oval];`),
    ...lines.map(({ from, to, label: text, broken }) => {
      const style = broken ? ', style=dashed' : '';
      // Graphviz joins nodes, not clusters: each VPC has a node for its lines to end at.
      return `  ${quoted(from)} -- ${quoted(to)} [label=${quoted(text)}${style}];`;
    }),
    '}',
  ].join('\n');
}

function boxLines(box: Box, indent: string): string[] {
  if (/^(i|eni)-/.test(box.id)) return [`${indent}${quoted(box.id)} [label=${label(box)}];`];
  return [
    `${indent}subgraph ${quoted(`cluster_${box.id}`)} {`,
    `${indent}  label=${label(box)};`,
    `${indent}  ${quoted(box.id)} [shape=point];`,
    ...box.boxes.flatMap((inner) => boxLines(inner, `${indent}  `)),
    `${indent}}`,
  ];
}

function label({ label: parts }: Box): string {
  return quoted(parts.join('\n'));
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
