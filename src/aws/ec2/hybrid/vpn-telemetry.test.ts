import type { EC2, VgwTelemetry } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  addRoute,
  connect,
  connectStatic,
  lookAtConnection,
  makeVpnGateway,
  outsideAddresses,
  report,
  tunnelsOf,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let VpnGatewayId: string;

beforeEach(async () => {
  test = await testCloud();
  ec2 = test.ec2();
  VpnGatewayId = await makeVpnGateway(ec2);
});

/** The telemetry of a connection's tunnels, in their order. */
async function telemetry(id: string): Promise<VgwTelemetry[]> {
  const { VgwTelemetry: list } = await lookAtConnection(ec2, id);
  const addresses = await outsideAddresses(ec2, id);
  expect(list).toHaveLength(2);
  return addresses.map((address) => list!.find((one) => one.OutsideIpAddress === address)!);
}

const shown = async (id: string) =>
  (await telemetry(id)).map(({ Status, StatusMessage, AcceptedRouteCount }) => [
    Status,
    StatusMessage,
    AcceptedRouteCount,
  ]);

const blocks = (count: number) => Array.from({ length: count }, (_, i) => `192.168.${i}.0/24`);

describe('VgwTelemetry', () => {
  it('H-023 H-025 has one entry a tunnel by AWS’s address, down at first', async () => {
    const id = (await connect(ec2, { VpnGatewayId })).VpnConnectionId!;
    const [one] = await telemetry(id);
    expect(one).toEqual({
      OutsideIpAddress: (await outsideAddresses(ec2, id))[0],
      Status: 'DOWN',
      StatusMessage: 'IPSEC IS DOWN',
      AcceptedRouteCount: 0,
      LastStatusChange: new Date(test.cloud.now()),
    });
  });

  it('H-024 H-025 a static tunnel is up with IPsec', async () => {
    const id = await connectStatic(ec2, { VpnGatewayId });
    await report(test.cloud, id, 0, { ipsec: true });
    expect(await shown(id)).toEqual([
      ['UP', 'IPSEC IS UP', 0],
      ['DOWN', 'IPSEC IS DOWN', 0],
    ]);
  });

  it('H-024 H-025 a BGP tunnel is up with its session', async () => {
    const id = (await connect(ec2, { VpnGatewayId })).VpnConnectionId!;
    await report(test.cloud, id, 1, { ipsec: true });
    expect((await shown(id))[1]).toEqual(['DOWN', 'IPSEC IS UP', 0]);
    await report(test.cloud, id, 1, { ipsec: true, prefixes: blocks(3) });
    expect((await shown(id))[1]).toEqual(['UP', '3 BGP ROUTES', 3]);
    await report(test.cloud, id, 1, {});
    expect((await shown(id))[1]).toEqual(['DOWN', 'IPSEC IS DOWN', 0]);
    expect((await lookAtConnection(ec2, id)).State).toBe('available');
  });

  it('H-026 a static tunnel counts the static routes, even while it is down', async () => {
    const id = await connectStatic(ec2, { VpnGatewayId });
    await addRoute(ec2, id, '192.168.0.0/16');
    await addRoute(ec2, id, '172.16.0.0/12');
    await report(test.cloud, id, 0, { ipsec: true });
    expect((await shown(id)).map(([status, , count]) => [status, count])).toEqual([
      ['UP', 2],
      ['DOWN', 2],
    ]);
  });

  it('H-026 the last change is that of IPsec or BGP', async () => {
    const id = (await connect(ec2, { VpnGatewayId })).VpnConnectionId!;
    const times = async () => (await telemetry(id)).map((one) => one.LastStatusChange!.getTime());
    const [born] = await times();
    await test.advance(1000);
    await report(test.cloud, id, 0, { ipsec: true });
    expect(await times()).toEqual([born! + 1000, born]);
    await test.advance(1000);
    await report(test.cloud, id, 0, { ipsec: true, prefixes: blocks(1) });
    expect((await times())[0]).toBe(born! + 2000);
    await test.advance(1000);
    await report(test.cloud, id, 0, { ipsec: true, prefixes: blocks(2) });
    expect(await times()).toEqual([born! + 2000, born]);
    expect((await telemetry(id))[0]!.AcceptedRouteCount).toBe(2);
  });

  it('a connection that carries nothing takes no report', async () => {
    const id = await connectStatic(ec2, { VpnGatewayId });
    await report(test.cloud, id, 0, { ipsec: true });
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    await report(test.cloud, id, 0, { ipsec: true });
    expect((await telemetry(id))[0]!.Status).toBe('DOWN');
  });
});

describe('GetActiveVpnTunnelStatus', () => {
  const status = async (id: string, address: string) => {
    const request = { VpnConnectionId: id, VpnTunnelOutsideIpAddress: address };
    return (await ec2.getActiveVpnTunnelStatus(request)).ActiveVpnTunnelStatus;
  };

  it('H-016 shows the lowest of each list while IPsec is up', async () => {
    const TunnelOptions = [
      {
        Phase1EncryptionAlgorithms: [{ Value: 'AES256' }],
        Phase1DHGroupNumbers: [{ Value: 20 }, { Value: 19 }],
        IKEVersions: [{ Value: 'ikev2' }],
      },
    ];
    const Options = { StaticRoutesOnly: true, TunnelOptions };
    const id = (await connect(ec2, { VpnGatewayId, Options })).VpnConnectionId!;
    const [one, other] = await outsideAddresses(ec2, id);
    expect(await status(id, one!)).toEqual({ ProvisioningStatus: 'available' });
    await report(test.cloud, id, 0, { ipsec: true });
    await report(test.cloud, id, 1, { ipsec: true });
    const defaults = {
      ProvisioningStatus: 'available',
      IkeVersion: 'ikev1',
      Phase1EncryptionAlgorithm: 'AES128',
      Phase1IntegrityAlgorithm: 'SHA1',
      Phase1DHGroup: 2,
      Phase2EncryptionAlgorithm: 'AES128',
      Phase2IntegrityAlgorithm: 'SHA1',
      Phase2DHGroup: 2,
    };
    expect(await status(id, other!)).toEqual(defaults);
    expect(await status(id, one!)).toEqual({
      ...defaults,
      IkeVersion: 'ikev2',
      Phase1EncryptionAlgorithm: 'AES256',
      Phase1DHGroup: 19,
    });
  });

  it('names a tunnel of the connection', async () => {
    const id = (await connect(ec2, {})).VpnConnectionId!;
    const [address] = await outsideAddresses(ec2, id);
    await expectError(status(id, '203.0.113.1'), 'InvalidParameterValue');
    await expectError(status(id, 'x'), 'InvalidParameterValue');
    const unknown = status('vpn-0123456789abcdef0', address!);
    await expectError(unknown, 'InvalidVpnConnectionID.NotFound');
    expect(await tunnelsOf(ec2, id)).toHaveLength(2);
  });
});
