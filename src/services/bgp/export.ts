/** What a route looks like to the peer that it is told to (RFC 4271 section 5.1; H-103). */
import type { Cidr } from '../../net/cidr.ts';
import { type Family, type Ip, isIpv4 } from '../../net/ip.ts';
import { ipv6 } from '../../net/ipv6.ts';
import { prependAs } from '../../wire/bgp/as-path.ts';
import { COMMUNITY, type PathAttributes } from '../../wire/bgp/path-attributes.ts';
import type { AttributeTable } from './attribute-table.ts';
import type { PeerConfiguration, SpeakerConfiguration } from './configuration.ts';
import { LOCAL_PREFERENCE } from './limits.ts';
import type { Path } from './path.ts';

/** A route that a peer is to be told. */
export interface Advertisement {
  readonly prefix: Cidr;
  /**
   * As they are before our AS is put in front: an empty AS path for a route of our own, the
   * received one for a route that is passed on. MED as the peer is to see it.
   */
  readonly attributes: PathAttributes;
  /** The peer it was learned from: it is not told back (split horizon). */
  readonly learnedFrom?: string;
  /** Our own address unless given. */
  readonly nextHop?: Ip;
}

/** A prefix that a peer is to be told otherwise now; without a route no more. */
export interface AdvertisementChange {
  readonly prefix: Cidr;
  readonly route: Advertisement | undefined;
}

/** How a route goes out: attributes as the peer sees them. */
export interface OutRoute {
  readonly attributes: PathAttributes;
  readonly nextHop: Ip;
}

/** Rewrites attributes for all peers that are to see them alike, each once. */
class Rewriter {
  readonly #asn: number;
  readonly #internal: boolean;
  /** How often our AS is put in front. */
  readonly #times: number;
  readonly #table: AttributeTable;
  readonly #given = new WeakMap<object, PathAttributes>();
  readonly #relayed = new WeakMap<object, PathAttributes>();

  constructor(asn: number, internal: boolean, times: number, table: AttributeTable) {
    this.#asn = asn;
    this.#internal = internal;
    this.#times = times;
    this.#table = table;
  }

  given(attributes: PathAttributes): PathAttributes {
    return this.#given.get(attributes) ?? this.#remember(this.#given, attributes, attributes);
  }

  relayed(path: Path): PathAttributes {
    const { attributes, localPreference } = path;
    // The preference is the path's, the rest its attributes', which many paths share.
    const key = this.#internal ? path : attributes;
    const known = this.#relayed.get(key);
    if (known !== undefined) return known;
    // RFC 4271 section 5.1.4: another AS's MED is for us alone.
    const { med: _, ...withoutMed } = attributes;
    const source = this.#internal ? { ...attributes, localPreference } : withoutMed;
    return this.#remember(this.#relayed, key, source);
  }

  #remember(
    cache: WeakMap<object, PathAttributes>,
    key: object,
    source: PathAttributes,
  ): PathAttributes {
    const made = this.#table.unique(this.#rewritten(source));
    cache.set(key, made);
    return made;
  }

  #rewritten(source: PathAttributes): PathAttributes {
    if (this.#internal) return { localPreference: LOCAL_PREFERENCE, ...source };
    const { localPreference: _, ...attributes } = source;
    return { ...attributes, asPath: prependAs(source.asPath, this.#asn, this.#times) };
  }
}

/** What peers may be told, and how; what equals for several peers is made once. */
export class ExportRules {
  readonly #asn: number;
  readonly #table: AttributeTable;
  readonly #rewriters = new Map<number, Rewriter>();

  constructor({ asn }: SpeakerConfiguration, table: AttributeTable) {
    this.#asn = asn;
    this.#table = table;
  }

  for(peer: PeerConfiguration): Exporter {
    const internal = peer.asn === this.#asn;
    const times = internal ? 0 : 1 + (peer.prepend ?? 0);
    let rewriter = this.#rewriters.get(times);
    if (rewriter === undefined) {
      rewriter = new Rewriter(this.#asn, internal, times, this.#table);
      this.#rewriters.set(times, rewriter);
    }
    return new Exporter(peer, internal, rewriter);
  }
}

export class Exporter {
  readonly #peer: PeerConfiguration;
  readonly #internal: boolean;
  readonly #rewriter: Rewriter;
  /** Many prefixes of one path come one after the other. */
  #last: { readonly path: Path; readonly route: OutRoute } | undefined;

  constructor(peer: PeerConfiguration, internal: boolean, rewriter: Rewriter) {
    this.#peer = peer;
    this.#internal = internal;
    this.#rewriter = rewriter;
  }

  /** A route that the owner of the speaker tells; undefined when this peer may not have it. */
  given({ attributes, nextHop, prefix }: Advertisement): OutRoute | undefined {
    if (!this.#mayTell(attributes)) return undefined;
    const hop = nextHop ?? this.#ownNextHop(isIpv4(prefix.address) ? 4 : 6);
    return hop && { attributes: this.#rewriter.given(attributes), nextHop: hop };
  }

  /** A learned route that is passed on; undefined when this peer may not have it. */
  relayed(path: Path, family: Family): OutRoute | undefined {
    // What is learned inside the AS is known there (RFC 4271 section 9.2).
    if (path.internal && this.#internal) return undefined;
    if (this.#last?.path === path) return this.#last.route;
    if (!this.#mayTell(path.attributes)) return undefined;
    const keeps = this.#internal && !this.#peer.nextHopSelf;
    const hop = keeps ? path.nextHop : this.#ownNextHop(family);
    if (hop === undefined) return undefined;
    const route = { attributes: this.#rewriter.relayed(path), nextHop: hop };
    this.#last = { path, route };
    return route;
  }

  /** RFC 1997 */
  #mayTell({ communities }: PathAttributes): boolean {
    if (communities === undefined) return true;
    if (communities.includes(COMMUNITY.noAdvertise)) return false;
    const { noExport, noExportSubconfed } = COMMUNITY;
    return (
      this.#internal || !(communities.includes(noExport) || communities.includes(noExportSubconfed))
    );
  }

  /** Over an IPv4 session IPv6 routes may have the IPv4 address, mapped (H-106). */
  #ownNextHop(family: Family): Ip | undefined {
    const { nextHops } = this.#peer;
    const own = nextHops[family];
    if (own !== undefined || family === 4 || nextHops[4] === undefined) return own;
    return ipv6(0, 0, 0xffff, nextHops[4]);
  }
}
