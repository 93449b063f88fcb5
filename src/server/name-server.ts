/** Who answers on port 53 while a question's name is looked up. */
import { decode, encode } from 'dns-packet';
import type { Network } from '../fabric/compile/state.ts';
import type { Endpoint } from '../fabric/endpoint.ts';
import { listenOf, listensOn } from '../fabric/listen.ts';
import type { Host } from '../guests/host/host.ts';
import { parseAmazonName } from '../model/vpc/dns-names.ts';
import { type Family, formatIp, type Ip, isIpv4 } from '../net/ip.ts';
import { DNS_PORT, serveResolver } from '../services/resolver-service.ts';

const TTL = 60;

/**
 * Makes a fresh host a name server: an instance forwards to the resolver of its own VPC, whoever is
 * outside knows Amazon's public names.
 */
export function serveNames(network: Network, endpoint: Endpoint, host: Host): void {
  switch (endpoint.kind) {
    case 'resolver':
      serveResolver(host, network.model, endpoint.vpcId);
      return;
    case 'interface': {
      const vpcId = network.interfaces.get(endpoint.id)?.vpcId;
      const serves = listensOn(listenOf(network, endpoint.id), 'udp', DNS_PORT);
      if (vpcId !== undefined && serves) serveResolver(host, network.model, vpcId, endpoint.id);
      return;
    }
    case 'internet':
      serveOutside(host);
  }
}

/** Outside, Amazon's public names say their address. */
export function lookUpOutside(name: string, family: Family): Ip | undefined {
  const amazon = parseAmazonName(name);
  if (family !== 4 || amazon?.kind !== 'public-ip') return undefined;
  return isIpv4(amazon.address) ? amazon.address : undefined;
}

function serveOutside(host: Host): void {
  host.bindUdp(DNS_PORT, {
    onDatagram: ({ source, sourcePort, destination, port, payload }) => {
      const { id = 0, questions = [] } = decode(Buffer.from(payload));
      const [question] = questions;
      if (question === undefined) return;
      const { name, type } = question;
      const address = lookUpOutside(name, type === 'A' ? 4 : 6);
      const answers =
        address === undefined
          ? []
          : [{ name, type: 'A', class: 'IN', ttl: TTL, data: formatIp(address) } as const];
      const message = encode({ type: 'response', id, questions, answers });
      const back = { source: destination, sourcePort: port, destination: source, port: sourcePort };
      host.sendUdp({ ...back, payload: message });
    },
  });
}
