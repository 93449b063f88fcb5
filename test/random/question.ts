/** Random questions about a random cloud. */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { cidrFamily } from '../../src/net/cidr.ts';
import { addToIp, type Family, formatIp } from '../../src/net/ip.ts';
import type { Random } from '../../src/net/random.ts';
import type { QuestionInput } from '../../src/server/question.ts';
import { any, type Builder } from './builder.ts';
import { type Destination, destinationFor } from './destination.ts';
import { hasFamily, isIn, isOpen, isRunning } from './interface-state.ts';
import { randomName } from './name-question.ts';
import { publicAddress } from './public-address.ts';
import { fromSite } from './site-question.ts';
import { PORTS } from './traffic.ts';

type Draft = Pick<QuestionInput, 'from'> & Destination;

export function randomQuestion(builder: Builder): QuestionInput {
  const { random } = builder;
  const draft = random.chance(0.12)
    ? fromOutside(builder)
    : ((random.chance(0.1) ? fromSite(builder) : undefined) ?? fromInside(builder));
  const family = draft.to.includes(':') || draft.family === 6 ? 6 : 4;
  const protocol = random.pick(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'icmp', 'icmp'] as const);
  return {
    ...draft,
    ...(protocol === 'icmp' && random.chance(0.5) ? {} : { protocol }),
    ...(protocol === 'icmp' || random.chance(0.2) ? {} : { port: random.pick(PORTS) }),
    ...(random.chance(0.5) ? {} : { sourcePort: randomSourcePort(random) }),
    ...(random.chance(0.75) ? {} : { size: randomSize(random, protocol, family) }),
    ...(random.chance(0.8) ? {} : { dontFragment: random.chance(0.8) }),
    ...(random.chance(0.94) ? {} : { ttl: 1 + random.below(4) }),
  };
}

export function randomSourcePort(random: Random): number {
  const first = random.pick([1, 1024, 32768, 49152, 57000, 61001]);
  return first + random.below(4000);
}

/** Messages whose packets are about as large as some path carries. */
export function randomSize(random: Random, protocol: string, family: Family): number {
  if (random.chance(0.2)) return random.pick([1, 100, 20_000, 60_000]);
  const headers = (family === 4 ? 20 : 40) + (protocol === 'tcp' ? 20 : 8);
  const packet = random.pick([1500, 8500, 9001, 1446, 1422]) + random.pick([-1, 0, 1, 20, 40]);
  return packet - headers - 'openvpc?'.length;
}

function fromInside(builder: Builder): Draft {
  const { random } = builder;
  const asker = randomAsker(builder);
  if (asker === undefined) return fromOutside(builder);
  const families = ([4, 6] as const).filter((family) => hasFamily(asker, family));
  const family = families.length === 2 ? (random.chance(0.35) ? 6 : 4) : families[0]!;
  const { attachment } = asker;
  const from =
    attachment?.deviceIndex === 0 && random.chance(0.5) ? attachment.instanceId : asker.id;
  return { from, ...destinationFor(builder, asker, family) };
}

function randomAsker(builder: Builder): NetworkInterface | undefined {
  const { random } = builder;
  const stopped = random.chance(0.02);
  const open = random.chance(0.6);
  const canAsk = (eni: NetworkInterface) => hasFamily(eni, 4) || hasFamily(eni, 6);
  return (
    (open
      ? any(builder, 'network-interface', (eni) => canAsk(eni) && isOpen(builder, eni))
      : undefined) ??
    any(builder, 'network-interface', (eni) => canAsk(eni) && isRunning(builder, eni) !== stopped)
  );
}

/** Each with how often it asks. */
const OUTSIDERS = [
  ...Array<string>(8).fill('internet'),
  ...Array<string>(2).fill('internet:8.8.4.4'),
  'internet:10.0.0.9',
  'internet:100.64.0.9',
];

function fromOutside(builder: Builder): Draft {
  const { random } = builder;
  const from = random.pick(OUTSIDERS);
  const steered = from === 'internet' && random.chance(0.5) ? overEdge(builder) : undefined;
  if (steered !== undefined) return { from, ...steered };
  if (from === 'internet' && random.chance(0.5)) return fromOutside6(builder);
  const isPublic = ({ addresses }: NetworkInterface) =>
    addresses.some((own) => own.publicAddress !== undefined);
  const target =
    (random.chance(0.8)
      ? any(builder, 'network-interface', (eni) => isPublic(eni) && isOpen(builder, eni))
      : undefined) ?? any(builder, 'network-interface', (eni) => hasFamily(eni, 4))!;
  if (random.chance(0.6)) return { from, to: target.id };
  if (random.chance(0.1)) return { from, to: randomName(builder, target, 4) };
  if (random.chance(0.1)) return { from, to: '10.1.0.4' };
  return { from, to: publicAddress(builder) };
}

/** Somebody whom a gateway's own table leads to over an interface. */
function overEdge(builder: Builder): Destination | undefined {
  const { random, cloud } = builder;
  const family = random.pick([4, 6] as const);
  const route = any(builder, 'route', ({ routeTableId, target, destination }) => {
    if (target.kind !== 'network-interface' || cidrFamily(destination) !== family) return false;
    const associations = cloud.model.by('route-table-association', 'table', routeTableId);
    return associations.some(({ gatewayId }) => gatewayId !== undefined);
  });
  if (route === undefined) return undefined;
  const target = any(
    builder,
    'network-interface',
    (eni) => isIn(eni, route.destination) && isOpen(builder, eni),
  );
  return target && { to: target.id, ...(family === 6 ? { family } : {}) };
}

function fromOutside6(builder: Builder): Draft {
  const { random } = builder;
  const from = 'internet';
  const target = any(builder, 'network-interface', (eni) => hasFamily(eni, 6));
  if (target !== undefined && random.chance(0.6)) return { from, to: target.id, family: 6 };
  const [delegated] =
    any(builder, 'network-interface', ({ ipv6Prefixes }) => ipv6Prefixes.length > 0)
      ?.ipv6Prefixes ?? [];
  if (delegated !== undefined && random.chance(0.5)) {
    return { from, to: formatIp(addToIp(delegated.address, random.below(999))) };
  }
  const vpc = any(builder, 'vpc', ({ ipv6Cidrs }) => ipv6Cidrs.length > 0);
  if (vpc === undefined) return { from, to: publicAddress(builder) };
  const nobody = addToIp(vpc.ipv6Cidrs[0]!.cidr.address, 5 + random.below(1000));
  return { from, to: formatIp(nobody) };
}
