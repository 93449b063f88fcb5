/** Frames with something wrong in them: cut, lying about their lengths, or full of garbage. */

import { ETHERTYPE } from '../../../src/net/protocol.ts';
import type { Random } from '../../../src/net/random.ts';
import { read16, write16 } from '../../../src/wire/bytes.ts';
import { mendChecksums } from './mend-checksums.ts';
import { insideGre } from './spoil-gre.ts';
import { strangeError, strangeNeighbor, strangeQuery, strangeSegment } from './spoil-inside.ts';

const ETHERNET = 14;
const TYPES = [ETHERTYPE.ipv4, ETHERTYPE.ipv6, ETHERTYPE.arp, 0x8100, 0x88a8, 0, 0x05dc, 0xffff];

type Spoil = (random: Random, bytes: Uint8Array) => Uint8Array;

/** Offsets of the fields that say how long something is, or what comes next. */
const TELLING = [0, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 20, 24, 25, 32, 33, 40, 41, 42, 52, 53];

const SPOILS: readonly Spoil[] = [
  (random, bytes) => bytes.slice(0, random.below(bytes.length + 1)),
  (random, bytes) => bytes.slice(0, ETHERNET + random.below(70)),
  (random, bytes) => joined(bytes, octets(random, random.below(200))),
  (random, bytes) => withOctets(random, bytes, 1 + random.below(4), bytes.length),
  (random, bytes) => withOctets(random, bytes, 1 + random.below(4), ETHERNET + 80),
  (random, bytes) => withField(random, bytes, ETHERNET + random.pick(TELLING)),
  (random, bytes) => withField(random, bytes, ETHERNET + random.pick(TELLING)),
  (random, bytes) => withTotalLength(random, bytes),
  (random, bytes) => withType(bytes, random.pick(TYPES)),
  (random, bytes) => withRandomEnd(random, bytes),
  (random, bytes) => asFragment(random, bytes),
  (random, bytes) => asFragment(random, bytes),
  (random, bytes) => withOptions(random, bytes),
  (random, bytes) => withExtensions(random, bytes),
  (random, bytes) => withAddress(random, bytes),
  (random) => octets(random, random.below(120)),
  (random) => withType(octets(random, ETHERNET + random.below(120)), random.pick(TYPES)),
  (random) => noise(random),
  strangeSegment,
  strangeSegment,
  strangeQuery,
  strangeNeighbor,
  strangeNeighbor,
  strangeError,
  insideGre,
  insideGre,
  insideGre,
];

/** The frame with one thing wrong, at times two; its checksums are right again half of the time. */
export function spoilt(random: Random, frame: Uint8Array): Uint8Array {
  let bytes: Uint8Array = frame.slice();
  for (let count = random.chance(0.75) ? 1 : 2; count > 0; count--) {
    bytes = random.pick(SPOILS)(random, bytes);
  }
  if (random.chance(0.6)) mendChecksums(bytes);
  return bytes;
}

function octets(random: Random, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = random.uint32();
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function withOctets(random: Random, bytes: Uint8Array, count: number, end: number): Uint8Array {
  const last = Math.min(end, bytes.length);
  for (let left = count; left > 0 && last > 0; left--) bytes[random.below(last)] = random.uint32();
  return bytes;
}

const EXTREMES = [0, 1, 0x0f, 0x40, 0x45, 0x4f, 0x60, 0x7f, 0x80, 0xff];

function withField(random: Random, bytes: Uint8Array, at: number): Uint8Array {
  if (at < bytes.length) bytes[at] = random.pick([...EXTREMES, random.below(256)]);
  return bytes;
}

function withTotalLength(random: Random, bytes: Uint8Array): Uint8Array {
  const at = ETHERNET + (bytes[ETHERNET]! >> 4 === 6 ? 4 : 2);
  if (at + 2 > bytes.length) return bytes;
  const length = read16(bytes, at);
  const off = random.pick([-1, 1, 8, -8, 100, -100, 0x8000]);
  write16(bytes, at, random.pick([0, 0xffff, 19, 20, 21, (length + off) & 0xffff]));
  return bytes;
}

function withType(bytes: Uint8Array, type: number): Uint8Array {
  if (bytes.length >= ETHERNET) write16(bytes, ETHERNET - 2, type);
  return bytes;
}

function withRandomEnd(random: Random, bytes: Uint8Array): Uint8Array {
  for (let at = ETHERNET + 20 + random.below(60); at < bytes.length; at++)
    bytes[at] = random.uint32();
  return bytes;
}

/** A fragment of something, at an offset where it meets others. */
function asFragment(random: Random, bytes: Uint8Array): Uint8Array {
  const word = (random.pick([0, 0, 1, 2, 3, 185, 8190, 8191]) << 3) | random.pick([0, 1]);
  if (bytes.length < ETHERNET + 48) return bytes;
  if (bytes[ETHERNET]! >> 4 === 4) {
    write16(bytes, ETHERNET + 4, random.below(4));
    write16(bytes, ETHERNET + 6, ((word & 1) << 13) | (word >> 3));
    return bytes;
  }
  const header = octets(random, 8);
  header[0] = bytes[ETHERNET + 6]!;
  write16(header, 2, word);
  write16(header, 6, random.below(4));
  bytes[ETHERNET + 6] = 44;
  return insert(bytes, ETHERNET + 40, header, 4);
}

/** IPv4 with options, or TCP with some, of any kind and of lengths that lie. */
function withOptions(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length < ETHERNET + 20 || bytes[ETHERNET]! >> 4 !== 4) return bytes;
  const words = 1 + random.below(10);
  const options = octets(random, words * 4);
  options[0] = random.pick([0, 1, 2, 3, 4, 5, 7, 8, 68, 131, 137, 148, 255]);
  options[1] = random.pick([0, 1, 2, 3, 4, 8, 10, 40, 255]);
  const isTcp = bytes[ETHERNET + 9] === 6 && bytes.length >= ETHERNET + 40;
  if (isTcp && random.chance(0.6)) {
    bytes[ETHERNET + 32] = (5 + words) << 4;
    return insert(bytes, ETHERNET + 40, options, 2);
  }
  bytes[ETHERNET] = 0x45 + words;
  return insert(bytes, ETHERNET + 20, options, 2);
}

const EXTENSIONS = [0, 43, 44, 50, 51, 59, 60, 135, 139, 140, 253, 6, 17, 58];

/** IPv6 with a chain of headers. */
function withExtensions(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length < ETHERNET + 40 || bytes[ETHERNET]! >> 4 !== 6) return bytes;
  let result = bytes;
  for (let count = 1 + random.below(random.chance(0.9) ? 4 : 40); count > 0; count--) {
    const header = octets(random, 8 * (1 + random.below(2)));
    header[0] = result[ETHERNET + 6]!;
    header[1] = random.pick([0, 1, header.length / 8 - 1, 2, 255]);
    header[2] = random.pick([0, 1, 5, 194, 255]);
    result[ETHERNET + 6] = random.pick(EXTENSIONS);
    result = insert(result, ETHERNET + 40, header, 4);
  }
  return result;
}

/** Octets inside a packet, whose length at `ETHERNET + field` grows with them. */
function insert(bytes: Uint8Array, at: number, more: Uint8Array, field: number): Uint8Array {
  const length = read16(bytes, ETHERNET + field) + more.length;
  write16(bytes, ETHERNET + field, length & 0xffff);
  return joined(bytes.subarray(0, at), more, bytes.subarray(at));
}

const ADDRESSES = [
  [0, 0, 0, 0],
  [255, 255, 255, 255],
  [127, 0, 0, 1],
  [224, 0, 0, 1],
  [169, 254, 169, 253],
  [10, 0, 0, 2],
  [10, 0, 255, 255],
  [172, 31, 0, 1],
  [52, 10, 0, 1],
];

function withAddress(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length < ETHERNET + 40) return bytes;
  const isFour = bytes[ETHERNET]! >> 4 === 4;
  const at = ETHERNET + (isFour ? random.pick([12, 16]) : random.pick([8, 24]));
  if (isFour) bytes.set(random.pick(ADDRESSES), at);
  else bytes.set(random.chance(0.5) ? new Uint8Array(16) : octets(random, 16), at);
  if (!isFour) bytes[at] = random.pick([0, 0xfe, 0xff, 0x20, 0xfd]);
  return bytes;
}

/** IPv4 or IPv6 of any protocol, with nothing but noise inside. */
function noise(random: Random): Uint8Array {
  const isFour = random.chance(0.5);
  const bytes = withType(
    octets(random, ETHERNET + (isFour ? 20 : 40) + random.below(100)),
    isFour ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6,
  );
  const payload = bytes.length - ETHERNET;
  bytes[ETHERNET] = isFour ? 0x45 : 0x60;
  write16(bytes, ETHERNET + (isFour ? 2 : 4), isFour ? payload : payload - 40);
  if (isFour) write16(bytes, ETHERNET + 6, random.pick([0, 0x4000, 0x2000]));
  bytes[ETHERNET + (isFour ? 9 : 6)] = random.pick([1, 2, 6, 17, 47, 50, 58, 132, 255]);
  return bytes;
}
