/** From a question's JSON (contract, "Question") to interfaces and addresses. */
import type { Network } from '../fabric/compile/state.ts';
import { primaryAddress } from '../fabric/explain.ts';
import { hostConfig } from '../fabric/host-config.ts';
import { defaultSourcePort, type Question, type QuestionProtocol } from '../fabric/question.ts';
import type { Header } from '../fabric/trace.ts';
import type { NetworkInterface } from '../model/vpc/network-interface.ts';
import { hashText } from '../net/hash.ts';
import { type Family, familyOf, formatIp, type Ip, ipEquals, parseIp } from '../net/ip.ts';
import { ipv4 } from '../net/ipv4.ts';
import { isHostName } from './host-name.ts';

/** What may be asked; shapes are checked before. */
export interface QuestionInput {
  readonly from: string;
  readonly to: string;
  readonly protocol?: QuestionProtocol;
  readonly port?: number;
  readonly sourcePort?: number;
  readonly family?: Family;
  readonly size?: number;
  readonly dontFragment?: boolean;
  readonly ttl?: number;
  readonly account?: string;
  readonly region?: string;
}

/** A question that cannot be asked: 400 malformed, 404 an id nobody has. */
export class QuestionError extends Error {
  readonly code: string;
  readonly status: 400 | 404;

  constructor(status: 400 | 404, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The host outside that asks when a question says `internet`. */
export const OUTSIDE = {
  4: parseIp('198.51.100.1')!,
  6: parseIp('2001:db8::1')!,
} as const;

const DEFAULT_PORT = 443;
const DEFAULT_TTL = 64;

/** A question whose `to` is still a name. */
export interface NamedQuestion {
  readonly name: string;
  readonly withAddress: (address: Ip) => Question;
  readonly from: Question['from'];
  readonly vpcId: string | undefined;
  readonly family: Family;
  /** What would be sent if there were an address; its destination is the name. */
  readonly header: Header;
  readonly sourcePort: number;
}

type Asker = {
  readonly from: Question['from'];
  readonly record: NetworkInterface | undefined;
  readonly sourceOf: (family: Family) => Ip;
  /** Where names are asked from: of this family if there is one. */
  readonly anySource: (family: Family) => Ip | undefined;
};

export function resolveQuestion(network: Network, input: QuestionInput): Question | NamedQuestion {
  const asker = askerOf(network, input);
  const literal = parseIp(input.to) ?? placeInSite(network, input.to)?.address;
  if (literal !== undefined) return complete(input, asker, literal);
  const target = interfaceOf(network, input, input.to);
  const family = input.family ?? 4;
  if (target !== undefined) return addressed(network, input, asker, target, family);
  checkName(input.to);
  return {
    name: input.to,
    withAddress: (address) => complete(input, asker, address),
    from: asker.from,
    vpcId: asker.record?.vpcId,
    family,
    ...unaddressed(input, asker, family),
  };
}

/** Header and source port of a question that has no address: the name stands in its place. */
function unaddressed(input: QuestionInput, { from, anySource }: Asker, family: Family) {
  const { to, protocol = 'icmp' } = input;
  const port = protocol === 'icmp' ? 0 : (input.port ?? DEFAULT_PORT);
  const source = anySource(family) ?? OUTSIDE[family];
  const destination = ipv4(hashText(to.toLowerCase()));
  const packet = { size: 0, dontFragment: false, ttl: DEFAULT_TTL };
  const question = { from, source, destination, protocol, port, ...packet };
  const sourcePort = input.sourcePort ?? defaultSourcePort(question);
  const names = { source: formatIp(source), destination: to };
  const header: Header =
    protocol === 'icmp'
      ? { ...names, protocol: family === 4 ? 'icmp' : 'icmpv6' }
      : { ...names, protocol, sourcePort, port };
  return { header, sourcePort };
}

/** To an interface: privately from inside, by its public address from outside. */
function addressed(
  network: Network,
  input: QuestionInput,
  asker: Asker,
  target: NetworkInterface,
  family: Family,
): Question {
  const { addresses, ipv6Addresses, id } = target;
  const all = [...addresses.map(({ address }) => address), ...ipv6Addresses];
  const address = primaryAddress(all, family);
  if (address === undefined) throw noAddress(id, family);
  if (asker.from.kind !== 'internet' || family === 6) return complete(input, asker, address);
  const publicAddress = addresses.find((entry) => entry.publicAddress)?.publicAddress;
  if (publicAddress !== undefined) return complete(input, asker, publicAddress);
  // Nothing outside can name it: what its gateway would say to the private address.
  const gateway = network.model.first('internet-gateway', 'vpc', target.vpcId)?.id;
  const from = gateway === undefined ? asker.from : { ...asker.from, gateway };
  return complete(input, { ...asker, from }, address);
}

function complete(input: QuestionInput, { from, sourceOf }: Asker, destination: Ip): Question {
  const { protocol = 'icmp', size = 0, dontFragment = false, ttl = DEFAULT_TTL } = input;
  const port = protocol === 'icmp' ? 0 : (input.port ?? DEFAULT_PORT);
  const family = familyOf(destination);
  if (input.family !== undefined && input.family !== family) {
    const message = `${formatIp(destination)} is not an IPv${input.family} address`;
    throw new QuestionError(400, 'InvalidParameterValue', message);
  }
  const source = sourceOf(family);
  const asking = from.kind === 'internet' ? { ...from, address: source } : from;
  const question = { from: asking, source, destination, protocol, port, size, dontFragment, ttl };
  return { ...question, sourcePort: input.sourcePort ?? defaultSourcePort(question) };
}

function askerOf(network: Network, input: QuestionInput): Asker {
  const { from } = input;
  if (from === 'internet' || from.startsWith('internet:')) return outside(from);
  const place = placeInSite(network, from);
  if (place !== undefined) return onPremises(network, from, place);
  const record = interfaceOf(network, input, from);
  if (record === undefined) {
    const message = `'${from}' is no instance, network interface or internet address`;
    throw new QuestionError(400, 'InvalidParameterValue', message);
  }
  const addresses = [...record.addresses.map(({ address }) => address), ...record.ipv6Addresses];
  return {
    from: { kind: 'interface', id: record.id },
    record,
    sourceOf: (family) => {
      const source = primaryAddress(addresses, family);
      if (source === undefined) throw noAddress(record.id, family);
      return source;
    },
    anySource: (family) => primaryAddress(addresses, family) ?? addresses[0],
  };
}

function outside(from: string): Asker {
  const text = from.slice('internet:'.length);
  const given = from === 'internet' ? undefined : parseIp(text);
  if (from !== 'internet' && given === undefined) {
    throw new QuestionError(400, 'InvalidParameterValue', `'${text}' is no IP address`);
  }
  const sourceOf = (family: Family) => {
    if (given === undefined) return OUTSIDE[family];
    if (familyOf(given) === family) return given;
    throw noAddress(from, family);
  };
  return {
    from: { kind: 'internet', address: given ?? OUTSIDE[4] },
    record: undefined,
    sourceOf,
    anySource: (family) => given ?? OUTSIDE[family],
  };
}

interface SitePlace {
  readonly name: string;
  readonly address: Ip;
}

/** `site:NAME/ADDRESS`; undefined: another kind of place. */
function placeInSite({ model }: Network, text: string): SitePlace | undefined {
  if (!text.startsWith(SITE)) return undefined;
  const slash = text.lastIndexOf('/');
  const address = slash < 0 ? undefined : parseIp(text.slice(slash + 1));
  if (address === undefined) {
    const message = `'${text}' is not site:NAME/ADDRESS`;
    throw new QuestionError(400, 'InvalidParameterValue', message);
  }
  const name = text.slice(SITE.length, slash);
  const site = model.get('site', name);
  if (site === undefined) throw new QuestionError(404, 'NotFound', `There is no site '${name}'`);
  return { name, address };
}

const SITE = 'site:';

/** A host of a site, which has one address. */
function onPremises(network: Network, from: string, { name, address }: SitePlace): Asker {
  const { addresses } = hostConfig(network, { kind: 'site', name })!;
  if (!addresses.some((one) => ipEquals(one, address))) {
    throw new QuestionError(404, 'NotFound', `The site '${name}' has no ${formatIp(address)}`);
  }
  return {
    from: { kind: 'site', name },
    record: undefined,
    sourceOf: (family) => {
      if (familyOf(address) === family) return address;
      throw noAddress(from, family);
    },
    anySource: () => address,
  };
}

/** The interface an id names (an instance's is its primary one); undefined: not an id. */
function interfaceOf(
  network: Network,
  { account, region }: QuestionInput,
  id: string,
): NetworkInterface | undefined {
  const { model } = network;
  if (!/^(i|eni)-[0-9a-f]+$/.test(id)) return undefined;
  const record = id.startsWith('eni-')
    ? model.get('network-interface', id)
    : model
        .by('network-interface', 'instance', id)
        .find(({ attachment }) => attachment?.deviceIndex === 0);
  const foreign =
    (account !== undefined && record?.account !== account) ||
    (region !== undefined && record?.region !== region);
  if (record === undefined || foreign) {
    throw new QuestionError(404, 'NotFound', `There is no '${id}', or it has no network interface`);
  }
  return record;
}

function checkName(name: string): void {
  if (isHostName(name)) return;
  const message = `'${name}' is no address, id or name`;
  throw new QuestionError(400, 'InvalidParameterValue', message);
}

function noAddress(of: string, family: Family): QuestionError {
  return new QuestionError(400, 'InvalidParameterValue', `${of} has no IPv${family} address`);
}
