/** Frames in GRE packets with something wrong in them: flags, checksums, types, lengths, depth. */
import { checksum } from '../../../src/net/checksum.ts';
import type { Random } from '../../../src/net/random.ts';
import { write16 } from '../../../src/wire/bytes.ts';

const ETHERNET = 14;
const GRE = 47;
/** None, C, K, S, C with K and S, routing, reserved bits, versions. */
const FLAGS = [0, 0, 0, 0x8000, 0x8000, 0x2000, 0x1000, 0xb000, 0x4000, 0x0c00, 0x03f8, 1, 7];
const TYPES = [0x0800, 0x86dd, 0x0806, 0x6558, 0x88be, 0, 0xffff];
const CHECKSUM = 0x8000;
const OPTIONS = [CHECKSUM, 0x2000, 0x1000];

/** The packet as the payload of GRE packets between its own ends, one in the other. */
export function insideGre(random: Random, bytes: Uint8Array): Uint8Array {
  const version = bytes[ETHERNET]! >> 4;
  const isFour = version === 4;
  const headerLength = isFour ? 20 : 40;
  if ((!isFour && version !== 6) || bytes.length < ETHERNET + headerLength) return bytes;
  const header = bytes.slice(ETHERNET, ETHERNET + headerLength);
  let packet: Uint8Array = bytes.slice(ETHERNET);
  for (let depth = random.pick([1, 1, 1, 2, 3, 20]); depth > 0; depth--) {
    packet = joined(outside(random, header, isFour), greOf(random, packet));
    const length = packet.length - (isFour ? 0 : 40);
    write16(packet, isFour ? 2 : 4, length & 0xffff);
    if (isFour) write16(packet, 10, checksum(packet, 0, 20));
  }
  return joined(bytes.subarray(0, ETHERNET), packet);
}

function outside(random: Random, header: Uint8Array, isFour: boolean): Uint8Array {
  const fresh = header.slice();
  if (isFour) {
    fresh.set([0x45], 0);
    // At times more fragments are to come.
    fresh.set([random.chance(0.1) ? 0x20 : 0, 0, 64, GRE], 6);
  } else fresh[6] = GRE;
  return fresh;
}

function greOf(random: Random, packet: Uint8Array): Uint8Array {
  const flags = random.pick(FLAGS);
  const own = packet[0]! >> 4 === 4 ? 0x0800 : 0x86dd;
  const type = random.chance(0.8) ? own : random.pick(TYPES);
  const options = OPTIONS.flatMap((option) => ((flags & option) === 0 ? [] : [0, 0, 0, 7]));
  const length = random.chance(0.9) ? packet.length : random.below(packet.length + 1);
  const padding = random.chance(0.9) ? 0 : random.below(30);
  const body = joined(packet.subarray(0, length), new Uint8Array(padding));
  const bytes = joined(
    Uint8Array.of(flags >> 8, flags & 0xff, type >> 8, type & 0xff, ...options),
    body,
  );
  if ((flags & CHECKSUM) !== 0 && random.chance(0.6)) {
    write16(bytes, 4, 0);
    write16(bytes, 4, checksum(bytes));
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
