/** Which sessions run, and what becomes records: from the calls that begin and end them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { newHost, newScene, newSubnet, type Scene } from '../../../test/scenarios/scene.ts';
import {
  errorsAt,
  hold,
  knownAt,
  newVpnSite,
  sessionsAt,
  settle,
  standUp,
  takeAway,
  telemetryOf,
  type VpnSite,
} from '../../../test/scenarios/site-scene.ts';
import { attach, makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import { exportState, parseState } from '../../control/state/document.ts';
import { replaceState } from '../../control/state/replace.ts';

let scene: Scene;
let gateway: { readonly TransitGatewayId: string };
let site: VpnSite;
let hostId: string;

beforeEach(async () => {
  scene = await newScene();
  const vpc = await scene.vpc('10.0.0.0/16');
  const subnet = await newSubnet(vpc, '10.0.0.0/24');
  hostId = (await newHost(subnet)).id;
  gateway = { TransitGatewayId: await makeTransitGateway(vpc.ec2) };
  await attach(vpc.ec2, gateway.TransitGatewayId, vpc.id, [subnet.id]);
  const route = { RouteTableId: vpc.mainTable, DestinationCidrBlock: '0.0.0.0/0' };
  await vpc.ec2.createRoute({ ...route, ...gateway });
  site = await newVpnSite(scene, 'dc1', gateway, { prefixes: ['192.168.0.0/16'] });
});

const UP = ['Established', 'Established'];
const records = () => [...scene.cloud.model.all('bgp-session')];
const times = () => records().map(({ lastChange }) => lastChange);

describe('sessions', () => {
  it('H-087 run over every link that a site holds up, at once', () => {
    expect(sessionsAt(scene, 'dc1')).toEqual(UP);
    expect(records().map(({ id, established }) => [id, established])).toEqual(
      site.links.map((id) => [id, true]),
    );
    expect(records().map(({ acceptedRoutes }) => acceptedRoutes)).toEqual([1, 1]);
  });

  it('last as long as nothing happens, and change no record meanwhile', () => {
    const before = records();
    scene.pass(3_600_000);
    expect(records()).toEqual(before);
    expect(sessionsAt(scene, 'dc1')).toEqual(UP);
  });

  it('do not mind what has nothing to do with them', async () => {
    const before = times();
    await scene.advance(1_000);
    await scene.vpc('10.9.0.0/16');
    await newVpnSite(scene, 'dc2', gateway, { prefixes: ['172.20.0.0/16'], asn: 65_020 });
    expect(times().slice(0, 2)).toEqual(before);
  });

  it('H-088 end with the link, and begin anew with it', async () => {
    await scene.advance(1_000);
    await hold(scene, site, 'down', 0);
    expect(sessionsAt(scene, 'dc1')).toEqual(['Established']);
    expect(records().map(({ established }) => established)).toEqual([false, true]);
    expect(scene.cloud.model.by('learned-route', 'link', site.links[0])).toEqual([]);
    await hold(scene, site, 'up', 0);
    expect(sessionsAt(scene, 'dc1')).toEqual(UP);
    expect(scene.cloud.model.by('learned-route', 'link', site.links[0])).toHaveLength(1);
  });

  it('end with the site, which leaves no route behind', async () => {
    await takeAway(scene, site);
    expect(records().map(({ established }) => established)).toEqual([false, false]);
    expect([...scene.cloud.model.all('learned-route')]).toEqual([]);
    expect([...scene.cloud.model.all('site-route')]).toEqual([]);
    expect(scene.lab.bgp.sessionsOf(site.links[0])).toEqual([]);
    expect(scene.lab.bgp.state(site.links[0])).toBe('Idle');
  });

  it('begin anew once a device is back that AWS has missed', async () => {
    await hold(scene, site, 'unreachable');
    scene.pass(20 * 60_000);
    expect(sessionsAt(scene, 'dc1')).toEqual([]);
    await hold(scene, site, 'up');
    scene.pass(10_000);
    expect(sessionsAt(scene, 'dc1')).toEqual(UP);
    expect(await telemetryOf(scene, site)).toEqual(['UP 1 BGP ROUTES 1', 'UP 1 BGP ROUTES 1']);
    expect(knownAt(scene, 'dc1').map(({ destination }) => destination)).toEqual(['10.0.0.0/16']);
  });

  it('go on over one tunnel while the device is silent on the other, again and again', async () => {
    for (let round = 0; round < 3; round++) {
      await hold(scene, site, 'unreachable', 0);
      scene.pass(45_000);
      expect(await telemetryOf(scene, site)).toEqual(['DOWN IPSEC IS DOWN 0', 'UP 1 BGP ROUTES 1']);
      expect(scene.fate({ from: hostId, to: site.host })).toBe('reachable');
      await hold(scene, site, 'up', 0);
      scene.pass(10_000);
      expect(sessionsAt(scene, 'dc1')).toEqual(UP);
    }
  });

  it('learn everything again where somebody has taken their records away', async () => {
    await scene.cloud.execute((tx) => {
      for (const { id } of [...tx.all('learned-route')]) tx.delete('learned-route', id);
      for (const { id } of [...tx.all('bgp-session')]) tx.delete('bgp-session', id);
    });
    scene.pass(10_000);
    expect(sessionsAt(scene, 'dc1')).toEqual(UP);
    expect([...scene.cloud.model.all('learned-route')]).toHaveLength(2);
  });

  it('H-031 follow a connection to another gateway and back, while another stays', async () => {
    const ec2 = scene.ec2();
    await newVpnSite(scene, 'dc2', gateway, { prefixes: ['172.20.0.0/16'], asn: 65_020 });
    const other = { TransitGatewayId: await makeTransitGateway(ec2) };
    for (const target of [other, gateway, other, gateway]) {
      await ec2.modifyVpnConnection({ VpnConnectionId: site.connectionId, ...target });
      await settle(scene);
      scene.pass(10_000);
      expect([...sessionsAt(scene, 'dc1'), ...sessionsAt(scene, 'dc2')]).toEqual([...UP, ...UP]);
    }
  });

  it('are those of the state that is imported, and no other', async () => {
    const before = parseState(JSON.parse(JSON.stringify(exportState(scene.cloud.model))));
    const other = await newVpnSite(scene, 'dc2', gateway, { prefixes: ['172.20.0.0/16'] });
    await scene.cloud.execute((tx) => replaceState(tx, before));
    scene.pass(10_000);
    expect(sessionsAt(scene, 'dc1')).toEqual(UP);
    expect(records()).toHaveLength(2);
    expect(scene.lab.bgp.sessionsOf(other.links[0])).toEqual([]);
    expect(scene.fate({ from: hostId, to: site.host })).toBe('reachable');
  });

  it('say nothing more once the lab is closed, not even that they have ended', async () => {
    await hold(scene, site, 'unreachable');
    scene.lab.close();
    scene.pass(600_000);
    expect(records().map(({ established }) => established)).toEqual([true, true]);
  });
});

describe('why a session is down', () => {
  const reasons = () => errorsAt(scene, 'dc1').map((error) => error?.reason);

  it('is not told while nothing has happened', () => {
    expect(errorsAt(scene, 'dc1')).toEqual([undefined, undefined]);
  });

  it('H-092 is the hold timer of AWS where the device falls silent, also once it is back', async () => {
    // Dead peer detection would close the link at the same moment.
    const tunnel = { DPDTimeoutAction: 'none' };
    const options = { TunnelOptions: [tunnel, tunnel] };
    const wish = { prefixes: ['172.20.0.0/16'], options };
    const patient = await newVpnSite(scene, 'dc2', gateway, wish);
    await hold(scene, patient, 'unreachable', 1);
    scene.pass(45_000);
    const notification = { sentBy: 'aws', code: 4, subcode: 0, name: 'Hold Timer Expired (4/0)' };
    const error = { reason: 'hold timer expired', notification };
    expect(errorsAt(scene, 'dc2')).toEqual([undefined, error]);
    await hold(scene, patient, 'up', 1);
    scene.pass(10_000);
    expect(sessionsAt(scene, 'dc2')).toEqual(UP);
    expect(errorsAt(scene, 'dc2')).toEqual([undefined, error]);
  });

  it('H-088 is the link that was closed, once that is up again', async () => {
    await hold(scene, site, 'down', 0);
    await hold(scene, site, 'up', 0);
    expect(reasons()).toEqual(['the link is closed', undefined]);
  });

  it('H-091 is an ASN that AWS does not expect', async () => {
    const { customerGatewayId } = site;
    await takeAway(scene, site);
    const behind = { kind: 'customer-gateway', id: customerGatewayId } as const;
    await standUp(scene, 'dc1', behind, ['192.168.0.0/16'], { asn: 65_099 });
    expect(errorsAt(scene, 'dc1')[0]).toEqual({
      reason: 'AWS sent OPEN Message Error/Bad Peer AS (2/2): it expects ASN 65010 of the device',
      notification: {
        ...{ sentBy: 'aws', code: 2, subcode: 2 },
        name: 'OPEN Message Error/Bad Peer AS (2/2)',
      },
    });
    scene.pass(600_000);
    expect(reasons()[0]).toContain('AWS sent OPEN Message Error/Bad Peer AS');
  });

  it('H-031 is the ASN of the gateway before, which the device expects', async () => {
    const ec2 = scene.ec2();
    const made = await ec2.createTransitGateway({ Options: { AmazonSideAsn: 64_600 } });
    const { TransitGatewayId } = made.TransitGateway!;
    await settle(scene);
    await ec2.modifyVpnConnection({ VpnConnectionId: site.connectionId, TransitGatewayId });
    await settle(scene);
    const told = 'it expects another ASN than 64600 of AWS';
    const reason = `the device sent OPEN Message Error/Bad Peer AS (2/2): ${told}`;
    expect(reasons()).toEqual([reason, reason]);
  });

  it('is that the session has been set up anew, after a move between gateways', async () => {
    const TransitGatewayId = await makeTransitGateway(scene.ec2());
    const { connectionId: VpnConnectionId } = site;
    await scene.ec2().modifyVpnConnection({ VpnConnectionId, TransitGatewayId });
    await settle(scene);
    scene.pass(10_000);
    expect(sessionsAt(scene, 'dc1')).toEqual(UP);
    expect(reasons()[0]).toBe('the session has been set up anew');
  });

  it('is forgotten with the site', async () => {
    await hold(scene, site, 'down', 0);
    await takeAway(scene, site);
    const behind = { kind: 'customer-gateway', id: site.customerGatewayId } as const;
    await standUp(scene, 'dc1', behind, ['192.168.0.0/16']);
    expect(errorsAt(scene, 'dc1')).toEqual([undefined, undefined]);
  });
});

describe('the device', () => {
  it('H-091 of another ASN than AWS was told has no session', async () => {
    const { customerGatewayId } = site;
    await takeAway(scene, site);
    const behind = { kind: 'customer-gateway', id: customerGatewayId } as const;
    await standUp(scene, 'dc1', behind, ['192.168.0.0/16'], { asn: 65_099 });
    scene.pass(60_000);
    expect(sessionsAt(scene, 'dc1')).not.toContain('Established');
    expect(await telemetryOf(scene, site)).toEqual(['DOWN IPSEC IS UP 0', 'DOWN IPSEC IS UP 0']);
  });
});
