import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeer, makeConnect } from '../../../test/support/connect-fixture.ts';
import {
  instancePair,
  type Pair,
  type TestServer,
  testServer,
} from '../../../test/support/http-server.ts';
import { temporaryFolder } from '../../../test/support/server-process.ts';
import {
  connectStatic,
  makeCustomerGateway,
  makeVpnGateway,
  outsideAddresses,
} from '../../../test/support/vpn-fixture.ts';
import { runProgram } from '../program.ts';
import { silentShell } from '../test-shell.ts';

const folder = temporaryFolder();
let server: TestServer;
let pair: Pair;
let device: string;
let vpn: string;
let one: string;
let two: string;
beforeAll(async () => {
  server = await testServer({ transitions: 'instant' });
  const ec2 = server.ec2();
  pair = await instancePair(ec2);
  const { vpc: VpcId } = pair;
  const VpnGatewayId = await makeVpnGateway(ec2);
  await ec2.attachVpnGateway({ VpnGatewayId, VpcId });
  device = await makeCustomerGateway(ec2);
  vpn = await connectStatic(ec2, { CustomerGatewayId: device, VpnGatewayId });
  [one = '', two = ''] = await outsideAddresses(ec2, vpn);
  const filter = [{ Name: 'vpc-id', Values: [VpcId] }];
  const { RouteTables } = await ec2.describeRouteTables({ Filters: filter });
  const RouteTableId = RouteTables![0]!.RouteTableId!;
  await ec2.createRoute({
    RouteTableId,
    DestinationCidrBlock: '192.168.0.0/16',
    GatewayId: VpnGatewayId,
  });
  await ec2.createVpnConnectionRoute({
    VpnConnectionId: vpn,
    DestinationCidrBlock: '192.168.0.0/16',
  });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function cli(line: string) {
  const { terminal, said, complained } = silentShell();
  const environment = { OPENVPC_ENDPOINT: server.url };
  const code = await runProgram(line.split(' '), environment, terminal);
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

const ADD = () =>
  `site add dc --customer-gateway ${device} --prefix 192.168.0.0/16 10.9.0.0/16 --host 192.168.1.10`;

describe('site', () => {
  it('adds, lists and removes', async () => {
    expect(await cli('site list')).toEqual({ code: 0, said: 'there is no site', complained: '' });
    const width = Math.max(one.length, two.length);
    const shown = `dc (AS 65010) behind ${device}
  prefix  192.168.0.0/16
  prefix  10.9.0.0/16
  host    192.168.1.10
  link    ${vpn}|${one.padEnd(width)}  up  IPsec up
  link    ${vpn}|${two.padEnd(width)}  up  IPsec up
  route   10.0.0.0/16  by ${vpn}|${one}`;
    const added = await cli(ADD());
    expect(added).toMatchObject({ code: 0, complained: '' });
    expect((await cli('site list')).said).toBe(shown);
    const { said } = await cli('site list --json');
    expect(JSON.parse(said)).toMatchObject({ sites: [{ name: 'dc', asn: 65_010 }] });
    expect(await cli('site remove dc')).toEqual({ code: 0, said: 'dc is gone', complained: '' });
    expect((await cli('site list')).said).toBe('there is no site');
  });

  it('takes one link, or all, down and up', async () => {
    await cli(ADD());
    const states = async (line: string) => {
      const { links } = JSON.parse((await cli(`${line} --json`)).said);
      return links.map((link: { state: string; ipsec: string }) => `${link.state} ${link.ipsec}`);
    };
    expect(await states(`site down dc ${one}`)).toEqual(['down down', 'up up']);
    expect(await states('site down dc')).toEqual(['down down', 'down down']);
    expect(await states(`site up dc ${vpn}|${two} ${one}`)).toEqual(['up up', 'up up']);
    expect(await states('site unreachable dc')).toEqual(['unreachable up', 'unreachable up']);
    expect(await states('site up dc')).toEqual(['up up', 'up up']);
    await cli('site remove dc');
  });

  it('has an ASN, a router and an appliance where those are given', async () => {
    const { connect } = await makeConnect(server.ec2());
    const { TransitGatewayConnectPeerId: peer } = await addPeer(server.ec2(), connect);
    const options = `--connect-peer ${peer} --asn 65099 --bgp-connect 127.0.0.1:9`;
    const { said } = await cli(`site add branch ${options}`);
    expect(said).toContain(`branch (AS 65099) behind ${peer}\n  router  127.0.0.1:9\n`);
    await cli('site remove branch');
  });

  it.each([
    ['site add dc', 2, 'choose one of --customer-gateway, --virtual-interface and --connect-peer'],
    ['site add dc --customer-gateway cgw-1 --connect-peer p', 2, 'choose one of'],
    ['site add dc --customer-gateway cgw-1', 3, "There is no 'cgw-1'"],
    ['site add a/b --customer-gateway cgw-1', 2, 'name: must be 1 to 63 letters'],
    ['site add dc --customer-gateway cgw-1 --prefix 10.0.0.0/33', 2, 'is no CIDR block'],
    ['site add dc --customer-gateway cgw-1 --bgp-connect here', 2, 'is no ADDRESS:PORT'],
    ['site remove nobody', 3, "There is no site 'nobody'"],
    ['site remove ../health', 3, "There is no site '../health'"],
    ['site up nobody', 3, "There is no site 'nobody'"],
    ['probe site:nobody/10.0.0.1 10.0.0.4', 3, "There is no site 'nobody'"],
    ['probe internet site:dc', 2, 'site:NAME/ADDRESS'],
  ])('%s ends in %i', async (line, code, message) => {
    const ended = await cli(line);
    expect(ended).toMatchObject({ code, said: '' });
    expect(ended.complained).toContain(message);
  });

  it('says no to a name that is taken, and to a link that is not its own', async () => {
    await cli(ADD());
    expect(await cli(ADD())).toMatchObject({ code: 1, said: '' });
    const stranger = await cli('site down dc 192.0.2.1');
    expect(stranger).toMatchObject({ code: 3, said: '' });
    expect(stranger.complained).toContain("'192.0.2.1'");
    await cli('site remove dc');
  });
});

describe('a host of a site', () => {
  it('is a place in questions, a matrix and a drawing', async () => {
    await cli(ADD());
    const there = await cli(`trace ${pair.a} site:dc/192.168.1.10 --tcp 443`);
    expect(there).toMatchObject({ code: 0, complained: '' });
    expect(there.said).toContain('would be seen at site dc: tcp 10.0.0.4');
    expect(there.said).toContain(`tunnel ${one}`);
    expect(await cli(`probe site:dc/192.168.1.10 ${pair.a} --expect dropped`)).toMatchObject({
      code: 0,
    });
    const ping = await cli(`ping ${pair.a} site:dc/192.168.1.10 -c 1`);
    expect(ping.said).toContain('reply from 192.168.1.10: seq=1');
    const { said } = await cli(`matrix --account ${'1'.repeat(12)} --json`);
    const matrix = JSON.parse(said) as { instances: { id: string }[]; reachable: boolean[][] };
    const places = matrix.instances.map(({ id }) => id);
    expect(places.toSorted()).toEqual([pair.a, pair.b, 'site:dc/192.168.1.10'].toSorted());
    const [from, to] = [places.indexOf(pair.a), places.indexOf('site:dc/192.168.1.10')];
    expect(matrix.reachable[from]![to]).toBe(true);
    expect(matrix.reachable[to]![from]).toBe(false);
    const file = join(folder, 'expectations');
    writeFileSync(file, `${pair.a} site:dc/192.168.1.10 tcp/443 reachable\n`);
    expect(await cli(`check ${file}`)).toMatchObject({ code: 0, complained: '' });
    const drawing = (await cli('graph')).said;
    const tunnel = `site__3adc ---|${two}| ${vpn.replace('-', '_')}`;
    expect(drawing).toContain('site__3adc(["site:dc<br/>192.168.0.0/16<br/>10.9.0.0/16<br/>');
    expect(drawing).toContain(tunnel);
    await cli('site remove dc');
  });
});
