import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustChecksum, adjustChecksumIp } from '../net/checksum.ts';
import { isIpv4 } from '../net/ip.ts';
import { parseIpv4 } from '../net/ipv4.ts';
import { parseIpv6 } from '../net/ipv6.ts';
import { fromHex } from './bytes.ts';
import { emitTcp, formatTcp, parseTcp, TCP_FLAG, type Tcp, TcpView, tcpLength } from './tcp.ts';
import {
  anyPayload,
  anyPseudo,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint8,
  uint16,
  uint32,
} from './test-support.ts';

const OVER4 = { source: parseIpv4('10.0.0.5')!, destination: parseIpv4('10.0.1.7')! };
const BACK4 = { source: OVER4.destination, destination: OVER4.source };
const OVER6 = {
  source: parseIpv6('2001:db8::5')!,
  destination: parseIpv6('2001:db8:1::7')!,
};

/** The first segment of a Linux client. */
const syn = (checksum: string) =>
  fromHex(`c000 01bb 12345678 00000000 a002 fd20 ${checksum} 0000
    0204 0501 0402 080a 0000 1000 0000 0000 0103 0307`);
const SYN4 = syn('fc1e');
const SYN6 = syn('b5ab');
const SYN: Tcp = {
  sourcePort: 49152,
  destinationPort: 443,
  sequenceNumber: 0x12345678,
  acknowledgmentNumber: 0,
  flags: TCP_FLAG.syn,
  window: 64800,
  options: {
    mss: 1281,
    sackPermitted: true,
    timestamps: { value: 0x1000, echoReply: 0 },
    windowScale: 7,
  },
  payload: new Uint8Array(),
};
const DATA_BYTES = fromHex('01bb c000 9abcdef0 12345679 5018 01f6 b0dd 0000 68656c6c6f');
const DATA: Tcp = {
  sourcePort: 443,
  destinationPort: 49152,
  sequenceNumber: 0x9abcdef0,
  acknowledgmentNumber: 0x12345679,
  flags: TCP_FLAG.psh | TCP_FLAG.ack,
  window: 502,
  options: {},
  payload: fromHex('68656c6c6f'),
};

describe('TCP', () => {
  it.each([
    ['a SYN over IPv4', SYN4, SYN, OVER4],
    ['a SYN over IPv6', SYN6, SYN, OVER6],
    ['data', DATA_BYTES, DATA, BACK4],
  ])('parses and emits the same bytes: %s', (_name, bytes, tcp, pseudo) => {
    expect(parseTcp(bytes, 0, bytes.length, pseudo)).toEqual(tcp);
    const target = buffer(tcpLength(tcp));
    emitTcp(tcp, target, 0, pseudo);
    expect(target).toEqual(bytes);
    expectPrefixesRefused(bytes, bytes.length - tcp.payload.length, parseTcp);
  });

  it('refuses a wrong checksum unless no addresses are given', () => {
    expect(parseTcp(SYN4, 0, SYN4.length, OVER6)).toBeUndefined();
    expect(parseTcp(SYN4)).toEqual(SYN);
  });

  it('refuses data offsets that lie', () => {
    for (const dataOffset of [0x00, 0x40, 0x70, 0xf0]) {
      const bytes = DATA_BYTES.slice();
      bytes[12] = dataOffset;
      expect(parseTcp(bytes), dataOffset.toString(16)).toBeUndefined();
    }
  });

  it('refuses a segment with malformed options, which a view still shows', () => {
    const bytes = SYN4.slice();
    bytes[21] = 0;
    expect(parseTcp(bytes)).toBeUndefined();
    const view = new TcpView();
    expect(view.wrap(bytes)).toBe(true);
    expect(view.maximumSegmentSize).toBeUndefined();
  });

  it('emits what it parses', () => {
    const options = fc.record(
      {
        mss: uint16,
        windowScale: uint8,
        sackPermitted: fc.constant(true as const),
        timestamps: fc.record({ value: uint32, echoReply: uint32 }),
      },
      { requiredKeys: [] },
    );
    const tcp = fc.record<Tcp>({
      sourcePort: uint16,
      destinationPort: uint16,
      sequenceNumber: uint32,
      acknowledgmentNumber: uint32,
      flags: uint8,
      window: uint16,
      options,
      payload: anyPayload,
    });
    fc.assert(
      fc.property(tcp, anyPseudo, fc.nat(3), (value, pseudo, offset) => {
        const bytes = buffer(offset + tcpLength(value));
        emitTcp(value, bytes, offset, pseudo);
        expect(parseTcp(bytes, offset, bytes.length, pseudo)).toEqual(value);
      }),
    );
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows((bytes, offset, end) => parseTcp(bytes, offset, end));
    expectViewStaysInside(
      () => new TcpView(),
      SYN4,
      (view) => view.checksumValid(OVER6),
      (view) => view.fillChecksum(OVER4),
      (view) => view.clampMaximumSegmentSize(1),
    );
  });

  it('formats a line', () => {
    expect(formatTcp(SYN, OVER4)).toBe(
      '10.0.0.5.49152 > 10.0.1.7.443: Flags [S], seq 305419896, win 64800, ' +
        'options [mss 1281,sackOK,TS val 4096 ecr 0,wscale 7], length 0',
    );
    expect(formatTcp(DATA)).toBe(
      '443 > 49152: Flags [P.], seq 2596069104:2596069109, ack 305419897, win 502, length 5',
    );
    expect(formatTcp({ ...DATA, flags: 0, sequenceNumber: 0xfffffffe })).toMatch(
      /Flags \[none\], seq 4294967294:3, win/,
    );
  });
});

describe('a TCP view', () => {
  it('reads and sets fields in place', () => {
    const view = new TcpView();
    expect(view.wrap(DATA_BYTES.slice())).toBe(true);
    expect([view.headerLength, view.payloadOffset, view.flags]).toEqual([20, 20, 0x18]);
    expect([view.syn, view.ack, view.fin, view.rst]).toEqual([false, true, false, false]);
    view.sourcePort = 1;
    view.destinationPort = 2;
    view.sequenceNumber = 0xffffffff;
    view.acknowledgmentNumber = 3;
    view.flags = TCP_FLAG.fin | TCP_FLAG.rst | TCP_FLAG.syn;
    view.window = 4;
    view.urgentPointer = 5;
    expect([view.syn, view.ack, view.fin, view.rst]).toEqual([true, false, true, true]);
    expect(view.bytes.subarray(0, 20)).toEqual(
      fromHex('0001 0002 ffffffff 00000003 5007 0004 b0dd 0005'),
    );
  });

  it('keeps the checksum a full sum would give when it is translated', () => {
    fc.assert(
      fc.property(anyPseudo, uint16, (pseudo, port) => {
        const over = isIpv4(pseudo.source) ? OVER4 : OVER6;
        const view = new TcpView();
        view.wrap(isIpv4(pseudo.source) ? SYN4.slice() : SYN6.slice());
        view.checksum = adjustChecksumIp(view.checksum, over.source, pseudo.source);
        view.checksum = adjustChecksumIp(view.checksum, over.destination, pseudo.destination);
        view.checksum = adjustChecksum(view.checksum, view.sourcePort, port);
        view.sourcePort = port;
        expect(view.checksumValid(pseudo)).toBe(true);
      }),
    );
  });

  it('lowers the MSS, never raises it, at even and odd offsets', () => {
    for (const options of ['0204 05b4', '01 020405b4 0101 01', '01 01 01 020405b4 00']) {
      const list = fromHex(options);
      const view = new TcpView();
      const head = fromHex(`c000 01bb 12345678 00000000 ${list.length === 4 ? 60 : 70}02 fd20`);
      view.wrap(new Uint8Array([...head, 0, 0, 0, 0, ...list]));
      view.fillChecksum(OVER4);
      view.clampMaximumSegmentSize(1461);
      expect(view.maximumSegmentSize).toBe(1460);
      view.clampMaximumSegmentSize(1300);
      expect(view.maximumSegmentSize).toBe(1300);
      expect(view.checksumValid(OVER4)).toBe(true);
    }
    const none = new TcpView();
    none.wrap(DATA_BYTES.slice());
    none.clampMaximumSegmentSize(1);
    expect(none.bytes).toEqual(DATA_BYTES);
  });
});
