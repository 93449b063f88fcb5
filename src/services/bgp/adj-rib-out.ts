/** What one peer is told: what it should know, what it has been told, and the messages between. */

import type { Cidr } from '../../net/cidr.ts';
import { type Family, ipEquals } from '../../net/ip.ts';
import type { AsnWidth } from '../../wire/bgp/as-path.ts';
import { packReach, packUnreach } from '../../wire/bgp/pack.ts';
import type { PathAttributes } from '../../wire/bgp/path-attributes.ts';
import { encodeEndOfRib } from '../../wire/bgp/update.ts';
import type { SharedTables } from './adj-rib-in.ts';
import type { Agreement } from './agreement.ts';
import type { PeerConfiguration } from './configuration.ts';
import type { Destination } from './destination.ts';
import type { Advertisement, Exporter, OutRoute } from './export.ts';

/** Prefixes that one message can announce together. */
interface Group {
  readonly route: OutRoute;
  readonly family: Family;
  readonly destinations: Destination[];
}

export class AdjRibOut {
  readonly #name: string;
  readonly #peer: PeerConfiguration;
  readonly #shared: SharedTables;
  readonly #exporter: Exporter;
  #given = new Map<Destination, Advertisement>();
  readonly #sent = new Map<Destination, OutRoute>();
  /** Where what was told may differ from what should be; empty without a session. */
  readonly #pending = new Set<Destination>();
  #agreement: Agreement | undefined;

  constructor(name: string, peer: PeerConfiguration, shared: SharedTables) {
    this.#name = name;
    this.#peer = peer;
    this.#shared = shared;
    this.#exporter = shared.exports.for(peer);
  }

  /** What the peer has been told. */
  entries(): Iterable<readonly [Destination, OutRoute]> {
    return this.#sent;
  }

  /** Whether it holds something of this prefix. */
  uses(destination: Destination): boolean {
    return this.#given.has(destination) || this.#sent.has(destination);
  }

  /** Replaces what the peer is to be told. */
  give(routes: readonly Advertisement[]): void {
    const before = this.#given;
    this.#given = new Map();
    for (const route of routes) this.#set(route);
    for (const destination of before.keys()) {
      if (this.#given.has(destination)) continue;
      this.touch(destination);
      this.#shared.released(destination);
    }
  }

  /** The same for one prefix; without a route it is told no more. */
  change(prefix: Cidr, route: Advertisement | undefined): void {
    if (route !== undefined) this.#set(route);
    else {
      const destination = this.#shared.destinations.find(prefix);
      if (destination === undefined || !this.#given.delete(destination)) return;
      this.touch(destination);
      this.#shared.released(destination);
    }
  }

  #set(route: Advertisement): void {
    const { destinations, attributes } = this.#shared;
    const destination = destinations.at(route.prefix);
    this.#given.set(destination, { ...route, attributes: attributes.unique(route.attributes) });
    this.touch(destination);
  }

  /** The prefix's best path has changed. */
  follow(destination: Destination): void {
    if (this.#peer.relay) this.touch(destination);
  }

  /** What the peer should know of the prefix may have changed. */
  touch(destination: Destination): void {
    if (this.#agreement !== undefined) this.#pending.add(destination);
  }

  /** A session begins: everything is to be told. Returns the messages, each table's end marked. */
  begin(agreement: Agreement): Uint8Array[] {
    this.#agreement = agreement;
    for (const destination of this.#given.keys()) this.#pending.add(destination);
    if (this.#peer.relay) {
      for (const destination of this.#shared.destinations) {
        if (destination.best.length > 0) this.#pending.add(destination);
      }
    }
    // H-108
    return [...this.flush(), ...agreement.families.map(encodeEndOfRib)];
  }

  /** The session is over. */
  end(): void {
    for (const destination of this.#sent.keys()) this.#shared.released(destination);
    this.#agreement = undefined;
    this.#sent.clear();
    this.#pending.clear();
  }

  /** All of a family is to be told again (H-107). */
  again(family: Family): void {
    for (const destination of [...this.#sent.keys()]) {
      if (destination.family !== family) continue;
      this.#sent.delete(destination);
      this.#pending.add(destination);
    }
  }

  /** The messages that bring the peer up to date: what goes first, then what comes. */
  flush(): Uint8Array[] {
    if (this.#agreement === undefined || this.#pending.size === 0) return [];
    const { asnWidth, families } = this.#agreement;
    const gone: Record<Family, Cidr[]> = { 4: [], 6: [] };
    const groups = new Groups();
    for (const destination of this.#pending) {
      const wanted = families.includes(destination.family) && this.#wanted(destination);
      if (wanted) {
        const sent = this.#sent.get(destination);
        if (sent === undefined || !sameRoute(sent, wanted)) groups.add(destination, wanted);
      } else if (this.#sent.delete(destination)) {
        gone[destination.family].push(destination.prefix);
      }
    }
    this.#pending.clear();
    const announcing = groups.all.flatMap((group) => this.#announce(group, asnWidth, gone));
    const withdrawing = ([4, 6] as const).flatMap((family) =>
      packUnreach({ family, prefixes: gone[family] }),
    );
    return [...withdrawing, ...announcing];
  }

  #wanted(destination: Destination): OutRoute | undefined {
    const given = this.#given.get(destination);
    if (given !== undefined) return this.#mayHear(given) ? this.#exporter.given(given) : undefined;
    const [best] = destination.best;
    if (!this.#peer.relay || best === undefined || best.peer === this.#name) return undefined;
    return this.#exporter.relayed(best, destination.family);
  }

  /** Split horizon; and what is learned inside the AS is known there (H-103). */
  #mayHear({ learnedFrom }: Advertisement): boolean {
    if (learnedFrom === undefined) return true;
    const { isInternal } = this.#shared;
    return learnedFrom !== this.#name && !(isInternal(learnedFrom) && isInternal(this.#name));
  }

  /** Routes whose attributes fill a message cannot be told: the old ones go (RFC 4271 9.2). */
  #announce(group: Group, width: AsnWidth, gone: Record<Family, Cidr[]>): Uint8Array[] {
    const { family, route, destinations } = group;
    const { nextHop } = route;
    const prefixes = destinations.map(({ prefix }) => prefix);
    const encoded = this.#shared.attributes.encoded(route.attributes, width);
    const messages = packReach({ family, nextHop, prefixes }, encoded);
    for (const destination of destinations) {
      if (messages !== undefined) this.#sent.set(destination, route);
      else if (this.#sent.delete(destination)) gone[family].push(destination.prefix);
    }
    return messages ?? [];
  }
}

class Groups {
  readonly all: Group[] = [];
  readonly #byAttributes = new Map<PathAttributes, Group[]>();
  #last: Group | undefined;

  add(destination: Destination, route: OutRoute): void {
    const { family } = destination;
    if (this.#last?.route !== route || this.#last.family !== family) {
      this.#last = this.#find(family, route);
    }
    this.#last.destinations.push(destination);
  }

  #find(family: Family, route: OutRoute): Group {
    const alike = this.#byAttributes.get(route.attributes) ?? [];
    const known = alike.find((one) => one.family === family && sameRoute(one.route, route));
    if (known !== undefined) return known;
    const made: Group = { route, family, destinations: [] };
    this.all.push(made);
    this.#byAttributes.set(route.attributes, [...alike, made]);
    return made;
  }
}

function sameRoute(a: OutRoute, b: OutRoute): boolean {
  if (a === b) return true;
  return a.attributes === b.attributes && ipEquals(a.nextHop, b.nextHop);
}
