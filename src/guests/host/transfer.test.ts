/** Two hosts back to back, and everything a link can do to them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../net/random.ts';
import { type FaultOptions, withFaults } from '../fault.ts';
import type { Host } from './host.ts';
import type { TcpConnection, TcpHandlers } from './tcp/connection.ts';
import { ip, TestLink } from './test-support.ts';

const MEGABYTE = 1_048_576;

/** Sends `total` pseudo-random octets and checks as many of another seed. */
class Peer {
  received = 0;
  ended = false;
  closed = false;
  failure: string | undefined;
  #queued = 0;
  readonly #outgoing: Uint8Array;
  readonly #expected: Uint8Array;

  constructor(outgoing: Uint8Array, expected: Uint8Array) {
    this.#outgoing = outgoing;
    this.#expected = expected;
  }

  readonly handlers: TcpHandlers = {
    onEstablished: (connection) => this.#fill(connection),
    onDrain: (connection) => this.#fill(connection),
    onData: (data) => {
      const expected = this.#expected.subarray(this.received, this.received + data.length);
      if (Buffer.compare(data, expected) !== 0) this.failure = `differs near ${this.received}`;
      this.received += data.length;
    },
    onEnd: () => {
      this.ended = true;
    },
    onClose: () => {
      this.closed = true;
    },
    onReset: () => {
      this.failure = 'reset';
    },
    onError: (error) => {
      this.failure = error.kind;
    },
  };

  #fill(connection: TcpConnection): void {
    if (this.#queued === this.#outgoing.length) return;
    this.#queued += connection.send(this.#outgoing.subarray(this.#queued, this.#queued + 20_000));
    if (this.#queued === this.#outgoing.length) connection.close();
    else if (connection.sendSpace > 0) this.#fill(connection);
  }

  get summary() {
    const { received, ended, closed, failure } = this;
    return { received, ended, closed, failure };
  }
}

function octets(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => random.uint32());
  return new Uint8Array(words.buffer, 0, length);
}

/** Carries `length` octets each way between two hosts over a link with these faults. */
function transfer(length: number, faults: Partial<FaultOptions>, seed: number, there: string) {
  const link = new TestLink(seed);
  const random = new Random(seed + 1);
  const wrap = (transmit: (frame: Uint8Array) => void) =>
    withFaults(transmit, { ...faults, random, schedule: link.schedule });
  const client = link.host(1, {}, wrap);
  const server = link.host(2, {}, wrap);
  const forth = octets(length, 11);
  const back = octets(length, 22);
  const near = new Peer(forth, back);
  const far = new Peer(back, forth);
  server.listenTcp(80, () => far.handlers);
  client.connect({ destination: ip(there), port: 80 }, near.handlers);
  link.run(3_600_000);
  return { near: near.summary, far: far.summary, link, client, server };
}

function expectComplete(result: ReturnType<typeof transfer>, length: number): void {
  const complete = { received: length, ended: true, closed: true, failure: undefined };
  expect(result.near).toEqual(complete);
  expect(result.far).toEqual(complete);
  expect([result.client.connections, result.server.connections]).toEqual([0, 0]);
}

describe('one megabyte each way', () => {
  it.each(['10.0.0.2', '2001:db8::2'])('arrives over a good link, %s', (there) => {
    const result = transfer(MEGABYTE, {}, 1, there);
    expectComplete(result, MEGABYTE);
  });

  it.each([
    ['loses 5 %', { loss: 0.05 }],
    ['repeats 10 %', { duplication: 0.1 }],
    ['reorders 10 %', { reordering: 0.1, reorderMs: 3, delayMs: { from: 1, to: 1 } }],
    ['delays by 1 to 20 ms', { delayMs: { from: 1, to: 20 } }],
    [
      'does all of it',
      {
        loss: 0.03,
        duplication: 0.03,
        reordering: 0.05,
        reorderMs: 30,
        delayMs: { from: 1, to: 5 },
      },
    ],
  ])('arrives over a link that %s', (_name, faults) => {
    const result = transfer(MEGABYTE, faults, 42, '10.0.0.2');
    expectComplete(result, MEGABYTE);
  });
});

describe('any link', () => {
  it('delivers everything in order, whatever its seed', () => {
    const fault = fc.record({
      loss: fc.double({ min: 0, max: 0.2, noNaN: true }),
      duplication: fc.double({ min: 0, max: 0.3, noNaN: true }),
      reordering: fc.double({ min: 0, max: 0.3, noNaN: true }),
      reorderMs: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fault, fc.nat(1_000_000), fc.nat(30_000), (faults, seed, length) => {
        const { near, far } = transfer(length, faults, seed, '10.0.0.2');
        // With many losses in a row an end may give up or be left over; what arrives is right.
        for (const { failure } of [near, far]) {
          expect([undefined, 'timeout', 'unresolved', 'reset']).toContain(failure);
        }
        if (near.failure === undefined && near.closed) expect(near.received).toBe(length);
        if (far.failure === undefined && far.closed) expect(far.received).toBe(length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a reader that pauses', () => {
  it('stops the sender at its window, and both go on when it resumes', () => {
    const link = new TestLink();
    const host = link.host(1);
    const far = link.host(2);
    let reader: TcpConnection | undefined;
    let received = 0;
    far.listenTcp(80, (connection) => {
      reader = connection;
      connection.pause();
      return {
        onData: (data) => {
          received += data.length;
        },
      };
    });
    const connection = host.connect({ destination: ip('10.0.0.2'), port: 80 }, {});
    link.settle();
    expect(connection.send(new Uint8Array(200_000))).toBe(131_070);
    link.run(60_000);
    expect(received).toBe(0);
    expect(connection.sendSpace).toBeGreaterThan(60_000);
    expect(connection.sendSpace).toBeLessThan(70_000);
    reader!.resume();
    // The window is announced: nobody has to wait for the next probe.
    link.settle();
    expect(received).toBe(131_070);
  });

  it('hears of the end only after everything before it', () => {
    const link = new TestLink();
    const host = link.host(1);
    const far = link.host(2);
    const news: string[] = [];
    let reader: TcpConnection | undefined;
    far.listenTcp(81, (open) => {
      reader = open;
      open.pause();
      return {
        onData: (data) => news.push(`${data.length}`),
        onEnd: () => news.push('end'),
        onClose: () => news.push('closed'),
      };
    });
    const sender = host.connect({ destination: ip('10.0.0.2'), port: 81 }, {});
    sender.send(new Uint8Array(10));
    sender.close();
    link.settle();
    expect(news).toEqual([]);
    reader!.close();
    link.run(10_000);
    expect(news).toEqual([]);
    expect(far.connections).toBe(0);
    reader!.resume();
    expect(news).toEqual(['10', 'end', 'closed']);
  });

  it('holds the echo service back until the sender reads', () => {
    const link = new TestLink();
    const host = link.host(1);
    link.host(2);
    let echoed = 0;
    let sent = 0;
    const connection = host.connect(
      { destination: ip('10.0.0.2'), port: 7 },
      {
        onData: (data) => {
          echoed += data.length;
        },
        onDrain: (open) => {
          if (sent < MEGABYTE) sent += open.send(new Uint8Array(Math.min(9_000, MEGABYTE - sent)));
        },
        onEstablished: (open) => {
          open.pause();
          sent += open.send(new Uint8Array(60_000));
        },
      },
    );
    link.run(300_000);
    expect(echoed).toBe(0);
    expect(sent).toBeLessThan(600_000);
    connection.resume();
    link.run(900_000);
    expect(sent).toBe(MEGABYTE);
    expect(echoed).toBe(MEGABYTE);
  });
});

describe('two hosts that open at once', () => {
  it('share one connection', () => {
    const link = new TestLink();
    const hosts: Host[] = [link.host(1), link.host(2)];
    const news: string[] = [];
    const open = (host: Host, there: string, sourcePort: number, port: number) =>
      host.connect(
        { destination: ip(there), sourcePort, port },
        {
          onEstablished: (connection) => {
            connection.send(Uint8Array.of(sourcePort));
          },
          onData: (data) => news.push(`${sourcePort} got ${data.join()}`),
        },
      );
    // Both resolved before, so that the SYNs cross.
    hosts[0]!.ping({ destination: ip('10.0.0.2'), identifier: 1, sequence: 1 }, () => {});
    link.settle();
    const first = open(hosts[0]!, '10.0.0.2', 100, 200);
    const second = open(hosts[1]!, '10.0.0.1', 200, 100);
    link.settle();
    expect([first.state, second.state]).toEqual(['ESTABLISHED', 'ESTABLISHED']);
    expect(news.sort()).toEqual(['100 got 200', '200 got 100']);
    expect(hosts.map((host) => host.connections)).toEqual([1, 1]);
  });
});
