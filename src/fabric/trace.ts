/** A packet's way as data (contract, "TRACE"): what CLI, API, console and tests show. */
import { formatIp } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { isIcmp, type Packet } from './packet.ts';
import { type Reason, reasonSentence } from './reason.ts';
import type { Direction, HopKind, Station } from './station.ts';
import type { Citation, Rule } from './table.ts';
import type { Recorder } from './walk.ts';

/** A packet's header, as an answer shows it. */
export interface Header {
  readonly source: string;
  readonly destination: string;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `gre`, or the IANA number. */
  readonly protocol: string;
  readonly sourcePort?: number;
  readonly port?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** A place that decides or changes; `packet` is the header as it leaves. */
export interface Hop {
  readonly kind: HopKind;
  readonly resource: string;
  readonly direction: Direction;
  readonly rule?: Citation;
  readonly packet: Header;
}

export interface Trace {
  readonly disposition: 'delivered' | 'dropped';
  /** These three when dropped. */
  readonly reason?: Reason;
  readonly at?: string;
  readonly message?: string;
  /** Of a packet that became many: as far as it was one. */
  readonly hops: readonly Hop[];
  /** Of a question to a multicast group: each copy's own hops from the sender on, by interface. */
  readonly copies?: readonly (readonly Hop[])[];
  /** What became of each of them, in the same order. */
  readonly outcomes?: readonly CopyOutcome[];
}

/** How one copy of a packet fared. */
export interface CopyOutcome extends Pick<Trace, 'disposition' | 'reason' | 'at' | 'message'> {
  /** The member it was for. */
  readonly networkInterface: string;
  readonly instance?: string;
}

const NAMES: Readonly<Record<number, string>> = {
  [PROTOCOL.tcp]: 'tcp',
  [PROTOCOL.udp]: 'udp',
  [PROTOCOL.icmp]: 'icmp',
  [PROTOCOL.icmpv6]: 'icmpv6',
  [PROTOCOL.gre]: 'gre',
};

export function headerOf(packet: Packet): Header {
  const { protocol, sourcePort, destinationPort, icmpType, icmpCode } = packet;
  return {
    source: formatIp(packet.source),
    destination: formatIp(packet.destination),
    protocol: NAMES[protocol] ?? String(protocol),
    ...((protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp) && {
      sourcePort,
      port: destinationPort,
    }),
    ...(isIcmp(protocol) && { icmpType, icmpCode }),
  };
}

/** The header in one line: `tcp 10.0.0.5:49152 > 10.1.0.7:443`. */
export function formatHeader(header: Header): string {
  const { source, destination, protocol, sourcePort, port, icmpType } = header;
  if (port !== undefined) {
    return `${protocol} ${join(source, sourcePort)} > ${join(destination, port)}`;
  }
  const type = icmpType === undefined ? '' : ` type ${icmpType}`;
  return `${protocol}${type} ${source} > ${destination}`;
}

function join(address: string, port: number | undefined): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Writes a trace down while the walk goes on. */
export class TraceRecorder implements Recorder {
  readonly #hops: Hop[];
  #drop: { reason: Reason; at: string; message: string } | undefined;

  /** @param before the way that this one goes on from */
  constructor(before: TraceRecorder | undefined = undefined) {
    this.#hops = before === undefined ? [] : [...before.#hops];
  }

  passed(station: Station, rule: Rule, packet: Packet): void {
    if (!station.silent) this.#add(station, rule, packet);
  }

  dropped(station: Station, rule: Rule, packet: Packet, reason: Reason): void {
    const at = station.resource;
    this.#add(station, rule, packet);
    const message = reasonSentence(reason, at, formatHeader(headerOf(packet)));
    this.#drop = { reason, at, message };
  }

  /**
   * An interface where a packet comes in and, forwarded or refused by the guest, turns round is one
   * hop (contract, "The hops of a way"): the way in, with the header as it leaves.
   */
  #add(station: Station, rule: Rule, packet: Packet): void {
    const next = hop(station, rule, packet);
    const last = this.#hops.at(-1);
    const turns = next.kind === 'network-interface' && last?.kind === next.kind;
    if (!turns || last?.resource !== next.resource) this.#hops.push(next);
    else this.#hops[this.#hops.length - 1] = { ...next, direction: last.direction };
  }

  trace(): Trace {
    const disposition = this.#drop ? 'dropped' : 'delivered';
    return { disposition, ...this.#drop, hops: this.#hops };
  }
}

function hop({ kind, resource, direction }: Station, rule: Rule, packet: Packet): Hop {
  return {
    kind,
    resource: rule.resource ?? resource,
    direction,
    ...(rule.cites && { rule: rule.cites }),
    packet: headerOf(packet),
  };
}
