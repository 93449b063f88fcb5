import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustUdpChecksum, adjustUdpChecksumIp } from '../net/checksum.ts';
import { type Ipv4, ipv4, parseIpv4 } from '../net/ipv4.ts';
import { parseIpv6 } from '../net/ipv6.ts';
import { fromHex } from './bytes.ts';
import {
  anyIpv4,
  anyPayload,
  anyPseudo,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint16,
} from './test-support.ts';
import { emitUdp, formatUdp, parseUdp, type Udp, UdpView, udpLength } from './udp.ts';

const OVER4 = { source: parseIpv4('10.0.0.5')!, destination: parseIpv4('10.0.1.7')! };
const OVER6 = {
  source: parseIpv6('2001:db8::5')!,
  destination: parseIpv6('2001:db8:1::7')!,
};
const BYTES4 = fromHex('d431 0035 000b 5203 616263');
const BYTES6 = fromHex('d431 0035 000b 0b90 616263');
const DATAGRAM: Udp = {
  sourcePort: 0xd431,
  destinationPort: 53,
  payload: fromHex('616263'),
};

describe('UDP', () => {
  it.each([
    ['IPv4', BYTES4, OVER4],
    ['IPv6', BYTES6, OVER6],
  ])('parses and emits the same bytes over %s', (_family, bytes, pseudo) => {
    expect(parseUdp(bytes, 0, bytes.length, pseudo)).toEqual(DATAGRAM);
    const target = buffer(udpLength(DATAGRAM));
    emitUdp(DATAGRAM, target, 0, pseudo);
    expect(target).toEqual(bytes);
    expectPrefixesRefused(bytes, bytes.length, parseUdp);
  });

  it('refuses a wrong checksum unless no addresses are given', () => {
    expect(parseUdp(BYTES4, 0, BYTES4.length, OVER6)).toBeUndefined();
    expect(parseUdp(BYTES4)).toEqual(DATAGRAM);
  });

  it('takes a missing checksum over IPv4 only', () => {
    const bytes = fromHex('d431 0035 000b 0000 616263');
    expect(parseUdp(bytes, 0, bytes.length, OVER4)).toEqual(DATAGRAM);
    expect(parseUdp(bytes, 0, bytes.length, OVER6)).toBeUndefined();
  });

  it('sends a sum that comes out as zero as ffff', () => {
    const zero = { source: ipv4(0), destination: ipv4(0) };
    // 0x11 (protocol) + 8 + 8 (both lengths) + 0xffde = 0xffff, whose complement is zero.
    const target = buffer(8);
    emitUdp({ sourcePort: 0xffde, destinationPort: 0, payload: new Uint8Array() }, target, 0, zero);
    expect(target).toEqual(fromHex('ffde 0000 0008 ffff'));
    expect(parseUdp(target, 0, 8, zero)).toBeDefined();
  });

  it('refuses lengths that lie', () => {
    for (const length of ['0000', '0007', '000c', 'ffff']) {
      const bytes = fromHex(`d431 0035 ${length} 0000 616263`);
      expect(parseUdp(bytes), length).toBeUndefined();
    }
    const trailing = parseUdp(fromHex('d431 0035 000b 5203 616263 ffff'), 0, 13, OVER4);
    expect(trailing).toEqual(DATAGRAM);
  });

  it('does not copy the payload', () => {
    expect(parseUdp(BYTES4)!.payload.buffer).toBe(BYTES4.buffer);
  });

  it('reads a quoted datagram whose payload is cut short', () => {
    const view = new UdpView();
    expect(view.wrapQuoted(BYTES4, 0, 8)).toBe(true);
    expect([view.sourcePort, view.length, view.end]).toEqual([0xd431, 11, 8]);
    expect(view.wrapQuoted(BYTES4, 0, 7)).toBe(false);
  });

  it('emits what it parses', () => {
    const udp = fc.record<Udp>({
      sourcePort: uint16,
      destinationPort: uint16,
      payload: anyPayload,
    });
    fc.assert(
      fc.property(udp, anyPseudo, fc.nat(3), (value, pseudo, offset) => {
        const bytes = buffer(offset + udpLength(value));
        emitUdp(value, bytes, offset, pseudo);
        expect(parseUdp(bytes, offset, bytes.length, pseudo)).toEqual(value);
      }),
    );
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows((bytes, offset, end) => parseUdp(bytes, offset, end, OVER4));
    expectViewStaysInside(
      () => new UdpView(),
      BYTES4,
      (view) => view.checksumValid(OVER6),
      (view) => view.fillChecksum(OVER4),
    );
  });

  it('formats a line', () => {
    expect(formatUdp(DATAGRAM)).toBe('54321 > 53: UDP, length 3');
    expect(formatUdp(DATAGRAM, OVER4)).toBe('10.0.0.5.54321 > 10.0.1.7.53: UDP, length 3');
  });
});

describe('a translated datagram', () => {
  const rewrite = (bytes: Uint8Array, source: Ipv4, port: number): UdpView => {
    const view = new UdpView();
    expect(view.wrap(bytes)).toBe(true);
    view.checksum = adjustUdpChecksumIp(view.checksum, OVER4.source, source);
    view.checksum = adjustUdpChecksum(view.checksum, view.sourcePort, port);
    view.sourcePort = port;
    return view;
  };

  it('keeps the checksum a full sum would give', () => {
    fc.assert(
      fc.property(anyIpv4, uint16, (source, port) => {
        const view = rewrite(BYTES4.slice(), source, port);
        const incremental = view.checksum;
        view.fillChecksum({ source, destination: OVER4.destination });
        expect(incremental).toBe(view.checksum);
      }),
    );
  });

  it('stays without a checksum when it had none', () => {
    const view = rewrite(fromHex('d431 0035 000b 0000 616263'), ipv4(1), 1024);
    expect([view.checksum, view.sourcePort]).toEqual([0, 1024]);
  });

  it('sets the other fields in place', () => {
    const view = new UdpView();
    view.wrap(BYTES4.slice());
    view.destinationPort = 0x1234;
    view.length = 9;
    expect(view.bytes).toEqual(fromHex('d431 1234 0009 5203 616263'));
    expect(view.payloadOffset).toBe(8);
  });
});
