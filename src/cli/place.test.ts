import { describe, expect, it } from 'vitest';
import type { TopologyResource } from '../server/topology.ts';
import { createPlaces } from './place.ts';
import { testClient } from './test-client.ts';

const instance = (id: string, name: string, more: Partial<TopologyResource> = {}) => ({
  id,
  type: 'instance',
  account: '111111111111',
  region: 'us-east-1',
  name,
  state: 'running',
  ...more,
});

const TOPOLOGY = {
  resources: [
    instance('i-1', 'web'),
    instance('i-2', 'twin'),
    instance('i-3', 'twin', { account: '222222222222', region: 'eu-west-1' }),
    instance('i-4', 'gone', { state: 'terminated' }),
    instance('i-5', 'db.example'),
    instance('eni-1', 'web', { type: 'network-interface' }),
    instance('eni-2', 'side', { type: 'network-interface' }),
    instance('vpc-1', 'shop', { type: 'vpc' }),
  ],
  edges: [
    { from: 'eni-1', to: 'i-1', type: 'attached' as const },
    { from: 'eni-2', to: 'i-2', type: 'attached' as const },
    { from: 'eni-3', to: 'i-2', type: 'attached' as const },
  ],
};

describe('a place', () => {
  it.each([
    '10.0.0.1',
    '2001:db8::1',
    'i-0abc',
    'eni-0abc',
    'internet',
    'internet:1.2.3.4',
    'site:dc/10.9.0.1',
  ])('%s means itself, and nobody is asked', async (text) => {
    const client = testClient(TOPOLOGY);
    expect(await createPlaces(client, {}).to(text)).toBe(text);
    expect(client.asked).toEqual([]);
  });

  it('is an instance of that name, else an interface; the server is asked once', async () => {
    const client = testClient(TOPOLOGY);
    const places = createPlaces(client, {});
    expect(await places.from('web')).toBe('i-1');
    expect(await places.to('side')).toBe('eni-2');
    expect(await places.to('db.example')).toBe('i-5');
    expect(client.asked).toEqual(['/_openvpc/topology']);
  });

  it('that several are called is a mistake that names them', async () => {
    const places = createPlaces(testClient(TOPOLOGY), {});
    await expect(places.from('twin')).rejects.toMatchObject({
      exitCode: 2,
      message:
        "'twin' is the name of several: i-2 (111111111111, us-east-1), i-3 (222222222222, eu-west-1)",
    });
  });

  it('is looked for in one account or Region where that is said', async () => {
    const client = testClient(TOPOLOGY);
    expect(await createPlaces(client, { account: '222222222222' }).from('twin')).toBe('i-3');
    expect(await createPlaces(client, { region: 'us-east-1' }).from('twin')).toBe('i-2');
  });

  it.each(['gone', 'shop', 'nobody'])('%s does not exist', async (text) => {
    const places = createPlaces(testClient(TOPOLOGY), {});
    await expect(places.from(text)).rejects.toMatchObject({ exitCode: 3 });
    await expect(places.to(text)).rejects.toMatchObject({ exitCode: 3 });
  });

  it('with a dot may be a DNS name to go to, not one to come from', async () => {
    const places = createPlaces(testClient(TOPOLOGY), {});
    expect(await places.to('www.example.com')).toBe('www.example.com');
    await expect(places.from('www.example.com')).rejects.toMatchObject({ exitCode: 3 });
  });

  it('to capture is an interface, or the only one of an instance', async () => {
    const places = createPlaces(testClient(TOPOLOGY), {});
    expect(await places.networkInterface('eni-7')).toBe('eni-7');
    expect(await places.networkInterface('web')).toBe('eni-1');
    expect(await places.networkInterface('i-1')).toBe('eni-1');
    await expect(places.networkInterface('i-2')).rejects.toMatchObject({ exitCode: 2 });
    await expect(places.networkInterface('i-9')).rejects.toMatchObject({ exitCode: 3 });
  });
});
