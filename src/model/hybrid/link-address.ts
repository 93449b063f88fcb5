/** The addresses at the two ends of a link: BGP is spoken between them (H-012, H-062, H-085). */
import { addressAt, type Cidr, cidr } from '../../net/cidr.ts';
import type { Ip } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { Link } from './link.ts';

/** One end of AWS's and the customer's, of one family. */
export interface LinkAddresses {
  readonly aws: Ip;
  readonly customer: Ip;
  /** Their common block. */
  readonly block: Cidr;
}

/** A tunnel's or a virtual interface's: one pair a family. A Connect peer's: two pairs a family. */
export function linkAddresses(link: Link): readonly LinkAddresses[] {
  switch (link.kind) {
    case 'vpn-tunnel': {
      const { insideCidr, insideIpv6Cidr } = link.tunnel;
      const blocks: Cidr[] = insideIpv6Cidr === undefined ? [] : [insideIpv6Cidr];
      return [insideCidr, ...blocks].map((block) => pair(block, 1, 2));
    }
    case 'virtual-interface':
      return link.virtualInterface.bgpPeers
        .filter(({ state }) => state === 'available')
        .map(({ amazonAddress, customerAddress }) => ({
          aws: amazonAddress.address,
          customer: customerAddress.address,
          // Theirs keep the host bits.
          block: cidr(amazonAddress.address, amazonAddress.length),
        }));
    case 'connect-peer': {
      const { insideCidr, insideIpv6Cidr } = link.peer;
      const blocks: Cidr[] = insideIpv6Cidr === undefined ? [] : [insideIpv6Cidr];
      return [insideCidr, ...blocks].flatMap((block) => [pair(block, 2, 1), pair(block, 3, 1)]);
    }
  }
}

function pair(block: Cidr, aws: number, customer: number): LinkAddresses {
  const at = block as Cidr<Ipv4 | Ipv6>;
  return { aws: addressAt(at, aws), customer: addressAt(at, customer), block };
}
