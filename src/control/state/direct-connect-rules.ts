/** What must hold between the records of Direct Connect. */
import { type Carrier, carrierKind, carrierOf } from '../../model/direct-connect/carrier.ts';
import { isLiveConnection } from '../../model/direct-connect/connection.ts';
import { DIRECT_CONNECT_GATEWAY_REGION } from '../../model/direct-connect/gateway.ts';
import {
  associationsOf,
  type DirectConnectGatewayAssociation,
} from '../../model/direct-connect/gateway-association.ts';
import {
  interfacesOn,
  isLiveInterface,
  type VirtualInterface,
} from '../../model/direct-connect/virtual-interface.ts';
import type { ModelReader } from '../../model/model.ts';
import type { Owned } from '../../model/resource.ts';
import type { Kind, Records } from '../../model/schema.ts';
import { cidr, cidrEquals, cidrFamily } from '../../net/cidr.ts';
import { ipEquals } from '../../net/ip.ts';

type Reference = readonly [kind: Kind, id: string | undefined];
type References = { readonly [K in Kind]?: (record: Records[K]) => readonly Reference[] };

/** Proposals and tests tell of what was asked for: they stand by themselves. */
export const DIRECT_CONNECT_REFERENCES: References = {
  'direct-connect-connection': (connection) => {
    if (!isLiveConnection(connection)) return [];
    const { lagId, hosted } = connection;
    const parent: readonly Reference[] =
      hosted === undefined ? [] : [[carrierKind(hosted.parentId), hosted.parentId]];
    return [['direct-connect-lag', lagId], ...parent];
  },
  'direct-connect-virtual-interface': (virtualInterface) => {
    if (!isLiveInterface(virtualInterface)) return [];
    const { connectionId, gateway } = virtualInterface;
    const end: readonly Reference[] = gateway === undefined ? [] : [[gateway.kind, gateway.id]];
    return [[carrierKind(connectionId), connectionId], ...end];
  },
  'direct-connect-gateway-association': ({ directConnectGatewayId, gateway, attachmentId }) => [
    ['direct-connect-gateway', directConnectGatewayId],
    [gateway.kind, gateway.id],
    ['transit-gateway-attachment', attachmentId],
  ],
};

type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => string | undefined;
};

export const DIRECT_CONNECT_RULES: Rules = {
  'direct-connect-gateway': (_reader, { region }) =>
    region === DIRECT_CONNECT_GATEWAY_REGION ? undefined : 'it is kept in another Region',
  'direct-connect-connection': (reader, connection) => {
    if (!isLiveConnection(connection) || connection.hosted === undefined) return undefined;
    const parent = carrierOf(reader, connection.hosted.parentId);
    return parent?.region === connection.region ? undefined : 'its parent is in another Region';
  },
  'direct-connect-virtual-interface': interfaceFault,
  'direct-connect-gateway-association': associationFault,
};

function interfaceFault(reader: ModelReader, record: VirtualInterface): string | undefined {
  if (!isLiveInterface(record)) return undefined;
  const { id, connectionId, region, type, gateway, vlan, state } = record;
  const carrier: Carrier | undefined = carrierOf(reader, connectionId);
  if (carrier?.region !== region) return 'its connection is in another Region';
  if (type === 'transit' && gateway?.kind === 'vpn-gateway')
    return 'its gateway is of another type';
  const isOpen = state === 'confirming' || state === 'deleting';
  if (gateway === undefined && !isOpen) return 'it has no gateway';
  const end = gateway === undefined ? undefined : (reader.get(gateway.kind, gateway.id) as Owned);
  if (end !== undefined && end.account !== record.account)
    return 'its gateway is another account’s';
  const others = interfacesOn(reader, connectionId).filter((other) => other.id !== id);
  if (others.some((other) => other.vlan === vlan)) return 'its VLAN belongs to another';
  return peerFault(record);
}

/** H-063, H-064 */
function peerFault({ bgpPeers }: VirtualInterface): string | undefined {
  if (new Set(bgpPeers.map(({ family }) => family)).size < bgpPeers.length) {
    return 'two of its BGP peers are of one family';
  }
  const isRight = bgpPeers.every(({ family, amazonAddress, customerAddress }) => {
    const blocks = [amazonAddress, customerAddress].map((one) => cidr(one.address, one.length));
    return (
      cidrFamily(amazonAddress) === family &&
      cidrEquals(blocks[0]!, blocks[1]!) &&
      !ipEquals(amazonAddress.address, customerAddress.address)
    );
  });
  return isRight ? undefined : 'the addresses of a BGP peer are not of one block';
}

function associationFault(
  reader: ModelReader,
  association: DirectConnectGatewayAssociation,
): string | undefined {
  const { id, account, region, directConnectGatewayId, gateway, attachmentId } = association;
  const owner = reader.get('direct-connect-gateway', directConnectGatewayId)?.account;
  if (owner !== account) return 'its Direct Connect gateway is another account’s';
  const associated = reader.get(gateway.kind, gateway.id) as Owned;
  if (associated.account !== gateway.account || associated.region !== region) {
    return 'its gateway is not whose it says';
  }
  const twin = associationsOf(reader, directConnectGatewayId).find(
    (other) => other.gateway.id === gateway.id && other.id !== id,
  );
  if (twin !== undefined) return 'its gateway is associated twice';
  if (gateway.kind === 'vpn-gateway') {
    return attachmentId === undefined ? undefined : 'it has an attachment';
  }
  const attachment = reader.get('transit-gateway-attachment', attachmentId ?? '');
  const isOwn =
    attachment?.resourceType === 'direct-connect-gateway' &&
    attachment.directConnectGatewayId === directConnectGatewayId &&
    attachment.transitGatewayId === gateway.id;
  return isOwn ? undefined : 'its attachment is of another';
}
