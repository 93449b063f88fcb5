/**
 * Names in questions: asked of the name servers that the asker's DHCP options list, as a stub
 * resolver does, with real packets or along the tables.
 */
import { decode, encode } from 'dns-packet';
import type { Network } from '../fabric/compile/state.ts';
import { explain, primaryAddress } from '../fabric/explain.ts';
import { listenOf, listensOn } from '../fabric/listen.ts';
import type { Answer } from '../fabric/question.ts';
import type { Guests } from '../guests/guests.ts';
import type { ModelReader } from '../model/model.ts';
import { nameServersOf, searchDomainsOf } from '../model/vpc/dhcp-options.ts';
import { type Family, familyOf, type Ip, ipEquals, parseIp } from '../net/ip.ts';
import { resolveName, usesDns64 } from '../services/resolver.ts';
import { DNS_PORT } from '../services/resolver-service.ts';
import { lookUpOutside } from './name-server.ts';
import type { NamedQuestion } from './question.ts';

/** every VPC's resolver answers here. */
const RESOLVERS = [parseIp('169.254.169.253')!, parseIp('fd00:ec2::253')!];
const CLIENT_PORT = 53_535;
const TTL = 64;

const typeOf = (family: Family) => (family === 4 ? 'A' : 'AAAA');

/** A query as a stub resolver sends it. */
export function queryMessage(name: string, family: Family, id = 1): Uint8Array {
  const questions = [{ name, type: typeOf(family) } as const];
  return encode({ type: 'query', id, flags: 0x0100, questions });
}

/** What a server says: an address, that there is none, or nothing at all. */
type Reply = Ip | 'none' | undefined;
type Ask = (server: Ip, name: string) => Reply;

/** The first address of a name, by the tables. */
export function lookUpDirectly(
  network: Network,
  question: NamedQuestion,
  now: number,
): Ip | undefined {
  return lookUp(network, question, (server, name) =>
    askDirectly(network, question, { server, name, now }),
  );
}

/** The same by datagrams from the guest; `drain` carries what waits. */
export function lookUpFrom(
  network: Network,
  guests: Guests,
  question: NamedQuestion,
  drain: () => void,
): Ip | undefined {
  const { from, family } = question;
  const host = guests.host(from);
  let lastId = 0;
  return lookUp(network, question, (server, name) => {
    const id = ++lastId;
    let reply: Reply;
    host?.bindUdp(CLIENT_PORT, {
      onDatagram: ({ payload, source, sourcePort }) => {
        if (sourcePort !== DNS_PORT || !ipEquals(source, server)) return;
        reply ??= replyOf(payload, id, family);
      },
    });
    const payload = queryMessage(name, family, id);
    host?.sendUdp({ sourcePort: CLIENT_PORT, destination: server, port: DNS_PORT, payload });
    drain();
    return reply;
  });
}

/**
 * Each form of the name is asked of the servers in order until one answers; a name of one label is
 * completed with the domains of the DHCP options first.
 */
function lookUp(network: Network, question: NamedQuestion, ask: Ask): Ip | undefined {
  const { model } = network;
  const { name, vpcId, family } = question;
  const vpc = vpcId === undefined ? undefined : model.get('vpc', vpcId);
  if (vpc === undefined) return lookUpOutside(name, family);
  const servers = nameServersOf(model, vpc).flatMap((one) =>
    one === 'amazon' ? RESOLVERS : [one],
  );
  const domains = name.includes('.') ? [] : searchDomainsOf(model, vpc);
  for (const form of [...domains.map((domain) => `${name}.${domain}`), name]) {
    for (const server of servers) {
      const own = isOwn(network, question, server);
      const reply = own ? askOneself(network, question, form) : ask(server, form);
      if (reply === undefined) continue;
      if (reply !== 'none') return reply;
      break;
    }
  }
  return undefined;
}

function isOwn({ interfaces }: Network, { from }: NamedQuestion, server: Ip): boolean {
  const addresses = from.kind === 'interface' ? interfaces.get(from.id)?.addresses : undefined;
  return addresses?.some((address) => ipEquals(address, server)) ?? false;
}

/** A host that is its own name server asks itself without a packet. */
function askOneself(network: Network, { from, vpcId, family }: NamedQuestion, name: string): Reply {
  const serves =
    from.kind === 'interface' && listensOn(listenOf(network, from.id), 'udp', DNS_PORT);
  return serves ? resolvedIn(network.model, { vpcId, asker: from.id, name, family }) : undefined;
}

function askDirectly(
  network: Network,
  { from, family }: NamedQuestion,
  { server, name, now }: { readonly server: Ip; readonly name: string; readonly now: number },
): Reply {
  const own = from.kind === 'interface' ? network.interfaces.get(from.id)?.addresses : undefined;
  const source = primaryAddress(own ?? [], familyOf(server));
  if (source === undefined) return undefined;
  const flow = { from, source, destination: server, sourcePort: CLIENT_PORT, port: DNS_PORT };
  const packet = { protocol: 'udp', size: 0, dontFragment: false, ttl: TTL } as const;
  const answer = explain(network, { ...flow, ...packet }, now);
  const asker = from.kind === 'interface' ? from.id : undefined;
  return answer.reachable ? replyFrom(network.model, answer, { asker, name, family }) : undefined;
}

/** What stands where the query arrived says: an instance, a VPC's resolver, or somebody outside. */
function replyFrom(
  reader: ModelReader,
  answer: Answer,
  { asker, name, family }: Pick<Asked, 'asker' | 'name' | 'family'>,
): Reply {
  const instance = answer.observed?.instance;
  const last = answer.forward.hops.at(-1);
  if (instance !== undefined) {
    const { vpcId } = reader.get('instance', instance) ?? {};
    return resolvedIn(reader, { vpcId, asker: last?.resource, name, family });
  }
  if (last?.kind === 'vpc')
    return resolvedIn(reader, { vpcId: last.resource, asker, name, family });
  return lookUpOutside(name, family) ?? 'none';
}

interface Asked {
  readonly vpcId: string | undefined;
  /** The interface that asks the resolver. */
  readonly asker: string | undefined;
  readonly name: string;
  readonly family: Family;
}

/** What the resolver of a VPC says; nothing where it is off. */
function resolvedIn(reader: ModelReader, { vpcId, asker, name, family }: Asked): Reply {
  const vpc = vpcId === undefined ? undefined : reader.get('vpc', vpcId);
  if (!vpc?.enableDnsSupport) return undefined;
  const dns64 = usesDns64(reader, asker);
  const found = resolveName(reader, vpc, { name, type: typeOf(family), dns64 });
  const first = found.kind === 'records' ? found.records[0] : undefined;
  return first && 'address' in first ? first.address : 'none';
}

/** Echoed queries and answers to others are none. */
function replyOf(message: Uint8Array, id: number, family: Family): Reply {
  const { type, id: answered, answers = [] } = decode(Buffer.from(message));
  if (type !== 'response' || answered !== id) return undefined;
  const found = answers.find((answer) => answer.type === typeOf(family));
  return (found && 'data' in found ? parseIp(String(found.data)) : undefined) ?? 'none';
}
