import { describe, expect, it } from 'vitest';
import { formatIp } from '../net/ip.ts';
import { PROTOCOL } from '../net/protocol.ts';
import type { GreTunnel } from './gre-tunnel.ts';
import { STATIONS_MAX } from './limits.ts';
import type { InterfaceNode } from './node.ts';
import type { Packet } from './packet.ts';
import { SessionTable } from './session.ts';
import { Station } from './station.ts';
import { type Action, ANY } from './table.ts';
import { type PacketOptions, packet } from './test-frames.ts';
import { ip } from './test-values.ts';
import { headerOf, TraceRecorder } from './trace.ts';
import { TranslationTable } from './translation.ts';
import { type Flows, type Verdict, walk, walkThrough } from './walk.ts';

const TUNNEL4: GreTunnel = { source: ip('192.0.2.1'), destination: ip('192.0.2.2') };
const TUNNEL6: GreTunnel = { source: ip('2001:db8::1'), destination: ip('2001:db8::2') };

const flows = (): Flows => ({ sessions: new SessionTable(), translations: new TranslationTable() });

function station(resource: string, ...actions: Action[]): Station {
  const kind = 'transit-gateway-attachment';
  const made = new Station({ role: kind, resource, kind, direction: 'egress' });
  made.table = { rules: [], otherwise: { match: ANY, actions } };
  return made;
}

const END = station('end', { do: 'deliver' });

function wrap(by: GreTunnel = TUNNEL4, to = END): Station {
  return station('in', { do: 'wrap', by, to });
}

function unwrap(to = END): Station {
  return station('out', { do: 'unwrap', to });
}

const one = (options: PacketOptions = {}) => packet('10.0.0.1', '10.9.0.1', options);

function run(start: Station, walked: Packet = one()): Verdict {
  return walk(start, walked, flows(), 0);
}

/** A GRE packet with `inner` in it. */
function wrapped(inner: Packet = one()): Packet {
  run(wrap(), inner);
  return inner;
}

describe('wrap', () => {
  it.each([
    ['IPv4', TUNNEL4, 124],
    ['IPv6', TUNNEL6, 144],
  ])('H-086 the packet is the payload of a GRE packet over %s', (_, tunnel, length) => {
    const walked = one({ ttl: 7 });
    const verdict = run(wrap(tunnel), walked);
    expect(verdict).toMatchObject({ disposition: 'wrapped', to: END, passed: 1 });
    expect(headerOf(walked)).toEqual({
      source: formatIp(tunnel.source),
      destination: formatIp(tunnel.destination),
      protocol: 'gre',
    });
    // RFC 2784 knows nothing of DF: it is set, so that no GRE packet is ever in pieces.
    expect(walked).toMatchObject({ length, ttl: 64, dontFragment: true, sourcePort: 0 });
    expect(walked.inner).toMatchObject({ ...one({ ttl: 7 }), inner: undefined });
  });

  it('keeps the place and forgets the sender: whose the GRE packet is, further actions say', () => {
    const sender = { id: 'eni-1' } as InterfaceNode;
    const walked = one();
    Object.assign(walked, { identity: sender, forwarder: sender, nextHop: sender, subnet: 3 });
    Object.assign(walked, { zone: 4, entry: 'transit-gateway', errorsTo: END });
    walked.errorSource = ip('10.0.0.1');
    run(wrap(), walked);
    expect(walked).toMatchObject({ subnet: 3, zone: 4, entry: 'transit-gateway' });
    const { identity, forwarder, nextHop, errorsTo, errorSource } = walked;
    expect([identity, forwarder, nextHop, errorsTo, errorSource]).toEqual(Array(5).fill(undefined));
  });

  it('C-129 refuses what would have to be cut, and what no length field can say', () => {
    const check: Action = { do: 'check-size', mtu: 1000 };
    const small = station('small', check, { do: 'wrap', by: TUNNEL4, to: END });
    expect(run(small, one({ length: 1000 })).disposition).toBe('wrapped');
    const refused = { disposition: 'dropped', reason: 'MTU_EXCEEDED' };
    expect(run(small, one({ length: 1001 }))).toMatchObject(refused);
    expect(run(wrap(), one({ length: 65_511 })).disposition).toBe('wrapped');
    expect(run(wrap(), one({ length: 65_512 }))).toMatchObject(refused);
    expect(run(wrap(TUNNEL6), one({ length: 65_531 })).disposition).toBe('wrapped');
    expect(run(wrap(TUNNEL6), one({ length: 65_532 }))).toMatchObject(refused);
  });

  it('C-121 refuses multicast, and leaves the packet as it is', () => {
    const many = packet('10.0.0.1', '239.0.0.1', { protocol: 'udp' });
    expect(run(wrap(), many)).toMatchObject({ reason: 'MULTICAST_NOT_SUPPORTED' });
    expect(headerOf(many).protocol).toBe('udp');
    const outside = wrapped();
    outside.destination = ip('239.0.0.1');
    expect(run(unwrap(), outside)).toMatchObject({ reason: 'MULTICAST_NOT_SUPPORTED' });
  });
});

describe('unwrap', () => {
  it.each([TUNNEL4, TUNNEL6])('H-086 gives back what was wrapped', (tunnel) => {
    const walked = one({ ttl: 9 });
    const fate = walkThrough(wrap(tunnel, unwrap()), walked, flows(), 0);
    expect(fate).toEqual({ disposition: 'delivered', station: END });
    expect(walked).toEqual(one({ ttl: 9 }));
  });

  it('H-086 refuses what is no GRE packet, or one with nothing inside', () => {
    for (const walked of [one(), one({ protocol: PROTOCOL.gre })]) {
      const dropped = { disposition: 'dropped', reason: 'GRE_MALFORMED', error: undefined };
      expect(run(unwrap(), walked)).toMatchObject(dropped);
    }
  });

  it('H-086 refuses pieces, whether the sender or the way has cut the packet', () => {
    const refused = { reason: 'GRE_FRAGMENTS_NOT_SUPPORTED' };
    const cut = one({ protocol: PROTOCOL.gre });
    cut.isFragment = true;
    expect(run(unwrap(), cut)).toMatchObject(refused);
    const walked = wrapped();
    walked.dontFragment = false;
    const check = station('check', { do: 'check-size', mtu: 100 }, { do: 'go', to: unwrap() });
    expect(run(check, walked)).toMatchObject(refused);
  });

  it('a tunnel in a tunnel comes out one end after the other', () => {
    const walked = one();
    const ways = wrap(TUNNEL4, wrap(TUNNEL6, unwrap(unwrap())));
    expect(walkThrough(ways, walked, flows(), 0).disposition).toBe('delivered');
    expect(walked).toEqual(one());
  });
});

describe('a trace through a tunnel', () => {
  it('is one way, with the header that leaves each hop', () => {
    const recorder = new TraceRecorder();
    const far = station('far', { do: 'go', to: unwrap() });
    const start = station('start', { do: 'go', to: wrap(TUNNEL4, far) });
    walkThrough(start, one(), flows(), 0, recorder);
    const { disposition, hops } = recorder.trace();
    expect(disposition).toBe('delivered');
    const shown = hops.map(({ resource, packet: { protocol } }) => [resource, protocol]);
    expect(shown).toEqual([
      ['start', 'tcp'],
      ['in', 'gre'],
      ['far', 'gre'],
      ['out', 'tcp'],
      ['end', 'tcp'],
    ]);
  });
});

describe('bounds', () => {
  it('a packet that goes in and out forever ends with its stations', () => {
    const last = station('last');
    const first = wrap(TUNNEL4, unwrap(last));
    last.table = { rules: [], otherwise: { match: ANY, actions: [{ do: 'go', to: first }] } };
    let count = 0;
    const recorder = { passed: () => ++count, dropped: () => {} };
    const fate = walkThrough(first, one(), flows(), 0, recorder);
    expect(fate).toMatchObject({ reason: 'TTL_EXPIRED' });
    expect(count).toBe(STATIONS_MAX);
  });

  it('a packet that goes in forever ends with its length', () => {
    const again = station('again');
    const actions: Action[] = [{ do: 'wrap', by: TUNNEL4, to: again }];
    again.table = { rules: [], otherwise: { match: ANY, actions } };
    const fate = walkThrough(again, one(), flows(), 0);
    expect(fate).toMatchObject({ reason: 'MTU_EXCEEDED' });
  });
});
