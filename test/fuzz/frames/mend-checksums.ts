/** Right checksums on wrong frames: they get past the first look. */
import { checksum, foldChecksum, pseudoHeaderSum, sumWords } from '../../../src/net/checksum.ts';
import { PROTOCOL } from '../../../src/net/protocol.ts';
import { read16, readIpv4, readIpv6, write16 } from '../../../src/wire/bytes.ts';

const ETHERNET = 14;
/** Where each protocol has its checksum. */
const FIELD: Readonly<Record<number, number>> = {
  [PROTOCOL.tcp]: 16,
  [PROTOCOL.udp]: 6,
  [PROTOCOL.icmp]: 2,
  [PROTOCOL.igmp]: 2,
  [PROTOCOL.icmpv6]: 2,
};

/** Mends what can be found; a frame whose lengths lie is taken at its word as far as it goes. */
export function mendChecksums(bytes: Uint8Array): void {
  if (bytes.length < ETHERNET + 20) return;
  const version = bytes[ETHERNET]! >> 4;
  if (version === 4) mendIpv4(bytes);
  else if (version === 6 && bytes.length >= ETHERNET + 40) mendIpv6(bytes);
}

function mendIpv4(bytes: Uint8Array): void {
  const headerEnd = ETHERNET + (bytes[ETHERNET]! & 15) * 4;
  if (headerEnd > bytes.length || headerEnd < ETHERNET + 20) return;
  write16(bytes, ETHERNET + 10, 0);
  write16(bytes, ETHERNET + 10, checksum(bytes, ETHERNET, headerEnd));
  const end = Math.min(bytes.length, ETHERNET + read16(bytes, ETHERNET + 2));
  const protocol = bytes[ETHERNET + 9]!;
  const source = readIpv4(bytes, ETHERNET + 12);
  const destination = readIpv4(bytes, ETHERNET + 16);
  mendUpper(bytes, protocol, headerEnd, end, (length) =>
    protocol === PROTOCOL.icmp || protocol === PROTOCOL.igmp
      ? 0
      : pseudoHeaderSum(source, destination, protocol, length),
  );
}

function mendIpv6(bytes: Uint8Array): void {
  const protocol = bytes[ETHERNET + 6]!;
  const end = Math.min(bytes.length, ETHERNET + 40 + read16(bytes, ETHERNET + 4));
  const source = readIpv6(bytes, ETHERNET + 8);
  const destination = readIpv6(bytes, ETHERNET + 24);
  mendUpper(bytes, protocol, ETHERNET + 40, end, (length) =>
    pseudoHeaderSum(source, destination, protocol, length),
  );
}

function mendUpper(
  bytes: Uint8Array,
  protocol: number,
  from: number,
  end: number,
  pseudoSum: (length: number) => number,
): void {
  const field = FIELD[protocol];
  if (field === undefined || from + field + 2 > end) return;
  write16(bytes, from + field, 0);
  const sum = sumWords(bytes, from, end, pseudoSum(end - from));
  write16(bytes, from + field, foldChecksum(sum) || 0xffff);
}
