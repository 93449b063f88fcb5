import { describe, expect, it } from 'vitest';
import { addPeer, makeConnect } from '../../../test/support/connect-fixture.ts';
import {
  makeConnection,
  makeGateway,
  makePrivate,
} from '../../../test/support/direct-connect-fixture.ts';
import { type TestCloud, testCloud } from '../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import {
  attachNewGateway,
  connect,
  connectStatic,
  makeCustomerGateway,
  report,
} from '../../../test/support/vpn-fixture.ts';
import { findLink, tunnelLinks } from '../../model/hybrid/link.ts';
import { formatIp } from '../../net/ip.ts';
import { ORIGIN } from '../../wire/bgp/path-attributes.ts';
import { type PlannedSession, plannedSessions } from './session-plan.ts';

/** The sessions over a connection's first tunnel, once IPsec is up. */
async function overTunnel(test: TestCloud, id: string): Promise<readonly PlannedSession[]> {
  await report(test.cloud, id, 0, { ipsec: true });
  const connection = test.cloud.model.get('vpn-connection', id)!;
  return plannedSessions(test.cloud.model, tunnelLinks(connection)[0]!);
}

function over({ cloud: { model } }: TestCloud, linkId: string): readonly PlannedSession[] {
  return plannedSessions(model, findLink(model, linkId)!);
}

const ends = ({ aws, customer }: PlannedSession) =>
  [aws, customer].map(({ asn, address }) => `${formatIp(address)} ${asn}`);

describe('the sessions of a VPN tunnel', () => {
  it('H-012 H-078 H-079 one between the ends of the /30, hold 30, TTL 1', async () => {
    const test = await testCloud();
    const { vpnGatewayId } = await attachNewGateway(test.ec2());
    const TunnelOptions = [{ TunnelInsideCidr: '169.254.44.0/30' }];
    const request = { VpnGatewayId: vpnGatewayId, Options: { TunnelOptions } };
    const { VpnConnectionId } = await connect(test.ec2(), request);
    const [plan, ...others] = await overTunnel(test, VpnConnectionId!);
    expect(others).toEqual([]);
    expect(ends(plan!)).toEqual(['169.254.44.1 64512', '169.254.44.2 65010']);
    expect(plan).toMatchObject({
      ...{ families: [4], holdSeconds: 30, holdRequired: false, ttl: 1 },
      ...{ prefixesMax: 100, defaultMed: 100, gatewayId: vpnGatewayId },
    });
  });

  it('H-080 H-013 on a transit gateway 1,000 prefixes, IPv6 between the ends of the /126', async () => {
    const test = await testCloud();
    const TransitGatewayId = await makeTransitGateway(test.ec2(), { AmazonSideAsn: 64_999 });
    const TunnelOptions = [{ TunnelInsideIpv6Cidr: 'fd00:7::/126' }];
    const Options = { TunnelInsideIpVersion: 'ipv6' as const, TunnelOptions };
    const { VpnConnectionId } = await connect(test.ec2(), { TransitGatewayId, Options });
    const [plan] = await overTunnel(test, VpnConnectionId!);
    expect(ends(plan!)).toEqual(['fd00:7::1 64999', 'fd00:7::2 65010']);
    expect(plan).toMatchObject({ families: [6], prefixesMax: 1000 });
  });

  it('H-009 H-024 none with static routes, without a gateway, or before IPsec', async () => {
    const test = await testCloud();
    const ec2 = test.ec2();
    const { vpnGatewayId } = await attachNewGateway(ec2);
    const fixed = await connectStatic(ec2, { VpnGatewayId: vpnGatewayId });
    expect(await overTunnel(test, fixed)).toEqual([]);
    const { VpnConnectionId: nowhere } = await connect(ec2);
    expect(await overTunnel(test, nowhere!)).toEqual([]);
    const CustomerGatewayId = await makeCustomerGateway(ec2, '203.0.113.2');
    const request = { VpnGatewayId: vpnGatewayId, CustomerGatewayId };
    const { VpnConnectionId } = await connect(ec2, request);
    const connection = test.cloud.model.get('vpn-connection', VpnConnectionId!)!;
    expect(plannedSessions(test.cloud.model, tunnelLinks(connection)[1]!)).toEqual([]);
  });
});

it('C-094 C-092 H-085 a Connect peer has two, hold 30, TTL 2, both families', async () => {
  const test = await testCloud();
  const { connect: attachment } = await makeConnect(test.ec2());
  const InsideCidrBlocks = ['169.254.6.0/29', 'fd00:8::/125'];
  const { TransitGatewayConnectPeerId } = await addPeer(test.ec2(), attachment, {
    InsideCidrBlocks,
  });
  const plans = over(test, TransitGatewayConnectPeerId!);
  expect(plans.map(ends)).toEqual([
    ['169.254.6.2 64512', '169.254.6.1 64512'],
    ['169.254.6.3 64512', '169.254.6.1 64512'],
  ]);
  const nextHops = plans.map(({ aws, customer }) => [...aws.others, ...customer.others]);
  expect(nextHops.map((all) => all.map(formatIp))).toEqual([
    ['fd00:8::2', 'fd00:8::1'],
    ['fd00:8::3', 'fd00:8::1'],
  ]);
  for (const plan of plans) {
    expect(plan).toMatchObject({
      ...{ families: [4, 6], holdSeconds: 30, ttl: 2, externalOriginOnly: true },
      ...{ prefixesMax: 1000, defaultMed: 100 },
    });
    expect(plan).not.toHaveProperty('block');
  }
});

describe('the sessions of a virtual interface', () => {
  async function made() {
    const test = await testCloud();
    const dx = test.directConnect();
    const directConnectGatewayId = await makeGateway(dx);
    const request = {
      directConnectGatewayId,
      amazonAddress: '169.254.255.1/30',
      customerAddress: '169.254.255.2/30',
    };
    const { virtualInterfaceId } = await makePrivate(dx, await makeConnection(dx), request);
    return { test, dx, id: virtualInterfaceId! };
  }

  it('H-064 H-078 H-079 H-081 one a family, hold 90 and needed, TTL 1, 100 prefixes, MED 0', async () => {
    const { test, dx, id } = await made();
    const [plan, ...others] = over(test, id);
    expect(others).toEqual([]);
    expect(ends(plan!)).toEqual(['169.254.255.1 64600', '169.254.255.2 65010']);
    expect(plan).toMatchObject({
      ...{ families: [4], holdSeconds: 90, holdRequired: true, ttl: 1 },
      ...{ prefixesMax: 100, defaultMed: 0 },
    });
    const newBGPPeer = { addressFamily: 'ipv6' as const, asn: 65_010 };
    await dx.createBGPPeer({ virtualInterfaceId: id, newBGPPeer });
    expect(over(test, id).map(({ families }) => families)).toEqual([[4], [6]]);
  });

  // Tags exclude each other: of several the highest counts, where the rulebook is unsure.
  it.each([
    [[], 100],
    [[7100], 50],
    [[7200], 100],
    [[7300], 200],
    [[7100, 7300], 200],
    [[9300], 100],
  ])('H-082 tags %j give a preference of %d', async (tags, preference) => {
    const { test, id } = await made();
    const communities = tags.map((tag) => 7224 * 65_536 + tag);
    const attributes = { origin: ORIGIN.igp, asPath: [], communities };
    expect(over(test, id)[0]!.localPreference(attributes)).toBe(preference);
  });

  it('H-067 none of a peer that is held down by a test', async () => {
    const { test, dx, id } = await made();
    await dx.startBgpFailoverTest({ virtualInterfaceId: id });
    expect(over(test, id)).toEqual([]);
  });
});
