/** The BGP speaker with real routers, over real sockets: BIRD and FRR. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { formatCidr, parseCidr } from '../src/net/cidr.ts';
import { formatIp } from '../src/net/ip.ts';
import { parseIpv4 } from '../src/net/ipv4.ts';
import { parseIpv6 } from '../src/net/ipv6.ts';
import type { PeerConfiguration } from '../src/services/bgp/configuration.ts';
import type { Advertisement } from '../src/services/bgp/export.ts';
import { formatAsPath } from '../src/wire/bgp/as-path.ts';
import { Fault } from '../src/wire/bgp/fault.ts';
import { formatMessage, parseMessage } from '../src/wire/bgp/message.ts';
import { MessageReader } from '../src/wire/bgp/message-reader.ts';
import { shutdownText } from '../src/wire/bgp/notification.ts';
import type { PathAttributes } from '../src/wire/bgp/path-attributes.ts';
import {
  BIRD,
  FRR,
  freePort,
  type LearnedRoute,
  type Router,
  type RouterKind,
  waitUntil,
} from './support/bgp-router.ts';
import { CallingSpeaker, PEER } from './support/socket-speaker.ts';

const CONTEXT = { asnWidth: 4, internal: false } as const;
const OURS = 4_200_000_512;
const THEIRS = 4_200_000_010;
const NEXT_HOPS = { 4: '169.254.6.1', 6: 'fd00:6::1' };

const route = (prefix: string, attributes: Partial<PathAttributes> = {}): Advertisement => ({
  prefix: parseCidr(prefix)!,
  attributes: { origin: 0, asPath: [], ...attributes },
});
const PASSED_ON = [{ kind: 'sequence' as const, asns: [65_001, 4_200_000_099] }];
const TOLD = [
  route('10.0.0.0/16', { med: 100 }),
  route('10.1.0.0/16', { asPath: PASSED_ON, med: 200, communities: [0xfc00_0064] }),
  route('2001:db8:1::/48', { med: 100 }),
  route('2001:db8:2::/48', { asPath: PASSED_ON }),
];
const TOLD_THERE: Record<string, LearnedRoute> = {
  '10.0.0.0/16': { path: `${OURS}`, nextHop: NEXT_HOPS[4], med: 100 },
  '10.1.0.0/16': { path: `${OURS} 65001 4200000099`, nextHop: NEXT_HOPS[4], med: 200 },
  '2001:db8:1::/48': { path: `${OURS}`, nextHop: NEXT_HOPS[6], med: 100 },
  '2001:db8:2::/48': { path: `${OURS} 65001 4200000099`, nextHop: NEXT_HOPS[6], med: undefined },
};
const PLAIN = ['192.168.0.0/16', '2001:db8:f::/48'];
const PREPENDED = { prefix: '172.20.0.0/24', through: 65_011, med: 77 };
/** Prefix, AS path, next hop, MED (0 where there is none). */
const LEARNED_HERE = [
  `172.20.0.0/24: ${THEIRS} 65011 169.254.6.2 77`,
  `192.168.0.0/16: ${THEIRS} 169.254.6.2 0`,
  `2001:db8:f::/48: ${THEIRS} fd00:6::2 0`,
];

/** Where Node tells of every socket that calls. */
const SOCKETS = 'net.client.socket';

/** A speaker of ours and a router, joined over loopback. */
class Lab extends CallingSpeaker {
  /** What the router has said, a line a message. */
  readonly heard: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #reader = new MessageReader();
  #router: Router | undefined;

  constructor() {
    super(OURS, '10.9.0.1');
    this.#listenIn();
    subscribe(SOCKETS, this.#keep);
  }

  readonly #keep = (message: unknown) => {
    this.#sockets.add((message as { socket: Socket }).socket);
  };

  /** Writes down what comes in, before the speaker sees it. */
  #listenIn(): void {
    const receive = this.speaker.receive.bind(this.speaker);
    this.speaker.receive = (peer, connection, bytes, now) => {
      for (const one of this.#reader.read(bytes)) {
        const message = one instanceof Fault ? one : parseMessage(one, 0, one.length, CONTEXT);
        if (message === undefined || message instanceof Fault) throw new Error('a bad message');
        this.heard.push(formatMessage(message));
      }
      receive(peer, connection, bytes, now);
    };
  }

  /** Drops the connections without a word, as a failing network does. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  get router(): Router {
    return this.#router!;
  }

  /** @param loopback our address and the router's; different ones where the family has several */
  async open(
    kind: RouterKind,
    [here, there]: readonly [string, string] = ['127.0.0.1', '127.0.0.2'],
    peer: Partial<PeerConfiguration> = {},
  ): Promise<void> {
    const port = await freePort(there);
    this.#router = await kind.start({
      asn: THEIRS,
      address: there,
      port,
      peer: { asn: OURS, address: here, port: await freePort(here) },
      passive: true,
      nextHop4: '169.254.6.2',
      nextHop6: 'fd00:6::2',
      routes: [...PLAIN.map((prefix) => ({ prefix })), PREPENDED],
    });
    this.transport.setEndpoint(PEER, { address: there, port });
    this.addPeer({
      asn: THEIRS,
      families: [4, 6],
      nextHops: { 4: parseIpv4(NEXT_HOPS[4])!, 6: parseIpv6(NEXT_HOPS[6])! },
      holdSeconds: 30,
      connectRetrySeconds: 1,
      ...peer,
      address: there,
    });
    this.advertise(TOLD);
    this.start();
  }

  learnedHere(): string[] {
    return [...this.speaker.routes()].map(({ prefix, paths: [path] }) => {
      const { attributes, nextHop, med } = path!;
      const hops = `${formatAsPath(attributes.asPath)} ${formatIp(nextHop)}`;
      return `${formatCidr(prefix)}: ${hops} ${med}`;
    });
  }

  /** Both sides have all of the other's routes. */
  async settle(): Promise<void> {
    await this.until(
      'all is learned here',
      () => this.learnedHere().length === LEARNED_HERE.length,
    );
    await this.until('all is learned there', async () => {
      return Object.keys(await this.router.learned()).length === TOLD.length;
    });
  }

  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const states = () => this.outputs.filter(({ type }) => type === 'state');
    const tell = () => [JSON.stringify(states()), ...this.heard, this.router.log()].join('\n');
    return waitUntil(what, holds, tell);
  }

  async learnsNothing(): Promise<void> {
    await this.until('the router forgets', async () => {
      return Object.keys(await this.router.learned()).length === 0;
    });
  }

  /** Texts and codes of the NOTIFICATIONs that ended sessions here. */
  ends(): string[] {
    return this.outputs.flatMap((output) => {
      if (output.type !== 'state') return [];
      const { sent, received } = output.reason;
      const note = sent ?? received;
      return note ? [`${note.code}/${note.subcode} ${shutdownText(note) ?? ''}`.trim()] : [];
    });
  }

  override async close(): Promise<void> {
    this.stop();
    await this.#router?.stop();
    await super.close();
    unsubscribe(SOCKETS, this.#keep);
  }
}

describe.each([BIRD, FRR])('$name', (kind) => {
  const { needs, name } = kind;
  const title = (text: string) => (needs === undefined ? text : `skipped: needs ${needs}: ${text}`);
  let lab: Lab | undefined;

  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  async function open(...more: [(readonly [string, string])?, Partial<PeerConfiguration>?]) {
    lab = new Lab();
    await lab.open(kind, ...more);
    return lab;
  }

  it.skipIf(needs)(
    title('exchanges IPv4 and IPv6 routes, with AS path, MED, next hop'),
    async () => {
      const { router, ...rest } = await open().then((one) => ({ router: one.router, lab: one }));
      await rest.lab.settle();
      expect(await router.learned()).toEqual(TOLD_THERE);
      expect(rest.lab.learnedHere()).toEqual(LEARNED_HERE);
      expect(rest.lab.ends()).toEqual([]);
    },
  );

  it.skipIf(needs)(title('exchanges them over IPv6 as well'), async () => {
    const here = await open(['::1', '::1']);
    await here.settle();
    expect(await here.router.learned()).toEqual(TOLD_THERE);
    expect(here.learnedHere()).toEqual(LEARNED_HERE);
  });

  it.skipIf(needs)(title('follows what changes'), async () => {
    const here = await open();
    await here.settle();
    const changed = [route('10.0.0.0/16', { med: 300 }), route('2001:db8:9::/48')];
    here.advertise(changed);
    await here.until('the router has the new routes', async () => {
      const learned = await here.router.learned();
      return Object.keys(learned).length === 2 && learned['10.0.0.0/16']?.med === 300;
    });
    expect(Object.keys(await here.router.learned()).sort()).toEqual([
      '10.0.0.0/16',
      '2001:db8:9::/48',
    ]);
  });

  it.skipIf(needs)(title('H-107 tells its routes again when asked'), async () => {
    const here = await open();
    await here.settle();
    const sent = () => here.outputs.filter(({ type }) => type === 'send').length;
    const before = sent();
    await here.router.refresh();
    await here.until('the routes are told again', () => sent() >= before + TOLD.length);
    expect(await here.router.learned()).toEqual(TOLD_THERE);
    expect(here.ends()).toEqual([]);
  });

  it.skipIf(needs)(title('H-088 forgets our routes when we shut down'), async () => {
    const here = await open();
    await here.settle();
    here.stop('enough');
    expect(here.learnedHere()).toEqual([]);
    await here.learnsNothing();
    expect(here.ends()).toEqual(['6/2 enough']);
  });

  it.skipIf(needs)(title('H-088 loses its routes here when it shuts down'), async () => {
    const here = await open();
    await here.settle();
    await here.router.shutDown();
    await here.until('its routes are gone', () => here.learnedHere().length === 0);
    expect(here.ends()[0]).toBe('6/2 maintenance');
  });

  it.skipIf(needs)(title('H-088 loses its routes here when it is killed'), async () => {
    const here = await open();
    await here.settle();
    await here.router.stop('SIGKILL');
    await here.until('its routes are gone', () => here.learnedHere().length === 0);
    expect(here.ends()).toEqual([]);
  });

  it.skipIf(needs)(title('H-088 learns again after a lost connection'), async () => {
    const here = await open();
    await here.settle();
    here.breakConnections();
    await here.until('the routes are gone', () => here.state !== 'Established');
    expect(here.learnedHere()).toEqual([]);
    await here.settle();
    expect(await here.router.learned()).toEqual(TOLD_THERE);
  });

  it.skipIf(needs)(title('H-080 is told when it announces too much'), async () => {
    const here = await open(undefined, { prefixLimits: { 4: 1 } });
    await here.until('the session ends', () => here.ends().includes('6/1'));
    expect(here.learnedHere()).toEqual([]);
    await here.until(`${name} has heard`, () => /prefixes|6\/1/i.test(here.router.log()));
  });

  it.skipIf(needs)(title('is refused with another AS'), async () => {
    const here = await open(undefined, { asn: 65_123 });
    await here.until('it is told', () => here.ends().includes('2/2'));
    expect(here.learnedHere()).toEqual([]);
  });
});
