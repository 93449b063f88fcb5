/** How long a BGP speaker takes to learn routes from one peer and tell them to others. */
import { cidr } from '../../src/net/cidr.ts';
import { ipv4 } from '../../src/net/ipv4.ts';
import { Random } from '../../src/net/random.ts';
import { Speaker } from '../../src/services/bgp/speaker.ts';
import { encodeMessage } from '../../src/wire/bgp/message.ts';
import { packReach } from '../../src/wire/bgp/pack.ts';
import { encodeAttributes } from '../../src/wire/bgp/path-attributes.ts';
import { digits, nanosEach, ratio } from '../support/measure.ts';
import type { Bench, Figures } from '../support/table.ts';

const ROUTES = 5000;
const PEERS = [1, 20];
const CONTEXT = { asnWidth: 4, internal: false } as const;
const FAMILY = { afi: 1, safi: 1 };
const SOURCE = 65_000;

export const bgp: Bench = {
  name: 'bgp',
  title: 'Routes of BGP',
  about:
    '5,000 IPv4 routes come in from one peer of a speaker that relays, in messages as full as ' +
    'they get, and go out to so many others; the same once more with attributes of their own ' +
    'for each route, which is one message a route and peer. Then all are withdrawn.',
  run,
};

async function run(): Promise<Figures> {
  const rows: string[][] = [];
  let base: number | undefined;
  for (const alike of [true, false]) {
    for (const peers of PEERS) {
      const millis = millisOf(announcements(alike), peers);
      base ??= millis;
      const what = alike ? 'alike' : 'all different';
      rows.push([what, String(peers), digits(millis), ratio(millis, base)]);
    }
  }
  return { columns: ['attributes', 'told to', 'CPU ms', 'ratio'], rows };
}

function millisOf(messages: readonly Uint8Array[], peers: number): number {
  const speaker = relay(peers);
  const withdrawal = encodeMessage({ kind: 'notification', notification: CEASE }, CONTEXT);
  let connection = 1;
  return (
    nanosEach(1, () => {
      for (const bytes of messages) speaker.receive('source', connection, bytes, 1);
      speaker.receive('source', connection, withdrawal, 1);
      connection = 1000 + connection;
      open(speaker, 'source', SOURCE, connection);
    }) / 1e6
  );
}

const CEASE = { code: 6, subcode: 2, data: new Uint8Array() };

/** A speaker whose peers are up: one that tells and so many that are told. */
function relay(peers: number): Speaker {
  const configuration = { asn: 64_512, identifier: ipv4(1), random: new Random(1) };
  const speaker = new Speaker(configuration, () => {});
  for (let index = 0; index <= peers; index++) {
    const name = index === 0 ? 'source' : `peer-${index}`;
    speaker.addPeer(name, {
      asn: SOURCE + index,
      address: ipv4(0xa9fe_0002 + index * 4),
      families: [4],
      nextHops: { 4: ipv4(0xa9fe_0001 + index * 4) },
      passive: true,
      relay: true,
    });
    speaker.start(name, 0);
    open(speaker, name, SOURCE + index, index + 1);
  }
  return speaker;
}

function open(speaker: Speaker, name: string, asn: number, id: number): void {
  const capabilities = { families: [FAMILY], routeRefresh: true, fourOctetAs: asn, others: [] };
  const open = { asn, holdSeconds: 90, identifier: ipv4(asn), capabilities };
  speaker.connected(name, { id, outgoing: false }, 0);
  speaker.receive(name, id, encodeMessage({ kind: 'open', open }, CONTEXT), 0);
  speaker.receive(name, id, encodeMessage({ kind: 'keepalive' }, CONTEXT), 0);
}

function announcements(alike: boolean): Uint8Array[] {
  const nextHop = ipv4(0xa9fe_0002);
  const prefixes = Array.from({ length: ROUTES }, (_, at) =>
    cidr(ipv4(0x0b00_0000 + at * 256), 24),
  );
  const groups = alike ? [prefixes] : prefixes.map((prefix) => [prefix]);
  return groups.flatMap((group, at) => {
    const asPath = [{ kind: 'sequence' as const, asns: [SOURCE, 100_000 + at] }];
    const attributes = encodeAttributes({ origin: 0, asPath, med: at }, 4);
    return packReach({ family: 4, nextHop, prefixes: group }, attributes) ?? [];
  });
}
