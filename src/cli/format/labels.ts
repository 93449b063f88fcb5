/** Ids as people know them: with their Name tags. */
import type { Topology, TopologyResource } from '../../server/topology.ts';

/** `eni-… (web)`; the bare id where nothing has a name. */
export type Labels = (id: string) => string;

export const NO_LABELS: Labels = (id) => id;

/** An interface without a name of its own goes by its instance's. */
export function createLabels({ resources, edges }: Topology): Labels {
  const names = new Map(resources.map(({ id, name }) => [id, name]));
  for (const { from, to, type } of edges) {
    if (type === 'attached' && from.startsWith('eni-'))
      names.set(from, names.get(from) ?? names.get(to));
  }
  return (id) => {
    const name = names.get(id);
    return name === undefined || name === '' ? id : `${id} (${name})`;
  };
}

/** What tells resources apart in a list: the name, with the id where two have the same. */
export function distinctNames(resources: readonly TopologyResource[]): string[] {
  const count = new Map<string, number>();
  for (const { name } of resources) if (name) count.set(name, (count.get(name) ?? 0) + 1);
  return resources.map(({ id, name }) => {
    if (!name) return id;
    return count.get(name) === 1 ? name : `${name} ${id}`;
  });
}
