/**
 * Fragments to packets (RFC 791 section 3.2, RFC 8200 section 4.5). Fragments that overlap
 * discard the whole packet (RFC 5722), in both families; an exact duplicate is ignored.
 */
import { HOST_LIMITS } from './limits.ts';

export interface Fragment {
  /** Addresses, protocol and identification. */
  readonly key: string;
  /** In octets, from the start of what was fragmented. */
  readonly offset: number;
  readonly more: boolean;
  readonly bytes: Uint8Array;
}

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Datagram {
  readonly pieces: Piece[];
  received: number;
  /** Where the fragment that reaches furthest ends. */
  furthest: number;
  /** Known once the last fragment is here. */
  total: number | undefined;
  readonly expiresAt: number;
}

const TOTAL_MAX = 65_535;

export class Reassembly {
  readonly #datagrams = new Map<string, Datagram>();

  /** Adds a fragment; the whole once it is complete. */
  insert(fragment: Fragment, now: number): Uint8Array | undefined {
    const { key, offset, more, bytes } = fragment;
    if (bytes.length === 0 || (more && bytes.length % 8 !== 0)) return undefined;
    if (offset + bytes.length > TOTAL_MAX) return undefined;
    const datagram = this.#datagrams.get(key) ?? this.#begin(key, now);
    if (!fitIn(datagram, fragment)) {
      this.#datagrams.delete(key);
      return undefined;
    }
    if (datagram.total !== datagram.received) return undefined;
    this.#datagrams.delete(key);
    const whole = new Uint8Array(datagram.total);
    for (const piece of datagram.pieces) whole.set(piece.bytes, piece.offset);
    return whole;
  }

  expire(now: number): void {
    for (const [key, { expiresAt }] of this.#datagrams) {
      if (expiresAt <= now) this.#datagrams.delete(key);
    }
  }

  nextTimer(): number | undefined {
    // Insertion order is expiry order.
    return this.#datagrams.values().next().value?.expiresAt;
  }

  #begin(key: string, now: number): Datagram {
    if (this.#datagrams.size >= HOST_LIMITS.reassemblies) {
      this.#datagrams.delete(this.#datagrams.keys().next().value!);
    }
    const expiresAt = now + HOST_LIMITS.reassemblyMs;
    const datagram: Datagram = {
      pieces: [],
      received: 0,
      furthest: 0,
      total: undefined,
      expiresAt,
    };
    this.#datagrams.set(key, datagram);
    return datagram;
  }
}

/** Takes a fragment into its datagram; false when they contradict each other. */
function fitIn(datagram: Datagram, { offset, more, bytes }: Fragment): boolean {
  const end = offset + bytes.length;
  for (const piece of datagram.pieces) {
    if (piece.offset === offset && piece.bytes.length === bytes.length) return true;
    if (offset < piece.offset + piece.bytes.length && piece.offset < end) return false;
  }
  if (datagram.pieces.length >= HOST_LIMITS.fragmentsPerDatagram) return false;
  if (!more) {
    if (datagram.total !== undefined) return false;
    datagram.total = end;
  }
  datagram.pieces.push({ offset, bytes: bytes.slice() });
  datagram.received += bytes.length;
  datagram.furthest = Math.max(datagram.furthest, end);
  return datagram.total === undefined || datagram.furthest <= datagram.total;
}
