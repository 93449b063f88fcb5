import { describe, expect, it } from 'vitest';
import {
  ALL_IN,
  allowIn,
  membersOf,
  newAcl,
  newGateway,
  newGroup,
  newHost,
  newScene,
  newSubnet,
  ownTable,
  routeTo,
  silence,
  tcp,
} from './scene.ts';

/** A client anywhere and a server whose group has no rule yet. */
async function guarded() {
  const scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16');
  const clients = await newSubnet(vpc, '10.0.1.0/24');
  const servers = await newSubnet(vpc, '10.0.2.0/24');
  const clientGroup = await newGroup(vpc, 'clients');
  const serverGroup = await newGroup(vpc, 'servers');
  const client = await newHost(clients, { groups: [clientGroup] });
  const server = await newHost(servers, { groups: [serverGroup] });
  const web = { from: client.id, to: server.id, protocol: 'tcp', port: 443 } as const;
  return { ...scene, vpc, clients, servers, clientGroup, serverGroup, client, server, web };
}

describe('what a group lets pass', () => {
  it('A-068 A-069 nothing comes in without a rule, and one rule is enough', async () => {
    const { vpc, serverGroup, server, web, fate } = await guarded();
    expect(fate(web)).toBe(`SG_HAS_NO_RULES at ${server.eni}`);
    await allowIn(vpc, serverGroup, tcp(80), tcp(443, '10.0.1.0/24'));
    expect(fate(web)).toBe('reachable');
    expect(fate({ ...web, port: 22 })).toBe(`ENI_SG_RULES_MISMATCH at ${server.eni}`);
  });

  it('A-068 any group of the interface will do', async () => {
    const { vpc, servers, serverGroup, web, fate } = await guarded();
    const second = await newGroup(vpc, 'web');
    await allowIn(vpc, second, tcp(443));
    const both = await newHost(servers, { groups: [serverGroup, second] });
    expect(fate({ ...web, to: both.id })).toBe('reachable');
  });

  it('A-069 with no outbound rule nothing leaves', async () => {
    const { vpc, clientGroup, client, web, fate } = await guarded();
    await silence(vpc, clientGroup);
    expect(fate(web)).toBe(`SG_HAS_NO_RULES at ${client.eni}`);
  });

  it('A-071 replies pass whatever the rules of their direction say', async () => {
    const { vpc, serverGroup, web, fate, ask } = await guarded();
    await allowIn(vpc, serverGroup, tcp(443, '10.0.1.0/24'));
    await silence(vpc, serverGroup);
    expect(fate(web)).toBe('reachable');
    const [, gate] = ask(web).return!.hops;
    expect(gate?.rule).toMatchObject({ tracked: true });
  });

  it('A-072 a flow open to everyone both ways is not tracked', async () => {
    const { vpc, serverGroup, web, ask } = await guarded();
    await allowIn(vpc, serverGroup, { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
    const [, gate] = ask(web).return!.hops;
    expect(gate?.rule).not.toHaveProperty('tracked');
  });

  it('A-074 ICMP is tracked even then', async () => {
    const { vpc, serverGroup, client, server, ask } = await guarded();
    await allowIn(vpc, serverGroup, { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
    const [, gate] = ask({ from: client.id, to: server.id }).return!.hops;
    expect(gate?.rule).toMatchObject({ tracked: true });
  });
});

describe('a rule that names a group', () => {
  it('A-077 A-078 lets its members’ private addresses in, and none of what it lets in', async () => {
    const { vpc, clients, clientGroup, serverGroup, server, web, fate } = await guarded();
    await allowIn(vpc, clientGroup, tcp(443));
    await allowIn(vpc, serverGroup, membersOf(clientGroup));
    expect(fate(web)).toBe('reachable');
    const stranger = await newHost(clients, { groups: [vpc.defaultGroup] });
    const fromStranger = { ...web, from: stranger.id };
    expect(fate(fromStranger)).toBe(`ENI_SG_RULES_MISMATCH at ${server.eni}`);
  });

  it('A-077 not what a member sends by its public address', async () => {
    const scene = await newScene();
    const vpc = await scene.vpc('10.0.0.0/16');
    await newGateway(vpc);
    const subnet = await newSubnet(vpc, '10.0.1.0/24');
    const group = await newGroup(vpc, 'self');
    await allowIn(vpc, group, membersOf(group));
    const options = { groups: [group], publicAddress: true };
    const [a, b] = [await newHost(subnet, options), await newHost(subnet, options)];
    expect(scene.fate({ from: a.id, to: b.address })).toBe('reachable');
    const hairpin = { from: a.id, to: b.publicAddress };
    expect(scene.fate(hairpin)).toBe(`ENI_SG_RULES_MISMATCH at ${b.eni}`);
  });

  it('A-079 members of one group do not reach each other without a rule', async () => {
    const { vpc, servers, serverGroup, server, web, fate } = await guarded();
    const other = await newHost(servers, { groups: [serverGroup] });
    const among = { ...web, from: other.id };
    await allowIn(vpc, serverGroup, tcp(22));
    expect(fate(among)).toBe(`ENI_SG_RULES_MISMATCH at ${server.eni}`);
    await allowIn(vpc, serverGroup, membersOf(serverGroup));
    expect(fate(among)).toBe('reachable');
  });

  it('A-080 not what an appliance has forwarded', async () => {
    const { vpc, clients, clientGroup, serverGroup, server, web, fate } = await guarded();
    const between = await newSubnet(vpc, '10.0.3.0/24');
    const appliance = await newHost(between, { forwards: true });
    const table = await ownTable(clients);
    await routeTo(vpc, table, '10.0.2.0/24', { NetworkInterfaceId: appliance.eni });
    await allowIn(vpc, serverGroup, membersOf(clientGroup));
    expect(fate(web)).toBe(`SG_REFERENCES_NOT_PRESERVED at ${server.eni}`);
    await allowIn(vpc, serverGroup, tcp(443, '10.0.1.0/24'));
    expect(fate(web)).toBe('reachable');
  });
});

describe('the resolver', () => {
  it('A-065 A-086 is reached past groups and ACLs', async () => {
    const { vpc, clients, clientGroup, client, fate } = await guarded();
    await silence(vpc, clientGroup);
    await newAcl(clients, [ALL_IN]);
    for (const to of ['10.0.0.2', '169.254.169.253']) {
      expect(fate({ from: client.id, to, protocol: 'udp', port: 53 })).toBe('reachable');
      expect(fate({ from: client.id, to, protocol: 'tcp', port: 53 })).toBe('reachable');
      expect(fate({ from: client.id, to, protocol: 'tcp', port: 80 })).toBe(
        `PROTOCOL_RESTRICTION at ${vpc.id}`,
      );
    }
  });

  it('A-102 does not answer where DNS support is off', async () => {
    const { vpc, client, fate } = await guarded();
    await vpc.ec2.modifyVpcAttribute({ VpcId: vpc.id, EnableDnsSupport: { Value: false } });
    const question = { from: client.id, to: '10.0.0.2', protocol: 'udp', port: 53 } as const;
    expect(fate(question)).toBe(`VPC_DNS_SUPPORT_DISABLED at ${vpc.id}`);
  });
});
