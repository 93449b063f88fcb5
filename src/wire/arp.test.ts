import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4 } from '../net/ipv4.ts';
import { mac } from '../net/mac.ts';
import { type Arp, ArpView, arpLength, emitArp, formatArp, parseArp } from './arp.ts';
import { fromHex } from './bytes.ts';
import {
  anyIpv4,
  anyMac,
  buffer,
  expectNeverThrows,
  expectPrefixesRefused,
  expectViewStaysInside,
} from './test-support.ts';

const REQUEST_BYTES = fromHex(`
  0001 0800 06 04 0001
  02 00 00 00 00 05  0a 00 00 05
  00 00 00 00 00 00  0a 00 00 01`);
const REQUEST: Arp = {
  operation: 'request',
  senderHardwareAddress: mac(0x020000000005),
  senderProtocolAddress: ipv4(0x0a000005),
  targetHardwareAddress: mac(0),
  targetProtocolAddress: ipv4(0x0a000001),
};
const REPLY_BYTES = fromHex(`
  0001 0800 06 04 0002
  02 00 00 00 00 01  0a 00 00 01
  02 00 00 00 00 05  0a 00 00 05`);
const REPLY: Arp = {
  operation: 'reply',
  senderHardwareAddress: mac(0x020000000001),
  senderProtocolAddress: ipv4(0x0a000001),
  targetHardwareAddress: mac(0x020000000005),
  targetProtocolAddress: ipv4(0x0a000005),
};

function emitted(arp: Arp): Uint8Array {
  const bytes = buffer(arpLength(arp));
  emitArp(arp, bytes);
  return bytes;
}

describe('ARP', () => {
  it('parses a request and a reply', () => {
    expect(parseArp(REQUEST_BYTES)).toEqual(REQUEST);
    expect(parseArp(REPLY_BYTES)).toEqual(REPLY);
    expectPrefixesRefused(REPLY_BYTES, 28, parseArp);
  });

  it('emits the same request and reply', () => {
    expect(emitted(REQUEST)).toEqual(REQUEST_BYTES);
    expect(emitted(REPLY)).toEqual(REPLY_BYTES);
  });

  it('parses from the middle of a padded frame', () => {
    const frame = new Uint8Array([1, 2, ...REPLY_BYTES, ...new Uint8Array(18)]);
    expect(parseArp(frame, 2)).toEqual(REPLY);
  });

  it.each([
    ['hardware space', 1],
    ['protocol space', 2],
    ['hardware length', 4],
    ['protocol length', 5],
    ['operation', 7],
  ])('refuses another %s', (_name, at) => {
    const bytes = REQUEST_BYTES.slice();
    bytes[at] = 9;
    expect(parseArp(bytes)).toBeUndefined();
  });

  it('emits what it parses', () => {
    const arp = fc.record<Arp>({
      operation: fc.constantFrom('request', 'reply'),
      senderHardwareAddress: anyMac,
      senderProtocolAddress: anyIpv4,
      targetHardwareAddress: anyMac,
      targetProtocolAddress: anyIpv4,
    });
    fc.assert(
      fc.property(arp, (value) => {
        expect(parseArp(emitted(value))).toEqual(value);
      }),
    );
  });

  it('refuses random bytes quietly and keeps its view inside', () => {
    expectNeverThrows(parseArp);
    expectViewStaysInside(() => new ArpView(), REQUEST_BYTES);
  });

  it('turns a request into its reply in place', () => {
    const bytes = REQUEST_BYTES.slice();
    const view = new ArpView();
    expect(view.wrap(bytes)).toBe(true);
    const { senderHardwareAddress, senderProtocolAddress } = view;
    view.operation = 2;
    view.senderProtocolAddress = view.targetProtocolAddress;
    view.senderHardwareAddress = REPLY.senderHardwareAddress;
    view.targetHardwareAddress = senderHardwareAddress;
    view.targetProtocolAddress = senderProtocolAddress;
    expect(bytes).toEqual(REPLY_BYTES);
  });

  it('formats a line', () => {
    expect(formatArp(REQUEST)).toBe('ARP, Request who-has 10.0.0.1 tell 10.0.0.5');
    expect(formatArp(REPLY)).toBe('ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01');
  });
});
