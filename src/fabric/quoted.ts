/**
 * The packet that an ICMP error is about: what a translator knows the flow by, and translates along
 * with the error's own header (RFC 5508 section 4).
 */
import {
  adjustChecksum,
  adjustChecksumIp,
  adjustUdpChecksum,
  adjustUdpChecksumIp,
} from '../net/checksum.ts';
import { type Family, type Ip, ipEquals } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { read16, write16 } from '../wire/bytes.ts';
import { Ipv4View } from '../wire/ipv4.ts';
import { Ipv6View } from '../wire/ipv6.ts';
import { Ipv6UpperLayer } from '../wire/ipv6-extension.ts';

export interface Quoted {
  protocol: number;
  source: Ip;
  destination: Ip;
  /** TCP and UDP ports; the identifier of an ICMP echo in both. */
  sourcePort: number;
  destinationPort: number;
}

/** RFC 792: at least so many bytes follow the quoted header. */
const QUOTED_BYTES = 8;
/** Where a quoted header has its checksum, counted from its beginning. */
const CHECKSUM_OFFSET: Readonly<Record<number, number>> = {
  [PROTOCOL.tcp]: 16,
  [PROTOCOL.udp]: 6,
  [PROTOCOL.icmp]: 2,
  [PROTOCOL.icmpv6]: 2,
};
const IDENTIFIER_OFFSET = 4;

/** A view over the quoted packet in a frame. */
export class QuotedView {
  readonly #ipv4 = new Ipv4View();
  readonly #ipv6 = new Ipv6View();
  readonly #upper = new Ipv6UpperLayer();
  #family: Family = 4;
  #protocol = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Of the quoted transport header. */
  #offset = 0;
  #end = 0;

  /** What is quoted at `offset`; undefined where that is no packet that has ports. */
  wrap(family: Family, bytes: Uint8Array, offset: number, end: number): Quoted | undefined {
    const found = family === 4 ? this.#wrap4(bytes, offset, end) : this.#wrap6(bytes, offset, end);
    if (!found || this.#end - this.#offset < QUOTED_BYTES) return undefined;
    if (CHECKSUM_OFFSET[this.#protocol] === undefined) return undefined;
    this.#family = family;
    this.#bytes = bytes;
    const { source, destination } = family === 4 ? this.#ipv4 : this.#ipv6;
    const [sourcePort, destinationPort] = this.#portOffsets.map((at) => read16(bytes, at));
    const ports = { sourcePort: sourcePort!, destinationPort: destinationPort! };
    return { protocol: this.#protocol, source, destination, ...ports };
  }

  /** What is quoted of the transport header and what follows it. */
  get transport(): Uint8Array {
    return this.#bytes.subarray(this.#offset, this.#end);
  }

  /** How long that was before it was cut short. */
  get transportLength(): number {
    if (this.#family === 4) return this.#ipv4.totalLength - this.#ipv4.headerLength;
    return this.#ipv6.payloadLength - (this.#offset - this.#ipv6.payloadOffset);
  }

  #wrap4(bytes: Uint8Array, offset: number, end: number): boolean {
    const view = this.#ipv4;
    if (!view.wrapQuoted(bytes, offset, end) || view.fragmentOffset > 0) return false;
    this.#protocol = view.protocol;
    this.#offset = view.payloadOffset;
    this.#end = view.end;
    return true;
  }

  #wrap6(bytes: Uint8Array, offset: number, end: number): boolean {
    const upper = this.#upper;
    if (!this.#ipv6.wrapQuoted(bytes, offset, end) || !upper.walk(this.#ipv6)) return false;
    if (upper.fragmentOffset > 0) return false;
    this.#protocol = upper.protocol;
    this.#offset = upper.offset;
    this.#end = upper.end;
    return true;
  }

  get #portOffsets(): readonly [number, number] {
    const isEcho = this.#protocol === PROTOCOL.icmp || this.#protocol === PROTOCOL.icmpv6;
    const at = this.#offset;
    return isEcho ? [at + IDENTIFIER_OFFSET, at + IDENTIFIER_OFFSET] : [at, at + 2];
  }

  /** Writes back what was translated, with the quoted packet's own checksums. */
  write({ source, destination, sourcePort, destinationPort }: Quoted): void {
    const view = this.#family === 4 ? this.#ipv4 : this.#ipv6;
    this.#replaceAddress(view.source, source);
    this.#replaceAddress(view.destination, destination);
    if (this.#family === 4) {
      this.#ipv4.replaceSource(source as Ipv4);
      this.#ipv4.replaceDestination(destination as Ipv4);
    } else {
      this.#ipv6.source = source as Ipv6;
      this.#ipv6.destination = destination as Ipv6;
    }
    const [first, second] = this.#portOffsets;
    this.#replacePort(first, sourcePort);
    if (second !== first) this.#replacePort(second, destinationPort);
  }

  /** The address's share in the transport checksum; ICMP has none. */
  #replaceAddress(before: Ip, after: Ip): void {
    if (ipEquals(before, after) || this.#protocol === PROTOCOL.icmp) return;
    const adjust = this.#protocol === PROTOCOL.udp ? adjustUdpChecksumIp : adjustChecksumIp;
    this.#adjust((checksum) => adjust(checksum, before, after));
  }

  #replacePort(at: number, port: number): void {
    const before = read16(this.#bytes, at);
    const adjust = this.#protocol === PROTOCOL.udp ? adjustUdpChecksum : adjustChecksum;
    if (before !== port) this.#adjust((checksum) => adjust(checksum, before, port));
    write16(this.#bytes, at, port);
  }

  /** A checksum that was cut off is left alone. */
  #adjust(change: (checksum: number) => number): void {
    const at = this.#offset + CHECKSUM_OFFSET[this.#protocol]!;
    if (at + 2 > this.#end) return;
    write16(this.#bytes, at, change(read16(this.#bytes, at)));
  }
}
