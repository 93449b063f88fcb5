/** FROM and TO: addresses, ids, DNS names, and Name tags. */
import { isIP } from 'node:net';
import type { Topology, TopologyResource } from '../server/topology.ts';
import type { Client } from './client.ts';
import { CliError, EXIT } from './exit.ts';

export interface PlaceOptions {
  readonly account?: string;
  readonly region?: string;
}

/** Finds what Name tags mean; asks the server once, and only if there is need. */
export function createPlaces(client: Client, options: PlaceOptions) {
  let topology: Promise<Topology> | undefined;
  return {
    from: (text: string) => place(text, false),
    to: (text: string) => place(text, true),
    /** An interface; of an instance its only one. */
    networkInterface: async (text: string) => {
      const id = await place(text, false);
      if (!id.startsWith('i-')) return id;
      topology ??= client.get<Topology>('/_openvpc/topology');
      return interfaceOf(await topology, id);
    },
  };

  async function place(text: string, mayBeName: boolean): Promise<string> {
    if (isPlain(text)) return text;
    topology ??= client.get<Topology>('/_openvpc/topology');
    const named = candidatesOf(await topology, text, options);
    const [only] = named;
    if (only !== undefined && named.length === 1) return only.id;
    if (named.length > 1) throw ambiguous(text, named);
    if (mayBeName && text.includes('.')) return text;
    throw new CliError(EXIT.noSuchThing, `nothing has the id or the Name tag '${text}'`);
  }
}

/** Whether a text says by itself what it means. */
function isPlain(text: string): boolean {
  return (
    isIP(text) !== 0 ||
    /^(i|eni)-[0-9a-f]+$/.test(text) ||
    text === 'internet' ||
    /^(internet|site):/.test(text)
  );
}

/** Instances of that name; interfaces if there is none. */
function candidatesOf(
  { resources }: Topology,
  name: string,
  { account, region }: PlaceOptions,
): readonly TopologyResource[] {
  const named = resources.filter(
    (one) =>
      one.name === name &&
      one.state !== 'terminated' &&
      (account === undefined || one.account === account) &&
      (region === undefined || one.region === region),
  );
  const instances = named.filter(({ type }) => type === 'instance');
  return instances.length > 0
    ? instances
    : named.filter(({ type }) => type === 'network-interface');
}

function interfaceOf({ resources, edges }: Topology, instance: string): string {
  const ids = edges
    .filter(({ to, type }) => to === instance && type === 'attached')
    .map(({ from }) => from);
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return only;
  if (only === undefined) {
    throw new CliError(EXIT.noSuchThing, `there is no '${instance}', or it has no interface`);
  }
  throw ambiguous(
    instance,
    resources.filter(({ id }) => ids.includes(id)),
    'has several',
  );
}

function ambiguous(
  name: string,
  candidates: readonly TopologyResource[],
  what = 'is the name of several',
): CliError {
  const list = candidates.map(({ id, account, region }) => `${id} (${account}, ${region})`);
  return new CliError(EXIT.usage, `'${name}' ${what}: ${list.join(', ')}`);
}
