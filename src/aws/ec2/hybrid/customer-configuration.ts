/**
 * What a customer's device is told of a connection, as the XML text inside the answers (H-027 to
 * H-030). It shows the least algorithms that AWS takes, not those that were chosen.
 */
import { amazonSideAsn } from '../../../control/hybrid/connection-gateway.ts';
import { GATEWAY_TYPE } from '../../../model/hybrid/gateway-type.ts';
import { effectiveOptions } from '../../../model/hybrid/tunnel-options.ts';
import {
  insideAddresses,
  type VpnConnection,
  type VpnTunnel,
} from '../../../model/hybrid/vpn-connection.ts';
import type { ModelReader } from '../../../model/model.ts';
import { formatIp, type Ip } from '../../../net/ip.ts';
import { escapeXml } from '../../protocol/xml-text.ts';

/** An element: with text, or with elements inside. */
type Node = readonly [name: string, content: string | readonly Node[]];

export function customerConfiguration(reader: ModelReader, connection: VpnConnection): string {
  const { id, customerGatewayId, gateway, staticRoutesOnly, tunnels } = connection;
  const attributes: Node[] = staticRoutesOnly
    ? [['vpn_connection_attributes', 'NoBGPVPNConnection']]
    : [];
  const content: Node[] = [
    ['customer_gateway_id', customerGatewayId],
    // H-028: present but empty for a transit gateway.
    ['vpn_gateway_id', gateway?.kind === 'vpn-gateway' ? gateway.id : ''],
    ['vpn_connection_type', GATEWAY_TYPE],
    ...attributes,
    ...tunnels.map((tunnel): Node => ['ipsec_tunnel', tunnelNodes(reader, connection, tunnel)]),
  ];
  const lines = content.flatMap((node) => linesOf(node, '  '));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<vpn_connection id="${escapeXml(id)}">`,
    ...lines,
    '</vpn_connection>',
  ].join('\n');
}

function linesOf([name, content]: Node, indent: string): string[] {
  if (typeof content === 'string') return [`${indent}<${name}>${escapeXml(content)}</${name}>`];
  const inner = content.flatMap((node) => linesOf(node, `${indent}  `));
  return [`${indent}<${name}>`, ...inner, `${indent}</${name}>`];
}

function tunnelNodes(reader: ModelReader, connection: VpnConnection, tunnel: VpnTunnel): Node[] {
  const { customerGatewayId, gateway, staticRoutesOnly } = connection;
  const device = reader.get('customer-gateway', customerGatewayId);
  const inside = insideAddresses(tunnel.insideCidr);
  const end = (outside: Ip | undefined, own: Ip, asn: number | undefined): Node[] => [
    ['tunnel_outside_address', [['ip_address', outside === undefined ? '' : formatIp(outside)]]],
    [
      'tunnel_inside_address',
      [
        ['ip_address', formatIp(own)],
        ['network_mask', '255.255.255.252'],
        ['network_cidr', String(tunnel.insideCidr.length)],
      ],
    ],
    ...(staticRoutesOnly ? [] : [bgpNode(asn)]),
  ];
  const asn = gateway && amazonSideAsn(reader, gateway);
  return [
    ['customer_gateway', end(device?.ipAddress, inside.customer, device?.bgpAsn)],
    ['vpn_gateway', end(tunnel.outsideAddress, inside.aws, asn)],
    ['ike', ikeNodes(connection, tunnel)],
    ['ipsec', ipsecNodes(tunnel)],
  ];
}

function bgpNode(asn: number | undefined): Node {
  return [
    'bgp',
    [
      ['asn', asn === undefined ? '' : String(asn)],
      ['hold_time', '30'],
    ],
  ];
}

function ikeNodes(
  { preSharedKeyArn }: VpnConnection,
  { options, preSharedKey }: VpnTunnel,
): Node[] {
  const isShown = preSharedKey !== undefined && preSharedKeyArn === undefined;
  return [
    ['authentication_protocol', 'sha1'],
    ['encryption_protocol', 'aes-128-cbc'],
    ['lifetime', String(effectiveOptions(options).phase1LifetimeSeconds)],
    ['perfect_forward_secrecy', 'group2'],
    ['mode', 'main'],
    ...(isShown ? ([['pre_shared_key', preSharedKey]] as const) : []),
  ];
}

function ipsecNodes({ options }: VpnTunnel): Node[] {
  return [
    ['protocol', 'esp'],
    ['authentication_protocol', 'hmac-sha1-96'],
    ['encryption_protocol', 'aes-128-cbc'],
    ['lifetime', String(effectiveOptions(options).phase2LifetimeSeconds)],
    ['perfect_forward_secrecy', 'group2'],
    ['mode', 'tunnel'],
    ['clear_df_bit', 'true'],
    ['fragmentation_before_encryption', 'true'],
    ['tcp_mss_adjustment', '1379'],
    [
      'dead_peer_detection',
      [
        ['interval', '10'],
        ['retries', '3'],
      ],
    ],
  ];
}
