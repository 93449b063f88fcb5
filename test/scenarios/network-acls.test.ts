import { describe, expect, it } from 'vitest';
import { ALL_IN, ALL_OUT, newAcl, newHost, newScene, newSubnet } from './scene.ts';

/** A client and a server in subnets of their own. */
async function clientAndServer() {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16');
  const clients = await newSubnet(vpc, '10.0.1.0/24');
  const servers = await newSubnet(vpc, '10.0.2.0/24');
  const client = await newHost(clients);
  const server = await newHost(servers);
  const web = { from: client.id, to: server.id, protocol: 'tcp', port: 443 } as const;
  return { ...scene, clients, servers, client, server, web };
}

describe('network ACLs', () => {
  it('A-058 the lowest number that matches decides', async () => {
    const { servers, web, fate } = await clientAndServer();
    const acl = await newAcl(servers, [
      ALL_OUT,
      [200, 'in', 'allow', '-1', '0.0.0.0/0'],
      [90, 'in', 'deny', '6', '10.0.1.0/24', 443],
    ]);
    expect(fate(web)).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
    expect(fate({ ...web, port: 80 })).toBe('reachable');
  });

  it('A-058 what no entry matches is denied', async () => {
    const { servers, web, fate, ask } = await clientAndServer();
    const acl = await newAcl(servers, [ALL_OUT, [100, 'in', 'allow', '6', '0.0.0.0/0', 80]]);
    expect(fate({ ...web, port: 80 })).toBe('reachable');
    expect(fate(web)).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
    expect(ask(web).forward.hops.at(-1)?.rule).toMatchObject({ ruleAction: 'deny' });
  });

  it('A-062 replies need an entry of their own, for the client’s port', async () => {
    const { servers, web, fate } = await clientAndServer();
    const acl = await newAcl(servers, [ALL_IN, [100, 'out', 'allow', '6', '0.0.0.0/0', 443]]);
    const question = { ...web, sourcePort: 50_000 };
    expect(fate(question)).toBe(`back: SUBNET_ACL_RESTRICTION at ${acl}`);
  });

  it('A-062 the entry covers the client’s range, or some clients fail', async () => {
    const { servers, web, fate } = await clientAndServer();
    const acl = await newAcl(servers, [
      ALL_IN,
      [100, 'out', 'allow', '6', '0.0.0.0/0', 49_152, 65_535],
    ]);
    expect(fate({ ...web, sourcePort: 50_000 })).toBe('reachable');
    const linux = { ...web, sourcePort: 33_000 };
    expect(fate(linux)).toBe(`back: SUBNET_ACL_RESTRICTION at ${acl}`);
  });

  it('A-063 stand at the subnet’s border only', async () => {
    const { servers, server, web, fate } = await clientAndServer();
    const neighbor = await newHost(servers);
    const acl = await newAcl(servers, []);
    expect(fate(web)).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
    expect(fate({ ...web, from: neighbor.id, to: server.id })).toBe('reachable');
  });

  it('A-063 judge what leaves the subnet before its route does', async () => {
    const { clients, client, fate } = await clientAndServer();
    const acl = await newAcl(clients, [ALL_IN]);
    expect(fate({ from: client.id, to: '8.8.8.8' })).toBe(`SUBNET_ACL_RESTRICTION at ${acl}`);
  });
});
