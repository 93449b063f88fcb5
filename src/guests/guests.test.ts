import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../fabric/endpoint.ts';
import type { HostConfig } from '../fabric/host-config.ts';
import { parseCidr } from '../net/cidr.ts';
import { parseIp } from '../net/ip.ts';
import { mac } from '../net/mac.ts';
import { Guests } from './guests.ts';
import type { Host } from './host/host.ts';

function ip(text: string) {
  return parseIp(text)!;
}

const CONFIG: HostConfig = {
  mac: mac(0x0200_0000_0010),
  mtu: 9001,
  addresses: [ip('10.0.0.10')],
  prefixes: [],
  onLink: [parseCidr('10.0.0.0/24')!],
  gateway4: ip('10.0.0.1') as HostConfig['gateway4'],
  gateway6: ip('fe80:ec2::1') as HostConfig['gateway6'],
  listen: 'all',
  groups: 'all',
};
const HERE: Endpoint = { kind: 'interface', id: 'eni-1' };

function made(config: HostConfig | undefined = CONFIG) {
  const sent: { from: Endpoint; length: number }[] = [];
  const prepared: Host[] = [];
  const guests = new Guests({
    configOf: ({ kind }) => (kind === 'interface' ? config : undefined),
    keyOf: (endpoint) => JSON.stringify(endpoint),
    send: (from, frame) => sent.push({ from, length: frame.length }),
    prepare: (_endpoint, host) => prepared.push(host),
    now: () => 0,
    random: () => 4,
  });
  return { guests, sent, prepared };
}

describe('guests', () => {
  it('are made once, prepared once, and found by their endpoint', () => {
    const { guests, prepared } = made();
    const host = guests.host(HERE);
    expect(host).toBeDefined();
    expect(guests.host({ ...HERE })).toBe(host);
    expect(prepared).toEqual([host]);
    expect(guests.host({ kind: 'interface', id: 'eni-2' })).not.toBe(host);
  });

  it('are nobody where nothing is configured: frames for them are lost', () => {
    const { guests, prepared } = made();
    const nowhere: Endpoint = { kind: 'resolver', vpcId: 'vpc-1' };
    expect(guests.host(nowhere)).toBeUndefined();
    guests.deliver(nowhere, new Uint8Array(60));
    expect(prepared).toEqual([]);
  });

  it('send from their endpoint, and answer what arrives', () => {
    const { guests, sent } = made();
    guests.host(HERE)!.ping({ destination: ip('10.0.0.20'), identifier: 1, sequence: 1 }, () => {});
    expect(sent.map(({ from }) => from)).toEqual([HERE]);
    // An ARP request for its address, from 10.0.0.20.
    const request = Uint8Array.from([
      ...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 0x20, 0x08, 0x06],
      ...[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 0x20, 10, 0, 0, 20],
      ...[0, 0, 0, 0, 0, 0, 10, 0, 0, 10],
    ]);
    guests.deliver(HERE, request);
    expect(sent.length).toBeGreaterThan(1);
  });

  it('listen as they are told', () => {
    const { guests } = made({ ...CONFIG, listen: [{ protocol: 'tcp', port: 80 }] });
    const host = guests.host(HERE)!;
    expect([host.listens('tcp', 80), host.listens('tcp', 81)]).toEqual([true, false]);
  });
});
