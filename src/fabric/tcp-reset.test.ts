import { describe, expect, it } from 'vitest';
import { formatIp } from '../net/ip.ts';
import { TCP_FLAG } from '../wire/tcp.ts';
import { Frame } from './frame.ts';
import { Packet } from './packet.ts';
import { tcpResetFrame } from './tcp-reset.ts';
import { checksumsValid, tcpFrame } from './test-frames.ts';

/** The reset about a segment, read again. */
function resetOf(segment: Uint8Array) {
  const sent = new Frame();
  const packet = new Packet();
  sent.read(segment, packet);
  const bytes = tcpResetFrame(packet, sent.tcp);
  const frame = new Frame();
  const reset = new Packet();
  expect(frame.read(bytes, reset)).toBe('ip');
  expect(checksumsValid(bytes)).toBe(true);
  return { reset, tcp: frame.tcp };
}

describe.each([
  ['10.0.0.1', '203.0.113.1'],
  ['2001:db8::1', '2001:db8:9::1'],
])('about a segment of %s', (source, destination) => {
  it('comes from whom the segment went to', () => {
    const { reset } = resetOf(tcpFrame({ source, destination, flags: TCP_FLAG.ack }));
    expect([formatIp(reset.source), formatIp(reset.destination)]).toEqual([destination, source]);
    expect([reset.sourcePort, reset.destinationPort]).toEqual([443, 40000]);
  });

  it('takes its sequence number from the acknowledgment', () => {
    const bytes = tcpFrame({ source, destination, flags: TCP_FLAG.ack }, new Uint8Array(5));
    const frame = new Frame();
    frame.read(bytes, new Packet());
    frame.tcp.acknowledgmentNumber = 77;
    const { tcp } = resetOf(bytes);
    expect([tcp.flags, tcp.sequenceNumber]).toEqual([TCP_FLAG.rst, 77]);
  });

  it('acknowledges what acknowledged nothing', () => {
    const flags = TCP_FLAG.fin;
    const { tcp } = resetOf(tcpFrame({ source, destination, flags }, new Uint8Array(5)));
    expect(tcp.flags).toBe(TCP_FLAG.rst | TCP_FLAG.ack);
    // Sequence number 1, five bytes, and the FIN.
    expect([tcp.sequenceNumber, tcp.acknowledgmentNumber]).toEqual([0, 7]);
  });
});
