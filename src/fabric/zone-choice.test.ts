import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regionNames, zonesOf } from '../model/region.ts';
import { PrefixTrie } from '../net/prefix-trie.ts';
import { PROTOCOL } from '../net/protocol.ts';
import { Packet } from './packet.ts';
import { newScope, SessionTable } from './session.ts';
import { Station } from './station.ts';
import { ANY, type Rule } from './table.ts';
import { block, ip } from './test-values.ts';
import { NO_ZONE, ZoneMap, zoneNumber } from './zone.ts';
import { chooseZone, type ZoneExit } from './zone-choice.ts';

const role = 'transit-gateway-attachment';
const [A, B, C] = ['use1-az1', 'use1-az2', 'use1-az3'].map(zoneNumber) as [number, number, number];
const RULE: Rule = { match: ANY, actions: [] };

function exit(zone: number): ZoneExit {
  const resource = String(zone);
  return { key: zone, to: new Station({ role, resource, kind: role, direction: 'ingress' }) };
}

/** The table behind an appliance: 10.1.0.0/16 is in zone a, 10.2.0.0/16 in zone b. */
function onward(): Station {
  const zones = new ZoneMap();
  zones.set(block('10.1.0.0/16'), A);
  zones.set(block('10.2.0.0/16'), B);
  const station = new Station({ role, resource: 'tgw-rtb-1', kind: role, direction: 'egress' });
  const index = { by: 'destination-prefix', ipv4: PrefixTrie.empty<Rule>() } as const;
  const otherwise: Rule = { match: ANY, actions: [{ do: 'deliver' }], zones };
  station.table = { rules: [], index: { ...index, ipv6: PrefixTrie.empty() }, otherwise };
  return station;
}

interface Flow {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
}

const there: Flow = { source: '10.1.0.1', destination: '10.2.0.1', sourcePort: 40_000 };

function packet({ source, destination, sourcePort }: Flow, zone: number): Packet {
  const made = new Packet();
  made.source = ip(source);
  made.destination = ip(destination);
  made.protocol = PROTOCOL.tcp;
  made.sourcePort = sourcePort;
  made.destinationPort = 443;
  made.zone = zone;
  return made;
}

function reply(to: Packet, zone: number): Packet {
  const made = Object.assign(new Packet(), to);
  made.source = to.destination;
  made.destination = to.source;
  made.sourcePort = to.destinationPort;
  made.destinationPort = to.sourcePort;
  made.zone = zone;
  return made;
}

class Attachment {
  readonly sessions = new SessionTable();
  readonly #scope = newScope();
  readonly #onward = onward();
  now = 0;

  /** The zone that a packet goes by. */
  zone(of: Packet, zones: readonly number[], appliance = true): number {
    const exits = zones.map(exit);
    const mode = { scope: this.#scope, onward: this.#onward };
    const by = { exits, ...(appliance && { appliance: mode }) };
    return Number(chooseZone(of, by, RULE, this.sessions, this.now).resource);
  }
}

const flows = fc.record<Flow>({
  source: fc.constantFrom('10.1.0.1', '10.2.0.1', '10.3.0.1'),
  destination: fc.constantFrom('10.1.0.2', '10.2.0.2', '10.9.0.2'),
  sourcePort: fc.integer({ min: 1024, max: 65_535 }),
});

describe('without appliance mode', () => {
  it('C-036 the sender’s zone where it is there', () => {
    const one = new Attachment();
    for (const zone of [A, B, C])
      expect(one.zone(packet(there, zone), [A, B, C], false)).toBe(zone);
  });

  it('C-036 else one of the zones, always the same for a flow; nothing is remembered', () => {
    const one = new Attachment();
    const picked = one.zone(packet(there, C), [A, B], false);
    expect([A, B]).toContain(picked);
    expect(one.zone(packet(there, C), [A, B], false)).toBe(picked);
    expect(one.sessions.size).toBe(0);
  });

  it('a zone that comes moves no flow but to itself', () => {
    const one = new Attachment();
    fc.assert(
      fc.property(flows, (flow) => {
        const before = one.zone(packet(flow, NO_ZONE), [A, B], false);
        expect([before, C]).toContain(one.zone(packet(flow, NO_ZONE), [A, B, C], false));
      }),
    );
  });
});

describe('appliance mode', () => {
  it('C-037 one zone for both directions of a flow', () => {
    fc.assert(
      fc.property(flows, fc.constantFrom(A, B, C, NO_ZONE), (flow, zone) => {
        const forth = packet(flow, zone);
        const chosen = new Attachment();
        const first = chosen.zone(forth, [A, B, C]);
        // Wherever the reply comes from, and whatever the first packet's choice would be now.
        for (const from of [A, B, C]) {
          expect(chosen.zone(reply(forth, from), [A, B, C])).toBe(first);
        }
        expect(chosen.zone(forth, [C, B, A])).toBe(first);
      }),
    );
  });

  it('C-038 both ends in one zone that is there: that one', () => {
    const flow = { ...there, source: '10.1.0.9', destination: '10.1.0.2' };
    expect(new Attachment().zone(packet(flow, A), [A, B, C])).toBe(A);
  });

  it('C-038 ends in two zones: one of those that are there, by the flow', () => {
    const counts = new Map<number, number>();
    for (let sourcePort = 1024; sourcePort < 1224; sourcePort++) {
      const zone = new Attachment().zone(packet({ ...there, sourcePort }, A), [A, B, C]);
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([A, B].sort());
    for (const count of counts.values()) expect(count).toBeGreaterThan(40);
    expect(new Attachment().zone(packet(there, A), [B, C])).toBe(B);
    expect(new Attachment().zone(packet(there, C), [A, C])).toBe(C);
  });

  it('C-038 a destination without a zone: the sender’s; neither there: one of all', () => {
    const outside = { ...there, destination: '203.0.113.9' };
    expect(new Attachment().zone(packet(outside, B), [A, B, C])).toBe(B);
    const both = new Set<number>();
    for (let sourcePort = 1024; sourcePort < 1124; sourcePort++) {
      both.add(new Attachment().zone(packet({ ...outside, sourcePort }, C), [A, B]));
    }
    expect(both).toEqual(new Set([A, B]));
  });

  it('C-037 C-040 the choice is kept while the flow lives, and its zone is there', () => {
    const one = new Attachment();
    const forth = packet(there, A);
    expect(one.zone(forth, [B, C])).toBe(B);
    // A would be one of two now; the flow stays where it is.
    expect(one.zone(forth, [A, B, C])).toBe(B);
    expect(one.zone(forth, [A, C])).toBe(A);
    expect(one.zone(forth, [A, B, C])).toBe(A);
    one.now = 60_001;
    expect(one.zone(forth, [B, C])).toBe(B);
  });

  it('C-039 two attachments share no flow', () => {
    const one = new Attachment();
    const other = new Attachment();
    one.zone(packet(there, A), [B, C]);
    expect([one.sessions.size, other.sessions.size]).toEqual([1, 0]);
  });
});

it('every zone of every Region has a number of its own', () => {
  const mapping = { shuffled: false, seed: 0 };
  const zones = regionNames().flatMap((region) => zonesOf(region, '000000000000', mapping));
  const numbers = zones.map(({ id }) => zoneNumber(id));
  expect(new Set(numbers).size).toBe(zones.length);
  expect(numbers).not.toContain(NO_ZONE);
});
