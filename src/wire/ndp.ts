/**
 * Neighbor discovery (RFC 4861 section 4): the messages' bodies, behind the ICMPv6 header.
 *
 *      Neighbor solicitation (135) and advertisement (136)
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |     Type      |     Code      |           Checksum            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |R|S|O (advertisement)          Reserved                        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                    Target Address (4 words)                   |
 *     |                          options …                            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *      Router solicitation (133): Reserved, options. Router advertisement (134):
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |     Type      |     Code      |           Checksum            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     | Cur Hop Limit |M|O|  Reserved |       Router Lifetime         |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                         Reachable Time                        |
 *     |                          Retrans Timer                        |
 *     |                          options …                            |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import { formatIpv6, type Ipv6, ipv6 } from '../net/ipv6.ts';
import type { Mac } from '../net/mac.ts';
import { read16, read32, readIpv6, write16, write32, writeIpv6 } from './bytes.ts';
import {
  emitNdpOptions,
  type NdpOptions,
  type NdpPrefix,
  ndpOptionsLength,
  parseNdpOptions,
} from './ndp-option.ts';

/** ICMPv6 types of neighbor discovery. */
export const NDP_TYPE = {
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
} as const;

const field = {
  flags: 4,
  currentHopLimit: 4,
  routerFlags: 5,
  routerLifetime: 6,
  target: 8,
  reachableTime: 8,
  retransTimer: 12,
} as const;

/** Bytes in front of the options, the ICMPv6 header included. */
const HEAD_LENGTH = {
  routerSolicitation: 8,
  routerAdvertisement: 16,
  neighborSolicitation: 24,
  neighborAdvertisement: 24,
} as const;

const FLAG = { router: 0x80, solicited: 0x40, override: 0x20 } as const;
const ROUTER_FLAG = { managed: 0x80, otherConfiguration: 0x40 } as const;

/** Targets are unicast addresses (RFC 4861 section 7.1). */
export type Ndp =
  | {
      readonly kind: 'neighborSolicitation';
      readonly target: Ipv6;
      readonly sourceLinkLayerAddress?: Mac;
    }
  | {
      readonly kind: 'neighborAdvertisement';
      readonly target: Ipv6;
      readonly router: boolean;
      readonly solicited: boolean;
      readonly override: boolean;
      readonly targetLinkLayerAddress?: Mac;
    }
  | { readonly kind: 'routerSolicitation'; readonly sourceLinkLayerAddress?: Mac }
  | RouterAdvertisement;

export interface RouterAdvertisement {
  readonly kind: 'routerAdvertisement';
  /** For the packets of the hosts; zero says nothing. */
  readonly currentHopLimit: number;
  /** Addresses come by DHCPv6. */
  readonly managed: boolean;
  readonly otherConfiguration: boolean;
  /** In seconds; zero: no default router. */
  readonly routerLifetime: number;
  /** In milliseconds; zero says nothing. */
  readonly reachableTime: number;
  /** In milliseconds; zero says nothing. */
  readonly retransTimer: number;
  readonly sourceLinkLayerAddress?: Mac;
  /** In bytes. */
  readonly mtu?: number;
  readonly prefixes: readonly NdpPrefix[];
}

type Kind = Ndp['kind'];

/** The kind of an ICMPv6 type; undefined when it is not of neighbor discovery. */
export function ndpKind(type: number): Kind | undefined {
  switch (type) {
    case NDP_TYPE.routerSolicitation:
      return 'routerSolicitation';
    case NDP_TYPE.routerAdvertisement:
      return 'routerAdvertisement';
    case NDP_TYPE.neighborSolicitation:
      return 'neighborSolicitation';
    case NDP_TYPE.neighborAdvertisement:
      return 'neighborAdvertisement';
    default:
      return undefined;
  }
}

/**
 * Parses the message whose ICMPv6 header begins at `offset`. Undefined when it is truncated, its
 * code is not zero, its target is a group or its options are malformed (RFC 4861 6.1, 7.1).
 */
export function parseNdp(
  kind: Kind,
  bytes: Uint8Array,
  offset: number,
  end: number,
): Ndp | undefined {
  const head = HEAD_LENGTH[kind];
  if (end - offset < head || bytes[offset + 1] !== 0) return undefined;
  const options = parseNdpOptions(bytes, offset + head, end);
  if (options === undefined) return undefined;
  switch (kind) {
    case 'routerSolicitation':
      return { kind, ...sourceOf(options) };
    case 'routerAdvertisement':
      return readRouter(bytes, offset, options);
    default:
      return bytes[offset + field.target] === 0xff
        ? undefined
        : readNeighbor(kind, bytes, offset, options);
  }
}

function sourceOf({ sourceLinkLayerAddress }: NdpOptions): Pick<NdpOptions, SourceKey> {
  return sourceLinkLayerAddress === undefined ? {} : { sourceLinkLayerAddress };
}
type SourceKey = 'sourceLinkLayerAddress';

function readNeighbor(
  kind: 'neighborSolicitation' | 'neighborAdvertisement',
  bytes: Uint8Array,
  offset: number,
  options: NdpOptions,
): Ndp {
  const target = readIpv6(bytes, offset + field.target);
  if (kind === 'neighborSolicitation') return { kind, target, ...sourceOf(options) };
  const flags = bytes[offset + field.flags]!;
  const { targetLinkLayerAddress } = options;
  return {
    kind,
    target,
    router: (flags & FLAG.router) !== 0,
    solicited: (flags & FLAG.solicited) !== 0,
    override: (flags & FLAG.override) !== 0,
    ...(targetLinkLayerAddress === undefined ? {} : { targetLinkLayerAddress }),
  };
}

function readRouter(bytes: Uint8Array, offset: number, options: NdpOptions): RouterAdvertisement {
  const flags = bytes[offset + field.routerFlags]!;
  return {
    kind: 'routerAdvertisement',
    currentHopLimit: bytes[offset + field.currentHopLimit]!,
    managed: (flags & ROUTER_FLAG.managed) !== 0,
    otherConfiguration: (flags & ROUTER_FLAG.otherConfiguration) !== 0,
    routerLifetime: read16(bytes, offset + field.routerLifetime),
    reachableTime: read32(bytes, offset + field.reachableTime),
    retransTimer: read32(bytes, offset + field.retransTimer),
    ...sourceOf(options),
    ...(options.mtu === undefined ? {} : { mtu: options.mtu }),
    prefixes: options.prefixes ?? [],
  };
}

/** Bytes of the whole message, the ICMPv6 header and the options included. */
export function ndpLength(message: Ndp): number {
  return HEAD_LENGTH[message.kind] + ndpOptionsLength(message);
}

/** Writes everything behind the checksum of the ICMPv6 header that begins at `offset`. */
export function emitNdp(message: Ndp, bytes: Uint8Array, offset: number): void {
  write32(bytes, offset + field.flags, 0);
  switch (message.kind) {
    case 'routerSolicitation':
      break;
    case 'routerAdvertisement':
      writeRouter(message, bytes, offset);
      break;
    case 'neighborAdvertisement':
      bytes[offset + field.flags] =
        (message.router ? FLAG.router : 0) |
        (message.solicited ? FLAG.solicited : 0) |
        (message.override ? FLAG.override : 0);
      writeIpv6(bytes, offset + field.target, message.target);
      break;
    case 'neighborSolicitation':
      writeIpv6(bytes, offset + field.target, message.target);
      break;
  }
  emitNdpOptions(message, bytes, offset + HEAD_LENGTH[message.kind]);
}

function writeRouter(message: RouterAdvertisement, bytes: Uint8Array, offset: number): void {
  bytes[offset + field.currentHopLimit] = message.currentHopLimit;
  bytes[offset + field.routerFlags] =
    (message.managed ? ROUTER_FLAG.managed : 0) |
    (message.otherConfiguration ? ROUTER_FLAG.otherConfiguration : 0);
  write16(bytes, offset + field.routerLifetime, message.routerLifetime);
  write32(bytes, offset + field.reachableTime, message.reachableTime);
  write32(bytes, offset + field.retransTimer, message.retransTimer);
}

/** As tcpdump writes it, without `ICMP6, ` in front and the length behind. */
export function formatNdp(message: Ndp): string {
  switch (message.kind) {
    case 'routerSolicitation':
      return 'router solicitation';
    case 'routerAdvertisement':
      return 'router advertisement';
    case 'neighborSolicitation':
      return `neighbor solicitation, who has ${formatIpv6(message.target)}`;
    case 'neighborAdvertisement':
      return `neighbor advertisement, tgt is ${formatIpv6(message.target)}`;
  }
}

/** The group that solicitations for an address are sent to (RFC 4291 section 2.7.1). */
export function solicitedNode(address: Ipv6): Ipv6 {
  return ipv6(0xff020000, 0, 1, 0xff000000 | (address[3] & 0xffffff));
}
