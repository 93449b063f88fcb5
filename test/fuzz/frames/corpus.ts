/** Frames of real exchanges in a cloud: what malformed ones are made of. */
import type { Endpoint } from '../../../src/fabric/endpoint.ts';
import { isIpv4, parseIp } from '../../../src/net/ip.ts';
import type { Random } from '../../../src/net/random.ts';
import { queryMessage } from '../../../src/server/name-lookup.ts';
import { GROUPS as GROUP_NAMES } from '../../random/kinds/multicast.ts';
import type { FuzzNetwork, SentFrame } from './fuzz-network.ts';

const EXCHANGES = 90;
const GROUPS = GROUP_NAMES.map((name) => parseIp(name)!);
const GROUPS4 = GROUPS.filter(isIpv4);

export function recordExchanges(network: FuzzNetwork, random: Random): SentFrame[] {
  const frames: SentFrame[] = [];
  for (let count = 0; count < EXCHANGES; count++) {
    exchange(network, random);
    network.settle(frames);
  }
  // A host resolves its neighbours first: without an exchange there is still ARP.
  return frames;
}

function exchange(network: FuzzNetwork, random: Random): void {
  const from = random.pick(network.endpoints);
  const to = random.pick(network.endpoints);
  const family = random.pick([4, 4, 6] as const);
  const host = from.kind === 'resolver' ? undefined : network.host(from);
  const destination = target(network, random, to, family);
  if (host === undefined || destination === undefined) return;
  const port = random.pick([53, 80, 443]);
  const payload = new Uint8Array(random.pick([0, 1, 100, 1400, 9500]));
  switch (random.below(6)) {
    case 0:
      host.ping({ destination, identifier: 7, sequence: 1, size: payload.length }, () => {});
      return;
    case 1: {
      const connection = host.connect({ destination, port }, {});
      connection.send(payload);
      if (random.chance(0.5)) connection.close();
      return;
    }
    case 2:
      host.sendUdp({ sourcePort: 5000, destination, port, payload });
      return;
    case 3:
      host.joinGroups(GROUPS4.filter(() => random.chance(0.5)));
      return;
    case 4:
      host.sendUdp({ sourcePort: 5002, destination: random.pick(GROUPS), port, payload });
      return;
    default: {
      const query = queryMessage('localhost', 4);
      host.sendUdp({ sourcePort: 5001, destination, port: 53, payload: query });
    }
  }
}

function target(network: FuzzNetwork, random: Random, to: Endpoint, family: 4 | 6) {
  const address = network.addressOf(to, family);
  if (to.kind !== 'interface' || random.chance(0.7)) return address;
  const record = network.fabric.network.model.get('network-interface', to.id);
  return record?.addresses.find(({ publicAddress }) => publicAddress)?.publicAddress ?? address;
}
