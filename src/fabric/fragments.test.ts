import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ETHERNET_HEADER_LENGTH } from '../wire/ethernet.ts';
import { Ipv4View } from '../wire/ipv4.ts';
import { FragmentTracker, fragmentFrame } from './fragments.ts';
import { Frame } from './frame.ts';
import { FRAGMENT_MILLIS, FRAGMENTED_PACKETS_MAX } from './limits.ts';
import { Packet } from './packet.ts';
import { checksumsValid, type Envelope, echoFrame, rawFrame, udpFrame } from './test-frames.ts';

const ENDS = { source: '10.0.0.1', destination: '10.0.0.2' };
const MAY = { dontFragment: false, identification: 77 };

function view(frame: Uint8Array): Ipv4View {
  const made = new Ipv4View();
  expect(made.wrap(frame, ETHERNET_HEADER_LENGTH)).toBe(true);
  return made;
}

/** Puts fragments together again by their offsets alone. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const pieces = parts.map((part) => {
    const { fragmentOffset, payloadOffset, end } = view(part);
    return { at: fragmentOffset, bytes: part.subarray(payloadOffset, end) };
  });
  const length = Math.max(...pieces.map(({ at, bytes }) => at + bytes.length));
  const whole = new Uint8Array(length);
  for (const { at, bytes } of pieces) whole.set(bytes, at);
  return whole;
}

describe('cutting', () => {
  it('cuts into pieces that fit, in steps of eight bytes, which join to the packet', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 68, max: 1500 }), (size, mtu) => {
        const body = Uint8Array.from({ length: size }, (_, index) => index * 7);
        const whole = udpFrame({ ...ENDS, header: MAY }, body);
        const parts = fragmentFrame(whole, mtu);
        const views = parts.map(view);
        expect(views.every(({ totalLength }) => totalLength <= mtu)).toBe(true);
        expect(views.map(({ moreFragments }) => moreFragments)).toEqual(
          parts.map((_, index) => index < parts.length - 1),
        );
        expect(views.every(({ identification }) => identification === 77)).toBe(true);
        expect(parts.every(checksumsValid)).toBe(true);
        expect(joined(parts)).toEqual(joined([whole]));
      }),
    );
  });

  it('cuts a fragment again: offsets go on from its own, and only the last of the last ends', () => {
    const body = new Uint8Array(3000).map((_, index) => index);
    const whole = udpFrame({ ...ENDS, header: MAY }, body);
    const twice = fragmentFrame(whole, 1500).flatMap((part) => fragmentFrame(part, 576));
    expect(joined(twice)).toEqual(joined([whole]));
    const more = twice.map((part) => view(part).moreFragments);
    expect(more.indexOf(false)).toBe(more.length - 1);
  });

  it('keeps the header, options included, in every piece', () => {
    const options = new Uint8Array([7, 3, 4, 0]);
    const whole = udpFrame({ ...ENDS, ttl: 9, header: { ...MAY, options } }, new Uint8Array(200));
    for (const part of fragmentFrame(whole, 100)) {
      const { headerLength, ttl, offset, totalLength } = view(part);
      expect([headerLength, ttl, totalLength <= 100]).toEqual([24, 9, true]);
      expect([...part.subarray(offset + 20, offset + 24)]).toEqual([...options]);
    }
  });
});

/** Reads a frame and asks the tracker for its ports. */
function track(tracker: FragmentTracker, bytes: Uint8Array, now = 0): Packet | undefined {
  const frame = new Frame();
  const packet = new Packet();
  expect(frame.read(bytes, packet)).toBe('ip');
  return tracker.complete(frame, packet, now) ? packet : undefined;
}

function pieces(envelope: Partial<Envelope> = {}): [Uint8Array, Uint8Array] {
  const body = new Uint8Array(1000);
  const whole = udpFrame({ ...ENDS, header: MAY, ...envelope, port: 5353 }, body);
  return fragmentFrame(whole, 576) as [Uint8Array, Uint8Array];
}

describe('following', () => {
  it('gives later fragments the ports of the first', () => {
    const tracker = new FragmentTracker();
    const [first, second] = pieces();
    expect(track(tracker, first)).toMatchObject({ sourcePort: 40000, destinationPort: 5353 });
    expect(track(tracker, second)).toMatchObject({ sourcePort: 40000, destinationPort: 5353 });
    expect(track(tracker, second)).toBeDefined();
  });

  it('gives later fragments of an echo its type and identifier', () => {
    const tracker = new FragmentTracker();
    const whole = echoFrame({ ...ENDS, header: MAY, identifier: 99 }, new Uint8Array(1000));
    const [first, second] = fragmentFrame(whole, 576) as [Uint8Array, Uint8Array];
    track(tracker, first);
    const echo = { icmpType: 8, icmpCode: 0, sourcePort: 99, destinationPort: 99 };
    expect(track(tracker, second)).toMatchObject(echo);
  });

  it('refuses a later fragment before its first, or of another packet', () => {
    const tracker = new FragmentTracker();
    const [first, second] = pieces();
    expect(track(tracker, second)).toBeUndefined();
    track(tracker, first);
    const others = [
      pieces({ source: '10.0.0.3' })[1],
      pieces({ destination: '10.0.0.3' })[1],
      pieces({ header: { ...MAY, identification: 78 } })[1],
      rawFrame({ ...ENDS, header: { ...MAY, fragmentOffset: 8 } }, 47, new Uint8Array(8)),
    ];
    for (const other of others) expect(track(tracker, other)).toBeUndefined();
  });

  it('waits for 30 s and no longer', () => {
    const tracker = new FragmentTracker();
    const [first, second] = pieces();
    track(tracker, first, 0);
    expect(track(tracker, second, FRAGMENT_MILLIS - 1)).toBeDefined();
    expect(track(tracker, second, FRAGMENT_MILLIS)).toBeUndefined();
  });

  it('forgets the oldest packet when too many are under way', () => {
    const tracker = new FragmentTracker();
    const made = (identification: number) => pieces({ header: { ...MAY, identification } });
    for (let id = 0; id <= FRAGMENTED_PACKETS_MAX; id++) track(tracker, made(id)[0]);
    expect(track(tracker, made(0)[1])).toBeUndefined();
    expect(track(tracker, made(1)[1])).toBeDefined();
    expect(track(tracker, made(FRAGMENTED_PACKETS_MAX)[1])).toBeDefined();
  });
});
