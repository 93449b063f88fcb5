/** VPN connections as answers show them. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { GATEWAY_TYPE } from '../../../model/hybrid/gateway-type.ts';
import type { TunnelOptions } from '../../../model/hybrid/tunnel-options.ts';
import {
  acceptedRoutes,
  isTunnelUp,
  lastTunnelChange,
  tunnelMessage,
  type VpnConnection,
  type VpnConnectionRoute,
  type VpnTunnel,
} from '../../../model/hybrid/vpn-connection.ts';
import type { ModelReader } from '../../../model/model.ts';
import { formatCidr } from '../../../net/cidr.ts';
import { formatIp } from '../../../net/ip.ts';
import { tagList } from '../render.ts';
import type { View } from '../view.ts';
import { customerConfiguration } from './customer-configuration.ts';

/** A connection with its configuration, where AWS hands that over (H-027). */
export function vpnConnectionView(
  { reader, tags }: View,
  connection: VpnConnection,
): Sdk.VpnConnection {
  const { id, state, gateway, preSharedKeyArn } = connection;
  const routes = reader.by('vpn-connection-route', 'connection', id);
  const isTold = state === 'pending' || state === 'available';
  return {
    VpnConnectionId: id,
    Category: 'VPN',
    Type: GATEWAY_TYPE,
    // AWS shows `modifying`, which the SDK's enumeration does not know (H-007).
    State: state as Sdk.VpnState,
    CustomerGatewayId: connection.customerGatewayId,
    ...(gateway?.kind === 'vpn-gateway' && { VpnGatewayId: gateway.id }),
    ...(gateway?.kind === 'transit-gateway' && { TransitGatewayId: gateway.id }),
    GatewayAssociationState: associationState(connection),
    ...(isTold && { CustomerGatewayConfiguration: customerConfiguration(reader, connection) }),
    ...(preSharedKeyArn !== undefined && { PreSharedKeyArn: preSharedKeyArn }),
    Options: optionsView(connection),
    Routes: routes.map(routeView),
    VgwTelemetry: connection.tunnels.map((tunnel) => telemetryView(reader, connection, tunnel)),
    Tags: tagList(tags(id)),
  };
}

/** H-007: as far as the connection's own state goes. */
function associationState({ state, gateway }: VpnConnection): Sdk.GatewayAssociationState {
  if (gateway === undefined || state === 'deleted') return 'not-associated';
  if (state === 'deleting') return 'disassociating';
  return state === 'pending' ? 'associating' : 'associated';
}

function optionsView(connection: VpnConnection): Sdk.VpnConnectionOptions {
  const { insideFamily, outsideFamily, localCidr, remoteCidr } = connection;
  const [local, remote] = [formatCidr(localCidr), formatCidr(remoteCidr)];
  return {
    EnableAcceleration: connection.enableAcceleration,
    StaticRoutesOnly: connection.staticRoutesOnly,
    ...(insideFamily === 4
      ? { LocalIpv4NetworkCidr: local, RemoteIpv4NetworkCidr: remote }
      : { LocalIpv6NetworkCidr: local, RemoteIpv6NetworkCidr: remote }),
    OutsideIpAddressType: outsideFamily === 4 ? 'PublicIpv4' : 'Ipv6',
    TunnelInsideIpVersion: insideFamily === 4 ? 'ipv4' : 'ipv6',
    TunnelBandwidth: connection.tunnelBandwidth,
    TunnelOptions: connection.tunnels.map((tunnel) => tunnelView(connection, tunnel)),
  };
}

/** Options that nobody has chosen are left out, as AWS does. */
function tunnelView({ preSharedKeyArn }: VpnConnection, tunnel: VpnTunnel): Sdk.TunnelOption {
  const { outsideAddress, insideCidr, insideIpv6Cidr, preSharedKey, options } = tunnel;
  return {
    OutsideIpAddress: formatIp(outsideAddress),
    TunnelInsideCidr: formatCidr(insideCidr),
    ...(insideIpv6Cidr !== undefined && { TunnelInsideIpv6Cidr: formatCidr(insideIpv6Cidr) }),
    ...(preSharedKeyArn === undefined && { PreSharedKey: preSharedKey }),
    ...chosenView(options),
    ...(tunnel.lifecycleControl && { EnableTunnelLifecycleControl: true }),
  };
}

function chosenView(options: Partial<TunnelOptions>): Sdk.TunnelOption {
  return {
    Phase1LifetimeSeconds: options.phase1LifetimeSeconds,
    Phase2LifetimeSeconds: options.phase2LifetimeSeconds,
    RekeyMarginTimeSeconds: options.rekeyMarginTimeSeconds,
    RekeyFuzzPercentage: options.rekeyFuzzPercentage,
    ReplayWindowSize: options.replayWindowSize,
    DpdTimeoutSeconds: options.dpdTimeoutSeconds,
    DpdTimeoutAction: options.dpdTimeoutAction,
    Phase1EncryptionAlgorithms: values(options.phase1EncryptionAlgorithms),
    Phase2EncryptionAlgorithms: values(options.phase2EncryptionAlgorithms),
    Phase1IntegrityAlgorithms: values(options.phase1IntegrityAlgorithms),
    Phase2IntegrityAlgorithms: values(options.phase2IntegrityAlgorithms),
    Phase1DHGroupNumbers: values(options.phase1DhGroupNumbers),
    Phase2DHGroupNumbers: values(options.phase2DhGroupNumbers),
    IkeVersions: values(options.ikeVersions),
    StartupAction: options.startupAction,
  };
}

function values<V>(list: readonly V[] | undefined): { Value: V }[] | undefined {
  return list?.map((Value) => ({ Value }));
}

function routeView({ destination, state }: VpnConnectionRoute): Sdk.VpnStaticRoute {
  return { DestinationCidrBlock: formatCidr(destination), Source: 'Static', State: state };
}

/** H-023, H-026 */
function telemetryView(
  reader: ModelReader,
  connection: VpnConnection,
  tunnel: VpnTunnel,
): Sdk.VgwTelemetry {
  const { outsideAddress, certificateArn } = tunnel;
  return {
    OutsideIpAddress: formatIp(outsideAddress),
    Status: isTunnelUp(reader, connection, tunnel) ? 'UP' : 'DOWN',
    StatusMessage: tunnelMessage(reader, connection, tunnel),
    AcceptedRouteCount: acceptedRoutes(reader, connection, tunnel),
    LastStatusChange: new Date(lastTunnelChange(reader, connection, tunnel)),
    ...(certificateArn !== undefined && { CertificateArn: certificateArn }),
  };
}
