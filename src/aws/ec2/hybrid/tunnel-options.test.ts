import type { EC2, VpnTunnelOptionsSpecification } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { type TestCloud, testCloud } from '../../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../../test/support/transit-fixture.ts';
import {
  connect,
  makeCustomerGateway,
  makeVpnGateway,
} from '../../../../test/support/vpn-fixture.ts';
import { formatCidr, parseCidr4 } from '../../../net/cidr.ts';

let test: TestCloud;
let ec2: EC2;
let devices: number;

beforeEach(async () => {
  test = await testCloud({ quotas: false });
  ec2 = test.ec2();
  devices = 0;
});

/** The tunnels of a new connection that asks for these, to a device of its own. */
async function tunnels(
  TunnelOptions: VpnTunnelOptionsSpecification[],
  gateway: { VpnGatewayId?: string; TransitGatewayId?: string } = {},
  inside: 'ipv4' | 'ipv6' = 'ipv4',
) {
  devices += 1;
  const CustomerGatewayId = await makeCustomerGateway(ec2, `203.0.113.${devices}`);
  const Options = { TunnelOptions, TunnelInsideIpVersion: inside };
  const { Options: shown } = await connect(ec2, { CustomerGatewayId, ...gateway, Options });
  return shown!.TunnelOptions!;
}

const values = (...list: (string | number)[]) => list.map((Value) => ({ Value })) as never;

describe('tunnels', () => {
  it('H-008 are always two, with addresses, blocks and keys of their own', async () => {
    for (let count = 0; count < 2; count++) {
      const made = await tunnels([]);
      expect(made).toHaveLength(2);
      for (const tunnel of made) {
        // What nobody chose is not shown.
        expect(Object.keys(tunnel).sort()).toEqual([
          'OutsideIpAddress',
          'PreSharedKey',
          'TunnelInsideCidr',
        ]);
      }
      for (const name of ['OutsideIpAddress', 'PreSharedKey', 'TunnelInsideCidr'] as const) {
        expect(made[0]![name]).not.toBe(made[1]![name]);
      }
    }
    const asked = { ReplayWindowSize: 64 };
    await expectError(tunnels([asked, asked, asked]), 'InvalidParameterValue');
  });

  it('H-008 take their options in order', async () => {
    const [one, other] = await tunnels([{ ReplayWindowSize: 64 }, { ReplayWindowSize: 128 }]);
    expect([one!.ReplayWindowSize, other!.ReplayWindowSize]).toEqual([64, 128]);
    const [first, second] = await tunnels([{ StartupAction: 'add' }]);
    expect([first!.StartupAction, second!.StartupAction]).toEqual(['add', undefined]);
  });
});

describe('TunnelInsideCidr', () => {
  it('H-012 is a free /30 of 169.254.0.0/16, by default a random one', async () => {
    const made = await tunnels([{ TunnelInsideCidr: '169.254.10.4/30' }]);
    expect(made[0]!.TunnelInsideCidr).toBe('169.254.10.4/30');
    const blocks = (await Promise.all([tunnels([]), tunnels([])])).flat();
    for (const { TunnelInsideCidr: text } of [...made, ...blocks]) {
      const block = parseCidr4(text!)!;
      expect(text).toMatch(/^169\.254\./);
      expect(block.length).toBe(30);
      expect(formatCidr(block)).toBe(text);
    }
    expect(new Set(blocks.map(({ TunnelInsideCidr }) => TunnelInsideCidr)).size).toBe(4);
  });

  it.each([0, 1, 2, 3, 4, 5].map((third) => `169.254.${third}.0/30`).concat('169.254.169.252/30'))(
    'H-012 %s is reserved',
    async (TunnelInsideCidr) => {
      await expectError(tunnels([{ TunnelInsideCidr }]), 'InvalidParameterValue', /reserved/);
    },
  );

  it.each(['169.254.10.0/29', '169.254.10.0/31', '169.253.0.0/30', '10.0.0.0/30', 'x'])(
    'H-012 %s is none',
    async (TunnelInsideCidr) => {
      await expectError(tunnels([{ TunnelInsideCidr }]), 'InvalidParameterValue');
    },
  );

  it('H-012 is nobody else’s at one virtual private gateway, and may be at others', async () => {
    const asked = { TunnelInsideCidr: '169.254.10.4/30' };
    const VpnGatewayId = await makeVpnGateway(ec2);
    await expectError(tunnels([asked, asked]), 'InvalidParameterValue', /in use/);
    await tunnels([asked], { VpnGatewayId });
    const again = tunnels([{}, asked], { VpnGatewayId });
    await expectError(again, 'InvalidParameterValue', /in use/);
    await tunnels([asked], { VpnGatewayId: await makeVpnGateway(ec2) });
    const TransitGatewayId = await makeTransitGateway(ec2);
    await tunnels([asked], { TransitGatewayId });
    await tunnels([asked], { TransitGatewayId });
  });
});

describe('TunnelInsideIpv6Cidr', () => {
  it('H-013 is a /126 of fd00::/8, of one connection at a transit gateway', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2);
    const asked = { TunnelInsideIpv6Cidr: 'fd01:2::8/126' };
    const [one, other] = await tunnels([asked], { TransitGatewayId }, 'ipv6');
    expect(one!.TunnelInsideIpv6Cidr).toBe('fd01:2::8/126');
    expect(other!.TunnelInsideIpv6Cidr).not.toBe('fd01:2::8/126');
    const again = tunnels([asked], { TransitGatewayId }, 'ipv6');
    await expectError(again, 'InvalidParameterValue', /in use/);
    await tunnels([asked], {}, 'ipv6');
    for (const TunnelInsideIpv6Cidr of ['fd01::/125', '2001:db8::/126', 'x']) {
      const bad = tunnels([{ TunnelInsideIpv6Cidr }], {}, 'ipv6');
      await expectError(bad, 'InvalidParameterValue');
    }
    await expectError(tunnels([asked]), 'InvalidParameterCombination');
  });
});

describe('PreSharedKey', () => {
  it('H-015 is shown, by default 32 characters', async () => {
    const PreSharedKey = 'Abc.def_12345678';
    const [one, other] = await tunnels([{ PreSharedKey }]);
    expect(one!.PreSharedKey).toBe(PreSharedKey);
    expect(other!.PreSharedKey).toMatch(/^[A-Za-z1-9._][A-Za-z0-9._]{31}$/);
  });

  it.each(['1234567', '0bcdefgh', 'x'.repeat(65), 'with space', 'with-dash', 'ümlaut_12'])(
    'H-015 refuses %s',
    async (PreSharedKey) => {
      await expectError(tunnels([{ PreSharedKey }]), 'InvalidParameterValue');
    },
  );

  it.each(['12345678', 'x'.repeat(64)])('H-015 takes %s', async (PreSharedKey) => {
    expect((await tunnels([{ PreSharedKey }]))[0]!.PreSharedKey).toBe(PreSharedKey);
  });

  it('H-015 is named in place of being shown where it is kept elsewhere', async () => {
    const made = await connect(ec2, { PreSharedKeyStorage: 'SecretsManager' });
    const arn = /^arn:aws:secretsmanager:us-east-1:111111111111:secret:s2svpn!vpn-/;
    expect(made.PreSharedKeyArn).toMatch(arn);
    for (const tunnel of made.Options!.TunnelOptions!) {
      expect(tunnel).not.toHaveProperty('PreSharedKey');
    }
    expect(made.CustomerGatewayConfiguration).not.toContain('pre_shared_key');
    const bad = connect(ec2, { PreSharedKeyStorage: 'Post-it' });
    await expectError(bad, 'InvalidParameterValue');
  });

  it('H-003 H-015 there is none where certificates authenticate', async () => {
    const CertificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/x';
    const { CustomerGateway } = await ec2.createCustomerGateway({
      Type: 'ipsec.1',
      CertificateArn,
    });
    const CustomerGatewayId = CustomerGateway!.CustomerGatewayId!;
    const made = await connect(ec2, { CustomerGatewayId });
    for (const tunnel of made.Options!.TunnelOptions!) {
      expect(tunnel).not.toHaveProperty('PreSharedKey');
    }
    const arns = made.VgwTelemetry!.map((telemetry) => telemetry.CertificateArn);
    expect(new Set(arns).size).toBe(2);
    for (const arn of arns) expect(arn).toMatch(/^arn:aws:acm:us-east-1:111111111111:certificate/);
    expect(made.CustomerGatewayConfiguration).not.toContain('pre_shared_key');
    const Options = { TunnelOptions: [{ PreSharedKey: '12345678' }] };
    const key = connect(ec2, { CustomerGatewayId, Options });
    await expectError(key, 'InvalidParameterCombination');
    const start = { TunnelOptions: [{ StartupAction: 'start' }] };
    const blind = connect(ec2, { CustomerGatewayId, Options: start });
    await expectError(blind, 'InvalidParameterValue');
  });
});

describe('IKE', () => {
  it('H-016 lists are shown from the lowest value up, whatever the order', async () => {
    const [one, other] = await tunnels([
      {
        Phase1EncryptionAlgorithms: values('AES256-GCM-16', 'AES128'),
        Phase2EncryptionAlgorithms: values('AES256', 'AES128-GCM-16'),
        Phase1IntegrityAlgorithms: values('SHA2-512', 'SHA1'),
        Phase2IntegrityAlgorithms: values('SHA2-384', 'SHA2-256'),
        Phase1DHGroupNumbers: values(24, 2, 14),
        Phase2DHGroupNumbers: values(14, 5),
        IKEVersions: values('ikev2', 'ikev1'),
      },
    ]);
    expect(one).toMatchObject({
      Phase1EncryptionAlgorithms: values('AES128', 'AES256-GCM-16'),
      Phase2EncryptionAlgorithms: values('AES256', 'AES128-GCM-16'),
      Phase1IntegrityAlgorithms: values('SHA1', 'SHA2-512'),
      Phase2IntegrityAlgorithms: values('SHA2-256', 'SHA2-384'),
      Phase1DHGroupNumbers: values(2, 14, 24),
      Phase2DHGroupNumbers: values(5, 14),
      IkeVersions: values('ikev1', 'ikev2'),
    });
    expect(other).not.toHaveProperty('IkeVersions');
  });

  it.each<[string, VpnTunnelOptionsSpecification]>([
    ['Phase1EncryptionAlgorithms', { Phase1EncryptionAlgorithms: values('3DES') }],
    ['Phase2EncryptionAlgorithms', { Phase2EncryptionAlgorithms: values('aes128') }],
    ['Phase1IntegrityAlgorithms', { Phase1IntegrityAlgorithms: values('MD5') }],
    ['Phase2IntegrityAlgorithms', { Phase2IntegrityAlgorithms: values('SHA3') }],
    ['Phase1DHGroupNumbers', { Phase1DHGroupNumbers: values(5) }],
    ['Phase2DHGroupNumbers', { Phase2DHGroupNumbers: values(1) }],
    ['IKEVersions', { IKEVersions: values('ikev3') }],
    ['DPDTimeoutAction', { DPDTimeoutAction: 'panic' }],
    ['StartupAction', { StartupAction: 'stop' }],
  ])('H-016 H-019 H-020 refuses another value of %s', async (name, asked) => {
    await expectError(tunnels([asked]), 'InvalidParameterValue', new RegExp(name));
  });

  it('H-019 H-020 actions are shown', async () => {
    for (const DPDTimeoutAction of ['clear', 'restart', 'none']) {
      const [tunnel] = await tunnels([{ DPDTimeoutAction, StartupAction: 'start' }]);
      expect(tunnel).toMatchObject({ DpdTimeoutAction: DPDTimeoutAction, StartupAction: 'start' });
    }
    const old = { StartupAction: 'start', IKEVersions: values('ikev1') };
    await expectError(tunnels([old]), 'InvalidParameterValue');
  });
});

describe('numbers', () => {
  const phase2 = { Phase2LifetimeSeconds: 900 };
  it.each<VpnTunnelOptionsSpecification>([
    { Phase1LifetimeSeconds: 28_800 },
    { Phase1LifetimeSeconds: 901, ...phase2 },
    { Phase2LifetimeSeconds: 3600 },
    phase2,
    { RekeyMarginTimeSeconds: 60 },
    { RekeyMarginTimeSeconds: 1800 },
    { RekeyMarginTimeSeconds: 450, ...phase2 },
    { RekeyFuzzPercentage: 0 },
    { RekeyFuzzPercentage: 100 },
    { ReplayWindowSize: 64 },
    { ReplayWindowSize: 2048 },
  ])('H-017 takes %j', async (asked) => {
    expect((await tunnels([asked]))[0]).toMatchObject(asked);
  });

  it.each<VpnTunnelOptionsSpecification>([
    { Phase1LifetimeSeconds: 899 },
    { Phase1LifetimeSeconds: 28_801 },
    { Phase2LifetimeSeconds: 899 },
    { Phase2LifetimeSeconds: 3601 },
    { Phase1LifetimeSeconds: 3600 },
    { Phase1LifetimeSeconds: 900, ...phase2 },
    { RekeyMarginTimeSeconds: 59 },
    { RekeyMarginTimeSeconds: 1801 },
    { RekeyMarginTimeSeconds: 451, ...phase2 },
    { RekeyFuzzPercentage: -1 },
    { RekeyFuzzPercentage: 101 },
    { ReplayWindowSize: 63 },
    { ReplayWindowSize: 2049 },
  ])('H-017 refuses %j', async (asked) => {
    await expectError(tunnels([asked]), 'InvalidParameterValue');
  });

  it('H-018 a peer is dead after 30 seconds at the earliest', async () => {
    expect((await tunnels([{ DPDTimeoutSeconds: 30 }]))[0]).toMatchObject({
      DpdTimeoutSeconds: 30,
    });
    await expectError(tunnels([{ DPDTimeoutSeconds: 29 }]), 'InvalidParameterValue');
  });

  it('logs are refused, and not asking for any is not', async () => {
    const logs = (LogEnabled: boolean) => ({
      LogOptions: { CloudWatchLogOptions: { LogEnabled } },
    });
    await tunnels([logs(false)]);
    await expectError(tunnels([logs(true)]), 'UnsupportedOperation');
  });
});
