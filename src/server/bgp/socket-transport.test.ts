import { afterEach, describe, expect, it } from 'vitest';
import { CalledSpeaker, CallingSpeaker, PEER } from '../../../test/support/socket-speaker.ts';
import { parseCidr } from '../../net/cidr.ts';
import { ipv4 } from '../../net/ipv4.ts';
import type { PeerConfiguration } from '../../services/bgp/configuration.ts';
import { shutdownText } from '../../wire/bgp/notification.ts';

const HERE = '127.0.0.1';
const THERE = '127.0.0.2';

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function peerOf(asn: number, address: string, more: Partial<PeerConfiguration> = {}) {
  const families = [4, 6] as const;
  // Of each side its own: a route by way of its receiver is not taken (H-102).
  const nextHops = { 4: ipv4(0xa9fe_0000 + (asn & 0xff)) };
  return { asn, families, nextHops, ...more, address };
}

function blocks(...prefixes: string[]) {
  const attributes = { origin: 0, asPath: [] } as const;
  return prefixes.map((prefix) => ({ prefix: parseCidr(prefix)!, attributes }));
}

describe('BGP over TCP', () => {
  const opened: { close: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  async function listener(port = 0, more: Partial<PeerConfiguration> = {}) {
    const called = new CalledSpeaker(65_010, THERE);
    opened.push(called);
    await called.listen(THERE, port);
    called.addPeer(peerOf(64_512, HERE, { passive: true, ...more }));
    called.start();
    return called;
  }

  function caller(port: number, more: Partial<PeerConfiguration> = {}) {
    const calling = new CallingSpeaker(64_512, HERE);
    opened.push(calling);
    calling.transport.setEndpoint(PEER, { address: THERE, port });
    calling.addPeer(peerOf(65_010, THERE, { connectRetrySeconds: 0.2, ...more }));
    calling.start();
    return calling;
  }

  async function pair(more: Partial<PeerConfiguration> = {}) {
    const called = await listener(0, more);
    const calling = caller(called.port, more);
    await until(() => calling.state === 'Established' && called.state === 'Established');
    return { calling, called };
  }

  const count = ({ speaker }: CalledSpeaker | CallingSpeaker) => [...speaker.routes()].length;
  const reasons = ({ outputs }: CalledSpeaker | CallingSpeaker) =>
    outputs.flatMap((one) => (one.type === 'state' ? [one.reason] : []));

  it('comes up, and carries what fills many messages', async () => {
    const { calling, called } = await pair();
    const all = Array.from({ length: 20_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`);
    calling.advertise(blocks(...all));
    await until(() => count(called) === 20_000);
    calling.advertise([]);
    await until(() => count(called) === 0);
    expect(called.state).toBe('Established');
  });

  it('calls until somebody listens, and says why nobody was there', async () => {
    const gone = await listener();
    const { port } = gone;
    await gone.close();
    const calling = caller(port);
    await until(() => calling.outputs.filter(({ type }) => type === 'connect').length > 2);
    expect(reasons(calling)).toContainEqual({
      event: 'connectionFails',
      why: 'connection refused',
    });
    await listener(port);
    await until(() => calling.state === 'Established');
  });

  it('H-089 delivers the last word of a session', async () => {
    const { calling, called } = await pair();
    calling.stop('bye');
    await until(() => called.state !== 'Established');
    const { received } = reasons(called).at(-1)!;
    expect(received).toMatchObject({ code: 6, subcode: 2 });
    expect(shutdownText(received!)).toBe('bye');
  });

  it('H-092 hears nothing of a silent peer: the hold timer ends the session', async () => {
    const { calling, called } = await pair({ holdSeconds: 5 });
    calling.transport.silence(PEER);
    // Whatever the peer does now, its end included, is nothing that we could know of.
    called.advertise(blocks('10.0.0.0/8'));
    called.stop();
    await until(() => called.state === 'Idle');
    expect([calling.state, count(calling)]).toEqual(['Established', 0]);
    await until(() => calling.state !== 'Established');
    expect(reasons(calling).at(-1)).toMatchObject({ sent: { code: 4, subcode: 0 } });
    calling.transport.setEndpoint(PEER, { address: THERE, port: called.port });
    called.start();
    await until(() => calling.state === 'Established' && called.state === 'Established');
  });

  it('does nothing more once it is closed, which takes until the last word is there', async () => {
    const { calling, called } = await pair();
    calling.stop('bye');
    await calling.transport.close();
    expect(reasons(called).at(-1)).toMatchObject({ received: { code: 6, subcode: 2 } });
    const { length } = calling.outputs;
    calling.transport.handle({ type: 'connect', peer: PEER });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(calling.outputs.length).toBe(length);
  });
});
