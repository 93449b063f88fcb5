/** The in-process host against Linux's own TCP/IP, over a tap. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultOptions, withFaults } from '../src/guests/fault.ts';
import { Host } from '../src/guests/host/host.ts';
import type { PingResult } from '../src/guests/host/pings.ts';
import type { TcpConnection } from '../src/guests/host/tcp/connection.ts';
import { block, ip } from '../src/guests/host/test-support.ts';
import type { Tap } from '../src/guests/tap.ts';
import { formatMac, mac } from '../src/net/mac.ts';
import { Random } from '../src/net/random.ts';
import { linuxNeeds, Namespace, tapInto } from './support/linux-peer.ts';

const needs = linuxNeeds();
const MEGABYTE = 1_048_576;
const POLL_MS = 5;
/** The second link that a gateway in Linux forwards to is this narrow. */
const NARROW = 1300;

/** Linux on 10.99.0.1 and fd00:99::1, hosts beside it; behind it a narrow link to another one. */
class Lab {
  readonly near = new Namespace(`openvpc-${process.pid}-near`);
  readonly far = new Namespace(`openvpc-${process.pid}-far`);
  readonly hosts: Host[] = [];
  readonly #receivers: ((frame: Uint8Array) => void)[] = [];
  #tap: Tap | undefined;
  #timer: NodeJS.Timeout | undefined;

  get tap(): Tap {
    assert(this.#tap !== undefined);
    return this.#tap;
  }

  /** Apart from the constructor, so that `close` takes away what a failure leaves. */
  open(): void {
    this.#tap = tapInto(this.near, `ovt${process.pid % 100_000}`, LINUX, (frame) => {
      for (const receive of this.#receivers) receive(frame.slice());
    });
    this.#addFarSide();
    this.#timer = setInterval(() => {
      for (const host of this.hosts) host.poll();
    }, POLL_MS);
  }

  /** A host at 10.99.0.LAST and fd00:99::LAST. */
  host(last: number, mtu = 1500, faults?: Partial<FaultOptions>): Host {
    const random = new Random(last);
    const schedule = (afterMs: number, action: () => void) => void setTimeout(action, afterMs);
    const spoil = (transmit: (frame: Uint8Array) => void) =>
      faults ? withFaults(transmit, { ...faults, random, schedule }) : transmit;
    const host = new Host({
      mac: hostMac(last),
      mtu,
      transmit: spoil((frame) => this.tap.transmit(frame)),
      now: () => performance.now(),
      random: () => random.uint32(),
    });
    host.configure({
      addresses: [ip(`10.99.0.${last}`), ip(`fd00:99::${last}`)],
      onLink: [block('10.99.0.0/24'), block('fd00:99::/64')],
      gateway4: ip('10.99.0.1') as never,
      gateway6: ip('fd00:99::1') as never,
    });
    this.hosts.push(host);
    this.#receivers.push(spoil((frame) => host.receive(frame)));
    return host;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.far.remove();
    this.near.remove();
    await this.#tap?.close();
  }

  #addFarSide(): void {
    const { near, far } = this;
    near.ip('link', 'add', 'narrow', 'type', 'veth', 'peer', 'name', 'wide');
    near.ip('link', 'set', 'wide', 'netns', far.name);
    for (const [namespace, device, last] of [
      [near, 'narrow', 1] as const,
      [far, 'wide', 2] as const,
    ]) {
      namespace.ip('addr', 'add', `10.98.0.${last}/24`, 'dev', device);
      namespace.ip('addr', 'add', `fd00:98::${last}/64`, 'dev', device, 'nodad');
      namespace.ip('link', 'set', device, 'up', 'mtu', `${NARROW}`);
    }
    far.ip('route', 'add', 'default', 'via', '10.98.0.1');
    far.ip('-6', 'route', 'add', 'default', 'via', 'fd00:98::1');
    near.sysctl('net.ipv4.ip_forward=1');
    near.sysctl('net.ipv6.conf.all.forwarding=1');
  }
}

const LINUX = ['10.99.0.1/24', 'fd00:99::1/64'];

function hostMac(last: number) {
  return mac(0x0200_0099_0000 + last);
}

function octets(length: number): Uint8Array {
  const random = new Random(99);
  return Uint8Array.from({ length }, () => random.uint32());
}

function ping(host: Host, to: string, sequence: number, size: number, dontFragment = false) {
  return new Promise<PingResult>((resolve) => {
    host.ping({ destination: ip(to), identifier: 5, sequence, size, dontFragment }, resolve);
  });
}

/** Sends `data`, closes, and resolves with what came back once both sides are closed. */
function exchange(host: Host, to: string, port: number, data: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let sent = 0;
    const fill = (connection: TcpConnection) => {
      sent += connection.send(data.subarray(sent, sent + 65_536));
      if (sent === data.length) connection.close();
    };
    host.connect(
      { destination: ip(to), port },
      {
        onEstablished: fill,
        onDrain: (connection) => {
          if (sent < data.length) fill(connection);
        },
        onData: (part) => parts.push(part),
        onClose: () => resolve(Buffer.concat(parts)),
        onReset: () => reject(new Error('reset')),
        onError: (error) => reject(new Error(error.kind)),
      },
    );
  });
}

const title = 'the in-process host against Linux';
const reason = `skipped: needs ${needs}: ${title}`;

describe.skipIf(needs !== undefined)(needs === undefined ? title : reason, () => {
  let lab: Lab;
  let host: Host;

  beforeAll(() => {
    lab = new Lab();
    lab.open();
    host = lab.host(2);
  });
  afterAll(() => lab.close());

  const families = [
    ['IPv4', '10.99.0', '10.98.0.2', '.'],
    ['IPv6', 'fd00:99:', 'fd00:98::2', ':'],
  ] as const;

  describe.each(families)('%s', (family, net, behind, dot) => {
    const linux = `${net}${dot}1`;
    const ours = `${net}${dot}2`;
    const port = family === 'IPv4' ? 4000 : 6000;

    it('answers Linux’s pings of every size, and Linux resolves it', async () => {
      const sizes = [0, 1, 56, 1451, 1452, 1453, 1472, 1473, 4000, 60_000];
      expect(await lab.near.run('ping', ours, ...sizes)).toEqual(sizes.map(String));
      expect(lab.near.ip('neigh', 'show', ours)).toContain(formatMac(hostMac(2)));
    });

    it('pings Linux with every size', async () => {
      for (const size of [0, 56, 1452, 1453, 1472, 1473, 60_000]) {
        const result = await ping(host, linux, size, size);
        expect(result).toEqual({ kind: 'reply', from: ip(linux), ttl: 64, size });
      }
    });

    it('hears that nobody has an address', async () => {
      expect(await ping(host, `${net}${dot}77`, 1, 10)).toEqual({ kind: 'unresolved' });
    });

    it('echoes datagrams of every size to Linux', async () => {
      const sizes = [0, 1, 1400, 1500, 9000, 60_000];
      expect(await lab.near.run('datagrams', ours, 53, ...sizes)).toEqual(sizes.map(String));
    });

    it('echoes one megabyte over TCP, opened and half-closed by Linux', async () => {
      expect(await lab.near.run('echo', ours, 80, MEGABYTE)).toEqual([`${MEGABYTE}`]);
    });

    it('sends Linux one megabyte and gets it back', async () => {
      const server = await lab.near.start('serve', linux, port);
      const data = octets(MEGABYTE);
      expect(Buffer.compare(await exchange(host, linux, port, data), data)).toBe(0);
      await server.output;
    });

    it('refuses closed ports so that Linux understands', async () => {
      const closed = lab.host(family === 'IPv4' ? 10 : 11);
      closed.setListen([]);
      const address = `${net}${dot}${family === 'IPv4' ? 10 : 11}`;
      expect(await lab.near.run('refused', address, 80)).toEqual([
        'tcp ECONNREFUSED',
        'udp ECONNREFUSED',
      ]);
    });

    it('understands Linux’s closed ports', async () => {
      await expect(exchange(host, linux, port + 1, octets(1))).rejects.toThrow('reset');
      const error = await new Promise((resolve) => {
        host.bindUdp(port, { onError: resolve });
        const payload = octets(9);
        host.sendUdp({ sourcePort: port, destination: ip(linux), port: port + 1, payload });
      });
      const [type, code] = family === 'IPv4' ? [3, 3] : [1, 4];
      expect(error).toEqual({ kind: 'icmp', type, code, from: ip(linux) });
    });

    it('exchanges datagrams with a server in Linux', async () => {
      const server = await lab.near.start('udp_serve', linux, port + 2);
      const payload = octets(5000);
      const answer = new Promise<Uint8Array>((resolve) => {
        host.bindUdp(port + 2, { onDatagram: (datagram) => resolve(datagram.payload.slice()) });
      });
      host.sendUdp({ sourcePort: port + 2, destination: ip(linux), port: port + 2, payload });
      expect(Buffer.compare(await answer, payload)).toBe(0);
      await server.output;
    });

    it('waits for a reader that leaves its window closed', async () => {
      const server = await lab.near.start('slow', linux, port + 3, 1.5);
      const data = octets(300_000);
      expect(await exchange(host, linux, port + 3, data)).toHaveLength(0);
      expect(await server.output).toBe(createHash('sha256').update(data).digest('hex'));
    });

    it('takes Linux’s reset', async () => {
      let end: string | undefined;
      const done = host.listenTcp(port, () => ({
        onData: (data, connection) => connection.send(data),
        onReset: () => {
          end = 'reset';
        },
      }));
      await lab.near.run('reset', ours, port);
      await expect.poll(() => end).toBe('reset');
      done();
    });

    it('closes a connection so that Linux keeps nothing of it', async () => {
      await lab.near.run('echo', ours, 81, 10);
      await expect.poll(() => host.connections, { timeout: 5_000 }).toBe(0);
    });

    it('obeys a Linux router whose next link is narrow', async () => {
      const long = await ping(host, behind, 1, 1400, true);
      const [type, code] = family === 'IPv4' ? [3, 4] : [2, 0];
      expect(long).toEqual({ kind: 'icmp', type, code, from: ip(linux), mtu: NARROW });
      const fragmented = await ping(host, behind, 2, 4000);
      expect(fragmented).toEqual({ kind: 'reply', from: ip(behind), ttl: 63, size: 4000 });
      // A host that knows nothing of the path yet learns it from its own segments.
      const fresh = lab.host(family === 'IPv4' ? 20 : 21);
      const server = await lab.far.start('serve', behind, port);
      const data = octets(200_000);
      expect(Buffer.compare(await exchange(fresh, behind, port, data), data)).toBe(0);
      await server.output;
    });

    it('hears of a time to live that is spent', async () => {
      const result = await new Promise((resolve) => {
        host.ping({ destination: ip(behind), identifier: 6, sequence: 1, ttl: 1 }, resolve);
      });
      const type = family === 'IPv4' ? 11 : 3;
      expect(result).toEqual({ kind: 'icmp', type, code: 0, from: ip(linux) });
    });

    it('carries one megabyte each way over a link that loses, repeats and reorders', async () => {
      const faults = { loss: 0.01, duplication: 0.01, reordering: 0.01, reorderMs: 2 };
      const last = family === 'IPv4' ? 30 : 31;
      const lossy = lab.host(last, 1500, faults);
      const echoed = await lab.near.run('echo', `${net}${dot}${last}`, 80, MEGABYTE);
      expect(echoed).toEqual([`${MEGABYTE}`]);
      const server = await lab.near.start('serve', linux, port + 4);
      const data = octets(MEGABYTE);
      expect(Buffer.compare(await exchange(lossy, linux, port + 4, data), data)).toBe(0);
      await server.output;
    });
  });

  it('uses the long frames of a VPC', async () => {
    lab.near.ip('link', 'set', lab.tap.name, 'mtu', '9001');
    const vpc = lab.host(40, 9001);
    expect(await lab.near.run('ping', '10.99.0.40', 8973, 8974)).toEqual(['8973', '8974']);
    expect(await lab.near.run('echo', '10.99.0.40', 80, MEGABYTE)).toEqual([`${MEGABYTE}`]);
    expect(await ping(vpc, '10.99.0.1', 1, 8973, true)).toMatchObject({ kind: 'reply' });
  });
});
