import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, type Ip } from '../net/ip.ts';
import { ETHERNET_HEADER_LENGTH } from '../wire/ethernet.ts';
import { type Quoted, QuotedView } from './quoted.ts';
import { checksumsValid, echoFrame, tcpFrame, udpFrame } from './test-frames.ts';
import { ip } from './test-values.ts';

const FRAMES = {
  tcp: (source: string, destination: string) => tcpFrame({ source, destination }),
  udp: (source: string, destination: string) => udpFrame({ source, destination }),
  icmp: (source: string, destination: string) => echoFrame({ source, destination }),
};
const PORTS = { tcp: [40000, 443], udp: [40000, 53], icmp: [7, 7] } as const;
type Protocol = keyof typeof FRAMES;

/** A view over a frame's packet as if an error quoted it. */
function view(frame: Uint8Array, family: 4 | 6, end = frame.length) {
  const quoted = new QuotedView();
  return { quoted, read: quoted.wrap(family, frame, ETHERNET_HEADER_LENGTH, end) };
}

function ends({ source, destination, sourcePort, destinationPort }: Quoted): string {
  const text = (address: Ip, port: number) => `${formatIp(address)} ${port}`;
  return `${text(source, sourcePort)} > ${text(destination, destinationPort)}`;
}

describe.each([
  [4, '10.0.0.1', '203.0.113.1', '54.0.0.1'],
  [6, '2001:db8::1', '2001:db8:9::1', '2001:db8:5::1'],
] as const)('IPv%i', (family, source, destination, other) => {
  it.each(['tcp', 'udp', 'icmp'] as const)('reads and rewrites %s', (protocol: Protocol) => {
    const frame = FRAMES[protocol](source, destination);
    const { quoted, read } = view(frame, family);
    const [from, to] = PORTS[protocol];
    expect(ends(read!)).toBe(`${source} ${from} > ${destination} ${to}`);
    const isEcho = protocol === 'icmp';
    const next = { ...read!, source: ip(other), sourcePort: 1500 };
    quoted.write(isEcho ? { ...next, destinationPort: 1500 } : next);
    expect(ends(view(frame, family).read!)).toBe(
      `${other} 1500 > ${destination} ${isEcho ? 1500 : to}`,
    );
    expect(checksumsValid(frame)).toBe(true);
  });

  it('leaves a checksum alone that was cut off', () => {
    const frame = FRAMES.tcp(source, destination);
    const header = ETHERNET_HEADER_LENGTH + (family === 4 ? 20 : 40);
    const { quoted, read } = view(frame, family, header + 8);
    const after = frame.slice(header + 8);
    quoted.write({ ...read!, sourcePort: 1 });
    expect(frame.slice(header + 8)).toEqual(after);
    expect(view(frame, family).read!.sourcePort).toBe(1);
  });

  it('knows nothing of what is cut too short, or has no ports', () => {
    const frame = FRAMES.udp(source, destination);
    const header = ETHERNET_HEADER_LENGTH + (family === 4 ? 20 : 40);
    expect(view(frame, family, header + 7).read).toBeUndefined();
    expect(view(frame, family, header - 1).read).toBeUndefined();
    frame[ETHERNET_HEADER_LENGTH + (family === 4 ? 9 : 6)] = 47;
    expect(view(frame, family).read).toBeUndefined();
  });
});

it('takes any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(4, 6), (bytes, family) => {
      const quoted = new QuotedView();
      const read = quoted.wrap(family as 4 | 6, bytes, 0, bytes.length);
      if (read === undefined) return;
      const before = bytes.slice();
      quoted.write(read);
      expect(bytes).toEqual(before);
    }),
  );
});
