import { describe, expect, it } from 'vitest';
import type { Ipv4 } from '../../net/ipv4.ts';
import { mac } from '../../net/mac.ts';
import { groupMac } from '../../net/multicast.ts';
import { ETHERTYPE } from '../../net/protocol.ts';
import { fromHex, readMac, toHex } from '../../wire/bytes.ts';
import { ETHERNET_HEADER_LENGTH, emitEthernet } from '../../wire/ethernet.ts';
import { formatFrame } from '../../wire/format.ts';
import { emitIgmp, IGMP_LENGTH, type Igmp } from '../../wire/igmp.ts';
import { emitIpv4Header, IPV4_HEADER_LENGTH, ipv4Header } from '../../wire/ipv4.ts';
import type { Host } from './host.ts';
import { HOST_LIMITS } from './limits.ts';
import { ip, lan, TestLink } from './test-support.ts';

const group = (text: string) => ip(text) as Ipv4;
const FIVE = group('224.0.1.5');
const SIX = group('224.0.1.6');

/** A host at 10.0.0.1, and what it sends, one line a frame. */
function made() {
  const link = new TestLink();
  const host = link.host(1);
  const sent = () => link.frames.splice(0).map((frame) => formatFrame(frame));
  return { link, host, sent };
}

function igmpFrame(message: Igmp, source = '0.0.0.0', destination = '224.0.0.1'): Uint8Array {
  const payload = new Uint8Array(IGMP_LENGTH);
  emitIgmp(message, payload);
  return frameOf(payload, source, destination);
}

function frameOf(
  payload: Uint8Array,
  source = '0.0.0.0',
  destination = '224.0.0.1',
  protocol = 2,
): Uint8Array {
  const start = ETHERNET_HEADER_LENGTH + IPV4_HEADER_LENGTH;
  const bytes = new Uint8Array(start + payload.length);
  const to = groupMac(ip(destination));
  emitEthernet({ destination: to, source: mac(1), etherType: ETHERTYPE.ipv4 }, bytes);
  const ends = { source: group(source), destination: group(destination) };
  const header = ipv4Header({ ...ends, protocol, ttl: 1, payloadLength: payload.length });
  emitIpv4Header(header, bytes, ETHERNET_HEADER_LENGTH);
  bytes.set(payload, start);
  return bytes;
}

const query = (about = 0): Igmp => ({
  kind: 'query',
  maxResponseTime: 100,
  group: about as Ipv4,
});
const REPORT5 = 'IP 10.0.0.1 > 224.0.1.5: igmp v2 report 224.0.1.5';
const REPORT6 = 'IP 10.0.0.1 > 224.0.1.6: igmp v2 report 224.0.1.6';
const drops = (host: Host) => Object.fromEntries(host.drops);

describe('a host in groups', () => {
  it('C-119 says so when it joins, and when it leaves', () => {
    const { host, sent } = made();
    host.joinGroups([FIVE, SIX]);
    expect(sent()).toEqual([REPORT5, REPORT6]);
    host.joinGroups([SIX, group('224.0.1.7')]);
    expect(sent()).toEqual([
      'IP 10.0.0.1 > 224.0.0.2: igmp leave 224.0.1.5',
      'IP 10.0.0.1 > 224.0.1.7: igmp v2 report 224.0.1.7',
    ]);
    host.joinGroups([SIX, group('224.0.1.7')]);
    expect(sent()).toEqual([]);
    host.reportGroups();
    expect(sent()).toHaveLength(2);
  });

  it('sends them as RFC 2236 section 2 wants: one hop, with the router alert option', () => {
    const { host, link } = made();
    host.joinGroups([FIVE]);
    const [frame] = link.frames;
    expect(readMac(frame!, 0)).toBe(groupMac(FIVE));
    // Version and header length, then time to live and protocol, then the option.
    expect(toHex(frame!.subarray(14, 15))).toBe('46');
    expect(toHex(frame!.subarray(22, 24))).toBe('0102');
    expect(toHex(frame!.subarray(34))).toBe('94040000160008fae0000105');
  });

  it('C-120 answers queries: general ones for every group, others for theirs', () => {
    const { host, sent } = made();
    host.receive(igmpFrame(query()));
    expect(sent()).toEqual([]);
    host.joinGroups([FIVE, SIX]);
    sent();
    host.receive(igmpFrame(query()));
    expect(sent()).toEqual([REPORT5, REPORT6]);
    host.receive(igmpFrame(query(SIX), '10.0.0.9'));
    expect(sent()).toEqual([REPORT6]);
    host.receive(igmpFrame(query(group('224.0.1.9'))));
    // Others' messages are no questions.
    host.receive(igmpFrame({ kind: 'report', group: FIVE }, '10.0.0.9'));
    host.receive(igmpFrame({ kind: 'leave', group: FIVE }, '10.0.0.9'));
    expect(sent()).toEqual([]);
    expect(drops(host)).toEqual({});
  });

  it('counts what is no message', () => {
    const { host, sent } = made();
    host.joinGroups([FIVE]);
    sent();
    const good = fromHex('1164 ee9b 00000000');
    for (const length of [0, 4, 7]) host.receive(frameOf(good.slice(0, length)));
    host.receive(frameOf(good.with(1, 0x65)));
    expect(drops(host)).toEqual({ malformed: 3, checksum: 1 });
    expect(sent()).toEqual([]);
  });

  it('takes nothing else from 0.0.0.0', () => {
    const { host } = made();
    host.receive(frameOf(fromHex('9c40 0035 0008 0000'), '0.0.0.0', '224.0.0.1', 17));
    expect(drops(host)).toEqual({ malformed: 1 });
    host.receive(frameOf(fromHex('9c40 0035 0008 0000'), '10.0.0.9', '224.0.0.1', 17));
    expect(drops(host)).toEqual({ malformed: 1 });
  });

  it('is in groups of IPv4 alone, in no more than a limit, and not in 224.0.0.1 by its word', () => {
    const { host, sent } = made();
    host.joinGroups([group('224.0.0.1'), group('10.0.0.5'), FIVE, FIVE]);
    expect(sent()).toEqual([REPORT5]);
    const many = Array.from({ length: 30 }, (_, index) => (FIVE + index) as Ipv4);
    host.joinGroups(many);
    expect(sent()).toHaveLength(HOST_LIMITS.groups - 1);
  });

  it('without an address of IPv4 has nothing to say', () => {
    const { host, sent } = made();
    host.configure({ ...lan(1), addresses: [ip('2001:db8::1')] });
    host.joinGroups([FIVE]);
    expect(sent()).toEqual([]);
  });
});
