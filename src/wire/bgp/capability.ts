/**
 * Capabilities of a speaker, in an OPEN's optional parameter of type 2 (RFC 5492).
 *
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 *     |     Code      |    Length     |  value
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 *
 *     1   multiprotocol (RFC 4760)       AFI (2), reserved (1), SAFI (1)
 *     2   route refresh (RFC 2918)       nothing
 *     64  graceful restart (RFC 4724)    flags (4 bits), restart time (12 bits),
 *                                        then AFI (2), SAFI (1), flags (1) of each family
 *     65  four-octet AS (RFC 6793)       AS (4)
 */
import { read16, read32, toHex, write16, write32 } from '../bytes.ts';
import { type AfiSafi, formatAfiSafi } from './family.ts';

const CODE = { multiprotocol: 1, routeRefresh: 2, gracefulRestart: 64, fourOctetAs: 65 } as const;
const HEADER = 2;
const RESTARTING = 0x80;
const FORWARDING = 0x80;

export interface GracefulRestart {
  /** The speaker has just restarted. */
  readonly restarting: boolean;
  /** How long its routes may be kept, in seconds: 0 to 4095. */
  readonly restartSeconds: number;
  readonly families: readonly (AfiSafi & { readonly forwarding: boolean })[];
}

/** What a speaker says that it can do; of one said twice the last counts (RFC 5492 section 4). */
export interface Capabilities {
  /** Each once; none at all means IPv4 unicast (RFC 4760 section 8). */
  readonly families: readonly AfiSafi[];
  readonly routeRefresh: boolean;
  /** The speaker's AS number, where it takes those of four bytes. */
  readonly fourOctetAs?: number;
  readonly gracefulRestart?: GracefulRestart;
  /** Of those that are not read here. */
  readonly others: readonly { readonly code: number; readonly value: Uint8Array }[];
}

export const NO_CAPABILITIES: Capabilities = { families: [], routeRefresh: false, others: [] };

/**
 * `before` and what `[offset, end)` adds to it; undefined when a capability overruns its parameter
 * or a known one has another length than its own.
 */
export function readCapabilities(
  bytes: Uint8Array,
  offset: number,
  end: number,
  before: Capabilities,
): Capabilities | undefined {
  let capabilities: Capabilities | undefined = before;
  for (let at = offset; at < end && capabilities !== undefined; ) {
    const start = at + HEADER;
    if (start > end) return undefined;
    const stop = start + bytes[at + 1]!;
    if (stop > end) return undefined;
    capabilities = withCapability(capabilities, bytes[at]!, bytes.subarray(start, stop));
    at = stop;
  }
  return capabilities;
}

function withCapability(
  capabilities: Capabilities,
  code: number,
  value: Uint8Array,
): Capabilities | undefined {
  switch (code) {
    case CODE.multiprotocol:
      return value.length === 4 ? withFamily(capabilities, value) : undefined;
    case CODE.routeRefresh:
      return value.length === 0 ? { ...capabilities, routeRefresh: true } : undefined;
    case CODE.gracefulRestart: {
      const gracefulRestart = readGracefulRestart(value);
      return gracefulRestart && { ...capabilities, gracefulRestart };
    }
    case CODE.fourOctetAs:
      if (value.length !== 4) return undefined;
      return { ...capabilities, fourOctetAs: read32(value, 0) };
    default:
      return { ...capabilities, others: [...capabilities.others, { code, value }] };
  }
}

function withFamily(capabilities: Capabilities, value: Uint8Array): Capabilities {
  const { families } = capabilities;
  const afi = read16(value, 0);
  const safi = value[3]!;
  if (families.some((one) => one.afi === afi && one.safi === safi)) return capabilities;
  return { ...capabilities, families: [...families, { afi, safi }] };
}

function readGracefulRestart(value: Uint8Array): GracefulRestart | undefined {
  if (value.length < 2 || (value.length - 2) % 4 !== 0) return undefined;
  const families: (AfiSafi & { forwarding: boolean })[] = [];
  for (let at = 2; at < value.length; at += 4) {
    const forwarding = (value[at + 3]! & FORWARDING) !== 0;
    families.push({ afi: read16(value, at), safi: value[at + 2]!, forwarding });
  }
  return {
    restarting: (value[0]! & RESTARTING) !== 0,
    restartSeconds: read16(value, 0) & 0x0fff,
    families,
  };
}

/** The capabilities as bytes: what the optional parameter holds. */
export function encodeCapabilities(capabilities: Capabilities): Uint8Array {
  const { families, routeRefresh, fourOctetAs, gracefulRestart, others } = capabilities;
  const parts: number[] = [];
  const put = (code: number, value: Iterable<number>) => {
    const octets = [...value];
    parts.push(code, octets.length, ...octets);
  };
  for (const { afi, safi } of families) put(CODE.multiprotocol, [afi >>> 8, afi & 0xff, 0, safi]);
  if (routeRefresh) put(CODE.routeRefresh, []);
  if (gracefulRestart !== undefined) put(CODE.gracefulRestart, restartOctets(gracefulRestart));
  if (fourOctetAs !== undefined) {
    const value = new Uint8Array(4);
    write32(value, 0, fourOctetAs);
    put(CODE.fourOctetAs, value);
  }
  for (const { code, value } of others) put(code, value);
  return Uint8Array.from(parts);
}

function restartOctets({ restarting, restartSeconds, families }: GracefulRestart): Uint8Array {
  const value = new Uint8Array(2 + families.length * 4);
  write16(value, 0, restartSeconds & 0x0fff);
  if (restarting) value[0]! |= RESTARTING;
  for (const [index, { afi, safi, forwarding }] of families.entries()) {
    const at = 2 + index * 4;
    write16(value, at, afi);
    value[at + 2] = safi;
    value[at + 3] = forwarding ? FORWARDING : 0;
  }
  return value;
}

export function formatCapabilities(capabilities: Capabilities): string {
  const { families, routeRefresh, fourOctetAs, gracefulRestart, others } = capabilities;
  const parts = families.map(formatAfiSafi);
  if (routeRefresh) parts.push('route refresh');
  if (gracefulRestart) parts.push(`graceful restart ${gracefulRestart.restartSeconds}s`);
  if (fourOctetAs !== undefined) parts.push(`four-octet AS ${fourOctetAs}`);
  for (const { code, value } of others) parts.push(`capability ${code} ${toHex(value)}`.trim());
  return parts.join(', ');
}
