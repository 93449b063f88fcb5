/** VPN connections: requests to commands. */

import {
  modifyConnection,
  modifyConnectionOptions,
} from '../../../control/hybrid/modify-connection.ts';
import type { SelectorRequest } from '../../../control/hybrid/vpn-connection.ts';
import {
  type CreateVpnConnection,
  createVpnConnection,
  deleteVpnConnection,
} from '../../../control/hybrid/vpn-connection.ts';
import { awsError } from '../../../model/error.ts';
import { GATEWAY_TYPE } from '../../../model/hybrid/gateway-type.ts';
import type { VpnConnection } from '../../../model/hybrid/vpn-connection.ts';
import type { ModelReader } from '../../../model/model.ts';
import { formatCidr } from '../../../net/cidr.ts';
import type { Family } from '../../../net/ip.ts';
import type { FiltersOf } from '../describe.ts';
import { describeOwned } from '../describe-owned.ts';
import type { Ec2Call, Ec2HandlersOf } from '../handler.ts';
import {
  invalidValue,
  missingParameter,
  parseChoice,
  parseCidr4Parameter,
  parseCidr6Parameter,
  parseTagSpecifications,
  refuseUnsupported,
  required,
} from '../parse.ts';
import { viewIn, viewOf } from '../view.ts';
import { customerConfiguration } from './customer-configuration.ts';
import { parseTunnel } from './tunnel-request.ts';
import { vpnConnectionView } from './vpn-connection-view.ts';

const KIND = 'vpn-connection';
const TUNNELS_MAX = 2; // H-008

export const vpnConnectionHandlers = {
  async CreateVpnConnection({ input, caller, cloud, dryRun }) {
    const request = parseCreate(input);
    const view = await cloud.execute(
      (tx) => vpnConnectionView(viewIn(tx, caller), createVpnConnection(tx, caller, request)),
      { dryRun },
    );
    return { VpnConnection: view };
  },

  async DeleteVpnConnection({ input, caller, cloud, dryRun }) {
    const id = input.VpnConnectionId;
    await cloud.execute((tx) => deleteVpnConnection(tx, caller, id), { dryRun });
    return {};
  },

  DescribeVpnConnections({ input, caller, cloud }) {
    const { records } = describeOwned(input, cloud.model, caller, {
      kind: KIND,
      ids: input.VpnConnectionIds,
      filters: filters(cloud.model),
    });
    const view = viewOf(cloud, caller);
    return { VpnConnections: records.map((record) => vpnConnectionView(view, record)) };
  },

  async ModifyVpnConnection({ input, caller, cloud, dryRun }) {
    const request = parseModify(input);
    const id = input.VpnConnectionId;
    const view = await cloud.execute(
      (tx) => vpnConnectionView(viewIn(tx, caller), modifyConnection(tx, caller, id, request)),
      { dryRun },
    );
    return { VpnConnection: view };
  },

  async ModifyVpnConnectionOptions({ input, caller, cloud, dryRun }) {
    const { VpnConnectionId: id, TunnelBandwidth: tunnelBandwidth } = input;
    if (Object.keys(input).every((name) => name === 'VpnConnectionId' || name === 'DryRun')) {
      throw missingParameter('an option of the VPN connection');
    }
    const changesOf = ({ insideFamily }: VpnConnection) => ({
      ...parseSelectors(input, insideFamily),
      ...(tunnelBandwidth !== undefined && { tunnelBandwidth }),
    });
    const view = await cloud.execute(
      (tx) => {
        const connection = modifyConnectionOptions(tx, caller, id, changesOf);
        return vpnConnectionView(viewIn(tx, caller), connection);
      },
      { dryRun },
    );
    return { VpnConnection: view };
  },
} satisfies Ec2HandlersOf<
  | `${'Create' | 'Delete' | 'Modify'}VpnConnection`
  | 'DescribeVpnConnections'
  | 'ModifyVpnConnectionOptions'
>;

function parseCreate(input: Ec2Call<'CreateVpnConnection'>['input']): CreateVpnConnection {
  parseChoice('type', input.Type, [GATEWAY_TYPE]);
  refuseUnsupported(input, ['VpnConcentratorId']);
  const { VpnGatewayId, TransitGatewayId, Options = {}, PreSharedKeyStorage } = input;
  const insideFamily = Options.TunnelInsideIpVersion === 'ipv6' ? 6 : 4;
  const { TunnelOptions: tunnels = [] } = Options;
  if (tunnels.length > TUNNELS_MAX) {
    throw invalidValue('TunnelOptions', tunnels.length, `At most ${TUNNELS_MAX} may be given.`);
  }
  return {
    customerGatewayId: input.CustomerGatewayId,
    ...gatewayRequest(VpnGatewayId, TransitGatewayId),
    staticRoutesOnly: Options.StaticRoutesOnly ?? false,
    enableAcceleration: Options.EnableAcceleration ?? false,
    insideFamily,
    outsideFamily: parseOutside(Options),
    ...parseSelectors(Options, insideFamily),
    tunnelBandwidth: Options.TunnelBandwidth ?? 'standard',
    hidesKeys: hidesKeys(PreSharedKeyStorage) ?? false,
    tunnels: tunnels.map(parseTunnel),
    tags: parseTagSpecifications(input.TagSpecifications, KIND),
  };
}

function gatewayRequest(vpnGatewayId: string | undefined, transitGatewayId: string | undefined) {
  return {
    ...(vpnGatewayId !== undefined && { vpnGatewayId }),
    ...(transitGatewayId !== undefined && { transitGatewayId }),
  };
}

/** H-015: whether keys are named in place of being shown; undefined: not said. */
export function hidesKeys(storage: string | undefined): boolean | undefined {
  if (storage === undefined) return undefined;
  const choices = ['Standard', 'SecretsManager'] as const;
  return parseChoice('preSharedKeyStorage', storage, choices) === 'SecretsManager';
}

interface OutsideInput {
  readonly OutsideIpAddressType?: string | undefined;
  readonly TransportTransitGatewayAttachmentId?: string | undefined;
}

/** H-010, H-011: over Direct Connect needs an attachment that nobody can have made yet. */
function parseOutside(input: OutsideInput): Family {
  const { OutsideIpAddressType = 'PublicIpv4', TransportTransitGatewayAttachmentId: over } = input;
  const choices = ['PublicIpv4', 'PrivateIpv4', 'Ipv6'] as const;
  const type = parseChoice('OutsideIpAddressType', OutsideIpAddressType, choices);
  if (type === 'PrivateIpv4') required('TransportTransitGatewayAttachmentId', over);
  if (over !== undefined) refuseUnsupported(input, ['TransportTransitGatewayAttachmentId']);
  return type === 'Ipv6' ? 6 : 4;
}

interface SelectorInput {
  readonly LocalIpv4NetworkCidr?: string | undefined;
  readonly RemoteIpv4NetworkCidr?: string | undefined;
  readonly LocalIpv6NetworkCidr?: string | undefined;
  readonly RemoteIpv6NetworkCidr?: string | undefined;
}

/** H-014: only the pair of the inner family may be set. */
function parseSelectors(input: SelectorInput, family: Family): SelectorRequest {
  const own = family === 4 ? 'Ipv4' : 'Ipv6';
  const other = family === 4 ? 'Ipv6' : 'Ipv4';
  for (const name of [`Local${other}NetworkCidr`, `Remote${other}NetworkCidr`] as const) {
    if (input[name] === undefined) continue;
    const message = `The parameter ${name} cannot be used inside tunnels of ${own}.`;
    throw awsError('InvalidParameterCombination', message);
  }
  const parse = family === 4 ? parseCidr4Parameter : parseCidr6Parameter;
  const localName = `Local${own}NetworkCidr` as const;
  const remoteName = `Remote${own}NetworkCidr` as const;
  const [local, remote] = [input[localName], input[remoteName]];
  return {
    ...(local !== undefined && { localCidr: parse(localName, local) }),
    ...(remote !== undefined && { remoteCidr: parse(remoteName, remote) }),
  };
}

function parseModify(input: Ec2Call<'ModifyVpnConnection'>['input']) {
  const { CustomerGatewayId, VpnGatewayId, TransitGatewayId } = input;
  if ((CustomerGatewayId ?? VpnGatewayId ?? TransitGatewayId) === undefined) {
    throw missingParameter('customerGatewayId, vpnGatewayId or transitGatewayId');
  }
  return {
    ...(CustomerGatewayId !== undefined && { customerGatewayId: CustomerGatewayId }),
    ...gatewayRequest(VpnGatewayId, TransitGatewayId),
  };
}

/** The filters of DescribeVpnConnections, as its reference lists them. */
function filters(reader: ModelReader): FiltersOf<VpnConnection> {
  const gatewayId = (kind: 'vpn-gateway' | 'transit-gateway') => (connection: VpnConnection) =>
    connection.gateway?.kind === kind ? connection.gateway.id : undefined;
  return {
    'bgp-asn': ({ customerGatewayId }) => reader.get('customer-gateway', customerGatewayId)?.bgpAsn,
    'customer-gateway-configuration': (connection) => customerConfiguration(reader, connection),
    'customer-gateway-id': ({ customerGatewayId }) => customerGatewayId,
    'option.static-routes-only': ({ staticRoutesOnly }) => staticRoutesOnly,
    'route.destination-cidr-block': ({ id }) =>
      reader
        .by('vpn-connection-route', 'connection', id)
        .map(({ destination }) => formatCidr(destination)),
    state: ({ state }) => state,
    'transit-gateway-id': gatewayId('transit-gateway'),
    type: () => GATEWAY_TYPE,
    'vpn-connection-id': ({ id }) => id,
    'vpn-gateway-id': gatewayId('vpn-gateway'),
  };
}
