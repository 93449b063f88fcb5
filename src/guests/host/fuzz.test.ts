import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mac } from '../../net/mac.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { writeMac } from '../../wire/bytes.ts';
import { emitTcp, tcpLength } from '../../wire/tcp.ts';
import { framesOf } from './ip-output.ts';
import { ip, TestLink } from './test-support.ts';

const OWN = mac(0x0200_0000_0001);

/** Frames of real exchanges between two hosts. */
function conversation(): Uint8Array[] {
  const link = new TestLink();
  const host = link.host(1);
  link.host(2).setListen([{ protocol: 'tcp', port: 7 }]);
  for (const there of ['10.0.0.2', '2001:db8::2']) {
    const destination = ip(there);
    for (const size of [0, 2000]) {
      host.ping({ destination, identifier: 1, sequence: size, size }, () => {});
    }
    host.sendUdp({ sourcePort: 5, destination, port: 6, payload: new Uint8Array(30) });
    const connection = host.connect({ destination, port: 7 }, {});
    connection.send(new Uint8Array(100));
    connection.close();
    link.settle();
  }
  return link.frames;
}

/** A host in the middle of things, and a way to see that it still lives. */
function busyHost() {
  const link = new TestLink();
  const host = link.host(1);
  link.host(2);
  host.ping({ destination: ip('10.0.0.2'), identifier: 9, sequence: 9 }, () => {});
  host.connect({ destination: ip('10.0.0.2'), port: 7, sourcePort: 50_000 }, {});
  host.connect({ destination: ip('2001:db8::2'), port: 7, sourcePort: 50_001 }, {});
  link.settle();
  const alive = () => {
    link.run(link.now + 400_000);
    let answered = false;
    host.ping({ destination: ip('10.0.0.2'), identifier: 3, sequence: 3 }, ({ kind }) => {
      answered = kind === 'reply';
    });
    link.settle();
    return answered;
  };
  return { link, host, alive };
}

describe('a host', () => {
  it('never throws on random octets', () => {
    const { host, alive } = busyHost();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (frame, addressed) => {
        if (addressed && frame.length >= 14) {
          writeMac(frame, 0, OWN);
          frame.set(
            [
              [0x08, 0x00],
              [0x86, 0xdd],
              [0x08, 0x06],
            ][frame[6]! % 3]!,
            12,
          );
        }
        host.receive(frame);
      }),
      { numRuns: 5_000 },
    );
    expect(alive()).toBe(true);
  });

  it('never throws on real frames with octets changed, cut or repeated', () => {
    const frames = conversation();
    expect(frames.length).toBeGreaterThan(25);
    const { link, host, alive } = busyHost();
    const change = fc.record({ at: fc.nat(120), value: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.nat(frames.length - 1),
        fc.array(change, { maxLength: 4 }),
        fc.nat(1600),
        (index, changes, cut) => {
          const frame = frames[index]!.slice(0, Math.max(1, frames[index]!.length - (cut % 60)));
          for (const { at, value } of changes) frame[at % frame.length] = value;
          if (frame.length >= 6 && changes.length < 4) writeMac(frame, 0, OWN);
          host.receive(frame);
          link.settle();
        },
      ),
      { numRuns: 5_000 },
    );
    expect(alive()).toBe(true);
  });

  it('never throws on segments with good checksums and anything else in them', () => {
    const { link, host, alive } = busyHost();
    const segment = fc.record({
      sourcePort: fc.constantFrom(7, 8),
      destinationPort: fc.constantFrom(50_000, 50_001, 80),
      sequenceNumber: fc.nat(0xffff_ffff),
      acknowledgmentNumber: fc.nat(0xffff_ffff),
      flags: fc.nat(255),
      window: fc.nat(65_535),
      payload: fc.uint8Array({ maxLength: 50 }),
    });
    fc.assert(
      fc.property(segment, fc.boolean(), (random, six) => {
        const source = ip(six ? '2001:db8::2' : '10.0.0.2');
        const destination = ip(six ? '2001:db8::1' : '10.0.0.1');
        const tcp = { ...random, options: {} };
        const payload = new Uint8Array(tcpLength(tcp));
        emitTcp(tcp, payload, 0, { source, destination });
        const packet = {
          source,
          destination,
          protocol: PROTOCOL.tcp,
          ttl: 64,
          payload,
          dontFragment: true,
        };
        const framing = { mac: mac(2), mtu: 1500, pathMtu: 1500, identification: 0 };
        for (const frame of framesOf(packet, framing)!) {
          writeMac(frame, 0, OWN);
          host.receive(frame);
        }
        link.settle();
      }),
      { numRuns: 3_000 },
    );
    expect(alive()).toBe(true);
  });
});
