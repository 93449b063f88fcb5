/** A router with a narrow link behind it says so; the host obeys. */
import { describe, expect, it } from 'vitest';
import { mac } from '../../net/mac.ts';
import { ETHERTYPE, PROTOCOL } from '../../net/protocol.ts';
import { writeMac } from '../../wire/bytes.ts';
import { parseEthernet } from '../../wire/ethernet.ts';
import { emitIcmp, icmpLength } from '../../wire/icmp.ts';
import { emitIcmpv6, icmpv6Length } from '../../wire/icmpv6.ts';
import { Ipv4View } from '../../wire/ipv4.ts';
import { Ipv6View } from '../../wire/ipv6.ts';
import { framesOf } from './ip-output.ts';
import { HOST_LIMITS } from './limits.ts';
import { PathMtuCache } from './path-mtu.ts';
import { block, ip, TestLink } from './test-support.ts';

const NARROW = 1300;
const SENDER = mac(0x0200_0000_0001);

/** What a router says about a frame that does not fit its next link; undefined if it does. */
function tooBig(frame: Uint8Array): Uint8Array | undefined {
  const six = parseEthernet(frame)!.etherType === ETHERTYPE.ipv6;
  const view = six ? new Ipv6View() : new Ipv4View();
  if (!view.wrap(frame, 14) || view.end - view.offset <= NARROW) return undefined;
  if (view instanceof Ipv4View && !view.dontFragment) return undefined;
  const quote = frame.slice(14, 14 + 500);
  const source = ip(six ? '2001:db8::fe' : '10.0.0.254');
  const destination = view.source;
  let payload: Uint8Array;
  if (six) {
    const message = { kind: 'packetTooBig', mtu: NARROW, payload: quote } as const;
    payload = new Uint8Array(icmpv6Length(message));
    emitIcmpv6(message, payload, 0, { source, destination });
  } else {
    const message = {
      kind: 'destinationUnreachable',
      code: 4,
      mtu: NARROW,
      payload: quote,
    } as const;
    payload = new Uint8Array(icmpLength(message));
    emitIcmp(message, payload);
  }
  const protocol = six ? PROTOCOL.icmpv6 : PROTOCOL.icmp;
  const packet = { source, destination, protocol, ttl: 64, payload, dontFragment: false };
  const framing = { mac: mac(0x0200_0000_00fe), mtu: 1500, pathMtu: 1500, identification: 1 };
  const [error] = framesOf(packet, framing)!;
  writeMac(error!, 0, SENDER);
  return error;
}

/** Host 1 reaches host 2 through a narrow link. */
function narrowLink() {
  const link = new TestLink();
  const sizes: number[] = [];
  const host = link.host(1, {}, (transmit) => (frame) => {
    const error = tooBig(frame);
    if (error === undefined) {
      sizes.push(frame.length - 14);
      transmit(frame);
    } else {
      link.schedule(0, () => host.receive(error));
    }
  });
  const answers: number[] = [];
  link.host(2, {}, (transmit) => (frame) => {
    answers.push(frame.length - 14);
    transmit(frame);
  });
  return { link, host, sizes, answers };
}

describe.each([
  ['IPv4', '10.0.0.2', { type: 3, code: 4 }],
  ['IPv6', '2001:db8::2', { type: 2, code: 0 }],
])('path MTU of %s', (_family, there, error) => {
  it('makes TCP send shorter segments at once, and later connections from the start', () => {
    const { link, host, sizes } = narrowLink();
    let echoed = 0;
    const options = { destination: ip(there), port: 7 };
    const handlers = {
      onData: (data: Uint8Array) => {
        echoed += data.length;
      },
    };
    host.connect(options, handlers).send(new Uint8Array(50_000));
    link.run(0);
    expect(echoed).toBe(50_000);
    expect(Math.max(...sizes)).toBe(NARROW);
    host.connect(options, handlers).send(new Uint8Array(5_000));
    link.settle();
    expect(echoed).toBe(55_000);
  });

  it('is kept to by the echo, which hears nothing of it', () => {
    const { link, host, answers } = narrowLink();
    // The second segment fits, and waits until the first one has come in pieces.
    host.connect({ destination: ip(there), port: 7 }, {}).send(new Uint8Array(2650));
    link.run(0);
    expect(Math.max(...answers)).toBe(NARROW);
  });

  it('is reported to a ping that must not be fragmented', () => {
    const { link, host } = narrowLink();
    const results: unknown[] = [];
    host.ping(
      { destination: ip(there), identifier: 1, sequence: 1, size: 1400, dontFragment: true },
      (result) => results.push(result),
    );
    link.run(0);
    const from = ip(there.includes(':') ? '2001:db8::fe' : '10.0.0.254');
    expect(results).toEqual([{ kind: 'icmp', ...error, from, mtu: NARROW }]);
  });

  it('is reported to a datagram’s sender, and fragments follow it', () => {
    const { link, host, sizes } = narrowLink();
    const news: unknown[] = [];
    host.bindUdp(5, {
      onDatagram: ({ payload }) => news.push(payload.length),
      onError: (what) => news.push(what.kind === 'icmp' && what.mtu),
    });
    const datagram = { sourcePort: 5, destination: ip(there), port: 6 };
    host.sendUdp({ ...datagram, payload: new Uint8Array(1400), dontFragment: true });
    link.run(0);
    host.sendUdp({ ...datagram, payload: new Uint8Array(4000) });
    link.run(0);
    expect(news).toEqual([NARROW, 4000]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(NARROW);
  });
});

describe('the cache', () => {
  const destination = ip('192.0.2.1');

  it('keeps to the floor of each family', () => {
    const cache = new PathMtuCache();
    cache.learn(destination, 0, 0);
    cache.learn(ip('2001:db8::9'), 0, 0);
    expect(cache.get(destination, 0)).toBe(552);
    expect(cache.get(ip('2001:db8::9'), 0)).toBe(1280);
  });

  it('forgets after ten minutes, and the oldest of too many', () => {
    const cache = new PathMtuCache();
    cache.learn(destination, 1000, 0);
    expect(cache.get(destination, HOST_LIMITS.pathMtuMs - 1)).toBe(1000);
    expect(cache.get(destination, HOST_LIMITS.pathMtuMs)).toBeUndefined();
    for (let index = 0; index < HOST_LIMITS.pathMtus; index++) {
      cache.learn(ip(`10.1.${index >> 8}.${index & 255}`), 1000, 0);
    }
    expect(cache.get(destination, 0)).toBeUndefined();
    expect(cache.get(ip('10.1.0.0'), 0)).toBe(1000);
  });
});

describe('addresses', () => {
  it('picks a gateway off the link and a source near the destination', () => {
    const link = new TestLink();
    const host = link.host(1);
    host.configure({
      addresses: [ip('10.0.0.1'), ip('172.16.0.1')],
      onLink: [block('10.0.0.0/24'), block('172.16.0.0/24')],
      gateway4: ip('10.0.0.254') as never,
    });
    const router: Uint8Array[] = [];
    link.attach(0x0200_0000_00fe, (frame) => router.push(frame));
    host.ping({ destination: ip('172.16.0.9'), identifier: 1, sequence: 1 }, () => {});
    host.ping({ destination: ip('192.0.2.1'), identifier: 1, sequence: 2 }, () => {});
    link.settle();
    const requests = router.map((frame) => [...frame.subarray(28, 32), ...frame.subarray(38, 42)]);
    expect(requests).toEqual([
      [172, 16, 0, 1, 172, 16, 0, 9],
      [10, 0, 0, 1, 10, 0, 0, 254],
    ]);
  });
});
