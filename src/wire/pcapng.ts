/**
 * pcapng, the capture file format of Wireshark (draft-ietf-opsawg-pcapng): a writer of blocks.
 * A file is one section header, the descriptions of its interfaces, then packets; what is
 * written here is big-endian, which the section header's magic tells the reader.
 *
 *      Every block
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |                           Block Type                          |
 *     |                       Block Total Length                      |
 *     |     body, padded to 32 bits: fixed fields, data, options      |
 *     |                       Block Total Length                      |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 *      Every option
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |          Option Code          |         Option Length         |
 *     |                    value, padded to 32 bits                   |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import { write16, write32 } from './bytes.ts';

const BLOCK = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  enhancedPacket: 6,
} as const;

const OPTION = {
  comment: 1,
  sectionUserApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  interfaceTimestampResolution: 9,
  packetFlags: 2,
} as const;

const LINKTYPE_ETHERNET = 1;
/** Powers of ten below one second. */
const NANOSECONDS = 9;
const DIRECTION = { inbound: 1, outbound: 2 } as const;
/** The longest text of an option, in bytes. */
const TEXT_MAX = 0xffff;

type Option = readonly [code: number, value: Uint8Array];

function padded(length: number): number {
  return (length + 3) & ~3;
}

function optionsLength(options: readonly Option[]): number {
  if (options.length === 0) return 0;
  // The list ends with an option of code zero.
  return options.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4);
}

function text(code: number, value: string | undefined): Option[] {
  if (value === undefined || value === '') return [];
  return [[code, new TextEncoder().encode(value).subarray(0, TEXT_MAX)]];
}

/** A block whose body is `fixed` words, `data` and options. */
function block(
  type: number,
  fixed: readonly number[],
  data: Uint8Array,
  options: readonly Option[],
): Uint8Array {
  const optionsAt = 8 + fixed.length * 4 + padded(data.length);
  const length = optionsAt + optionsLength(options) + 4;
  const bytes = new Uint8Array(length);
  write32(bytes, 0, type);
  write32(bytes, 4, length);
  for (const [index, word] of fixed.entries()) write32(bytes, 8 + index * 4, word);
  bytes.set(data, 8 + fixed.length * 4);
  let at = optionsAt;
  for (const [code, value] of options) {
    write16(bytes, at, code);
    write16(bytes, at + 2, value.length);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  write32(bytes, length - 4, length);
  return bytes;
}

const NO_DATA = new Uint8Array(0);

/** The first block of a file; `application` is the program that wrote it. */
export function sectionHeaderBlock(application?: string): Uint8Array {
  // Byte-order magic, version 1.0, a section length that is not told (-1).
  const fixed = [0x1a2b3c4d, 0x0001_0000, 0xffff_ffff, 0xffff_ffff];
  return block(
    BLOCK.sectionHeader,
    fixed,
    NO_DATA,
    text(OPTION.sectionUserApplication, application),
  );
}

export interface CaptureInterface {
  readonly name: string;
  readonly description?: string;
}

/**
 * Describes an Ethernet interface with timestamps in nanoseconds. Interfaces are numbered from
 * zero in the order of their descriptions.
 */
export function interfaceDescriptionBlock({ name, description }: CaptureInterface): Uint8Array {
  // Snap length zero: no limit.
  return block(BLOCK.interfaceDescription, [LINKTYPE_ETHERNET << 16, 0], NO_DATA, [
    ...text(OPTION.interfaceName, name),
    ...text(OPTION.interfaceDescription, description),
    [OPTION.interfaceTimestampResolution, Uint8Array.of(NANOSECONDS)],
  ]);
}

export interface CapturedPacket {
  /** Number of the interface in this section. */
  readonly interfaceId: number;
  /** In nanoseconds since 1970. */
  readonly timestamp: bigint;
  /** The frame, or as much of it as was kept. */
  readonly frame: Uint8Array;
  /** In bytes, when more than was kept. */
  readonly originalLength?: number;
  /** Seen from the interface. */
  readonly direction?: keyof typeof DIRECTION;
  /** Shown beside the packet: why it was dropped, for one. */
  readonly comment?: string;
}

export function enhancedPacketBlock(packet: CapturedPacket): Uint8Array {
  const { interfaceId, timestamp, frame, direction } = packet;
  const fixed = [
    interfaceId,
    Number(BigInt.asUintN(32, timestamp >> 32n)),
    Number(BigInt.asUintN(32, timestamp)),
    frame.length,
    packet.originalLength ?? frame.length,
  ];
  const flags: Option[] =
    direction === undefined
      ? []
      : [[OPTION.packetFlags, Uint8Array.of(0, 0, 0, DIRECTION[direction])]];
  return block(BLOCK.enhancedPacket, fixed, frame, [
    ...text(OPTION.comment, packet.comment),
    ...flags,
  ]);
}
