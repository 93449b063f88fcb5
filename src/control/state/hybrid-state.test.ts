import { beforeAll, describe, expect, it } from 'vitest';
import { faultsOf } from '../../../test/support/invariants.ts';
import { mainTable } from '../../../test/support/route-fixture.ts';
import { asJson } from '../../../test/support/state-document.ts';
import { OTHER_ACCOUNT, SCOPE, testCloud } from '../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../test/support/transit-fixture.ts';
import {
  addRoute,
  attachNewGateway,
  connect,
  connectStatic,
  makeCustomerGateway,
  report,
} from '../../../test/support/vpn-fixture.ts';
import { AwsError } from '../../model/error.ts';
import type { Cloud } from '../cloud.ts';
import { parseState } from './document.ts';
import { replaceState } from './replace.ts';
import { resetAccount } from './reset-account.ts';

type Document = { records: Record<string, Record<string, unknown>[]> };

/** VPNs of every kind, with a route that is propagated. */
async function filledCloud(): Promise<Cloud> {
  const { cloud, ec2 } = await testCloud();
  const client = ec2();
  const { vpnGatewayId, vpcId } = await attachNewGateway(client);
  const { RouteTableId } = await mainTable(client, vpcId);
  await client.enableVgwRoutePropagation({ RouteTableId, GatewayId: vpnGatewayId });
  const id = await connectStatic(client, { VpnGatewayId: vpnGatewayId });
  await addRoute(client, id, '192.168.0.0/16');
  await report(cloud, id, 0, { ipsec: true });
  const { RouteTable } = await client.createRouteTable({ VpcId: vpcId });
  const edge = { RouteTableId: RouteTable!.RouteTableId!, GatewayId: vpnGatewayId };
  await client.associateRouteTable(edge);
  const TransitGatewayId = await makeTransitGateway(client);
  const Options = {
    TunnelInsideIpVersion: 'ipv6' as const,
    TunnelOptions: [{ Phase1DHGroupNumbers: [{ Value: 20 }], StartupAction: 'start' }],
  };
  const PreSharedKeyStorage = 'SecretsManager';
  await connect(client, { TransitGatewayId, Options, PreSharedKeyStorage });
  await makeCustomerGateway(ec2(OTHER_ACCOUNT));
  return cloud;
}

let cloud: Cloud;
let document: Document;
beforeAll(async () => {
  cloud = await filledCloud();
  document = asJson(cloud);
});

describe('a state with VPNs', () => {
  it('is carried over whole', async () => {
    const { records } = document;
    expect(records['vpn-connection']).toHaveLength(2);
    expect(records.route).toContainEqual(
      expect.objectContaining({ origin: 'EnableVgwRoutePropagation' }),
    );
    const other = await testCloud({ seed: 2 });
    const changes = parseState(document);
    await other.cloud.execute((tx) => replaceState(tx, changes));
    expect(asJson(other.cloud)).toEqual(document);
    expect(faultsOf(other.cloud.model)).toEqual([]);
  });

  const spoilt: [string, string, object, RegExp][] = [
    ['vpn-gateway', 'a state nobody knows', { state: 'lost' }, /state/],
    ['vpn-gateway', 'a VPC that is missing', { attachment: attached('vpc-0') }, /vpc-0/],
    ['vgw-route-propagation', 'a missing gateway', { vpnGatewayId: 'vgw-0' }, /should be|missing/],
    ['vpn-connection', 'no device', { customerGatewayId: 'cgw-0' }, /cgw-0/],
    ['vpn-connection', 'no gateway', { gateway: { kind: 'vpn-gateway', id: 'vgw-0' } }, /vgw-0/],
    ['vpn-connection', 'one tunnel', { tunnels: [] }, /tunnels/],
    ['vpn-connection', 'another family inside', { insideFamily: 6 }, /families/],
    ['vpn-connection', 'another family outside', { outsideFamily: 6 }, /families/],
    ['vpn-connection-route', 'no connection', { vpnConnectionId: 'vpn-0' }, /should be/],
    ['customer-gateway', 'an ASN too large', { bgpAsn: 2 ** 32 }, /bgpAsn/],
  ];

  function attached(vpcId: string) {
    return { vpcId, state: 'attached' };
  }

  it.each(spoilt)('is refused with a %s of %s', (kind, _what, members, message) => {
    const copy = structuredClone(document);
    Object.assign(copy.records[kind]![0]!, members);
    expect(() => parseState(copy)).toThrow(AwsError);
    expect(() => parseState(copy)).toThrow(message);
  });

  it('is refused with selectors of the other family, and with addresses of others', () => {
    const change = (make: (connections: Record<string, unknown>[]) => void) => {
      const copy = structuredClone(document);
      make(copy.records['vpn-connection']!);
      return () => parseState(copy);
    };
    const [one, other] = document.records['vpn-connection']!;
    expect(change(([first]) => Object.assign(first!, { localCidr: other!.localCidr }))).toThrow(
      /traffic selectors/,
    );
    const shared = change(([, second]) => {
      const tunnels = structuredClone(second!.tunnels) as Record<string, unknown>[];
      const [{ outsideAddress } = {}] = one!.tunnels as Record<string, unknown>[];
      Object.assign(tunnels[1]!, { outsideAddress });
      Object.assign(second!, { tunnels });
    });
    expect(shared).toThrow(/address belongs to another tunnel/);
    const twice = change(([first]) => {
      const [tunnel] = first!.tunnels as unknown[];
      Object.assign(first!, { tunnels: [tunnel, tunnel] });
    });
    expect(twice).toThrow(/tunnels have one address/);
  });

  it('is refused with two gateways in one VPC, or propagation from elsewhere', () => {
    const copy = structuredClone(document);
    const [gateway] = copy.records['vpn-gateway']!;
    copy.records['vpn-gateway']!.push({ ...gateway, id: 'vgw-00000000' });
    expect(() => parseState(copy)).toThrow(/another virtual private gateway/);
    const loose = structuredClone(document);
    const { attachment } = loose.records['vpn-gateway']![0]!;
    Object.assign(attachment as object, { state: 'detached' });
    expect(() => parseState(loose)).toThrow(/not attached to the VPC/);
  });

  it('is emptied with its account, and nothing of it is left over', async () => {
    const own = await filledCloud();
    await own.execute((tx) => resetAccount(tx, SCOPE.account));
    expect(faultsOf(own.model)).toEqual([]);
    expect([...own.model.all('customer-gateway')]).toMatchObject([{ account: OTHER_ACCOUNT }]);
    for (const kind of [
      'vpn-gateway',
      'vpn-connection',
      'vpn-connection-route',
      'route',
    ] as const) {
      expect(
        [...own.model.all(kind)].filter((one) => JSON.stringify(one).includes('vgw-')),
      ).toEqual([]);
    }
  });
});
