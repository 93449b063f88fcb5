/** Customer gateways, virtual private gateways and VPN connections made through the API. */
import type {
  CustomerGateway,
  EC2,
  TunnelOption,
  VpnConnection,
  VpnConnectionOptionsSpecification,
  VpnGateway,
} from '@aws-sdk/client-ec2';
import type { Cloud } from '../../src/control/cloud.ts';
import { reportSessions } from '../../src/control/hybrid/bgp-report.ts';
import { reportTunnel } from '../../src/control/hybrid/tunnel-status.ts';
import { tunnelLinkId } from '../../src/model/hybrid/vpn-connection.ts';
import { type Cidr, formatCidr, parseCidr } from '../../src/net/cidr.ts';
import { ORIGIN } from '../../src/wire/bgp/path-attributes.ts';
import { makeVpc } from './vpc-fixture.ts';

/** A device with BGP, at an address of its own. */
export async function makeCustomerGateway(
  ec2: EC2,
  IpAddress = '203.0.113.1',
  BgpAsn = 65_010,
): Promise<string> {
  const { CustomerGateway } = await ec2.createCustomerGateway({
    Type: 'ipsec.1',
    IpAddress,
    BgpAsn,
  });
  return CustomerGateway!.CustomerGatewayId!;
}

/** A customer gateway as DescribeCustomerGateways shows it now. */
export async function lookAtCustomerGateway(ec2: EC2, id: string): Promise<CustomerGateway> {
  const { CustomerGateways } = await ec2.describeCustomerGateways({ CustomerGatewayIds: [id] });
  return CustomerGateways![0]!;
}

export async function makeVpnGateway(ec2: EC2, AmazonSideAsn?: number): Promise<string> {
  const { VpnGateway } = await ec2.createVpnGateway({
    Type: 'ipsec.1',
    ...(AmazonSideAsn !== undefined && { AmazonSideAsn }),
  });
  return VpnGateway!.VpnGatewayId!;
}

/** A virtual private gateway as DescribeVpnGateways shows it now. */
export async function lookAtVpnGateway(ec2: EC2, id: string): Promise<VpnGateway> {
  const { VpnGateways } = await ec2.describeVpnGateways({ VpnGatewayIds: [id] });
  return VpnGateways![0]!;
}

export interface AttachedGateway {
  readonly vpnGatewayId: string;
  readonly vpcId: string;
}

/** A new virtual private gateway, attached to a new VPC. */
export async function attachNewGateway(ec2: EC2, block = '10.0.0.0/16'): Promise<AttachedGateway> {
  const { VpcId: vpcId } = await makeVpc(ec2, block);
  const vpnGatewayId = await makeVpnGateway(ec2);
  await ec2.attachVpnGateway({ VpnGatewayId: vpnGatewayId, VpcId: vpcId });
  return { vpnGatewayId, vpcId };
}

export interface ConnectionRequest {
  readonly CustomerGatewayId?: string;
  readonly VpnGatewayId?: string;
  readonly TransitGatewayId?: string;
  readonly Options?: VpnConnectionOptionsSpecification;
  readonly PreSharedKeyStorage?: string;
}

/** A connection, as the call answers; to a new customer gateway unless one is given. */
export async function connect(ec2: EC2, request: ConnectionRequest = {}): Promise<VpnConnection> {
  const { VpnConnection } = await ec2.createVpnConnection({
    Type: 'ipsec.1',
    CustomerGatewayId: request.CustomerGatewayId ?? (await makeCustomerGateway(ec2)),
    ...request,
  });
  return VpnConnection!;
}

/** The same with static routes; its id. */
export async function connectStatic(ec2: EC2, request: ConnectionRequest): Promise<string> {
  const Options = { ...request.Options, StaticRoutesOnly: true };
  return (await connect(ec2, { ...request, Options })).VpnConnectionId!;
}

/** A connection as DescribeVpnConnections shows it now. */
export async function lookAtConnection(ec2: EC2, id: string): Promise<VpnConnection> {
  const { VpnConnections } = await ec2.describeVpnConnections({ VpnConnectionIds: [id] });
  return VpnConnections![0]!;
}

/** AWS's addresses of a connection's tunnels. */
export async function outsideAddresses(ec2: EC2, id: string): Promise<string[]> {
  return (await tunnelsOf(ec2, id)).map(({ OutsideIpAddress }) => OutsideIpAddress!);
}

export async function tunnelsOf(ec2: EC2, id: string): Promise<TunnelOption[]> {
  return (await lookAtConnection(ec2, id)).Options!.TunnelOptions!;
}

export async function addRoute(ec2: EC2, id: string, DestinationCidrBlock: string): Promise<void> {
  await ec2.createVpnConnectionRoute({ VpnConnectionId: id, DestinationCidrBlock });
}

export interface TunnelReport {
  readonly ipsec?: boolean;
  /** What the BGP session has learned, once it is up. */
  readonly prefixes?: readonly string[];
}

/** What the device behind the customer gateway makes of a tunnel, 0 or 1: all of it. */
export async function report(
  cloud: Cloud,
  id: string,
  index: 0 | 1,
  { ipsec = false, prefixes }: TunnelReport,
): Promise<void> {
  await cloud.execute((tx) => {
    const connection = tx.get('vpn-connection', id)!;
    const tunnel = connection.tunnels[index];
    reportTunnel(tx, connection, tunnel, ipsec);
    const linkId = tunnelLinkId(id, tunnel.outsideAddress);
    const session = { id: linkId, linkId, family: connection.insideFamily };
    const known = tx.by('learned-route', 'session', linkId).map(({ destination }) => destination);
    const announced = (prefixes ?? []).map((text) => learned(parseCidr(text)!));
    const kept = new Set(prefixes);
    const withdrawn = known.filter((block) => !kept.has(formatCidr(block)));
    const established = prefixes !== undefined;
    reportSessions(tx, [{ session, established, announced, withdrawn }]);
  });
}

/** A prefix as a customer's device announces it. */
export function learned(destination: Cidr, asns: readonly number[] = [65_010]) {
  const asPath = [{ kind: 'sequence', asns }] as const;
  const attributes = { origin: ORIGIN.igp, asPath };
  const path = { attributes, length: asns.length, med: 100, localPreference: 100, internal: false };
  return { destination, path };
}
