/** Whom a host asks for a name's address, and who answers (A-102, A-106; DHCP option sets). */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import type { Vpc } from '../../src/model/vpc/vpc.ts';
import { type Family, familyOf, type Ip, ipEquals, parseIp } from '../../src/net/ip.ts';
import { datagram } from './exchange.ts';
import { isListening } from './host.ts';
import { addressOfName, addressOutside } from './name.ts';
import { type Arrival, type Place, UDP } from './packet.ts';
import { RESOLVERS } from './space.ts';
import { firstAddress, newWorld, type World } from './world.ts';

const DNS_PORT = 53;
const CLIENT_PORT = 53_535;
const QUERY = { payload: 40, dontFragment: false, ttl: 64 };

/** An address, `none` where there is none, undefined where nobody answers. */
type Reply = Ip | 'none' | undefined;

/** A name of one label is completed first; of each form the first server that answers decides. */
export function lookUp(
  world: World,
  asker: NetworkInterface | undefined,
  name: string,
  family: Family,
): Ip | undefined {
  if (asker === undefined) return outside(name, family);
  const vpc = world.model.get('vpc', asker.vpcId)!;
  const { servers, domains } = optionsOf(world, vpc);
  const completed = name.includes('.') ? [] : domains.map((domain) => `${name}.${domain}`);
  for (const form of [...completed, name]) {
    for (const server of servers) {
      const reply = ask(world, asker, server, form, family);
      if (reply === 'none') break;
      if (reply !== undefined) return reply;
    }
  }
  return undefined;
}

/** What a VPC's option set says; AWS's resolver where it names no server. */
function optionsOf({ model }: World, { dhcpOptionsId }: Vpc) {
  const configurations = model.get('dhcp-options', dhcpOptionsId)?.configurations ?? [];
  const values = (wanted: string) =>
    configurations.filter(({ key }) => key === wanted).flatMap((one) => one.values);
  const listed = values('domain-name-servers');
  const servers = listed.length === 0 ? ['AmazonProvidedDNS'] : listed;
  return {
    servers: servers
      .flatMap((text) => (text === 'AmazonProvidedDNS' ? RESOLVERS : [text]))
      .map((text) => parseIp(text)!),
    domains: values('domain-name').flatMap((text) => text.split(' ').filter(Boolean)),
  };
}

/** A query of its own: what it leaves in the network is gone when the question is asked. */
function ask(
  { model, choose }: World,
  asker: NetworkInterface,
  server: Ip,
  name: string,
  family: Family,
): Reply {
  const world = newWorld(model, choose);
  const from: Place = { kind: 'interface', id: asker.id };
  const own = [...asker.addresses.map(({ address }) => address), ...asker.ipv6Addresses];
  if (own.some((address) => ipEquals(address, server))) {
    return isListening(world, asker, UDP, DNS_PORT)
      ? inside(world, asker.vpcId, asker, name, family)
      : undefined;
  }
  const source = firstAddress(asker, familyOf(server));
  if (source === undefined) return undefined;
  const ends = { from, source, destination: server };
  const flow = { source, destination: server, protocol: UDP };
  const ports = { sourcePort: CLIENT_PORT, port: DNS_PORT };
  const { reachable, forward } = datagram(world, ends, { ...flow, ...ports }, QUERY);
  if (!reachable) return undefined;
  return replyAt(world, (forward[0] as Arrival).place, asker, name, family);
}

/** An instance asks the resolver of its own VPC; somebody outside knows public names only. */
function replyAt(
  world: World,
  place: Place,
  asker: NetworkInterface,
  name: string,
  family: Family,
): Reply {
  switch (place.kind) {
    case 'interface': {
      const server = world.model.get('network-interface', place.id)!;
      return inside(world, server.vpcId, server, name, family);
    }
    case 'resolver':
      return inside(world, place.vpcId, asker, name, family);
    case 'internet':
    case 'site':
    case 'link':
      return outside(name, family) ?? 'none';
  }
}

/** for the subnet of the interface that asks, IPv6 addresses are made up. */
function inside(
  world: World,
  vpcId: string,
  { subnetId }: NetworkInterface,
  name: string,
  family: Family,
): Reply {
  const vpc = world.model.get('vpc', vpcId)!;
  if (!vpc.enableDnsSupport) return undefined;
  const { enableDns64: dns64 } = world.model.get('subnet', subnetId)!;
  return addressOfName(world, vpc, { name, family, dns64 }) ?? 'none';
}

function outside(name: string, family: Family): Ip | undefined {
  return family === 4 ? addressOutside(name) : undefined;
}
