/** What must hold of Direct Connect's records, written from AWS's rules. */
import type { ModelReader } from '../../src/model/model.ts';
import type { Kind, Records } from '../../src/model/schema.ts';
import { overlaps } from '../../src/net/cidr.ts';

type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => readonly (string | false)[];
};

type Interface = Records['direct-connect-virtual-interface'];
type Association = Records['direct-connect-gateway-association'];

const OVER = ['deleted', 'rejected'];
const isThere = ({ state }: { readonly state: string }) => !OVER.includes(state);

export const DIRECT_CONNECT_RULES: Rules = {
  'direct-connect-lag': (reader, { id, location, bandwidth, minimumLinks }) => {
    const members = reader.by('direct-connect-connection', 'lag', id);
    return [
      members.length > (bandwidth.length > '10Gbps'.length ? 2 : 4) && 'has too many connections',
      members.length > 0 && members.length < minimumLinks && 'has too few connections',
      members.some((one) => one.location !== location) && 'has connections at two places',
      members.some((one) => one.bandwidth !== bandwidth) && 'has connections of two speeds',
    ];
  },
  'direct-connect-gateway': (reader, { id, state }) => {
    const ends = interfacesAt(reader, id);
    const kinds = associationsOf(reader, id).map(({ gateway }) => gateway.kind);
    const isPrivate = ends.some(({ type }) => type === 'private') || kinds.includes('vpn-gateway');
    const isTransit =
      ends.some(({ type }) => type === 'transit') || kinds.includes('transit-gateway');
    const joined = reader
      .by('transit-gateway-attachment', 'directConnectGateway', id)
      .filter((one) => one.state === 'pending' || one.state === 'available');
    const lonely = joined.some(
      (one) => reader.count('direct-connect-gateway-association', 'attachment', one.id) !== 1,
    );
    return [
      lonely && 'has an attachment of no association',
      isPrivate && isTransit && 'is of both kinds',
      state === 'deleting' && (isPrivate || isTransit) && 'is deleted while it is in use',
    ];
  },
  'direct-connect-virtual-interface': (reader, record) =>
    isThere(record) ? interfaceFaults(reader, record) : [],
  'direct-connect-gateway-association': associationFaults,
};

function interfacesAt(reader: ModelReader, gatewayId: string): readonly Interface[] {
  return reader.by('direct-connect-virtual-interface', 'gateway', gatewayId).filter(isThere);
}

function associationsOf(reader: ModelReader, id: string): readonly Association[] {
  return reader.by('direct-connect-gateway-association', 'directConnectGateway', id);
}

function interfaceFaults(reader: ModelReader, record: Interface): readonly (string | false)[] {
  const { id, connectionId, vlan, state, gateway, type, bgpPeers } = record;
  const onCarrier = reader
    .by('direct-connect-virtual-interface', 'connection', connectionId)
    .filter(isThere);
  const running = reader
    .by('direct-connect-failover-test', 'virtualInterface', id)
    .filter(({ status }) => status === 'in_progress');
  const end = gateway === undefined ? undefined : reader.get(gateway.kind, gateway.id);
  const live = bgpPeers.filter((peer) => peer.state !== 'deleted');
  return [
    onCarrier.filter((one) => one.vlan === vlan).length > 1 && 'has a VLAN of another',
    state === 'confirming' && gateway !== undefined && 'has a gateway before it is confirmed',
    type === 'transit' && gateway?.kind === 'vpn-gateway' && 'is at a gateway of another kind',
    end !== undefined && end.account !== record.account && 'is at another account’s gateway',
    running.length !== (state === 'testing' ? 1 : 0) && 'is testing without a test, or the reverse',
    new Set(live.map(({ family }) => family)).size < live.length && 'has two peers of one family',
    live.length === 0 && 'has no peer',
  ];
}

function associationFaults(reader: ModelReader, record: Association): readonly (string | false)[] {
  const { directConnectGatewayId, gateway, attachmentId, state } = record;
  const others = associationsOf(reader, directConnectGatewayId).filter((one) => one !== record);
  const same = reader.by('direct-connect-gateway-association', 'gateway', gateway.id);
  const attachment = reader.get('transit-gateway-attachment', attachmentId ?? '');
  const clash = others.some((other) =>
    other.allowedPrefixes.some((theirs) =>
      record.allowedPrefixes.some((prefix) => overlaps(prefix, theirs)),
    ),
  );
  const isTransit = gateway.kind === 'transit-gateway';
  const isHeld = attachment?.state === 'pending' || attachment?.state === 'available';
  const asns = [
    reader.get('direct-connect-gateway', directConnectGatewayId)?.amazonSideAsn,
    reader.get('transit-gateway', gateway.id)?.options.amazonSideAsn,
  ];
  return [
    !isTransit && same.length > 1 && 'has a virtual private gateway that is in another',
    isTransit && clash && 'announces prefixes of another',
    isTransit && asns[0] === asns[1] && 'joins two gateways of one ASN',
    isTransit && isHeld !== (state !== 'disassociating') && 'and its attachment have parted',
    (record.nextPrefixes !== undefined) !== (state === 'updating') &&
      state !== 'disassociating' &&
      'is updating without other prefixes, or the reverse',
  ];
}
