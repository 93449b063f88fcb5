/** Inputs for customer gateways, virtual private gateways and VPN connections. */
import type { VpnConnection } from '../../../src/model/hybrid/vpn-connection.ts';
import { formatCidr } from '../../../src/net/cidr.ts';
import { formatIp } from '../../../src/net/ip.ts';
import { drawBlock, drawId, type Pool } from './draw.ts';

type Input = Record<string, unknown>;

/** A connection of the caller's, one that is available rather than another. */
function known(pool: Pool): VpnConnection | undefined {
  const { model, random, account, region } = pool;
  const all = model.by('vpn-connection', 'owner', `${account}|${region}`);
  const open = all.filter(({ state }) => state === 'available');
  const from = open.length > 0 && random.chance(0.8) ? open : all;
  return from.length === 0 ? undefined : random.pick(from);
}

function knownConnection(pool: Pool): Input {
  return { VpnConnectionId: known(pool)?.id ?? drawId(pool, 'vpn') };
}

function knownTunnel(pool: Pool): Input {
  const connection = known(pool);
  const address = connection && pool.random.pick(connection.tunnels).outsideAddress;
  return {
    VpnConnectionId: connection?.id ?? drawId(pool, 'vpn'),
    VpnTunnelOutsideIpAddress: address === undefined ? '203.0.113.1' : formatIp(address),
  };
}

function knownRoute(pool: Pool): Input {
  const connection = known(pool);
  const routes = pool.model.by('vpn-connection-route', 'connection', connection?.id ?? '');
  const destination = routes.length === 0 ? undefined : pool.random.pick(routes).destination;
  return {
    VpnConnectionId: connection?.id ?? drawId(pool, 'vpn'),
    DestinationCidrBlock: destination ? formatCidr(destination) : drawBlock(pool, 4),
  };
}

function gateway(pool: Pool): Input {
  switch (pool.random.below(5)) {
    case 0:
      return {};
    case 1:
      return { TransitGatewayId: drawId(pool, 'tgw') };
    default:
      return { VpnGatewayId: drawId(pool, 'vgw') };
  }
}

function tunnel({ random }: Pool): Input {
  return random.pick<Input>([
    { ReplayWindowSize: random.pick([64, 2048, 63]) },
    { TunnelInsideCidr: `169.254.${random.pick([0, 10, 11])}.${4 * random.below(3)}/30` },
    { TunnelInsideIpv6Cidr: `fd00::${random.below(4) * 4}/126` },
    { PreSharedKey: random.pick(['abcdefgh', '0bcdefgh', 'x'.repeat(64)]) },
    { Phase1LifetimeSeconds: 3600, Phase2LifetimeSeconds: random.pick([900, 3600]) },
    { Phase2DHGroupNumbers: [{ Value: random.pick([2, 5, 14, 99]) }] },
    { IKEVersions: [{ Value: 'ikev2' }], StartupAction: 'start' },
    { EnableTunnelLifecycleControl: random.chance(0.5) },
  ]);
}

function connectionOptions(pool: Pool): Input {
  const { random } = pool;
  return {
    StaticRoutesOnly: random.chance(0.7),
    ...(random.chance(0.3) && { TunnelOptions: [tunnel(pool), tunnel(pool)] }),
    ...(random.chance(0.15) && { TunnelInsideIpVersion: 'ipv6' }),
    ...(random.chance(0.1) && { OutsideIpAddressType: 'Ipv6' }),
    ...(random.chance(0.1) && { TunnelBandwidth: 'large' }),
    ...(random.chance(0.1) && { LocalIpv4NetworkCidr: drawBlock(pool, 4) }),
  };
}

const customerGateway = (pool: Pool): Input => ({ CustomerGatewayId: drawId(pool, 'cgw') });
const vpnGateway = (pool: Pool): Input => ({ VpnGatewayId: drawId(pool, 'vgw') });
const attachment = (pool: Pool): Input => ({ ...vpnGateway(pool), VpcId: drawId(pool, 'vpc') });
const propagation = (pool: Pool): Input => ({
  RouteTableId: drawId(pool, 'rtb'),
  GatewayId: drawId(pool, 'vgw'),
});

export const VPN_RECIPES: Readonly<Record<string, (pool: Pool) => Input>> = {
  CreateCustomerGateway: ({ random }) => ({
    Type: 'ipsec.1',
    IpAddress: random.pick(['203.0.113.1', '203.0.113.2', '2001:db8::1']),
    ...(random.chance(0.5) && { BgpAsn: random.pick([1, 64_512, 65_010]) }),
    ...(random.chance(0.2) && { CertificateArn: 'arn:aws:acm:us-east-1:1:certificate/x' }),
    ...(random.chance(0.3) && { DeviceName: `device-${random.below(4)}` }),
  }),
  DeleteCustomerGateway: customerGateway,
  CreateVpnGateway: ({ random }) => ({
    Type: 'ipsec.1',
    ...(random.chance(0.3) && { AmazonSideAsn: random.pick([64_512, 65_000, 65_010, 1]) }),
  }),
  DeleteVpnGateway: vpnGateway,
  AttachVpnGateway: attachment,
  DetachVpnGateway: attachment,
  EnableVgwRoutePropagation: propagation,
  DisableVgwRoutePropagation: propagation,
  CreateVpnConnection: (pool) => ({
    Type: 'ipsec.1',
    ...customerGateway(pool),
    ...gateway(pool),
    Options: connectionOptions(pool),
  }),
  DeleteVpnConnection: knownConnection,
  CreateVpnConnectionRoute: (pool) => ({
    ...knownConnection(pool),
    DestinationCidrBlock: drawBlock(pool, 4),
  }),
  DeleteVpnConnectionRoute: knownRoute,
  ModifyVpnConnection: (pool) => ({
    ...knownConnection(pool),
    ...(pool.random.chance(0.3) ? customerGateway(pool) : gateway(pool)),
  }),
  ModifyVpnConnectionOptions: (pool) => ({
    ...knownConnection(pool),
    RemoteIpv4NetworkCidr: drawBlock(pool, 4),
  }),
  ModifyVpnTunnelOptions: (pool) => ({
    ...knownTunnel(pool),
    TunnelOptions: tunnel(pool),
    ...(pool.random.chance(0.2) && { SkipTunnelReplacement: true }),
  }),
  ModifyVpnTunnelCertificate: knownTunnel,
  ReplaceVpnTunnel: knownTunnel,
  GetVpnTunnelReplacementStatus: knownTunnel,
  GetActiveVpnTunnelStatus: knownTunnel,
};
