import { describe, expect, it } from 'vitest';
import { formatIp } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { AddressMap } from './address-map.ts';
import { type Packet, TCP_ACK, TCP_SYN } from './packet.ts';
import type { Quoted } from './quoted.ts';
import type { Masquerade } from './table.ts';
import { type PacketOptions, packet, replyTo } from './test-frames.ts';
import { ip } from './test-values.ts';
import { TranslationTable } from './translation.ts';

const NAT = translator(['10.0.0.9'], ['2001:db8::9']);
const OTHER: Masquerade = { ...NAT, scope: 2 };
const SERVER = '203.0.113.1';

/** A forwarding instance's, unless said otherwise. */
function translator(
  ipv4: readonly string[],
  ipv6: readonly string[] = [],
  members: Partial<Masquerade> = {},
): Masquerade {
  const own = new AddressMap<true>();
  for (const text of [...ipv4, ...ipv6]) own.set(ip(text), true);
  return {
    scope: 1,
    ipv4: ipv4.map(ip) as Ipv4[],
    ipv6: ipv6.map(ip) as Ipv6[],
    own,
    idleSeconds: { tcp: 432_000, other: 180 },
    flowsMax: Number.POSITIVE_INFINITY,
    nat64: false,
    resets: false,
    ...members,
  };
}

function ends({ source, destination, sourcePort, destinationPort }: Packet): string {
  return `${formatIp(source)}:${sourcePort} > ${formatIp(destination)}:${destinationPort}`;
}

/** Sends through a translator; how the packet leaves, or undefined. */
function out(table: TranslationTable, sent: Packet, by = NAT, now = 0): Packet | undefined {
  return table.masquerade(sent, by, now) === undefined ? sent : undefined;
}

function tcp(source: string, sourcePort: number, options: PacketOptions = {}) {
  return packet(source, SERVER, { protocol: 'tcp', sourcePort, ...options });
}

describe('both ways', () => {
  it('translates the source out and the destination back', () => {
    const table = new TranslationTable();
    const sent = out(table, tcp('10.0.1.1', 40000))!;
    expect(ends(sent)).toBe('10.0.0.9:40000 > 203.0.113.1:443');
    const reply = replyTo(sent);
    expect(table.restore(reply, NAT, 0)).toBe(true);
    expect(ends(reply)).toBe('203.0.113.1:443 > 10.0.1.1:40000');
    expect(table.size).toBe(1);
  });

  it('translates IPv6 to the IPv6 address, and nothing without an address of the family', () => {
    const table = new TranslationTable();
    const sent = packet('2001:db8:1::1', '2001:db8:2::1', { protocol: 'udp' });
    expect(table.masquerade(sent, NAT, 0)).toBeUndefined();
    expect(formatIp(sent.source)).toBe('2001:db8::9');
    const four = translator(['10.0.0.9']);
    const refused = packet('2001:db8:1::1', '2001:db8:2::1');
    expect(table.masquerade(refused, four, 0)).toBe('PROTOCOL_RESTRICTION');
    expect(formatIp(refused.source)).toBe('2001:db8:1::1');
  });

  it('gives an echo an identifier of its own, the same at both ends', () => {
    const table = new TranslationTable();
    const first = packet('10.0.1.1', SERVER, { protocol: 'icmp', sourcePort: 2000 });
    const second = packet('10.0.1.2', SERVER, { protocol: 'icmp', sourcePort: 2000 });
    out(table, first);
    out(table, second);
    expect([first.sourcePort, first.destinationPort]).toEqual([2000, 2000]);
    expect([second.sourcePort, second.destinationPort]).toEqual([2001, 2001]);
    const reply = replyTo(second);
    expect(table.restore(reply, NAT, 0)).toBe(true);
    expect(formatIp(reply.destination)).toBe('10.0.1.2');
    expect([reply.sourcePort, reply.destinationPort]).toEqual([2000, 2000]);
  });

  it('leaves what has no ports alone', () => {
    const table = new TranslationTable();
    const error = packet('10.0.1.1', SERVER, { protocol: 'icmp', icmp: { type: 3, code: 1 } });
    expect(table.masquerade(error, NAT, 0)).toBe('PROTOCOL_RESTRICTION');
    const gre = packet('10.0.1.1', SERVER, { protocol: 47 });
    expect(table.masquerade(gre, NAT, 0)).toBe('PROTOCOL_RESTRICTION');
    expect(table.restore(packet(SERVER, '10.0.0.9', { protocol: 47 }), NAT, 0)).toBe(false);
    expect(table.size).toBe(0);
  });
});

describe('ports', () => {
  it('keeps a flow at its port, and gives a second flow to the same place the next', () => {
    const table = new TranslationTable();
    expect(out(table, tcp('10.0.1.1', 40000))!.sourcePort).toBe(40000);
    expect(out(table, tcp('10.0.1.2', 40000))!.sourcePort).toBe(40001);
    expect(out(table, tcp('10.0.1.1', 40000))!.sourcePort).toBe(40000);
    expect(out(table, tcp('10.0.1.2', 40000))!.sourcePort).toBe(40001);
    expect(table.size).toBe(2);
  });

  it('uses one port for flows to several places', () => {
    const table = new TranslationTable();
    const [a, b] = ['203.0.113.1', '203.0.113.2'].map((server) =>
      packet('10.0.1.1', server, { sourcePort: 40000 }),
    ) as [Packet, Packet];
    const c = packet('10.0.1.2', '203.0.113.3', { sourcePort: 40000 });
    for (const sent of [a, b, c]) out(table, sent);
    expect([a, b, c].map(({ sourcePort }) => sourcePort)).toEqual([40000, 40000, 40000]);
    const insides = [a, b, c].map((sent) => {
      const reply = replyTo(sent);
      table.restore(reply, NAT, 0);
      return formatIp(reply.destination);
    });
    expect(insides).toEqual(['10.0.1.1', '10.0.1.1', '10.0.1.2']);
  });

  it('keeps TCP and UDP apart', () => {
    const table = new TranslationTable();
    expect(out(table, tcp('10.0.1.1', 40000))!.sourcePort).toBe(40000);
    expect(out(table, tcp('10.0.1.2', 40000, { protocol: 'udp' }))!.sourcePort).toBe(40000);
  });

  it('never uses a well-known port', () => {
    const table = new TranslationTable();
    expect(out(table, tcp('10.0.1.1', 53))!.sourcePort).toBe(1024);
  });

  it('wraps at 65535, and refuses when every port to a place is taken', () => {
    const table = new TranslationTable();
    expect(out(table, tcp('10.0.1.1', 65535))!.sourcePort).toBe(65535);
    expect(out(table, tcp('10.0.1.2', 65535))!.sourcePort).toBe(1024);
    const free = 65536 - 1024 - 2;
    for (let port = 1025; port < 1025 + free; port++) {
      expect(table.masquerade(tcp('10.0.1.3', port), NAT, 0)).toBeUndefined();
    }
    const refused = tcp('10.0.1.4', 5000);
    expect(table.masquerade(refused, NAT, 0)).toBe('PORT_ALLOCATION_ERROR');
    expect(ends(refused)).toBe('10.0.1.4:5000 > 203.0.113.1:443');
    expect(table.masquerade(packet('10.0.1.4', '203.0.113.2'), NAT, 0)).toBeUndefined();
  });
});

describe('isolation and ageing', () => {
  it('keeps translators apart although their ranges are equal', () => {
    const table = new TranslationTable();
    const sent = [
      [out(table, tcp('10.0.1.1', 40000))!, NAT],
      [out(table, tcp('10.0.2.2', 40000), OTHER)!, OTHER],
    ] as const;
    const insides = sent.map(([request, by]) => {
      const reply = replyTo(request);
      table.restore(reply, by, 0);
      return ends(reply);
    });
    expect(insides).toEqual([
      '203.0.113.1:443 > 10.0.1.1:40000',
      '203.0.113.1:443 > 10.0.2.2:40000',
    ]);
    expect(table.restore(replyTo(sent[0][0]), { ...NAT, scope: 3 }, 0)).toBe(false);
  });

  it('takes no stranger for a reply', () => {
    const table = new TranslationTable();
    out(table, tcp('10.0.1.1', 40000));
    const strangers = [
      packet('203.0.113.2', '10.0.0.9', { sourcePort: 443, port: 40000 }),
      packet(SERVER, '10.0.0.9', { sourcePort: 444, port: 40000 }),
      packet(SERVER, '10.0.0.9', { sourcePort: 443, port: 40001 }),
      packet(SERVER, '10.0.0.9', { protocol: 'udp', sourcePort: 443, port: 40000 }),
    ];
    for (const stranger of strangers) {
      const before = ends(stranger);
      expect(table.restore(stranger, NAT, 0)).toBe(false);
      expect(ends(stranger)).toBe(before);
    }
  });

  it('forgets a UDP flow after 180 s of silence, in either direction', () => {
    const table = new TranslationTable();
    const sent = out(table, tcp('10.0.1.1', 40000, { protocol: 'udp' }))!;
    expect(table.restore(replyTo(sent), NAT, 179_999)).toBe(true);
    expect(table.restore(replyTo(sent), NAT, 359_998)).toBe(true);
    expect(table.restore(replyTo(sent), NAT, 359_998 + 180_000)).toBe(false);
    expect(table.size).toBe(0);
  });

  it('gives the port of a forgotten flow to the next', () => {
    const table = new TranslationTable();
    const udp = { protocol: 'udp' } as const;
    out(table, tcp('10.0.1.1', 40000, udp));
    const later = tcp('10.0.1.2', 40000, udp);
    expect(out(table, later, NAT, 180_000)!.sourcePort).toBe(40000);
    const reply = replyTo(later);
    expect(table.restore(reply, NAT, 180_001)).toBe(true);
    expect(formatIp(reply.destination)).toBe('10.0.1.2');
    expect(table.size).toBe(1);
  });

  it('keeps a TCP flow for as long as its tracked session', () => {
    const table = new TranslationTable();
    const sent = out(table, tcp('10.0.1.1', 40000))!;
    expect(table.restore(replyTo(sent), NAT, 431_999_999)).toBe(true);
    table.clear();
    expect(table.restore(replyTo(sent), NAT, 432_000_000)).toBe(false);
  });
});

describe('a NAT gateway', () => {
  const GATEWAY: Partial<Masquerade> = {
    idleSeconds: { tcp: 350, other: 350 },
    flowsMax: 55_000,
    resets: true,
  };
  const syn = (source: string, sourcePort: number) => tcp(source, sourcePort, { flags: TCP_SYN });
  const ack = (source: string, sourcePort: number) => tcp(source, sourcePort, { flags: TCP_ACK });

  it('A-096 forgets a flow after 350 s, and refuses the rest of it', () => {
    const table = new TranslationTable();
    const by = translator(['10.0.0.9'], [], GATEWAY);
    expect(table.masquerade(syn('10.0.1.1', 40000), by, 0)).toBeUndefined();
    expect(table.masquerade(ack('10.0.1.1', 40000), by, 349_999)).toBeUndefined();
    expect(table.masquerade(ack('10.0.1.1', 40000), by, 699_999)).toBe('NGW_IDLE_TIMEOUT');
    expect(table.masquerade(syn('10.0.1.1', 40000), by, 699_999)).toBeUndefined();
    expect(table.size).toBe(1);
  });

  it('A-095 has 55,000 flows of an address to one destination, then of the next address', () => {
    const table = new TranslationTable();
    const by = translator(['10.0.0.9', '10.0.0.10'], [], { ...GATEWAY, flowsMax: 3 });
    const used = new Map<string, number>();
    for (let host = 1; host <= 6; host++) {
      const sent = syn(`10.0.1.${host}`, 40000);
      expect(table.masquerade(sent, by, 0)).toBeUndefined();
      const source = formatIp(sent.source);
      used.set(source, (used.get(source) ?? 0) + 1);
    }
    expect([...used.values()]).toEqual([3, 3]);
    const more = syn('10.0.1.7', 40000);
    expect(table.masquerade(more, by, 0)).toBe('PORT_ALLOCATION_ERROR');
    expect(table.masquerade(more, by, 350_000)).toBeUndefined();
    const elsewhere = packet('10.0.1.8', '203.0.113.2', { flags: TCP_SYN });
    expect(table.masquerade(elsewhere, by, 0)).toBeUndefined();
  });

  it('A-095 spreads flows over its addresses, each always to the same one', () => {
    const by = translator(['10.0.0.9', '10.0.0.10'], [], GATEWAY);
    const chosen = (port: number) => {
      const sent = syn('10.0.1.1', port);
      new TranslationTable().masquerade(sent, by, 0);
      return formatIp(sent.source);
    };
    const first = Array.from({ length: 200 }, (_, index) => chosen(2000 + index));
    expect(first).toEqual(Array.from({ length: 200 }, (_, index) => chosen(2000 + index)));
    const share = first.filter((address) => address === '10.0.0.9').length;
    expect(share).toBeGreaterThan(50);
    expect(share).toBeLessThan(150);
  });

  it('a flow ends with its address, and keeps it while it is on its way out', () => {
    const table = new TranslationTable();
    const by = translator(['10.0.0.9'], [], GATEWAY);
    table.masquerade(syn('10.0.1.1', 40000), by, 0);
    const draining = { ...translator(['10.0.0.10'], [], GATEWAY), own: by.own };
    const kept = ack('10.0.1.1', 40000);
    expect(table.masquerade(kept, draining, 1)).toBeUndefined();
    expect(formatIp(kept.source)).toBe('10.0.0.9');
    const gone = translator(['10.0.0.10'], [], GATEWAY);
    expect(table.masquerade(ack('10.0.1.1', 40000), gone, 2)).toBe('NGW_IDLE_TIMEOUT');
    expect(table.size).toBe(0);
  });
});

describe('NAT64', () => {
  it('A-097 A-100 a reply in pieces does not become IPv6', () => {
    const by = translator(['10.0.0.9'], [], { nat64: true });
    const table = new TranslationTable();
    const sent = packet('2001:db8::1', '64:ff9b::cb00:7101', { protocol: 'udp' });
    expect(table.masquerade(sent, by, 0)).toBeUndefined();
    const reply = replyTo(sent);
    reply.isFragment = true;
    expect(table.restore(reply, by, 0)).toBe('NGW_FRAGMENTS_NOT_SUPPORTED');
    expect(table.restore(replyTo(sent), by, 0)).toBe(true);
  });
});

describe('ICMP errors', () => {
  const about = (sent: Packet): Quoted => ({
    protocol: sent.protocol,
    source: sent.source,
    destination: sent.destination,
    sourcePort: sent.sourcePort,
    destinationPort: sent.destinationPort,
  });
  const error = (from: string, to: string, quoted: Quoted) => {
    const made = packet(from, to, { protocol: 'icmp', icmp: { type: 3, code: 3 } });
    made.quoted = quoted;
    return made;
  };

  it.each(['tcp', 'udp', 'icmp'] as const)('come back to the inside of a %s flow', (protocol) => {
    const table = new TranslationTable();
    const sent = packet('10.0.1.1', SERVER, { protocol, sourcePort: 500 });
    const before = about(sent);
    table.masquerade(sent, NAT, 0);
    const back = error('192.0.2.77', '10.0.0.9', about(sent));
    expect(table.restore(back, NAT, 0)).toBe(true);
    expect(formatIp(back.destination)).toBe('10.0.1.1');
    expect(back.quoted).toEqual(before);
  });

  it('go out from the inside of a flow as its address', () => {
    const table = new TranslationTable();
    const sent = packet('10.0.1.1', SERVER, { protocol: 'udp', sourcePort: 500 });
    table.masquerade(sent, NAT, 0);
    const reply = replyTo(sent);
    const outside = about(reply);
    table.restore(reply, NAT, 0);
    const refusal = error('10.0.1.1', SERVER, about(reply));
    expect(table.masquerade(refusal, NAT, 0)).toBeUndefined();
    expect(formatIp(refusal.source)).toBe('10.0.0.9');
    expect(refusal.quoted).toEqual(outside);
  });

  it('about no flow are not translated', () => {
    const table = new TranslationTable();
    const sent = packet('10.0.1.1', SERVER, { protocol: 'udp' });
    table.masquerade(sent, NAT, 0);
    const other = { ...about(sent), sourcePort: 41000 };
    expect(table.restore(error(SERVER, '10.0.0.9', other), NAT, 0)).toBe(false);
    expect(table.restore(error(SERVER, '10.0.0.8', about(sent)), NAT, 0)).toBe(false);
    const refusal = error('10.0.1.1', SERVER, about(replyTo(tcp('10.0.1.1', 40000))));
    expect(table.masquerade(refusal, NAT, 0)).toBe('PROTOCOL_RESTRICTION');
  });
});
