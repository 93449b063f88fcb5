/**
 * The ports of TCP (RFC 9293) and UDP (RFC 768): the same four bytes. An ICMP error quotes at
 * least these (RFC 792), where the whole TCP header may be cut off.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |          Source Port          |       Destination Port        |
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import { EMPTY, fits, read16, write16 } from './bytes.ts';

const field = { sourcePort: 0, destinationPort: 2, end: 4 } as const;

export class PortsView {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;

  /** Points the view at a transport header; false, and unchanged, when it is truncated. */
  wrap(bytes: Uint8Array, offset = 0, end = bytes.length): boolean {
    if (!fits(bytes, offset, end, field.end)) return false;
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    return true;
  }

  get sourcePort(): number {
    return read16(this.bytes, this.offset + field.sourcePort);
  }
  set sourcePort(port: number) {
    write16(this.bytes, this.offset + field.sourcePort, port);
  }
  get destinationPort(): number {
    return read16(this.bytes, this.offset + field.destinationPort);
  }
  set destinationPort(port: number) {
    write16(this.bytes, this.offset + field.destinationPort, port);
  }
}
