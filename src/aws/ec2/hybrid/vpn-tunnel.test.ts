import type { EC2, VpnTunnelOptionsSpecification } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { faultsOf } from '../../../../test/support/invariants.ts';
import { type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import {
  connect,
  lookAtConnection,
  makeCustomerGateway,
  makeVpnGateway,
  outsideAddresses,
  report,
  tunnelsOf,
} from '../../../../test/support/vpn-fixture.ts';

let test: TestCloud;
let ec2: EC2;
let VpnGatewayId: string;
let VpnConnectionId: string;
let VpnTunnelOutsideIpAddress: string;

beforeEach(async () => {
  test = await testCloud({ transitions: 'fast' });
  ec2 = test.ec2();
  VpnGatewayId = await makeVpnGateway(ec2);
  const CustomerGatewayId = await makeCustomerGateway(ec2);
  await test.advance(50);
  const Options = { StaticRoutesOnly: true, TunnelOptions: [{ ReplayWindowSize: 64 }] };
  const made = await connect(ec2, { VpnGatewayId, CustomerGatewayId, Options });
  VpnConnectionId = made.VpnConnectionId!;
  await test.advance(50);
  VpnTunnelOutsideIpAddress = (await outsideAddresses(ec2, VpnConnectionId))[0]!;
  for (const index of [0, 1] as const) {
    await report(test.cloud, VpnConnectionId, index, { ipsec: true });
  }
});

const seen = () => lookAtConnection(ec2, VpnConnectionId);
const statuses = async () => (await seen()).VgwTelemetry!.map(({ Status }) => Status);
const name = () => ({ VpnConnectionId, VpnTunnelOutsideIpAddress });
const modify = (TunnelOptions: VpnTunnelOptionsSpecification, rest: object = {}) =>
  ec2.modifyVpnTunnelOptions({ ...name(), TunnelOptions, ...rest });

describe('ModifyVpnTunnelOptions', () => {
  it('H-033 changes what is named of one tunnel, and interrupts that one', async () => {
    const [before, other] = await tunnelsOf(ec2, VpnConnectionId);
    const changes = {
      PreSharedKey: 'another.key',
      TunnelInsideCidr: '169.254.44.0/30',
      Phase2LifetimeSeconds: 1800,
    };
    const { VpnConnection } = await modify({
      ...changes,
      IKEVersions: [{ Value: 'ikev2' }],
    });
    expect(VpnConnection!.State).toBe('modifying');
    expect(await statuses()).toEqual(['DOWN', 'UP']);
    await test.advance(50);
    expect((await seen()).State).toBe('available');
    expect(await statuses()).toEqual(['DOWN', 'UP']);
    expect(await tunnelsOf(ec2, VpnConnectionId)).toEqual([
      { ...before, ...changes, IkeVersions: [{ Value: 'ikev2' }] },
      other,
    ]);
    expect(before!.ReplayWindowSize).toBe(64);
    expect(faultsOf(test.cloud.model)).toEqual([]);
  });

  it('H-033 refuses an address that is not of the connection', async () => {
    for (const address of ['203.0.113.1', 'x', '']) {
      const call = modify({ ReplayWindowSize: 128 }, { VpnTunnelOutsideIpAddress: address });
      await expectError(call, 'InvalidParameterValue');
    }
  });

  it('H-012 H-015 H-017 checks options as at creation', async () => {
    const [one, other] = await tunnelsOf(ec2, VpnConnectionId);
    await expectError(modify({ PreSharedKey: 'short' }), 'InvalidParameterValue');
    await expectError(modify({ ReplayWindowSize: 1 }), 'InvalidParameterValue');
    await expectError(modify({ TunnelInsideCidr: '10.0.0.0/30' }), 'InvalidParameterValue');
    const taken = { TunnelInsideCidr: other!.TunnelInsideCidr! };
    await expectError(modify(taken), 'InvalidParameterValue', /in use/);
    const six = { TunnelInsideIpv6Cidr: 'fd00::/126' };
    await expectError(modify(six), 'InvalidParameterCombination');
    await modify({ Phase2LifetimeSeconds: 900, TunnelInsideCidr: one!.TunnelInsideCidr! });
    await test.advance(50);
    await expectError(modify({ RekeyMarginTimeSeconds: 451 }), 'InvalidParameterValue');
    expect((await seen()).State).toBe('available');
  });

  it('H-034 lifecycle control may be switched without interruption, alone', async () => {
    const skip = { SkipTunnelReplacement: true };
    const { VpnConnection } = await modify({ EnableTunnelLifecycleControl: true }, skip);
    expect(VpnConnection!.State).toBe('available');
    expect(await statuses()).toEqual(['UP', 'UP']);
    const [tunnel, other] = await tunnelsOf(ec2, VpnConnectionId);
    expect(tunnel!.EnableTunnelLifecycleControl).toBe(true);
    expect(other).not.toHaveProperty('EnableTunnelLifecycleControl');
    for (const more of [{ ReplayWindowSize: 128 }, { PreSharedKey: 'another.key' }]) {
      const call = modify({ EnableTunnelLifecycleControl: false, ...more }, skip);
      await expectError(call, 'InvalidParameterCombination');
    }
    const other2 = modify({ ReplayWindowSize: 128 }, skip);
    await expectError(other2, 'InvalidParameterCombination');
    await modify({ EnableTunnelLifecycleControl: false });
    expect(await statuses()).toEqual(['DOWN', 'UP']);
  });

  it('H-015 keys are hidden from now on, or shown again', async () => {
    const [before] = await tunnelsOf(ec2, VpnConnectionId);
    const change = { ReplayWindowSize: 128 };
    await modify(change, { PreSharedKeyStorage: 'SecretsManager' });
    await test.advance(50);
    expect((await seen()).PreSharedKeyArn).toMatch(/^arn:aws:secretsmanager:/);
    expect((await tunnelsOf(ec2, VpnConnectionId))[0]).not.toHaveProperty('PreSharedKey');
    await modify(change);
    await test.advance(50);
    expect((await seen()).PreSharedKeyArn).toBeDefined();
    await modify(change, { PreSharedKeyStorage: 'Standard' });
    await test.advance(50);
    expect((await seen()).PreSharedKeyArn).toBeUndefined();
    const [after] = await tunnelsOf(ec2, VpnConnectionId);
    expect(after!.PreSharedKey).toBe(before!.PreSharedKey);
  });

  it('H-007 refuses a connection that is not available', async () => {
    await modify({ ReplayWindowSize: 128 });
    await expectError(modify({ ReplayWindowSize: 256 }), 'InvalidVpnConnection.InvalidState');
    await expectError(ec2.replaceVpnTunnel(name()), 'InvalidVpnConnection.InvalidState');
    await expectError(ec2.modifyVpnTunnelCertificate(name()), 'InvalidVpnConnection.InvalidState');
  });
});

describe('ReplaceVpnTunnel', () => {
  it('H-034 replaces one tunnel’s endpoint, and remembers maintenance', async () => {
    const status = async () => {
      const { MaintenanceDetails, ...rest } = await ec2.getVpnTunnelReplacementStatus(name());
      expect(rest).toMatchObject({ ...name(), VpnGatewayId });
      return MaintenanceDetails;
    };
    expect(await status()).toEqual({ PendingMaintenance: 'NONE' });
    expect((await ec2.replaceVpnTunnel(name())).Return).toBe(true);
    expect((await seen()).State).toBe('modifying');
    expect(await statuses()).toEqual(['DOWN', 'UP']);
    await test.advance(50);
    expect(await status()).toEqual({ PendingMaintenance: 'NONE' });
    await ec2.replaceVpnTunnel({ ...name(), ApplyPendingMaintenance: true });
    const LastMaintenanceApplied = new Date(test.cloud.now());
    expect(await status()).toEqual({ PendingMaintenance: 'NONE', LastMaintenanceApplied });
  });

  it('H-033 names a tunnel of the connection', async () => {
    const wrong = { ...name(), VpnTunnelOutsideIpAddress: '203.0.113.1' };
    await expectError(ec2.replaceVpnTunnel(wrong), 'InvalidParameterValue');
    await expectError(ec2.getVpnTunnelReplacementStatus(wrong), 'InvalidParameterValue');
    const unknown = { ...name(), VpnConnectionId: 'vpn-0123456789abcdef0' };
    await expectError(ec2.replaceVpnTunnel(unknown), 'InvalidVpnConnectionID.NotFound');
  });
});

describe('ModifyVpnTunnelCertificate', () => {
  it('H-034 gives one tunnel another certificate', async () => {
    const { CustomerGateway } = await ec2.createCustomerGateway({
      Type: 'ipsec.1',
      CertificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/x',
    });
    await test.advance(50);
    const CustomerGatewayId = CustomerGateway!.CustomerGatewayId!;
    VpnConnectionId = (await connect(ec2, { CustomerGatewayId })).VpnConnectionId!;
    await test.advance(50);
    VpnTunnelOutsideIpAddress = (await outsideAddresses(ec2, VpnConnectionId))[0]!;
    const arns = async () => (await seen()).VgwTelemetry!.map((one) => one.CertificateArn);
    const [before, other] = await arns();
    const { VpnConnection } = await ec2.modifyVpnTunnelCertificate(name());
    expect(VpnConnection!.State).toBe('modifying');
    const [after, same] = await arns();
    expect(after).not.toBe(before);
    expect(same).toBe(other);
  });

  it('H-034 is for tunnels that have one', async () => {
    await expectError(ec2.modifyVpnTunnelCertificate(name()), 'InvalidParameterValue', /key/);
  });
});
