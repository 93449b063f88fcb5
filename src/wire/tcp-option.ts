/**
 * TCP options (RFC 9293 section 3.2; RFC 7323 window scale and timestamps; RFC 2018 SACK).
 *
 *     +--------+                 one byte: end of list (0), no operation (1)
 *     |  Kind  |
 *     +--------+--------+------------------+
 *     |  Kind  | Length |  Length-2 bytes  |
 *     +--------+--------+------------------+
 */
import { read16, read32, write16, write32 } from './bytes.ts';

const KIND = {
  end: 0,
  noOperation: 1,
  maximumSegmentSize: 2,
  windowScale: 3,
  sackPermitted: 4,
  timestamps: 8,
} as const;

const LENGTH: Readonly<Record<number, number>> = {
  [KIND.maximumSegmentSize]: 4,
  [KIND.windowScale]: 3,
  [KIND.sackPermitted]: 2,
  [KIND.timestamps]: 10,
};

export interface TcpOptions {
  /** Maximum segment size in bytes. */
  readonly mss?: number;
  /** Shift count; a receiver uses at most 14 (RFC 7323 section 2.3). */
  readonly windowScale?: number;
  readonly sackPermitted?: true;
  readonly timestamps?: { readonly value: number; readonly echoReply: number };
}

export const NO_TCP_OPTIONS: TcpOptions = {};

/**
 * The offset just behind the option at `at`, or -1 when the option overruns the list. A known
 * option of another length than its own is malformed too.
 */
function optionEnd(bytes: Uint8Array, at: number, end: number): number {
  const kind = bytes[at]!;
  if (kind === KIND.noOperation) return at + 1;
  if (at + 1 >= end) return -1;
  const length = bytes[at + 1]!;
  if (length < 2 || at + length > end || length !== (LENGTH[kind] ?? length)) return -1;
  return at + length;
}

/** Where the value of the MSS option stands, or -1: for clamping in place. */
export function findMss(bytes: Uint8Array, offset: number, end: number): number {
  for (let at = offset; at >= 0 && at < end; at = optionEnd(bytes, at, end)) {
    if (bytes[at] === KIND.end) return -1;
    if (bytes[at] === KIND.maximumSegmentSize) {
      return optionEnd(bytes, at, end) < 0 ? -1 : at + 2;
    }
  }
  return -1;
}

/** Unknown options are skipped; undefined when a length is malformed. */
export function parseTcpOptions(
  bytes: Uint8Array,
  offset: number,
  end: number,
): TcpOptions | undefined {
  let options = NO_TCP_OPTIONS;
  for (let at = offset; at < end && bytes[at] !== KIND.end; ) {
    const next = optionEnd(bytes, at, end);
    if (next < 0) return undefined;
    options = withOption(options, bytes, at);
    at = next;
  }
  return options;
}

function withOption(options: TcpOptions, bytes: Uint8Array, at: number): TcpOptions {
  switch (bytes[at]) {
    case KIND.maximumSegmentSize:
      return { ...options, mss: read16(bytes, at + 2) };
    case KIND.windowScale:
      return { ...options, windowScale: bytes[at + 2]! };
    case KIND.sackPermitted:
      return { ...options, sackPermitted: true };
    case KIND.timestamps:
      return {
        ...options,
        timestamps: { value: read32(bytes, at + 2), echoReply: read32(bytes, at + 6) },
      };
    default:
      return options;
  }
}

/** Bytes that `emitTcpOptions` writes: a multiple of four. */
export function tcpOptionsLength(options: TcpOptions): number {
  return (
    (options.mss === undefined ? 0 : 4) +
    (options.timestamps === undefined ? 0 : 12) +
    // SACK permitted takes the two bytes that would pad the timestamps.
    (options.sackPermitted && options.timestamps === undefined ? 4 : 0) +
    (options.windowScale === undefined ? 0 : 4)
  );
}

/** Writes the options in the order and with the padding that Linux uses. */
export function emitTcpOptions(options: TcpOptions, bytes: Uint8Array, offset: number): void {
  const { mss, timestamps, windowScale, sackPermitted } = options;
  let at = offset;
  if (mss !== undefined) {
    bytes[at] = KIND.maximumSegmentSize;
    bytes[at + 1] = 4;
    write16(bytes, at + 2, mss);
    at += 4;
  }
  if (sackPermitted || timestamps !== undefined) {
    bytes[at] = sackPermitted ? KIND.sackPermitted : KIND.noOperation;
    bytes[at + 1] = sackPermitted ? 2 : KIND.noOperation;
    at += 2;
    if (timestamps === undefined) {
      bytes.fill(KIND.noOperation, at, at + 2);
      at += 2;
    } else {
      bytes[at] = KIND.timestamps;
      bytes[at + 1] = 10;
      write32(bytes, at + 2, timestamps.value);
      write32(bytes, at + 6, timestamps.echoReply);
      at += 10;
    }
  }
  if (windowScale !== undefined) {
    bytes[at] = KIND.noOperation;
    bytes[at + 1] = KIND.windowScale;
    bytes[at + 2] = 3;
    bytes[at + 3] = windowScale;
  }
}

/** As tcpdump lists them, padding left out. */
export function formatTcpOptions(options: TcpOptions): string {
  const { mss, timestamps, windowScale, sackPermitted } = options;
  const parts: string[] = [];
  if (mss !== undefined) parts.push(`mss ${mss}`);
  if (sackPermitted) parts.push('sackOK');
  if (timestamps !== undefined) {
    parts.push(`TS val ${timestamps.value} ecr ${timestamps.echoReply}`);
  }
  if (windowScale !== undefined) parts.push(`wscale ${windowScale}`);
  return parts.join(',');
}
