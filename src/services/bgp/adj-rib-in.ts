/** What one peer has announced: its paths by prefix, and which of its routes are taken at all. */
import { containsIp } from '../../net/cidr.ts';
import { type Family, type Ip, ipEquals } from '../../net/ip.ts';
import { asPathLength, neighborAs, pathHolds } from '../../wire/bgp/as-path.ts';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';
import type { Reach } from '../../wire/bgp/read-attributes.ts';
import type { Update } from '../../wire/bgp/update.ts';
import type { Agreement } from './agreement.ts';
import type { AttributeTable } from './attribute-table.ts';
import type { PeerConfiguration, SpeakerConfiguration } from './configuration.ts';
import type { Destination, DestinationTable } from './destination.ts';
import type { ExportRules } from './export.ts';
import { BGP_LIMITS, LOCAL_PREFERENCE } from './limits.ts';
import type { Path } from './path.ts';

/** What all peers of a speaker share. */
export interface SharedTables {
  readonly speaker: SpeakerConfiguration;
  readonly destinations: DestinationTable;
  readonly attributes: AttributeTable;
  readonly exports: ExportRules;
  /** Whether the peer of this name is of our own AS. */
  readonly isInternal: (peer: string) => boolean;
  /** Hears of every path that a peer's table has now; undefined: it has none any more. */
  readonly learned: (peer: string, destination: Destination, path: Path | undefined) => void;
  /** Hears of every destination whose best paths are others now. */
  readonly changed: (destination: Destination) => void;
  /** Hears of a destination that a peer is no longer told of: nobody may need it any more. */
  readonly released: (destination: Destination) => void;
}

export class AdjRibIn {
  readonly #name: string;
  readonly #peer: PeerConfiguration;
  readonly #shared: SharedTables;
  readonly #paths = new Map<Destination, Path>();
  readonly #counts: Record<Family, number> = { 4: 0, 6: 0 };

  constructor(name: string, peer: PeerConfiguration, shared: SharedTables) {
    this.#name = name;
    this.#peer = peer;
    this.#shared = shared;
  }

  /** Accepted prefixes of a family. */
  count(family: Family): number {
    return this.#counts[family];
  }

  entries(): Iterable<readonly [Destination, Path]> {
    return this.#paths;
  }

  /**
   * Takes an UPDATE over. First what is withdrawn: a prefix that is announced as well stays
   * (H-105). Families that were not agreed on are passed over.
   */
  apply({ unreach, reach, attributes }: Update, agreement: Agreement): void {
    for (const { family, prefixes } of unreach) {
      if (!agreement.families.includes(family)) continue;
      for (const prefix of prefixes) this.#remove(this.#shared.destinations.find(prefix));
    }
    if (attributes === undefined) return;
    for (const one of reach) {
      if (!agreement.families.includes(one.family)) continue;
      const path = this.#accept(one, attributes, agreement);
      for (const prefix of one.prefixes) {
        // A route that is not taken replaces the one before all the same (H-101).
        if (path === undefined) this.#remove(this.#shared.destinations.find(prefix));
        else this.#set(this.#shared.destinations.at(prefix), path);
      }
    }
  }

  /** The session is over: everything is gone (H-088). */
  clear(): void {
    for (const destination of [...this.#paths.keys()]) this.#remove(destination);
  }

  /** The family of which there are more prefixes than the configuration allows. */
  overLimit(): { readonly family: Family; readonly limit: number } | undefined {
    for (const family of [4, 6] as const) {
      const limit = this.#peer.prefixLimits?.[family] ?? BGP_LIMITS.prefixesMax;
      if (this.#counts[family] > limit) return { family, limit };
    }
    return undefined;
  }

  #set(destination: Destination, path: Path): void {
    const old = this.#paths.get(destination);
    if (old !== undefined && samePath(old, path)) return;
    this.#paths.set(destination, path);
    if (old === undefined) this.#counts[destination.family]++;
    this.#shared.learned(this.#name, destination, path);
    if (destination.replace(old, path)) this.#shared.changed(destination);
  }

  #remove(destination: Destination | undefined): void {
    const old = destination && this.#paths.get(destination);
    if (destination === undefined || old === undefined) return;
    this.#paths.delete(destination);
    this.#counts[destination.family]--;
    this.#shared.learned(this.#name, destination, undefined);
    if (destination.replace(old, undefined)) this.#shared.changed(destination);
  }

  /** The path that routes with these attributes have; undefined when they are not taken. */
  #accept(reach: Reach, received: PathAttributes, agreement: Agreement): Path | undefined {
    const { internal, identifier } = agreement;
    if (!this.#isUsable(reach.nextHop, received, internal)) return undefined;
    const attributes = this.#shared.attributes.unique(received);
    return {
      peer: this.#name,
      internal,
      attributes,
      nextHop: reach.nextHop,
      ...(reach.linkLocal !== undefined && { linkLocal: reach.linkLocal }),
      localPreference: this.#localPreference(attributes, internal),
      med: attributes.med ?? this.#peer.defaultMed ?? 0,
      length: asPathLength(attributes.asPath),
      neighborAs: neighborAs(attributes.asPath) ?? 0,
      identifier,
      address: this.#peer.address,
    };
  }

  #isUsable(nextHop: Ip, { asPath }: PathAttributes, internal: boolean): boolean {
    const { nextHops, sharedSubnets, anyFirstAs, externalOriginOnly, asn } = this.#peer;
    // H-101: we have had this route.
    if (pathHolds(asPath, this.#shared.speaker.asn)) return false;
    const own = [nextHops[4], nextHops[6]];
    // H-102
    if (own.some((address) => address !== undefined && ipEquals(address, nextHop))) return false;
    // C-095
    if (internal) return !(externalOriginOnly && asPath.length === 0);
    if (sharedSubnets !== undefined && !sharedSubnets.some((net) => containsIp(net, nextHop))) {
      return false;
    }
    // RFC 4271 section 6.3, H-101
    return anyFirstAs === true || neighborAs(asPath) === asn;
  }

  #localPreference(attributes: PathAttributes, internal: boolean): number {
    if (internal) return attributes.localPreference ?? LOCAL_PREFERENCE;
    const { localPreference = LOCAL_PREFERENCE } = this.#peer;
    return typeof localPreference === 'number' ? localPreference : localPreference(attributes);
  }
}

/** Whether a peer has only said again what it said before. */
function samePath(a: Path, b: Path): boolean {
  return (
    a.attributes === b.attributes &&
    ipEquals(a.nextHop, b.nextHop) &&
    (a.linkLocal === b.linkLocal ||
      (a.linkLocal !== undefined &&
        b.linkLocal !== undefined &&
        ipEquals(a.linkLocal, b.linkLocal)))
  );
}
