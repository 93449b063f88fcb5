/**
 * Linux interfaces as the data plane of sites (contract, "The world outside"): what is for a site's
 * prefixes leaves by its tap, what the tap sends enters the site's router. The hosts that openvpc
 * plays stay where they are, and those that packets from a tap reach answer.
 */
import type { Network } from '../../fabric/compile/state.ts';
import { type Endpoint, serviceMac } from '../../fabric/endpoint.ts';
import { hostConfig } from '../../fabric/host-config.ts';
import type { openTap } from '../../guests/tap.ts';
import { awsError } from '../../model/error.ts';
import type { Site } from '../../model/hybrid/site.ts';
import { isBehindSite } from '../../model/hybrid/site-route.ts';
import type { Change } from '../../model/schema.ts';
import { type Ip, ipKey } from '../../net/ip.ts';
import { isGroupMac } from '../../net/mac.ts';
import { EthernetView } from '../../wire/ethernet.ts';
import { StandingHosts } from '../standing-hosts.ts';
import { destinationOf, TapLink } from './tap-link.ts';

/** Hosts that answer to what comes by taps; past that the oldest begins anew. */
const HOSTS_MAX = 4096;
/**
 * Frames that hosts send because of one frame of a tap's. Two echo services that answer each other,
 * where a sender's address is forged, would never end.
 */
const FRAMES_MAX = 1024;

export interface SiteTapsOptions {
  /** The fabric's own copy of what exists. */
  readonly network: Network;
  /** Takes a frame, and carries all that wait. */
  readonly send: (from: Endpoint, frame: Uint8Array) => void;
  readonly drain: () => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly setTimer: (millis: number, callback: () => void) => () => void;
  /** Unsigned 32-bit numbers. */
  readonly random: () => number;
  readonly openTap: typeof openTap;
  /** A site has a tap that cannot be opened: it goes on without. */
  readonly onFailure: (message: string) => void;
}

type Player = 'router' | 'host';

export class SiteTaps {
  readonly #options: SiteTapsOptions;
  readonly #hosts: StandingHosts;
  /** By site. */
  readonly #links = new Map<string, TapLink>();
  /** Who has which address of those that are played at a site; made when asked for. */
  readonly #played = new Map<string, ReadonlyMap<number | string, Player>>();
  readonly #ethernet = new EthernetView();
  readonly #closing = new Set<Promise<void>>();
  #stopTimer: () => void = () => {};
  #frames = 0;

  constructor(options: SiteTapsOptions) {
    const { network, send, now, random } = options;
    this.#options = options;
    this.#hosts = new StandingHosts({
      ...{ network, now, random, max: HOSTS_MAX, echo: true },
      send: (from, frame) => {
        this.#frames += 1;
        if (this.#frames <= FRAMES_MAX) send(from, frame);
      },
    });
  }

  /**
   * Opens a site's tap, before the site is there for others.
   * @throws AwsError TapUnavailable
   */
  open({ id, tap: name }: Site): void {
    if (name === undefined || this.#links.has(id)) return;
    const onFrame = (frame: Uint8Array) => this.#heard(id, frame);
    const tap = this.#options.openTap({ name, onFrame });
    if (typeof tap !== 'string') this.#links.set(id, new TapLink(tap));
    else throw awsError('TapUnavailable', `The tap of the site '${id}' cannot be opened: ${tap}.`);
  }

  /** Follows changes that the network has taken already. */
  heed(changes: readonly Change[]): void {
    this.#played.clear();
    for (const { kind, id, before, after } of changes) {
      if (kind !== 'site') continue;
      if (before !== undefined && before.tap !== after?.tap) this.#close(id);
      if (after !== undefined) this.#openLate(after);
    }
    if (changes.some(({ after }) => after === undefined)) this.#hosts.prune();
  }

  /** A frame has arrived; false: it is neither for who is behind a tap nor for a site's host. */
  deliver(to: Endpoint, frame: Uint8Array): boolean {
    if (this.#links.size === 0 || to.kind !== 'site') return false;
    const link = this.#links.get(to.name);
    this.#ethernet.wrap(frame);
    // An answer of the link's own has its asker's address already.
    if (this.#ethernet.destination !== serviceMac(to)) {
      link?.tap.transmit(frame);
      return link !== undefined;
    }
    const destination = destinationOf(frame);
    if (destination === undefined) {
      // An answer of ARP's to one of the hosts played there; whose, nobody can tell.
      this.#hosts.deliver(to, frame);
      return false;
    }
    const owner = this.#playedAt(to).get(ipKey(destination));
    if (owner === 'host') this.answer(to, frame);
    else if (owner === undefined) link?.forward(frame);
    return owner !== 'router';
  }

  /** A frame that nobody has taken: where taps are, instances and hosts answer at any time. */
  answer(to: Endpoint, frame: Uint8Array): void {
    if (this.#links.size === 0 || to.kind === 'link' || to.kind === 'resolver') return;
    this.#ethernet.wrap(frame);
    if (!isGroupMac(this.#ethernet.destination)) this.#hosts.at(to)?.receive(frame);
  }

  async close(): Promise<void> {
    this.#stopTimer();
    for (const id of [...this.#links.keys()]) this.#close(id);
    await this.closed();
  }

  /** Resolves when those that were closed are gone, and their names free. */
  async closed(): Promise<void> {
    await Promise.all(this.#closing);
  }

  /** A tap of that name may be going only now. */
  #openLate({ id }: Site): void {
    const open = () => {
      const site = this.#options.network.model.get('site', id);
      if (site !== undefined) this.#openOrWarn(site);
    };
    if (this.#closing.size === 0) open();
    else void this.closed().then(open);
  }

  #openOrWarn(site: Site): void {
    try {
      this.open(site);
    } catch (error) {
      this.#options.onFailure((error as Error).message);
    }
  }

  #close(id: string): void {
    const closed = this.#links.get(id)?.tap.close();
    this.#links.delete(id);
    if (closed === undefined) return;
    this.#closing.add(closed);
    void closed.then(() => this.#closing.delete(closed));
  }

  #heard(id: string, frame: Uint8Array): void {
    const { network, send } = this.#options;
    const site = network.model.get('site', id);
    const link = this.#links.get(id);
    if (site === undefined || link === undefined) return;
    const behind = (address: Ip) => isBehindSite(network.model, site, address);
    if (!link.hear(frame, behind)) return;
    send({ kind: 'site', name: id }, frame);
    this.#settle();
  }

  #playedAt(to: Endpoint & { readonly kind: 'site' }): ReadonlyMap<number | string, Player> {
    const known = this.#played.get(to.name);
    if (known !== undefined) return known;
    const { network } = this.#options;
    const played = new Map<number | string, Player>();
    for (const address of hostConfig(network, to)?.addresses ?? []) {
      played.set(ipKey(address), 'router');
    }
    for (const host of network.model.get('site', to.name)?.hosts ?? []) {
      played.set(ipKey(host), 'host');
    }
    this.#played.set(to.name, played);
    return played;
  }

  /** Carries what waits, and waits for what hosts have still to do. */
  #settle(): void {
    const { drain, now, setTimer } = this.#options;
    this.#frames = 0;
    drain();
    this.#stopTimer();
    const due = this.#hosts.nextTimer();
    if (due === undefined) return;
    this.#stopTimer = setTimer(Math.max(0, Math.ceil(due - now())), () => {
      this.#hosts.poll();
      this.#settle();
    });
  }
}
