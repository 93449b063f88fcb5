import type { Topology } from '../../server/topology.ts';
import { type Box, drawingOf } from './drawing.ts';

/** A Mermaid flowchart. */
export function mermaidGraph(topology: Topology): string {
  const { boxes, nodes, lines } = drawingOf(topology);
  return [
    'flowchart TB',
    ...boxes.flatMap((box) => boxLines(box, '  ')),
    ...nodes.map((node) => `  ${name(node.id)}(["${label(node)}"])`),
    ...lines.map(({ from, to, label: text, broken }) => {
      const line = broken ? '-.-' : '---';
      return `  ${name(from)} ${line}${text === '' ? '' : `|${text}|`} ${name(to)}`;
    }),
  ].join('\n');
}

function boxLines(box: Box, indent: string): string[] {
  const isGroup = box.boxes.length > 0 || !/^(i|eni)-/.test(box.id);
  if (!isGroup) return [`${indent}${name(box.id)}["${label(box)}"]`];
  return [
    `${indent}subgraph ${name(box.id)}["${label(box)}"]`,
    ...box.boxes.flatMap((inner) => boxLines(inner, `${indent}  `)),
    `${indent}end`,
  ];
}

/** Mermaid reads a bare hyphen as part of an arrow; names of sites have other signs as well. */
function name(id: string): string {
  return id.replaceAll('-', '_').replace(/\W/g, (sign) => `__${sign.charCodeAt(0).toString(16)}`);
}

function label({ label: parts }: Box): string {
  return parts.map((part) => part.replaceAll('"', '#quot;')).join('<br/>');
}
