/** A server that is killed with a real router at one of its sites, and started again. */
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { BIRD, FRR, freePort, type Router } from '../support/bgp-router.ts';
import { clientOf } from '../support/kill-rounds.ts';
import { type ServerProcess, startServer, temporaryFolder } from '../support/server-process.ts';
import { Sites } from '../support/site-fixture.ts';
import {
  attachNewVpc,
  blocksIn,
  defaultTable,
  makeTransitGateway,
} from '../support/transit-fixture.ts';
import { connect, lookAtConnection, makeCustomerGateway } from '../support/vpn-fixture.ts';

const ASN = 65_010;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const polled = { timeout: 20_000, interval: 50 };

const KINDS = [BIRD, FRR].map((kind) => {
  const what = `H-088 nothing that was learned from ${kind.name} outlives a kill`;
  return { kind, title: kind.needs === undefined ? what : `skipped: needs ${kind.needs}: ${what}` };
});

describe.each(KINDS)('a kill', ({ kind, title }) => {
  it.skipIf(kind.needs)(title, async () => {
    const folder = temporaryFolder();
    folders.push(folder);
    const start = () =>
      startServer(['--data', folder, '--transitions', 'instant', '--log-level', 'error']);
    const address = '127.0.0.250';
    const port = await freePort(address);
    const peer = { asn: 64_512, address: '127.0.0.1', port: 179 };
    const routes = [{ prefix: '192.168.0.0/16' }];
    const run = () => kind.start({ asn: ASN, address, port, peer, routes, passive: true });
    let server: ServerProcess = await start();
    let router: Router = await run();
    try {
      const ec2 = clientOf(server.url);
      const gateway = await makeTransitGateway(ec2);
      await attachNewVpc(ec2, gateway, '10.1.0.0/16');
      const table = await defaultTable(ec2, gateway);
      const customerGatewayId = await makeCustomerGateway(ec2, '203.0.113.1', ASN);
      const request = { CustomerGatewayId: customerGatewayId, TransitGatewayId: gateway };
      const { VpnConnectionId = '' } = await connect(ec2, request);
      const bgp = { connect: `${address}:${port}` };
      await new Sites(server.url).add({ name: 'dc', customerGatewayId, bgp });
      const blocks = () => blocksIn(clientOf(server.url), table);
      const there = async () => Object.keys(await router.learned());
      await expect.poll(blocks, polled).toEqual(['10.1.0.0/16', '192.168.0.0/16']);
      await expect.poll(there, polled).toEqual(['10.1.0.0/16']);

      await server.stop('SIGKILL');
      await expect.poll(there, polled).toEqual([]);
      await router.stop();
      server = await start();
      expect(await blocks()).toEqual(['10.1.0.0/16']);
      expect((await new Sites(server.url).look('dc')).routes).toEqual([]);
      const { VgwTelemetry } = await lookAtConnection(clientOf(server.url), VpnConnectionId);
      expect(VgwTelemetry!.map(({ Status }) => Status)).toEqual(['DOWN', 'DOWN']);

      router = await run();
      await expect.poll(blocks, polled).toEqual(['10.1.0.0/16', '192.168.0.0/16']);
      await expect.poll(there, polled).toEqual(['10.1.0.0/16']);
    } finally {
      await server.stop();
      await router.stop();
    }
  });
});
