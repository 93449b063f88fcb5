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

/** Of resources of one name: their Regions if those tell them apart, else their accounts. */
const DISTINCTIONS = ['region', 'account'] as const;
type Distinction = (typeof DISTINCTIONS)[number] | 'id';

/** What tells resources apart in a list: the name, with more where others have the same. */
export function distinctNames(resources: readonly TopologyResource[]): string[] {
  const namesakes = Map.groupBy(resources, ({ name }) => name);
  const distinctions = new Map([...namesakes].map(([name, all]) => [name, distinctionOf(all)]));
  return resources.map((resource) => {
    const { id, name } = resource;
    if (!name) return id;
    const by = distinctions.get(name);
    return by === undefined ? name : `${name} ${resource[by]}`;
  });
}

function distinctionOf(namesakes: readonly TopologyResource[]): Distinction | undefined {
  if (namesakes.length === 1) return undefined;
  const differsBy = (by: Distinction) =>
    new Set(namesakes.map((one) => one[by])).size === namesakes.length;
  return DISTINCTIONS.find(differsBy) ?? 'id';
}
