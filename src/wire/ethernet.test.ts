import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mac } from '../net/mac.ts';
import { fromHex } from './bytes.ts';
import {
  type Ethernet,
  EthernetView,
  emitEthernet,
  ethernetLength,
  formatEthernet,
  parseEthernet,
} from './ethernet.ts';
import {
  anyMac,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
  uint16,
} from './test-support.ts';

const HEADER = fromHex('0e 00 00 00 00 01 02 ff ff ff ff fe 08 00');
const FRAME: Ethernet = {
  destination: mac(0x0e0000000001),
  source: mac(0x02fffffffffe),
  etherType: 0x0800,
};

describe('Ethernet', () => {
  it('parses a header', () => {
    expect(parseEthernet(HEADER)).toEqual(FRAME);
    expectPrefixesRefused(HEADER, HEADER.length, parseEthernet);
  });

  it('emits the same header', () => {
    const bytes = buffer(ethernetLength(FRAME) + 2);
    emitEthernet(FRAME, bytes, 1);
    expect(bytes).toEqual(new Uint8Array([0xa5, ...HEADER, 0xa5]));
  });

  it('emits what it parses', () => {
    const frame = fc.record({ destination: anyMac, source: anyMac, etherType: uint16 });
    fc.assert(
      fc.property(frame, (value) => {
        const bytes = buffer(ethernetLength(value));
        emitEthernet(value, bytes);
        expect(parseEthernet(bytes)).toEqual(value);
      }),
    );
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows(parseEthernet);
    expectViewStaysInside(() => new EthernetView(), HEADER);
  });

  it('changes fields in place', () => {
    const bytes = HEADER.slice();
    const view = new EthernetView();
    expect(view.wrap(bytes)).toBe(true);
    expect(view.payloadOffset).toBe(14);
    view.destination = FRAME.source;
    view.source = FRAME.destination;
    view.etherType = 0x86dd;
    expect(bytes).toEqual(fromHex('02 ff ff ff ff fe 0e 00 00 00 00 01 86 dd'));
  });

  it('stays where it was when it is pointed at too little', () => {
    const view = new EthernetView();
    view.wrap(HEADER);
    expect(view.wrap(new Uint8Array(13))).toBe(false);
    expect(view.bytes).toBe(HEADER);
  });

  it('formats a line', () => {
    expect(formatEthernet(FRAME)).toBe(
      '02:ff:ff:ff:ff:fe > 0e:00:00:00:00:01, ethertype IPv4 (0x0800)',
    );
    expect(formatEthernet({ ...FRAME, etherType: 0x88 })).toMatch(/ethertype Unknown \(0x0088\)$/);
  });
});
