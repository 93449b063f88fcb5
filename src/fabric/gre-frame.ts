/** Frames that go into GRE packets and come out of them (RFC 2784; over IPv6 RFC 7676). */
import { ETHERTYPE } from '../net/protocol.ts';
import { emitGre, greLength } from '../wire/gre.ts';
import type { Frame } from './frame.ts';
import { ipFrame, onLink } from './ip-frame.ts';
import type { Packet } from './packet.ts';

/** A frame with the packet in `frame` as the payload of `outer`; without key and checksum. */
export function wrapFrame(frame: Frame, outer: Packet): Uint8Array {
  const gre = { protocol: etherTypeOf(frame), checksummed: false, payload: packetIn(frame) };
  const body = new Uint8Array(greLength(gre));
  emitGre(gre, body, 0);
  return ipFrame(frame, outer, body);
}

/** A frame with the packet that the GRE packet in `frame` carries. */
export function unwrapFrame(frame: Frame): Uint8Array {
  const inside = frame.inside!;
  return onLink(frame, etherTypeOf(inside), packetIn(inside));
}

function etherTypeOf({ family }: Frame): number {
  return family === 4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6;
}

/** Without what an Ethernet frame is padded with. */
function packetIn({ bytes, ip }: Frame): Uint8Array {
  return bytes.subarray(ip.offset, ip.end);
}
