/** Names in questions: asked of the VPC's resolver, with real packets or directly. */
import { decode, encode } from 'dns-packet';
import type { Guests } from '../guests/guests.ts';
import type { ModelReader } from '../model/model.ts';
import { parseAmazonName } from '../model/vpc/dns-names.ts';
import { type Family, type Ip, isIpv4, parseIp } from '../net/ip.ts';
import { resolveName } from '../services/resolver.ts';
import { DNS_PORT } from '../services/resolver-service.ts';
import type { NamedQuestion } from './question.ts';

/** every VPC's resolver answers here. */
const RESOLVER = { 4: parseIp('169.254.169.253')!, 6: parseIp('fd00:ec2::253')! } as const;
const CLIENT_PORT = 53_535;
const QUERY_ID = 1;

const typeOf = (family: Family) => (family === 4 ? 'A' : 'AAAA');

/** A query as a stub resolver sends it. */
export function queryMessage(name: string, family: Family): Uint8Array {
  const questions = [{ name, type: typeOf(family) } as const];
  return encode({ type: 'query', id: QUERY_ID, flags: 0x0100, questions });
}

/** The first address of a name, by the tables of the model. */
export function lookUpDirectly(
  reader: ModelReader,
  { name, vpcId, family }: NamedQuestion,
): Ip | undefined {
  if (vpcId === undefined) return lookUpOutside(name, family);
  const vpc = reader.get('vpc', vpcId);
  if (!vpc?.enableDnsSupport) return undefined;
  const found = resolveName(reader, vpc, { name, type: typeOf(family) });
  const first = found.kind === 'records' ? found.records[0] : undefined;
  return first && 'address' in first ? first.address : undefined;
}

/** The same by a datagram from the guest; `drain` carries what waits. */
export function lookUpFrom(
  guests: Guests,
  question: NamedQuestion,
  drain: () => void,
): Ip | undefined {
  const { from, name, family } = question;
  if (from.kind === 'internet') return lookUpOutside(name, family);
  const host = guests.host(from);
  let address: Ip | undefined;
  host?.bindUdp(CLIENT_PORT, {
    onDatagram: ({ payload }) => {
      address ??= firstAddress(payload, family);
    },
  });
  const payload = queryMessage(name, family);
  for (const destination of [RESOLVER[4], RESOLVER[6]]) {
    if (address !== undefined) break;
    host?.sendUdp({ sourcePort: CLIENT_PORT, destination, port: DNS_PORT, payload });
    drain();
  }
  return address;
}

function firstAddress(message: Uint8Array, family: Family): Ip | undefined {
  const { answers = [] } = decode(Buffer.from(message));
  const found = answers.find((answer) => answer.type === typeOf(family));
  return found && 'data' in found ? parseIp(String(found.data)) : undefined;
}

/** Outside, Amazon's public names say their address. */
function lookUpOutside(name: string, family: Family): Ip | undefined {
  const amazon = parseAmazonName(name);
  if (family !== 4 || amazon?.kind !== 'public-ip') return undefined;
  return isIpv4(amazon.address) ? amazon.address : undefined;
}
