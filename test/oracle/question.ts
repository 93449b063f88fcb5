/** What is asked of the oracle, and where it begins and leads to (contract, "Question"). */
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { type Family, familyOf, type Ip, parseIp } from '../../src/net/ip.ts';
import { lookUp } from './name-server.ts';
import type { Ends, Place } from './packet.ts';
import { firstAddress, gatewayOf, type World } from './world.ts';

export interface OracleQuestion {
  readonly from: string;
  readonly to: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  /** The oracle does not know the default: take it from the answer it is compared with. */
  readonly sourcePort: number;
  readonly family?: Family;
  readonly size?: number;
  readonly dontFragment?: boolean;
  readonly ttl?: number;
}

const OUTSIDE = { 4: '198.51.100.1', 6: '2001:db8::1' } as const;

const SITE = 'site:';

/** Of `site:NAME/ADDRESS`. */
function addressIn(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** Where a question leads; where its name was asked in vain. */
export function endsOf(world: World, question: OracleQuestion): Ends | { readonly at: string } {
  const { from, to, family: wanted = 4 } = question;
  const asker = named(world, from);
  const literal = parseIp(to.startsWith(SITE) ? addressIn(to) : to);
  const target = literal === undefined ? named(world, to) : undefined;
  const inside = literal ?? (target ? addressOf(target, wanted) : lookUp(world, asker, to, wanted));
  if (inside === undefined) return { at: asker?.vpcId ?? 'internet' };
  const family = familyOf(inside);
  if (asker !== undefined) {
    const place: Place = { kind: 'interface', id: asker.id };
    return { from: place, source: addressOf(asker, family), destination: inside };
  }
  if (from.startsWith(SITE)) {
    const place: Place = { kind: 'site', name: from.slice(SITE.length, from.lastIndexOf('/')) };
    return { from: place, source: parseIp(addressIn(from))!, destination: inside };
  }
  const place: Place = { kind: 'internet' };
  const source = parseIp(from === 'internet' ? OUTSIDE[family] : from.slice('internet:'.length))!;
  if (target === undefined || family === 6) return { from: place, source, destination: inside };
  const { publicAddress } = target.addresses.find((own) => own.publicAddress !== undefined) ?? {};
  if (publicAddress !== undefined) return { from: place, source, destination: publicAddress };
  const gatewayId = gatewayOf(world, target.vpcId);
  return {
    from: place,
    source,
    destination: inside,
    ...(gatewayId === undefined ? {} : { gatewayId }),
  };
}

/** The interface an id names: an instance's is its primary one. */
function named({ model }: World, id: string): NetworkInterface | undefined {
  for (const eni of model.all('network-interface')) {
    if (eni.id === id) return eni;
    if (eni.attachment?.instanceId === id && eni.attachment.deviceIndex === 0) return eni;
  }
  return undefined;
}

function addressOf(eni: NetworkInterface, family: Family): Ip {
  const address = firstAddress(eni, family);
  if (address === undefined) throw new Error(`${eni.id} has no IPv${family} address`);
  return address;
}
