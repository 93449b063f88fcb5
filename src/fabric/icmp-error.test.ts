import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH } from '../wire/ethernet.ts';
import { parseIcmp } from '../wire/icmp.ts';
import { parseIcmpv6 } from '../wire/icmpv6.ts';
import { parseIpv4Header } from '../wire/ipv4.ts';
import { parseIpv6Header } from '../wire/ipv6.ts';
import { icmpErrorFrame } from './icmp-error.ts';
import { checksumsValid } from './test-frames.ts';
import { ip } from './test-values.ts';

const TOO_BIG = { kind: 'packet-too-big', mtu: 1500 } as const;
const EXPIRED = { kind: 'time-exceeded', mtu: 0 } as const;
const quoted = Uint8Array.from({ length: 2000 }, (_, index) => index);

describe('over IPv4', () => {
  const [router, sender] = [ip('10.0.0.1'), ip('10.0.0.9')];
  const at = ETHERNET_HEADER_LENGTH + 20;

  it('RFC 1191: fragmentation needed, with the MTU; byte by byte', () => {
    const frame = icmpErrorFrame(TOO_BIG, router, sender, fromHex('45000014 00000000'));
    expect(toHex(frame)).toBe(
      toHex(
        fromHex(
          `000000000000 000000000000 0800
          45000024 00004000 400126d0 0a000001 0a000009
          0304b20b 000005dc 45000014 00000000`.replaceAll(/\s+/g, ''),
        ),
      ),
    );
  });

  it('A-108 names the MTU and quotes the packet, in 576 bytes at most', () => {
    const frame = icmpErrorFrame(TOO_BIG, router, sender, quoted);
    expect(frame.length - ETHERNET_HEADER_LENGTH).toBe(576);
    expect(checksumsValid(frame)).toBe(true);
    const header = parseIpv4Header(frame, ETHERNET_HEADER_LENGTH);
    expect(header).toMatchObject({ source: router, destination: sender, protocol: 1 });
    expect(parseIcmp(frame, at)).toEqual({
      kind: 'destinationUnreachable',
      code: 4,
      mtu: 1500,
      payload: quoted.subarray(0, 548),
    });
  });

  it('time exceeded in transit', () => {
    const frame = icmpErrorFrame(EXPIRED, router, sender, quoted);
    expect(checksumsValid(frame)).toBe(true);
    expect(parseIcmp(frame, at)).toMatchObject({ kind: 'timeExceeded', code: 0 });
  });
});

describe('over IPv6', () => {
  const [router, sender] = [ip('2001:db8::1'), ip('2001:db8::9')];
  const at = ETHERNET_HEADER_LENGTH + 40;
  const pseudo = { source: router, destination: sender } as never;

  it('RFC 4443: packet too big, in 1280 bytes at most', () => {
    const frame = icmpErrorFrame({ ...TOO_BIG, mtu: 8500 }, router, sender, quoted);
    expect(frame.length - ETHERNET_HEADER_LENGTH).toBe(1280);
    expect(checksumsValid(frame)).toBe(true);
    const header = parseIpv6Header(frame, ETHERNET_HEADER_LENGTH);
    expect(header).toMatchObject({ source: router, destination: sender, nextHeader: 58 });
    const payload = quoted.subarray(0, 1232);
    expect(parseIcmpv6(frame, at, frame.length, pseudo)).toEqual({
      kind: 'packetTooBig',
      mtu: 8500,
      payload,
    });
  });

  it('time exceeded in transit', () => {
    const frame = icmpErrorFrame(EXPIRED, router, sender, quoted.subarray(0, 48));
    expect(checksumsValid(frame)).toBe(true);
    const message = parseIcmpv6(frame, at, frame.length, pseudo);
    expect(message).toMatchObject({ kind: 'timeExceeded', code: 0 });
  });
});
