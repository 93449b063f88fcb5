/** Wireshark reads what the BGP speaker says, and finds nothing wrong with it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCidr } from '../src/net/cidr.ts';
import { ipv4 } from '../src/net/ipv4.ts';
import { mac } from '../src/net/mac.ts';
import { ETHERTYPE, PROTOCOL } from '../src/net/protocol.ts';
import type { Advertisement } from '../src/services/bgp/export.ts';
import { BgpNetwork, own } from '../src/services/bgp/test-network.ts';
import { prependAs } from '../src/wire/bgp/as-path.ts';
import { encodeMessage } from '../src/wire/bgp/message.ts';
import type { PathAttributes } from '../src/wire/bgp/path-attributes.ts';
import { ETHERNET_HEADER_LENGTH, emitEthernet } from '../src/wire/ethernet.ts';
import { emitIpv4Header, ipv4Header, ipv4HeaderLength } from '../src/wire/ipv4.ts';
import {
  enhancedPacketBlock,
  interfaceDescriptionBlock,
  sectionHeaderBlock,
} from '../src/wire/pcapng.ts';
import { emitTcp, TCP_FLAG, tcpLength } from '../src/wire/tcp.ts';

const BGP_PORT = 179;
const CALLER_PORT = 49_152;
const ADDRESS = { a: ipv4(0xa9fe_0601), b: ipv4(0xa9fe_0602) };

interface Said {
  readonly from: string;
  readonly bytes: Uint8Array;
}

/** Messages as segments of one TCP connection, which `b` has opened. */
function* frames(said: readonly Said[]): Generator<Uint8Array> {
  const sequence = { a: 1, b: 1 };
  for (const { from, bytes } of said) {
    const [source, destination] = from === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const);
    const tcp = {
      sourcePort: source === 'a' ? BGP_PORT : CALLER_PORT,
      destinationPort: source === 'a' ? CALLER_PORT : BGP_PORT,
      sequenceNumber: sequence[source],
      acknowledgmentNumber: sequence[destination],
      flags: TCP_FLAG.ack | TCP_FLAG.psh,
      window: 65_535,
      options: {},
      payload: bytes,
    };
    sequence[source] += bytes.length;
    const pair = { source: ADDRESS[source], destination: ADDRESS[destination] };
    const payloadLength = tcpLength(tcp);
    const header = ipv4Header({ ...pair, protocol: PROTOCOL.tcp, payloadLength });
    const at = ETHERNET_HEADER_LENGTH + ipv4HeaderLength(header);
    const frame = new Uint8Array(at + payloadLength);
    emitEthernet({ source: mac(2), destination: mac(4), etherType: ETHERTYPE.ipv4 }, frame);
    emitIpv4Header(header, frame, ETHERNET_HEADER_LENGTH);
    emitTcp(tcp, frame, at, pair);
    yield frame;
  }
}

/** Lines of tshark about a capture of these messages. */
function tshark(said: readonly Said[], ...args: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'openvpc-bgp-'));
  const path = join(folder, 'bgp.pcapng');
  const packets = [...frames(said)].map((frame, index) =>
    enhancedPacketBlock({ interfaceId: 0, timestamp: BigInt(index), frame }),
  );
  const blocks = [sectionHeaderBlock('openvpc'), interfaceDescriptionBlock({ name: 'bgp' })];
  writeFileSync(path, Buffer.concat([...blocks, ...packets]));
  const { stdout } = spawnSync('tshark', ['-r', path, ...args], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout.split('\n').filter((line) => line !== '');
}

const WRONG = '_ws.malformed || (bgp && _ws.expert.severity >= 0x600000)';
const wrong = (said: readonly Said[]) => tshark(said, '-Y', WRONG);
/** Of one field, all values of all messages. */
const values = (said: readonly Said[], field: string) =>
  tshark(said, '-T', 'fields', '-e', field).flatMap((line) => line.split(','));

const route = (prefix: string, attributes: Partial<PathAttributes>): Advertisement => ({
  prefix: parseCidr(prefix)!,
  attributes: { origin: 0, asPath: [], ...attributes },
});

/** A session with everything in it, from the first OPEN to the last word. */
function session(): readonly Said[] {
  const net = new BgpNetwork(1);
  net.add('a', 4_200_000_512, '10.0.0.1');
  net.add('b', 65_010, '10.0.0.2');
  net.join('a', 'b', { passive: true }, {});
  net.run(5000);
  const [a, b] = [net.speakers.get('a')!, net.speakers.get('b')!];
  const many = Array.from({ length: 2500 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`);
  const large = { type: 32, value: new Uint8Array(12).fill(1) };
  const full = {
    asPath: [{ kind: 'set' as const, asns: [1, 4_200_000_000] }],
    med: 100,
    communities: [0xfc00_0064, 0x1c38_1bbc],
    atomicAggregate: true as const,
    aggregator: { asn: 4_200_000_001, address: ipv4(0x0a00_0001) },
    opaque: [large],
  };
  const long = { asPath: prependAs([], 65_001, 300) };
  const told = [
    route('192.168.0.0/17', full),
    route('2001:db8::/33', full),
    route('0.0.0.0/0', long),
  ];
  a.advertise('b', [...own(...many, '::/0'), ...told], net.now);
  net.run(1000);
  a.advertise('b', own('::/0'), net.now);
  net.run(1000);
  net.askAgain('b', 'a', 6);
  net.run(30_000);
  b.stop('a', net.now, 'Wartung');
  net.run(1000);
  return net.sent;
}

/** What is said to a speaker that knows no numbers of four bytes. */
function oldSpeaker(): readonly Said[] {
  const asPath = [{ kind: 'sequence' as const, asns: [65_001, 4_200_000_000] }];
  const aggregator = { asn: 4_200_000_001, address: ipv4(0x0a00_0001) };
  const attributes: PathAttributes = { origin: 2, asPath, aggregator };
  const prefixes = [parseCidr('10.0.0.0/8')!];
  const reach = [{ family: 4 as const, nextHop: ADDRESS.a, prefixes }];
  const update = { unreach: [], attributes, reach };
  const capabilities = { families: [], routeRefresh: false, others: [] };
  const open = { asn: 65_010, holdSeconds: 30, identifier: ipv4(1), capabilities };
  const context = { asnWidth: 2, internal: false } as const;
  const messages = [{ kind: 'open', open } as const, { kind: 'update', update } as const];
  return messages.map((one) => ({ from: 'a', bytes: encodeMessage(one, context) }));
}

const needs = spawnSync('tshark', ['--version']).status === 0 ? undefined : 'tshark';
const title = (text: string) => (needs === undefined ? text : `skipped: needs ${needs}: ${text}`);

describe('tshark', () => {
  it.skipIf(needs)(title('finds nothing wrong in a whole session'), () => {
    const said = session();
    expect(wrong(said)).toEqual([]);
    const types = values(said, 'bgp.type');
    expect(types.length).toBe(said.length);
    expect(new Set(types)).toEqual(new Set(['1', '2', '3', '4', '5']));
    expect(values(said, 'bgp.notify.communication')).toEqual(['Wartung']);
    const prefixes = values(said, 'bgp.nlri_prefix').filter((prefix) => prefix.startsWith('10.'));
    expect(new Set(prefixes).size).toBe(2500);
    const asns = new Set(values(said, 'bgp.update.path_attribute.as_path_segment.as4'));
    expect(asns).toEqual(new Set(['4200000512', '1', '4200000000', '65001']));
  });

  it.skipIf(needs)(title('finds nothing wrong in what an old speaker is told'), () => {
    const said = oldSpeaker();
    expect(wrong(said)).toEqual([]);
    const [two, four] = ['as2', 'as4'].map((width) =>
      values(said, `bgp.update.path_attribute.as_path_segment.${width}`),
    );
    expect([two, four]).toEqual([
      ['65001', '23456'],
      ['65001', '4200000000'],
    ]);
  });

  it.skipIf(needs)(title('does find what is wrong'), () => {
    const [open] = session();
    const bytes = open!.bytes.slice();
    bytes[28] = 200;
    expect(wrong([{ from: 'a', bytes }])).not.toEqual([]);
  });
});
