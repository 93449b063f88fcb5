/** Speakers joined by streams in memory, on a clock of their own; everything from one seed. */
import { type Cidr, formatCidr, parseCidr } from '../../net/cidr.ts';
import { type Family, familyOf, type Ip, parseIp } from '../../net/ip.ts';
import { ipv4, parseIpv4 } from '../../net/ipv4.ts';
import { parseIpv6 } from '../../net/ipv6.ts';
import { Random } from '../../net/random.ts';
import { formatAsPath } from '../../wire/bgp/as-path.ts';
import { afiSafiOf } from '../../wire/bgp/family.ts';
import { Fault } from '../../wire/bgp/fault.ts';
import { formatMessage, parseMessage } from '../../wire/bgp/message.ts';
import { packReach } from '../../wire/bgp/pack.ts';
import { encodeAttributes, type PathAttributes } from '../../wire/bgp/path-attributes.ts';
import { encodeRouteRefresh } from '../../wire/bgp/route-refresh.ts';
import type { PeerConfiguration } from './configuration.ts';
import type { Advertisement } from './export.ts';
import type { Path } from './path.ts';
import { Speaker, type SpeakerOutput } from './speaker.ts';

export const block = (text: string): Cidr => parseCidr(text)!;
export const ip = (text: string): Ip => parseIp(text)!;

/** Routes of one's own. */
export function own(...prefixes: string[]): Advertisement[] {
  const attributes: PathAttributes = { origin: 0, asPath: [] };
  return prefixes.map((prefix) => ({ prefix: block(prefix), attributes }));
}

/** One end of a stream between two speakers. */
interface End {
  readonly speaker: string;
  readonly peer: string;
  readonly connection: number;
  readonly caller: boolean;
  /** What is sent here arrives there not before this. */
  arrival: number;
  open: boolean;
}

interface Timed {
  readonly at: number;
  readonly run: () => void;
}

export interface NetworkOptions {
  /** Cut what is sent into pieces. */
  readonly splits?: boolean;
  /** Milliseconds that bytes and connections take at most. */
  readonly delay?: number;
}

/** A node's name is also the name of the peer that it is to the others. */
export class BgpNetwork {
  readonly random: Random;
  readonly speakers = new Map<string, Speaker>();
  /** All that the speakers have said but bytes, by name. */
  readonly heard = new Map<string, SpeakerOutput[]>();
  /** Who sent what, in order. */
  readonly sent: { readonly from: string; readonly bytes: Uint8Array }[] = [];
  /** Pairs that cannot reach each other. */
  readonly cut = new Set<string>();
  now = 0;
  #nextConnection = 1;
  readonly #options: NetworkOptions;
  readonly #ends = new Map<string, End & { other?: End }>();
  #agenda: Timed[] = [];

  constructor(seed: number, options: NetworkOptions = {}) {
    this.random = new Random(seed);
    this.#options = options;
  }

  add(name: string, asn: number, identifier: string): Speaker {
    const random = new Random(this.random.uint32());
    const configuration = { asn, identifier: parseIpv4(identifier)!, random };
    const heard: SpeakerOutput[] = [];
    const speaker = new Speaker(configuration, (output) => {
      if (output.type !== 'send') heard.push(output);
      this.#do(name, output);
    });
    this.speakers.set(name, speaker);
    this.heard.set(name, heard);
    return speaker;
  }

  /** Makes two speakers peers, with addresses of their own; starts both. */
  join(
    a: string,
    b: string,
    ofA: Partial<PeerConfiguration> = {},
    ofB: Partial<PeerConfiguration> = {},
  ): void {
    const host = this.random.uint32() & 0xffff;
    this.#addPeer(a, b, host, 1, ofA);
    this.#addPeer(b, a, host, 2, ofB);
    this.speakers.get(a)!.start(b, this.now);
    this.speakers.get(b)!.start(a, this.now);
  }

  #addPeer(
    name: string,
    peer: string,
    host: number,
    side: 1 | 2,
    more: Partial<PeerConfiguration>,
  ): void {
    const speaker = this.speakers.get(name)!;
    speaker.addPeer(peer, {
      asn: this.speakers.get(peer)!.asn,
      address: ipv4(0xa900_0000 + host * 4 + (3 - side)),
      families: [4, 6],
      nextHops: { 4: ipv4(0xa900_0000 + host * 4 + side), 6: parseIpv6(`fd00::${side}`)! },
      ...more,
    });
  }

  /** Runs what is due until nothing happens any more before `now + millis`. */
  run(millis: number): void {
    const until = this.now + millis;
    for (;;) {
      const next = this.#nextAt();
      if (next === undefined || next > until) break;
      this.now = Math.max(this.now, next);
      this.#step();
    }
    this.now = until;
  }

  #nextAt(): number | undefined {
    const times = [...this.speakers.values()].map((speaker) => speaker.nextDue());
    const first = this.#agenda[0]?.at;
    const set = [...times, first].filter((at) => at !== undefined);
    return set.length === 0 ? undefined : Math.min(...set);
  }

  #step(): void {
    for (const speaker of this.speakers.values()) speaker.due(this.now);
    while (this.#agenda.length > 0 && this.#agenda[0]!.at <= this.now) this.#agenda.shift()!.run();
  }

  #at(at: number, run: () => void): void {
    const index = this.#agenda.findIndex((one) => one.at > at);
    this.#agenda.splice(index < 0 ? this.#agenda.length : index, 0, { at, run });
  }

  #delay(): number {
    return this.random.below((this.#options.delay ?? 1) + 1);
  }

  #do(name: string, output: SpeakerOutput): void {
    switch (output.type) {
      case 'connect':
        this.#connect(name, output.peer);
        break;
      case 'send':
        this.sent.push({ from: name, bytes: output.bytes });
        this.#send(this.#end(name, output.connection), output.bytes);
        break;
      case 'close':
        this.#close(this.#end(name, output.connection));
        break;
    }
  }

  #end(name: string, connection: number): End & { other?: End } {
    return this.#ends.get(`${name}/${connection}`)!;
  }

  #connect(from: string, to: string): void {
    this.#at(this.now + this.#delay(), () => {
      const caller = this.speakers.get(from)!;
      if (this.cut.has(pair(from, to))) {
        caller.connectFailed(to, this.now);
        return;
      }
      const id = this.#nextConnection++;
      const [a, b] = [
        { speaker: from, peer: to, connection: id, caller: true, arrival: this.now, open: true },
        { speaker: to, peer: from, connection: id, caller: false, arrival: this.now, open: true },
      ];
      this.#ends.set(`${from}/${id}`, Object.assign(a, { other: b }));
      this.#ends.set(`${to}/${id}`, Object.assign(b, { other: a }));
      const connection = { id, outgoing: false };
      this.speakers.get(to)!.connected(from, connection, this.now);
      caller.connected(to, { id, outgoing: true }, this.now);
    });
  }

  #send(end: End & { other?: End }, bytes: Uint8Array): void {
    const { other } = end;
    if (!end.open || other === undefined) return;
    for (const piece of this.#pieces(bytes)) {
      this.#arrive(end, () => {
        const { speaker, peer, connection, open } = other;
        if (open) this.speakers.get(speaker)!.receive(peer, connection, piece, this.now);
      });
    }
  }

  /** In the order of sending, whatever the delays. */
  #arrive(end: End, run: () => void): void {
    end.arrival = Math.max(end.arrival, this.now + this.#delay());
    this.#at(end.arrival, run);
  }

  #pieces(bytes: Uint8Array): Uint8Array[] {
    if (!this.#options.splits) return [bytes.slice()];
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + this.random.below(bytes.length - at);
      pieces.push(bytes.slice(at, at + length));
      at += length;
    }
    return pieces;
  }

  #close(end: End & { other?: End }): void {
    if (!end.open) return;
    end.open = false;
    const { other } = end;
    if (other === undefined) return;
    this.#arrive(end, () => {
      if (!other.open) return;
      other.open = false;
      this.speakers.get(other.speaker)!.disconnected(other.peer, other.connection, this.now);
    });
  }

  /** Breaks all connections between two speakers: both hear of it, nothing on its way arrives. */
  break(a: string, b: string): void {
    for (const end of this.#ends.values()) {
      if (!end.open || pair(end.speaker, end.peer) !== pair(a, b)) continue;
      end.open = false;
      this.speakers.get(end.speaker)!.disconnected(end.peer, end.connection, this.now);
    }
  }

  /** Who has opened the connections that there are between two speakers. */
  callers(a: string, b: string): string[] {
    return [...this.#ends.values()]
      .filter(
        ({ open, caller, speaker, peer }) => open && caller && pair(speaker, peer) === pair(a, b),
      )
      .map(({ speaker }) => speaker);
  }

  /** Opens one more connection. */
  call(from: string, to: string): void {
    this.#connect(from, to);
  }

  /** Lets everything sent between two speakers vanish, without either hearing of it. */
  silence(a: string, b: string): void {
    for (const end of this.#ends.values()) {
      if (pair(end.speaker, end.peer) === pair(a, b)) delete end.other;
    }
  }

  /** Sends a route as it is from one speaker to another, past all that the first would do to it. */
  forge(from: string, to: string, { prefix, attributes }: Advertisement): void {
    const end = [...this.#ends.values()].find(
      ({ speaker, peer, open }) => open && speaker === from && peer === to,
    );
    const reach = { family: familyOf(prefix.address), nextHop: ip('10.9.9.9'), prefixes: [prefix] };
    const [bytes] = packReach(reach, encodeAttributes(attributes, 4))!;
    this.#send(end!, bytes!);
  }

  /** Asks a speaker for its routes again, in the name of its peer, if that has a session. */
  askAgain(from: string, to: string, family: Family): void {
    if (this.speakers.get(from)!.status(to).state !== 'Established') return;
    const end = [...this.#ends.values()].find(
      ({ speaker, peer, open }) => open && speaker === from && peer === to,
    );
    if (end === undefined) return;
    const bytes = encodeRouteRefresh(afiSafiOf(family));
    this.#do(from, { type: 'send', peer: to, connection: end.connection, bytes });
  }

  /** The best path to a prefix and its equals, as a speaker has them; the prefix spelled. */
  paths(name: string, prefix: string): readonly Path[] {
    const routes = [...this.speakers.get(name)!.routes()];
    return routes.find((route) => formatCidr(route.prefix) === prefix)?.paths ?? [];
  }

  /** `prefix: AS path` of all that a speaker would use. */
  table(name: string): string[] {
    return [...this.speakers.get(name)!.routes()].map(
      ({ prefix, paths }) => `${formatCidr(prefix)}: ${formatAsPath(paths[0]!.attributes.asPath)}`,
    );
  }

  /** The UPDATEs that a speaker has sent since, `count` messages ago. */
  updates(from: string, count: number): string[] {
    return this.sent
      .slice(count)
      .filter((one) => one.from === from)
      .map(({ bytes }) => shown(bytes))
      .filter((line) => line.includes('UPDATE'));
  }

  /** States that a speaker told of a peer, and forgets them. */
  states(name: string, peer: string): string[] {
    const heard = this.heard.get(name)!;
    const states = heard.flatMap((one) =>
      one.type === 'state' && one.peer === peer ? [one.state] : [],
    );
    heard.length = 0;
    return states;
  }
}

function shown(bytes: Uint8Array): string {
  const parsed = parseMessage(bytes, 0, bytes.length, { asnWidth: 4, internal: true });
  return parsed === undefined || parsed instanceof Fault ? '?' : formatMessage(parsed);
}

export function pair(a: string, b: string): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}

/** Time in which speakers that can reach each other have come up. */
export const SETTLED = 5_000;

/** Speakers in a row, each joined to the next, settled. */
export function row(asns: readonly number[], more: Partial<PeerConfiguration> = {}): BgpNetwork {
  const net = new BgpNetwork(1);
  const names = asns.map((_, index) => String.fromCharCode(97 + index));
  for (const [index, asn] of asns.entries()) net.add(names[index]!, asn, `10.0.0.${index + 1}`);
  for (const [index, name] of names.entries()) {
    if (index > 0) net.join(names[index - 1]!, name, more, more);
  }
  net.run(SETTLED);
  return net;
}

/** Tells a peer routes, and waits until it has them. */
export function advertise(
  net: BgpNetwork,
  from: string,
  to: string,
  routes: readonly Advertisement[],
): void {
  net.speakers.get(from)!.advertise(to, routes, net.now);
  net.run(1000);
}

/** A route of one's own but for what is given. */
export function route(
  prefix: string,
  attributes: Partial<PathAttributes>,
  more: Partial<Advertisement> = {},
): Advertisement {
  return { prefix: block(prefix), attributes: { origin: 0, asPath: [], ...attributes }, ...more };
}

/** The last reason that a speaker told for a peer's state. */
export function lastReason(net: BgpNetwork, at: string, peer: string) {
  const states = net.heard.get(at)!.filter((one) => one.type === 'state' && one.peer === peer);
  const last = states.at(-1);
  if (last?.type !== 'state') throw new Error('no state');
  return last;
}
