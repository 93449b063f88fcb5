/** A peer that sends anything: it is taken at its word, or its session ends and says why. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCidr, parseCidr } from '../../net/cidr.ts';
import { ipv4 } from '../../net/ipv4.ts';
import { Random } from '../../net/random.ts';
import { Fault } from '../../wire/bgp/fault.ts';
import { encodeMessage, parseMessage } from '../../wire/bgp/message.ts';
import { spoiltMessage } from '../../wire/bgp/test-bgp.ts';
import { Speaker, type SpeakerOutput } from './speaker.ts';

const CONTEXT = { asnWidth: 4, internal: false } as const;
const families = [1, 2].map((afi) => ({ afi, safi: 1 }));

/** A speaker that relays between a peer played by the test and one that only listens. */
function victim(routeRefresh = true) {
  const outputs: SpeakerOutput[] = [];
  const configuration = { asn: 64512, identifier: ipv4(1), random: new Random(1) };
  const speaker = new Speaker(configuration, (output) => outputs.push(output));
  for (const [index, name] of ['enemy', 'friend'].entries()) {
    const asn = 65_000 + index;
    speaker.addPeer(name, {
      asn,
      address: ipv4(100 + index),
      families: [4, 6],
      nextHops: { 4: ipv4(0x0a00_0001 + index) },
      passive: true,
      anyFirstAs: true,
      relay: true,
      prefixLimits: { 4: 20, 6: 20 },
    });
    speaker.start(name, 0);
    speaker.connected(name, { id: index, outgoing: false }, 0);
    const capabilities = { families, routeRefresh, fourOctetAs: asn, others: [] };
    const open = { asn, holdSeconds: 90, identifier: ipv4(10 + index), capabilities };
    for (const message of [{ kind: 'open', open } as const, { kind: 'keepalive' } as const]) {
      speaker.receive(name, index, encodeMessage(message, CONTEXT), 0);
    }
  }
  outputs.length = 0;
  return { speaker, outputs };
}

/** What the friend has been told, by its messages: prefixes that stand. */
function toldTo(outputs: readonly SpeakerOutput[], peer: string): string[] {
  const standing = new Set<string>();
  for (const output of outputs) {
    if (output.type !== 'send' || output.peer !== peer) continue;
    const message = parseMessage(output.bytes, 0, output.bytes.length, CONTEXT);
    if (message === undefined || message instanceof Fault) throw new Error('nonsense sent');
    if (message.kind !== 'update') continue;
    for (const { prefixes } of message.update.unreach) {
      for (const prefix of prefixes) standing.delete(formatCidr(prefix));
    }
    for (const { prefixes } of message.update.reach) {
      for (const prefix of prefixes) standing.add(formatCidr(prefix));
    }
  }
  return [...standing].sort();
}

describe('a peer that sends anything', () => {
  it('is taken at its word or told why not, and others hear of what was taken alone', () => {
    let [lasted, ended] = [0, 0];
    const one = fc.property(
      fc.array(spoiltMessage, { minLength: 1, maxLength: 12 }),
      (messages) => {
        const { speaker, outputs } = victim();
        for (const bytes of messages) speaker.receive('enemy', 0, bytes, 1);
        const { state, accepted } = speaker.status('enemy');
        const held = [...speaker.received('enemy')].map(({ prefix }) => formatCidr(prefix)).sort();
        expect(accepted[4] + accepted[6]).toBe(held.length);
        expect([...speaker.routes()].map(({ prefix }) => formatCidr(prefix)).sort()).toEqual(held);
        expect(toldTo(outputs, 'friend').every((prefix) => held.includes(prefix))).toBe(true);
        if (state === 'Established') lasted++;
        else {
          ended++;
          expect(state).toBe('Idle');
          expect(held).toEqual([]);
          expect(outputs).toContainEqual({ type: 'close', peer: 'enemy', connection: 0 });
        }
        expect(speaker.status('friend').state).toBe('Established');
      },
    );
    fc.assert(one, { numRuns: 500 });
    expect([lasted > 0, ended > 0]).toEqual([true, true]);
  });

  it('is not heard after the end', () => {
    const { speaker, outputs } = victim();
    speaker.receive('enemy', 0, new Uint8Array(19), 1);
    const { length } = outputs;
    speaker.receive('enemy', 0, encodeMessage({ kind: 'keepalive' }, CONTEXT), 2);
    speaker.disconnected('enemy', 0, 3);
    expect(outputs.length).toBe(length);
  });

  it('H-107 is told again what it asks for, once it has offered to ask', () => {
    const refresh = encodeMessage({ kind: 'routeRefresh', family: families[0]! }, CONTEXT);
    const other = encodeMessage({ kind: 'routeRefresh', family: { afi: 25, safi: 70 } }, CONTEXT);
    for (const offered of [true, false]) {
      const { speaker, outputs } = victim(offered);
      const attributes = { origin: 0, asPath: [] } as const;
      const prefix = parseCidr('10.0.0.0/8')!;
      speaker.advertise('enemy', [{ prefix, attributes }], 1);
      speaker.receive('enemy', 0, other, 2);
      speaker.receive('enemy', 0, refresh, 2);
      const told = outputs.filter(({ type }) => type === 'send').length;
      expect(told).toBe(offered ? 2 : 1);
      expect(speaker.status('enemy').state).toBe('Established');
    }
  });
});
