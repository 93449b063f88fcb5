/** An answer about a multicast group as a person reads it: the packet's way, then each copy's. */
import type { CopyOutcome, Trace } from '../../fabric/trace.ts';
import type { Labels } from './labels.ts';
import type { Paint } from './paint.ts';
import { formatWay } from './way.ts';

/** Lines of the way to the domain, and of what each copy went on to meet. */
export function formatGroupWay(forward: Trace, labels: Labels, paint: Paint): string[] {
  const { hops, copies = [], outcomes = [] } = forward;
  if (copies.length === 0) return formatWay('forward', forward, labels, paint);
  const common: Trace = { disposition: 'delivered', hops };
  return [
    ...formatWay('forward', common, labels, paint),
    ...copies.flatMap((own, index) => {
      const { networkInterface, instance, ...fate } = outcomes[index]!;
      const copy: Trace = { ...fate, hops: own.slice(hops.length) };
      const title = `copy to ${labels(networkInterface)}`;
      return ['', ...formatWay(title, copy, labels, paint, hops.length)];
    }),
  ];
}

/** `received by i-1 (web), i-2 (db)`; `would be` for a trace. */
export function receiversLine(
  receivers: readonly string[],
  isProbe: boolean,
  labels: Labels,
): string {
  const verb = isProbe ? 'received' : 'would be received';
  return `${verb} by ${receivers.length === 0 ? 'nobody' : receivers.map(labels).join(', ')}`;
}

/** `2 of 3 copies arrived` */
export function copiesLine(outcomes: readonly CopyOutcome[]): string {
  const arrived = outcomes.filter(({ disposition }) => disposition === 'delivered').length;
  return `${arrived} of ${outcomes.length} ${outcomes.length === 1 ? 'copy' : 'copies'} arrived`;
}
