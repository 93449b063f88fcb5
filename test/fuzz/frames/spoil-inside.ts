/** Right frames with nonsense in them: segments out of state, broken DNS, strange neighbours. */
import type { Random } from '../../../src/net/random.ts';
import { read16, write16, write32 } from '../../../src/wire/bytes.ts';

const ETHERNET = 14;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;

interface Upper {
  readonly protocol: number;
  readonly at: number;
}

/** Where the transport header of a plain packet begins. */
function upperOf(bytes: Uint8Array): Upper | undefined {
  const version = bytes[ETHERNET]! >> 4;
  const at = ETHERNET + (version === 4 ? (bytes[ETHERNET]! & 15) * 4 : 40);
  if ((version !== 4 && version !== 6) || bytes.length < at + 8) return undefined;
  return { protocol: bytes[ETHERNET + (version === 4 ? 9 : 6)]!, at };
}

/** Puts `payload` in place of all that follows `at`, lengths included. */
function withRest(bytes: Uint8Array, at: number, payload: Uint8Array): Uint8Array {
  const result = new Uint8Array(Buffer.concat([bytes.subarray(0, at), payload]));
  const isFour = result[ETHERNET]! >> 4 === 4;
  const length = result.length - ETHERNET - (isFour ? 0 : 40);
  write16(result, ETHERNET + (isFour ? 2 : 4), length & 0xffff);
  return result;
}

/** Any flags, numbers near those of the flow or anywhere, some data. */
export function strangeSegment(random: Random, bytes: Uint8Array): Uint8Array {
  const upper = upperOf(bytes);
  if (upper?.protocol !== TCP || bytes.length < upper.at + 20) return bytes;
  const { at } = upper;
  bytes[at + 13] = random.pick([0, 1, 2, 3, 4, 16, 17, 18, 20, 24, 0x29, 0x3f, 0xff]);
  for (const field of [4, 8]) {
    const off = random.pick([0, 1, -1, 1000, 65_535, 65_536, 0x7fff_ffff]);
    const number = Buffer.from(bytes).readUInt32BE(at + field);
    const value = random.chance(0.7) ? (number + off) >>> 0 : random.uint32();
    write32(bytes, at + field, value);
  }
  write16(bytes, at + 14, random.pick([0, 1, 100, 65_535]));
  if (random.chance(0.5)) return bytes;
  const data = new Uint8Array(random.pick([0, 1, 500, 1400]));
  return withRest(bytes, at + (bytes[at + 12]! >> 4) * 4, data);
}

const NAMES = [
  [0],
  [0xc0, 0x0c],
  [0xc0, 0xff],
  [0xff, 0xff],
  [1, 97, 0xc0, 0x0c],
  [63, ...Array(63).fill(97), 63, ...Array(63).fill(98), 0],
  [5, 97, 98],
  [0x40, 97, 0],
  [9, 108, 111, 99, 97, 108, 104, 111, 115, 116, 0],
  [3, 0, 255, 46, 0],
];

/** A message to a resolver in which counts, names and lengths disagree. */
export function strangeQuery(random: Random, bytes: Uint8Array): Uint8Array {
  const upper = upperOf(bytes);
  if (upper?.protocol !== UDP) return bytes;
  const header = [random.below(256), random.below(256), random.pick([0, 1, 0x80, 0x28, 0x79]), 0];
  const counts = Array.from({ length: 4 }, () => [
    random.pick([0, 0, 255]),
    random.pick([0, 1, 2]),
  ]);
  const records = Array.from({ length: random.below(4) }, () => [
    ...random.pick(NAMES),
    ...[0, random.pick([1, 5, 6, 12, 28, 41, 46, 252, 255]), 0, random.pick([0, 1, 3, 255])],
    ...(random.chance(0.5) ? [0, 0, 0, 60, 0, random.below(20), 10, 0, 0, 1] : []),
  ]);
  const message = Uint8Array.from([...header, ...counts.flat(), ...records.flat()]);
  write16(bytes, upper.at + 2, 53);
  const result = withRest(bytes, upper.at + 8, message);
  write16(result, upper.at + 4, 8 + message.length);
  return result;
}

/** Neighbour discovery with options of any kind and length, and ARP of any size. */
export function strangeNeighbor(random: Random, bytes: Uint8Array): Uint8Array {
  if (bytes.length >= ETHERNET + 8 && read16(bytes, ETHERNET - 2) === 0x0806) {
    bytes[ETHERNET + random.below(8)] = random.pick([0, 1, 2, 4, 6, 8, 255]);
    return bytes;
  }
  const upper = upperOf(bytes);
  if (upper?.protocol !== ICMPV6) return bytes;
  const { at } = upper;
  const options = Array.from({ length: random.below(5) }, () => [
    random.pick([0, 1, 2, 3, 4, 5, 14, 24, 25, 255]),
    random.pick([0, 1, 1, 2, 4, 32, 255]),
    ...Array.from({ length: random.pick([0, 5, 6, 14, 30]) }, () => random.below(256)),
  ]);
  const body = Uint8Array.from({ length: random.pick([4, 12, 16, 20, 36]) }, () =>
    random.below(256),
  );
  bytes[at] = random.pick([1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 143]);
  bytes[at + 1] = random.pick([0, 0, 1, 255]);
  bytes[ETHERNET + 7] = random.pick([255, 255, 254, 1]);
  return withRest(bytes, at + 4, Uint8Array.from([...body, ...options.flat()]));
}

/** An error that quotes the packet, or part of it, or something else. */
export function strangeError(random: Random, bytes: Uint8Array): Uint8Array {
  const upper = upperOf(bytes);
  if (upper === undefined) return bytes;
  const isFour = bytes[ETHERNET]! >> 4 === 4;
  const quoted = bytes.slice(ETHERNET, ETHERNET + random.below(bytes.length));
  if (random.chance(0.3) && quoted.length > 0)
    quoted[random.below(quoted.length)] = random.uint32();
  // What the error is about went the other way.
  if (random.chance(0.7)) swapAddresses(quoted, isFour);
  const type = random.pick(isFour ? [3, 4, 5, 11, 12] : [1, 2, 3, 4, 100]);
  const head = [type, random.below(16), 0, 0, 0, 0, random.below(256), random.below(256)];
  bytes[ETHERNET + (isFour ? 9 : 6)] = isFour ? 1 : ICMPV6;
  return withRest(bytes, upper.at, Uint8Array.from([...head, ...quoted]));
}

function swapAddresses(packet: Uint8Array, isFour: boolean): void {
  const [at, size] = isFour ? [12, 4] : [8, 16];
  if (packet.length < at + 2 * size) return;
  const source = packet.slice(at, at + size);
  packet.copyWithin(at, at + size, at + 2 * size);
  packet.set(source, at + size);
}
