import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../../test/support/http-server.ts';

const page = readFileSync(new URL('../../../docs/endpoints.md', import.meta.url), 'utf8');
const documented = [...page.matchAll(/^## (GET|POST) (\S+)$/gm)].map(
  ([, method, path]) => [method!, path!] as const,
);

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.stop());

it('the page has every endpoint of the contract', () => {
  expect(documented.map(([, path]) => path)).toEqual([
    '/health',
    '/_openvpc/probe',
    '/_openvpc/trace',
    '/_openvpc/capture',
    '/_openvpc/events',
    '/_openvpc/topology',
    '/_openvpc/sites',
    '/_openvpc/state',
    '/_openvpc/clock',
    '/_openvpc/reset',
    '/metrics',
  ]);
});

it.each(documented)('%s %s is there, and takes no other method', async (method, path) => {
  const response = await fetch(server.url + path, { method });
  await response.body?.cancel();
  expect([404, 405]).not.toContain(response.status);
  const other = await fetch(server.url + path, { method: 'DELETE' });
  expect(other.status).toBe(405);
});
