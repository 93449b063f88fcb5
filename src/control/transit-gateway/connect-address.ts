/** The addresses that a new Connect peer gets or is refused (C-091 to C-093). */
import { type AwsError, awsError } from '../../model/error.ts';
import {
  type ConnectPeer,
  type ConnectPeerInside,
  type ConnectPeerOutside,
  insideBlockFault,
  insideHolder,
  outsideHolder,
} from '../../model/transit-gateway/connect-peer.ts';
import type { TransitGateway } from '../../model/transit-gateway/transit-gateway.ts';
import {
  addressAt,
  type Cidr,
  type Cidr4,
  type Cidr6,
  cidrFamily,
  cidrSize,
  containsIp,
  formatCidr,
  isCidr4,
} from '../../net/cidr.ts';
import { type Family, familyOf, formatIp, type Ip, ipEquals, ipKey } from '../../net/ip.ts';

/**
 * One IPv4 block, and perhaps one of IPv6.
 * @throws AwsError InvalidParameterValue (C-091, C-092)
 */
export function chosenInside(
  rivals: readonly ConnectPeer[],
  blocks: readonly Cidr[],
): ConnectPeerInside {
  for (const block of blocks) {
    const fault = insideBlockFault(block);
    if (fault !== undefined) throw badInside(formatCidr(block), fault);
    const holder = insideHolder(rivals, block);
    if (holder !== undefined) throw badInside(formatCidr(block), `It is in use by ${holder.id}.`);
  }
  const ipv4 = blocks.filter(isCidr4);
  const ipv6 = blocks.filter((block): block is Cidr6 => !isCidr4(block));
  if (ipv4.length !== 1 || ipv6.length > 1) {
    const shown = blocks.map(formatCidr).join(', ');
    throw badInside(shown, 'It must be one IPv4 block, and at most one IPv6 block.');
  }
  const [insideCidr] = ipv4 as [Cidr4];
  return { insideCidr, ...(ipv6[0] !== undefined && { insideIpv6Cidr: ipv6[0] }) };
}

function badInside(shown: string, why: string): AwsError {
  return badValue('insideCidrBlocks', shown, why);
}

interface AskedOutside {
  readonly transitGatewayAddress?: Ip;
  readonly peerAddress: Ip;
}

/**
 * @throws AwsError InvalidParameterValue (C-093), IncorrectState where the gateway has no address
 *   to give
 */
export function chosenOutside(
  gateway: TransitGateway,
  rivals: readonly ConnectPeer[],
  { transitGatewayAddress: asked, peerAddress }: AskedOutside,
): ConnectPeerOutside {
  if (asked !== undefined) checkOwn(gateway, asked, peerAddress);
  const family = familyOf(peerAddress);
  const transitGatewayAddress = asked ?? firstFree(gateway, rivals, family);
  if (ipEquals(transitGatewayAddress, peerAddress)) {
    throw badValue('peerAddress', formatIp(peerAddress), 'It is that of the transit gateway.');
  }
  const pair = { transitGatewayAddress, peerAddress };
  const holder = outsideHolder(rivals, pair);
  if (holder === undefined) return pair;
  const own = formatIp(transitGatewayAddress);
  const why = `${holder.id} has it already with the transit gateway address ${own}.`;
  throw badValue('peerAddress', formatIp(peerAddress), why);
}

/** C-093: from one of the gateway's blocks, and of the peer's family. */
function checkOwn({ id, options }: TransitGateway, address: Ip, peerAddress: Ip): void {
  const bad = (why: string) => badValue('transitGatewayAddress', formatIp(address), why);
  if (familyOf(address) !== familyOf(peerAddress)) {
    throw bad(`It and ${formatIp(peerAddress)} must be of one family.`);
  }
  if (!options.cidrBlocks.some((block) => containsIp(block, address))) {
    throw bad(`It is in no CIDR block of ${id}.`);
  }
}

/** C-093: the first that no peer has, without those that a subnet would keep. */
function firstFree(
  { id, options }: TransitGateway,
  rivals: readonly ConnectPeer[],
  family: Family,
): Ip {
  const taken = new Set(rivals.map((peer) => ipKey(peer.transitGatewayAddress)));
  for (const block of options.cidrBlocks) {
    if (cidrFamily(block) !== family) continue;
    const last = cidrSize(block) - 2;
    for (let offset = 1; offset <= last; offset += 1) {
      const address = addressAt(block, offset);
      if (!taken.has(ipKey(address))) return address;
    }
  }
  const message = `${id} has no free IPv${family} address in its CIDR blocks.`;
  throw awsError('IncorrectState', message);
}

function badValue(parameter: string, value: string, why: string): AwsError {
  const message = `Value (${value}) for parameter ${parameter} is invalid. ${why}`;
  return awsError('InvalidParameterValue', message);
}
