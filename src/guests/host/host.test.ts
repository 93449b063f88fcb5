import { describe, expect, it } from 'vitest';
import { parseMac } from '../../net/mac.ts';
import { emitArp } from '../../wire/arp.ts';
import { emitEthernet } from '../../wire/ethernet.ts';
import type { Observed } from './listen.ts';
import type { PingResult } from './pings.ts';
import { ip, lan, TestLink } from './test-support.ts';
import type { UdpDatagram } from './udp.ts';

describe.each([
  ['IPv4', '10.0.0.1', '10.0.0.2', '10.0.0.77'],
  ['IPv6', '2001:db8::1', '2001:db8::2', '2001:db8::77'],
])('%s', (_family, here, there, nobody) => {
  it('answers pings of every size, fragments included, without any time passing', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2);
    for (const size of [0, 1, 56, 1400, 1452, 1453, 1472, 1473, 5000, 65_000]) {
      const results: PingResult[] = [];
      host.ping({ destination: ip(there), identifier: 7, sequence: size, size }, (result) =>
        results.push(result),
      );
      link.settle();
      expect(results).toEqual([{ kind: 'reply', from: ip(there), ttl: 64, size }]);
    }
    expect(link.now).toBe(0);
  });

  it('resolves once, for the packets that wait as well', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2);
    let replies = 0;
    for (let sequence = 0; sequence < 10; sequence++) {
      host.ping({ destination: ip(there), identifier: 1, sequence }, () => replies++);
    }
    link.settle();
    expect(replies).toBe(10);
    const questions = link.frames.filter((frame) => (frame[0]! & 1) === 1);
    expect(questions).toHaveLength(1);
  });

  it('says that nobody has the address, after three questions', () => {
    const link = new TestLink();
    const host = link.host(1);
    const results: PingResult[] = [];
    host.ping({ destination: ip(nobody), identifier: 1, sequence: 1 }, (r) => results.push(r));
    link.run(2_999);
    expect(results).toEqual([]);
    link.run(3_000);
    expect(results).toEqual([{ kind: 'unresolved' }]);
    expect(link.frames).toHaveLength(3);
  });

  it('tells a connection and a datagram’s sender, too, that nobody has the address', () => {
    const link = new TestLink();
    const host = link.host(1);
    const errors: unknown[] = [];
    host.connect(
      { destination: ip(nobody), port: 80 },
      { onError: (error) => errors.push(['tcp', error.kind]) },
    );
    host.bindUdp(5000, { onError: (error, to) => errors.push(['udp', error.kind, to.port]) });
    host.sendUdp({
      sourcePort: 5000,
      destination: ip(nobody),
      port: 53,
      payload: new Uint8Array(1),
    });
    link.run(10_000);
    expect(errors).toEqual([
      ['tcp', 'unresolved'],
      ['udp', 'unresolved', 53],
    ]);
    expect(host.connections).toBe(0);
  });

  it('says at once that there is no route', () => {
    const link = new TestLink();
    const host = link.host(1);
    const elsewhere = here.includes(':') ? '2001:db8:1::1' : '192.0.2.1';
    const results: PingResult[] = [];
    host.ping({ destination: ip(elsewhere), identifier: 1, sequence: 1 }, (r) => results.push(r));
    expect(results).toEqual([{ kind: 'unresolved' }]);
  });

  it('refuses what is too long for its link and must not be fragmented', () => {
    const link = new TestLink();
    const host = link.host(1);
    const results: PingResult[] = [];
    host.ping(
      { destination: ip(there), identifier: 1, sequence: 1, size: 1500, dontFragment: true },
      (result) => results.push(result),
    );
    expect(results).toMatchObject([{ kind: 'icmp', from: ip(here), mtu: 1500 }]);
  });

  it('echoes a datagram from the address it was sent to, and tells what it saw', () => {
    const link = new TestLink();
    const host = link.host(1);
    const seen: Observed[] = [];
    link.host(2, { onObserved: (observed) => seen.push(observed) });
    const answers: UdpDatagram[] = [];
    host.bindUdp(4000, {
      onDatagram: (datagram) => answers.push({ ...datagram, payload: datagram.payload.slice() }),
    });
    const payload = Uint8Array.from({ length: 3000 }, (_, index) => index & 0xff);
    host.sendUdp({ sourcePort: 4000, destination: ip(there), port: 53, payload });
    link.settle();
    expect(answers).toEqual([
      {
        source: ip(there),
        sourcePort: 53,
        destination: ip(here),
        port: 4000,
        ttl: 64,
        payload,
      },
    ]);
    expect(seen).toEqual([
      { protocol: 'udp', source: ip(here), sourcePort: 4000, destination: ip(there), port: 53 },
    ]);
  });

  it('answers a closed UDP port with port unreachable, a closed TCP port with a reset', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2).setListen([{ protocol: 'tcp', port: 80 }]);
    const news: unknown[] = [];
    host.bindUdp(4000, { onError: (error, to) => news.push([error, to]) });
    host.sendUdp({
      sourcePort: 4000,
      destination: ip(there),
      port: 53,
      payload: new Uint8Array(9),
    });
    host.connect({ destination: ip(there), port: 81 }, { onReset: () => news.push('reset') });
    host.connect({ destination: ip(there), port: 80 }, { onEstablished: () => news.push('open') });
    link.settle();
    const [type, code] = here.includes(':') ? [1, 4] : [3, 3];
    expect(news).toEqual([
      [
        { kind: 'icmp', type, code, from: ip(there) },
        { destination: ip(there), port: 53 },
      ],
      'reset',
      'open',
    ]);
  });

  it('talks to itself', () => {
    const link = new TestLink();
    const host = link.host(1);
    const news: string[] = [];
    host.ping({ destination: ip(here), identifier: 1, sequence: 1 }, ({ kind }) => news.push(kind));
    const connection = host.connect(
      { destination: ip(here), port: 7 },
      { onData: (data) => news.push(`${data.length}`), onClose: () => news.push('closed') },
    );
    connection.send(new Uint8Array(5));
    connection.close();
    link.settle();
    expect(news).toEqual(['reply', '5', 'closed']);
    expect(link.frames).toEqual([]);
  });

  it('echoes over TCP, closes after the peer, and forgets', () => {
    const link = new TestLink();
    const host = link.host(1);
    const seen: Observed[] = [];
    const far = link.host(2, { onObserved: (observed) => seen.push(observed) });
    const news: string[] = [];
    const options = { destination: ip(there), port: 443, sourcePort: 50_000 };
    for (let round = 0; round < 3; round++) {
      const connection = host.connect(options, {
        onEstablished: (open) => {
          news.push('established');
          open.send(Uint8Array.of(1, 2, 3));
        },
        onData: (data, open) => {
          news.push(`data ${data.join()}`);
          open.close();
        },
        onClose: () => news.push('closed'),
      });
      link.settle();
      expect(connection.state).toBe('TIME-WAIT');
    }
    const round = ['established', 'data 1,2,3', 'closed'];
    expect(news).toEqual([...round, ...round, ...round]);
    const { length } = seen;
    expect(length).toBe(3);
    expect(seen[0]).toEqual({
      protocol: 'tcp',
      source: ip(here),
      sourcePort: 50_000,
      destination: ip(there),
      port: 443,
    });
    expect([host.connections, far.connections]).toEqual([1, 0]);
    link.run(2_000);
    expect([host.connections, far.connections]).toEqual([0, 0]);
    expect([host.nextTimer(), far.nextTimer()]).toEqual([undefined, undefined]);
  });

  it('opens anew at a port that still waits for late segments, beyond the old numbers', () => {
    const link = new TestLink();
    const host = link.host(1);
    const far = link.host(2);
    far.listenTcp(80, (connection) => {
      connection.close();
      return {};
    });
    let opened = 0;
    for (let round = 0; round < 3; round++) {
      host.connect(
        { destination: ip(there), port: 80, sourcePort: 50_000 },
        { onEstablished: () => opened++, onEnd: (connection) => connection.close() },
      );
      link.settle();
      // The end that closed first waits.
      expect([host.connections, far.connections]).toEqual([0, 1]);
    }
    expect(opened).toBe(3);
  });

  it('begins beyond the numbers of a connection that it replaces', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2);
    const sequences: number[] = [];
    for (let round = 0; round < 2; round++) {
      const connection = host.connect({ destination: ip(there), port: 80, sourcePort: 50_000 }, {});
      link.settle();
      connection.send(new Uint8Array(100_000));
      link.settle();
      sequences.push(connection.sequences.sndMax);
    }
    const distance = (sequences[1]! - sequences[0]!) | 0;
    expect(distance).toBeGreaterThan(165_000);
    expect(host.connections).toBe(1);
  });

  it('keeps an echo from travelling for ever between two echo services', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2);
    const payload = new Uint8Array(4);
    // Nobody waits for the answer: the port is the echo service's again.
    host.sendUdp({ sourcePort: 7, destination: ip(there), port: 7, payload });
    link.settle();
    expect(host.drops.get('unmatched')).toBe(1);
    host.sendUdp({ sourcePort: 7, destination: ip(here), port: 7, payload });
    expect(host.drops.get('unmatched')).toBe(2);
  });

  it('serves a port of its own beside the echo service', () => {
    const link = new TestLink();
    const host = link.host(1);
    const far = link.host(2);
    far.setListen([]);
    const close = far.listenTcp(80, () => ({
      onData: (data, connection) => {
        connection.send(data.map((octet) => octet + 1));
        connection.close();
      },
    }));
    const news: string[] = [];
    const handlers = {
      onEstablished: () => news.push('open'),
      onData: (data: Uint8Array) => news.push(data.join()),
      onReset: () => news.push('reset'),
    };
    host.connect({ destination: ip(there), port: 80 }, handlers).send(Uint8Array.of(1, 2));
    link.settle();
    close();
    host.connect({ destination: ip(there), port: 80 }, handlers);
    link.settle();
    expect(news).toEqual(['open', '2,3', 'reset']);
  });

  it('ends a connection that is aborted at the other end', () => {
    const link = new TestLink();
    const host = link.host(1);
    const far = link.host(2);
    far.listenTcp(80, () => ({ onData: (_data, connection) => connection.abort() }));
    const news: string[] = [];
    const connection = host.connect(
      { destination: ip(there), port: 80 },
      { onReset: () => news.push('reset') },
    );
    connection.send(new Uint8Array(1));
    link.settle();
    expect(news).toEqual(['reset']);
    expect([host.connections, far.connections]).toEqual([0, 0]);
  });

  it('bounds its connections and makes room where one only waits', () => {
    const link = new TestLink();
    const host = link.host(1);
    const far = link.host(2);
    for (let port = 1; port <= 1100; port++) {
      host.connect({ destination: ip(there), port }, {});
      link.settle();
    }
    expect(far.connections).toBe(1024);
    expect(far.drops.get('limit')).toBe(76);
  });
});

describe('ARP', () => {
  const stranger = parseMac('02:00:00:00:00:99')!;

  function arp(operation: 'request' | 'reply', sender: string, target: string): Uint8Array {
    const frame = new Uint8Array(42);
    const destination = parseMac('ff:ff:ff:ff:ff:ff')!;
    emitEthernet({ destination, source: stranger, etherType: 0x0806 }, frame);
    const message = {
      operation,
      senderHardwareAddress: stranger,
      senderProtocolAddress: ip(sender) as never,
      targetHardwareAddress: parseMac('00:00:00:00:00:00')!,
      targetProtocolAddress: ip(target) as never,
    };
    emitArp(message, frame, 14);
    return frame;
  }

  it('does not believe gratuitous announcements of strangers', () => {
    const link = new TestLink();
    const host = link.host(1);
    host.receive(arp('reply', '10.0.0.2', '10.0.0.2'));
    host.receive(arp('request', '10.0.0.2', '10.0.0.2'));
    host.ping({ destination: ip('10.0.0.2'), identifier: 1, sequence: 1 }, () => {});
    expect(link.frames).toHaveLength(1);
    expect(link.frames[0]![0]).toBe(0xff);
  });

  it('learns from whoever asks for it, and answers', () => {
    const link = new TestLink();
    const host = link.host(1);
    host.receive(arp('request', '10.0.0.2', '10.0.0.1'));
    host.ping({ destination: ip('10.0.0.2'), identifier: 1, sequence: 1 }, () => {});
    expect(link.frames.map((frame) => frame[5])).toEqual([0x99, 0x99]);
  });

  it('answers a probe without learning the unspecified address', () => {
    const link = new TestLink();
    const host = link.host(1);
    host.receive(arp('request', '0.0.0.0', '10.0.0.1'));
    expect(link.frames).toHaveLength(1);
  });

  it('ignores somebody who claims its own address', () => {
    const link = new TestLink();
    const host = link.host(1);
    host.receive(arp('request', '10.0.0.1', '10.0.0.5'));
    host.receive(arp('reply', '10.0.0.1', '10.0.0.1'));
    expect(link.frames).toEqual([]);
  });

  it('asks again once it is configured anew', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2);
    const ping = () => {
      host.ping({ destination: ip('10.0.0.2'), identifier: 1, sequence: 1 }, () => {});
      link.settle();
    };
    ping();
    host.configure(lan(1));
    ping();
    expect(link.frames.filter((frame) => frame[0] === 0xff)).toHaveLength(2);
  });

  it('asks again when an answer has grown old', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2);
    const ping = (sequence: number) => {
      host.ping({ destination: ip('10.0.0.2'), identifier: 1, sequence }, () => {});
      link.settle();
    };
    ping(1);
    link.run(59_999);
    ping(2);
    expect(link.frames.filter((frame) => frame[0] === 0xff)).toHaveLength(1);
    link.run(60_001);
    ping(3);
    expect(link.frames.filter((frame) => frame[0] === 0xff)).toHaveLength(2);
  });
});
