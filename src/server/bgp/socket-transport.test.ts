import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseCidr } from '../../net/cidr.ts';
import { parseIp } from '../../net/ip.ts';
import { ipv4, parseIpv4 } from '../../net/ipv4.ts';
import { Random } from '../../net/random.ts';
import type { PeerConfiguration } from '../../services/bgp/configuration.ts';
import { Speaker, type SpeakerOutput } from '../../services/bgp/speaker.ts';
import { micros } from '../event-loop.ts';
import { SocketTransport } from './socket-transport.ts';

/** One side: a speaker at a loopback address, with one peer, `other`. */
class Side {
  readonly outputs: SpeakerOutput[] = [];
  readonly transport = new SocketTransport({ now: () => micros() / 1000 });
  readonly speaker: Speaker;
  readonly address: string;
  port = 0;

  constructor(address: string, asn: number) {
    this.address = address;
    const identifier = parseIpv4(address)!;
    this.speaker = new Speaker({ asn, identifier, random: new Random(asn) }, (output) => {
      this.outputs.push(output);
      this.transport.handle(output);
    });
    this.transport.serve(this.speaker);
  }

  async listen(): Promise<void> {
    this.port = await this.transport.listen(this.address, 0);
  }

  join(other: Side, more: Partial<PeerConfiguration> = {}): void {
    const { address, port } = other;
    this.transport.setEndpoint('other', { address, port, localAddress: this.address });
    this.transport.run((speaker, now) => {
      speaker.addPeer('other', {
        asn: other.speaker.asn,
        address: parseIp(address)!,
        families: [4, 6],
        nextHops: { 4: ipv4(0xa9fe_0000 + this.speaker.asn) },
        connectRetrySeconds: 0.2,
        ...more,
      });
      speaker.start('other', now);
    });
  }

  advertise(...prefixes: string[]): void {
    const attributes = { origin: 0, asPath: [] } as const;
    const routes = prefixes.map((prefix) => ({ prefix: parseCidr(prefix)!, attributes }));
    this.transport.run((speaker, now) => speaker.advertise('other', routes, now));
  }

  get state(): string {
    return this.speaker.status('other').state;
  }

  get prefixes(): number {
    return [...this.speaker.routes()].length;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('BGP over TCP', () => {
  const sides: Side[] = [];
  afterEach(() => {
    for (const { transport } of sides.splice(0)) transport.close();
  });

  async function pair(): Promise<[Side, Side]> {
    const both: [Side, Side] = [new Side('127.0.0.1', 64512), new Side('127.0.0.2', 65010)];
    sides.push(...both);
    for (const side of both) await side.listen();
    return both;
  }

  it('comes up with both sides calling, and carries what fills many messages', async () => {
    const [a, b] = await pair();
    a.join(b);
    b.join(a);
    await until(() => a.state === 'Established' && b.state === 'Established');
    a.advertise(...Array.from({ length: 20_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`));
    await until(() => b.prefixes === 20_000);
    a.advertise();
    await until(() => b.prefixes === 0);
    expect(b.state).toBe('Established');
  });

  it('calls until somebody listens', async () => {
    const [a, b] = await pair();
    b.transport.close();
    a.join(b);
    await until(() => a.outputs.filter(({ type }) => type === 'connect').length > 2);
    const again = new Side('127.0.0.2', 65010);
    sides.push(again);
    again.port = await again.transport.listen('127.0.0.2', b.port);
    again.join(a, { passive: true });
    await until(() => a.state === 'Established');
  });

  it('delivers the last word of a session', async () => {
    const [a, b] = await pair();
    a.join(b);
    b.join(a);
    await until(() => a.state === 'Established' && b.state === 'Established');
    a.transport.run((speaker, now) => speaker.stop('other', now, 'bye'));
    await until(() => b.state !== 'Established');
    const received = b.outputs.flatMap((one) =>
      one.type === 'state' ? (one.reason.received ?? []) : [],
    );
    expect(received.at(-1)).toMatchObject({ code: 6, subcode: 2 });
  });

  it('hears nothing of a silent peer: the hold timer ends the session', async () => {
    const [a, b] = await pair();
    a.join(b, { holdSeconds: 5 });
    b.join(a, { holdSeconds: 5 });
    await until(() => a.state === 'Established' && b.state === 'Established');
    a.transport.silence('other');
    // Whatever b does now, its end included, is nothing that a could know of.
    b.advertise('10.0.0.0/8');
    b.transport.run((speaker, now) => speaker.stop('other', now));
    await until(() => b.state === 'Idle');
    expect([a.state, a.prefixes]).toEqual(['Established', 0]);
    await until(() => a.state !== 'Established');
    const sent = a.outputs.flatMap((one) => (one.type === 'state' ? (one.reason.sent ?? []) : []));
    expect(sent.at(-1)).toMatchObject({ code: 4, subcode: 0 });
    const { address, port } = b;
    a.transport.setEndpoint('other', { address, port, localAddress: a.address });
    b.transport.run((speaker, now) => speaker.start('other', now));
    await until(() => a.state === 'Established' && b.state === 'Established');
  });

  it('refuses calls from an address that is no peer', async () => {
    const [a] = await pair();
    const [said, closed] = await new Promise<[number, boolean]>((resolve) => {
      let bytes = 0;
      const socket = connect({ host: '127.0.0.1', port: a.port, localAddress: '127.0.0.3' });
      socket.on('data', (chunk) => {
        bytes += chunk.length;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve([bytes, true]));
    });
    expect([said, closed]).toEqual([0, true]);
    expect(a.outputs).toEqual([]);
  });

  it('says when a port is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const transport = new SocketTransport({ now: () => micros() / 1000 });
    await expect(transport.listen('127.0.0.1', port)).rejects.toThrow('EADDRINUSE');
    server.close();
  });

  it('does nothing more once it is closed', async () => {
    const [a, b] = await pair();
    a.join(b);
    b.join(a);
    await until(() => a.state === 'Established' && b.state === 'Established');
    a.transport.close();
    await until(() => b.state !== 'Established');
    a.transport.handle({ type: 'connect', peer: 'other' });
    const { length } = a.outputs;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(a.outputs.length).toBe(length);
  });
});
