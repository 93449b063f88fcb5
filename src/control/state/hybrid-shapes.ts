/** Shapes of customer gateways, virtual private gateways and VPN connections. */
import { z } from 'zod';
import { customerGatewayMachine } from '../../model/hybrid/customer-gateway.ts';
import {
  DPD_TIMEOUT_ACTIONS,
  ENCRYPTION_ALGORITHMS,
  IKE_VERSIONS,
  INTEGRITY_ALGORITHMS,
  PHASE1_DH_GROUPS,
  PHASE2_DH_GROUPS,
  STARTUP_ACTIONS,
  TUNNEL_OPTION_RANGES,
} from '../../model/hybrid/tunnel-options.ts';
import {
  vpnConnectionMachine,
  vpnConnectionRouteMachine,
} from '../../model/hybrid/vpn-connection.ts';
import { vpnGatewayAttachmentMachine, vpnGatewayMachine } from '../../model/hybrid/vpn-gateway.ts';
import type { Records } from '../../model/schema.ts';
import { anyCidr, asn, cidr4, cidr6, ipValue, name, owned, text, time } from './values.ts';

export const customerGateway: z.ZodType<Records['customer-gateway']> = z.strictObject({
  ...owned,
  state: z.enum(customerGatewayMachine.states),
  bgpAsn: asn,
  ipAddress: ipValue.exactOptional(),
  certificateArn: text.exactOptional(),
  deviceName: text.exactOptional(),
});

export const vpnGateway: z.ZodType<Records['vpn-gateway']> = z.strictObject({
  ...owned,
  state: z.enum(vpnGatewayMachine.states),
  amazonSideAsn: asn,
  zoneId: name.exactOptional(),
  attachment: z
    .strictObject({ vpcId: name, state: z.enum(vpnGatewayAttachmentMachine.states) })
    .exactOptional(),
});

export const vgwRoutePropagation: z.ZodType<Records['vgw-route-propagation']> = z.strictObject({
  id: name,
  routeTableId: name,
  vpnGatewayId: name,
});

const inRange = (option: keyof typeof TUNNEL_OPTION_RANGES) => {
  const { from, to } = TUNNEL_OPTION_RANGES[option];
  return z.int().min(from).max(to).exactOptional();
};
const some = <const V extends string | number>(values: readonly V[]) =>
  z.array(z.literal(values)).min(1).exactOptional();

const tunnelOptions = z.strictObject({
  phase1LifetimeSeconds: inRange('phase1LifetimeSeconds'),
  phase2LifetimeSeconds: inRange('phase2LifetimeSeconds'),
  rekeyMarginTimeSeconds: inRange('rekeyMarginTimeSeconds'),
  rekeyFuzzPercentage: inRange('rekeyFuzzPercentage'),
  replayWindowSize: inRange('replayWindowSize'),
  dpdTimeoutSeconds: inRange('dpdTimeoutSeconds'),
  dpdTimeoutAction: z.enum(DPD_TIMEOUT_ACTIONS).exactOptional(),
  phase1EncryptionAlgorithms: some(ENCRYPTION_ALGORITHMS),
  phase2EncryptionAlgorithms: some(ENCRYPTION_ALGORITHMS),
  phase1IntegrityAlgorithms: some(INTEGRITY_ALGORITHMS),
  phase2IntegrityAlgorithms: some(INTEGRITY_ALGORITHMS),
  phase1DhGroupNumbers: some(PHASE1_DH_GROUPS),
  phase2DhGroupNumbers: some(PHASE2_DH_GROUPS),
  ikeVersions: some(IKE_VERSIONS),
  startupAction: z.enum(STARTUP_ACTIONS).exactOptional(),
});

const tunnel = z.strictObject({
  outsideAddress: ipValue,
  insideCidr: cidr4,
  insideIpv6Cidr: cidr6.exactOptional(),
  preSharedKey: text.exactOptional(),
  certificateArn: text.exactOptional(),
  options: tunnelOptions,
  lifecycleControl: z.boolean(),
  lastMaintenance: time.exactOptional(),
  status: z.strictObject({
    ipsec: z.boolean(),
    lastChange: time,
  }),
});

const family = z.literal([4, 6]);

export const vpnConnection: z.ZodType<Records['vpn-connection']> = z.strictObject({
  ...owned,
  state: z.enum(vpnConnectionMachine.states),
  customerGatewayId: name,
  gateway: z
    .strictObject({ kind: z.enum(['vpn-gateway', 'transit-gateway']), id: name })
    .exactOptional(),
  staticRoutesOnly: z.boolean(),
  enableAcceleration: z.boolean(),
  insideFamily: family,
  outsideFamily: family,
  localCidr: anyCidr,
  remoteCidr: anyCidr,
  tunnelBandwidth: z.enum(['standard', 'large']),
  preSharedKeyArn: text.exactOptional(),
  tunnels: z.tuple([tunnel, tunnel]),
});

export const vpnConnectionRoute: z.ZodType<Records['vpn-connection-route']> = z.strictObject({
  id: name,
  vpnConnectionId: name,
  destination: cidr4,
  state: z.enum(vpnConnectionRouteMachine.states),
});

export const site: z.ZodType<Records['site']> = z.strictObject({
  ...owned,
  uplink: z.strictObject({
    kind: z.enum(['customer-gateway', 'virtual-interface', 'transit-gateway-connect-peer']),
    id: name,
  }),
  asn,
  prefixes: z.array(anyCidr),
  hosts: z.array(ipValue),
  bgp: z.strictObject({ address: ipValue, port: z.int().min(1).max(65_535) }).exactOptional(),
  tap: name.exactOptional(),
  neighborAsns: z.record(name, asn),
  links: z.record(name, z.enum(['up', 'down', 'unreachable'])),
});
