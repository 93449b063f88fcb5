/** Which groups an instance joins by IGMP (tag `openvpc:join`), read in one place. */
import type { Ipv4 } from '../net/ipv4.ts';
import { parseIpv4 } from '../net/ipv4.ts';
import { isMulticast } from '../net/multicast.ts';
import { instanceTags, isWorking } from './compile/interface.ts';
import type { Network } from './compile/state.ts';

const JOIN_TAG = 'openvpc:join';

/** Parses `224.0.1.5,239.1.1.1`; parts that are no groups of IPv4 are passed over. */
export function parseJoin(tag: string): Ipv4[] {
  const groups = tag.split(',').flatMap((part) => {
    const group = parseIpv4(part.trim());
    return group !== undefined && isMulticast(group) ? [group] : [];
  });
  return [...new Set(groups)];
}

/**
 * What the instance behind an interface joins there: on its primary one, as a system with several
 * does by default. Undefined: nobody is there to join anything.
 */
export function joinOf(network: Network, interfaceId: string): readonly Ipv4[] | undefined {
  const record = network.model.get('network-interface', interfaceId);
  if (record?.attachment?.deviceIndex !== 0 || !isWorking(network, record)) return undefined;
  const tag = instanceTags(network, record)[JOIN_TAG];
  return tag === undefined ? [] : parseJoin(tag);
}
