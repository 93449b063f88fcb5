import type { EC2, VpnConnection } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../../../test/support/expect-error.ts';
import { testCloud } from '../../../../test/support/test-cloud.ts';
import { makeTransitGateway } from '../../../../test/support/transit-fixture.ts';
import {
  connect,
  lookAtConnection,
  makeCustomerGateway,
  makeVpnGateway,
} from '../../../../test/support/vpn-fixture.ts';
import { addressAt, parseCidr4 } from '../../../net/cidr.ts';
import { formatIpv4 } from '../../../net/ipv4.ts';

let ec2: EC2;
let CustomerGatewayId: string;
let VpnGatewayId: string;

beforeEach(async () => {
  ec2 = (await testCloud()).ec2();
  CustomerGatewayId = await makeCustomerGateway(ec2);
  VpnGatewayId = await makeVpnGateway(ec2, 65_001);
});

/** What one tunnel's part says, written out by hand. */
function tunnelXml({ Options }: VpnConnection, index: number, hasBgp = true): string {
  const { OutsideIpAddress, TunnelInsideCidr, PreSharedKey } = Options!.TunnelOptions![index]!;
  const inside = (offset: number) => formatIpv4(addressAt(parseCidr4(TunnelInsideCidr!)!, offset));
  const end = (name: string, outside: string, own: string, asn: number) => `    <${name}>
      <tunnel_outside_address>
        <ip_address>${outside}</ip_address>
      </tunnel_outside_address>
      <tunnel_inside_address>
        <ip_address>${own}</ip_address>
        <network_mask>255.255.255.252</network_mask>
        <network_cidr>30</network_cidr>
      </tunnel_inside_address>${
        hasBgp
          ? `
      <bgp>
        <asn>${asn}</asn>
        <hold_time>30</hold_time>
      </bgp>`
          : ''
      }
    </${name}>`;
  return `  <ipsec_tunnel>
${end('customer_gateway', '203.0.113.1', inside(2), 65_010)}
${end('vpn_gateway', OutsideIpAddress!, inside(1), 65_001)}
    <ike>
      <authentication_protocol>sha1</authentication_protocol>
      <encryption_protocol>aes-128-cbc</encryption_protocol>
      <lifetime>28800</lifetime>
      <perfect_forward_secrecy>group2</perfect_forward_secrecy>
      <mode>main</mode>
      <pre_shared_key>${PreSharedKey}</pre_shared_key>
    </ike>
    <ipsec>
      <protocol>esp</protocol>
      <authentication_protocol>hmac-sha1-96</authentication_protocol>
      <encryption_protocol>aes-128-cbc</encryption_protocol>
      <lifetime>3600</lifetime>
      <perfect_forward_secrecy>group2</perfect_forward_secrecy>
      <mode>tunnel</mode>
      <clear_df_bit>true</clear_df_bit>
      <fragmentation_before_encryption>true</fragmentation_before_encryption>
      <tcp_mss_adjustment>1379</tcp_mss_adjustment>
      <dead_peer_detection>
        <interval>10</interval>
        <retries>3</retries>
      </dead_peer_detection>
    </ipsec>
  </ipsec_tunnel>`;
}

describe('CustomerGatewayConfiguration', () => {
  it('H-012 H-028 H-029 H-030 is AWS’s text, with both tunnels', async () => {
    const made = await connect(ec2, { CustomerGatewayId, VpnGatewayId });
    expect(made.CustomerGatewayConfiguration).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<vpn_connection id="${made.VpnConnectionId}">
  <customer_gateway_id>${CustomerGatewayId}</customer_gateway_id>
  <vpn_gateway_id>${VpnGatewayId}</vpn_gateway_id>
  <vpn_connection_type>ipsec.1</vpn_connection_type>
${tunnelXml(made, 0)}
${tunnelXml(made, 1)}
</vpn_connection>`);
  });

  it('H-028 H-029 says that there is no BGP where routes are static', async () => {
    const Options = { StaticRoutesOnly: true };
    const made = await connect(ec2, { CustomerGatewayId, VpnGatewayId, Options });
    const { CustomerGatewayConfiguration: text } = made;
    expect(text).toContain(
      '  <vpn_connection_attributes>NoBGPVPNConnection</vpn_connection_attributes>\n',
    );
    expect(text).toContain(tunnelXml(made, 0, false));
    expect(text).not.toContain('<bgp>');
  });

  it('H-028 names no virtual private gateway where there is none', async () => {
    const TransitGatewayId = await makeTransitGateway(ec2, { AmazonSideAsn: 65_001 });
    const made = await connect(ec2, { CustomerGatewayId, TransitGatewayId });
    const { CustomerGatewayConfiguration: text } = made;
    expect(text).toContain('  <vpn_gateway_id></vpn_gateway_id>\n');
    expect(text).toContain(tunnelXml(made, 1));
    const loose = await connect(ec2, { CustomerGatewayId });
    expect(loose.CustomerGatewayConfiguration).toContain('<asn></asn>');
  });

  it('H-030 shows the lifetimes that were chosen', async () => {
    const tunnel = { Phase1LifetimeSeconds: 7200, Phase2LifetimeSeconds: 1800 };
    const Options = { TunnelOptions: [tunnel] };
    const made = await connect(ec2, { CustomerGatewayId, VpnGatewayId, Options });
    const lifetimes = /<lifetime>(\d+)</g;
    const found = [...made.CustomerGatewayConfiguration!.matchAll(lifetimes)];
    expect(found.map(([, seconds]) => seconds)).toEqual(['7200', '1800', '28800', '3600']);
  });

  it('H-027 is there while the connection is pending or available', async () => {
    const fast = await testCloud({ transitions: 'fast' });
    ec2 = fast.ec2();
    CustomerGatewayId = await makeCustomerGateway(ec2);
    await fast.advance(50);
    const made = await connect(ec2, { CustomerGatewayId });
    const id = made.VpnConnectionId!;
    const seen = async () => (await lookAtConnection(ec2, id)).CustomerGatewayConfiguration;
    expect(made.CustomerGatewayConfiguration).toContain('<vpn_connection ');
    expect(await seen()).toBe(made.CustomerGatewayConfiguration);
    await fast.advance(50);
    expect(await seen()).toBe(made.CustomerGatewayConfiguration);
    await ec2.modifyVpnConnectionOptions({ VpnConnectionId: id, TunnelBandwidth: 'large' });
    expect(await seen()).toBeUndefined();
    await fast.advance(50);
    expect(await seen()).toBe(made.CustomerGatewayConfiguration);
    await ec2.deleteVpnConnection({ VpnConnectionId: id });
    expect(await seen()).toBeUndefined();
    await fast.advance(50);
    expect(await seen()).toBeUndefined();
  });
});

describe('sample configurations', () => {
  it('are those of a generic device', async () => {
    const { VpnConnectionDeviceTypes: types } = await ec2.getVpnConnectionDeviceTypes({});
    expect(types).toHaveLength(1);
    const { VpnConnectionDeviceTypeId, Vendor } = types![0]!;
    expect(Vendor).toBe('Generic');
    const made = await connect(ec2, { CustomerGatewayId, VpnGatewayId });
    const request = {
      VpnConnectionId: made.VpnConnectionId!,
      VpnConnectionDeviceTypeId: VpnConnectionDeviceTypeId!,
    };
    const sample = await ec2.getVpnConnectionDeviceSampleConfiguration(request);
    expect(sample.VpnConnectionDeviceSampleConfiguration).toBe(made.CustomerGatewayConfiguration);
    await expectError(
      ec2.getVpnConnectionDeviceSampleConfiguration({
        ...request,
        VpnConnectionDeviceTypeId: '00000000',
      }),
      'InvalidVpnConnectionDeviceTypeID.NotFound',
    );
    await expectError(
      ec2.getVpnConnectionDeviceSampleConfiguration({
        ...request,
        InternetKeyExchangeVersion: 'ikev3',
      }),
      'InvalidParameterValue',
    );
  });
});
