/** What must hold between the records of multicast domains. */
import type { ModelReader } from '../../model/model.ts';
import type { Kind, Records } from '../../model/schema.ts';
import { isOnGateway } from '../../model/transit-gateway/attachment.ts';
import {
  isEndedAssociation,
  type MulticastAssociation,
  multicastAssociationId,
} from '../../model/transit-gateway/multicast-domain.ts';
import { igmpHostId, multicastGroupEntryId } from '../../model/transit-gateway/multicast-group.ts';

type Reference = readonly [kind: Kind, id: string | undefined];

type References = { readonly [K in Kind]?: (record: Records[K]) => readonly Reference[] };

export const MULTICAST_REFERENCES: References = {
  'transit-gateway-multicast-domain': ({ state, transitGatewayId }) =>
    state === 'deleted' ? [] : [['transit-gateway', transitGatewayId]],
  'transit-gateway-multicast-domain-association': (record) => [
    ['transit-gateway-multicast-domain', record.domainId],
    ...(isEndedAssociation(record) ? [] : livePlace(record)),
  ],
  'transit-gateway-multicast-group-entry': inDomain,
  'transit-gateway-igmp-host': inDomain,
};

function livePlace({ attachmentId, vpcId, subnetId }: MulticastAssociation): Reference[] {
  return [
    ['transit-gateway-attachment', attachmentId],
    ['vpc', vpcId],
    ['subnet', subnetId],
  ];
}

interface InDomain {
  readonly domainId: string;
  readonly networkInterfaceId: string;
}

function inDomain({ domainId, networkInterfaceId }: InDomain): readonly Reference[] {
  return [
    ['transit-gateway-multicast-domain', domainId],
    ['network-interface', networkInterfaceId],
  ];
}

type DerivedIds = { readonly [K in Kind]?: (record: Records[K]) => string };

export const MULTICAST_IDS: DerivedIds = {
  'transit-gateway-multicast-domain-association': ({ domainId, subnetId }) =>
    multicastAssociationId(domainId, subnetId),
  'transit-gateway-multicast-group-entry': multicastGroupEntryId,
  'transit-gateway-igmp-host': ({ domainId, networkInterfaceId }) =>
    igmpHostId(domainId, networkInterfaceId),
};

type Rules = {
  readonly [K in Kind]?: (reader: ModelReader, record: Records[K]) => string | undefined;
};

export const MULTICAST_RULES: Rules = {
  'transit-gateway-multicast-domain-association': (reader, record) =>
    isEndedAssociation(record) ? undefined : associationFault(reader, record),
  'transit-gateway-multicast-group-entry': (reader, record) => {
    const domain = reader.get('transit-gateway-multicast-domain', record.domainId)!;
    if (domain.transitGatewayId !== record.transitGatewayId) return OTHER_GATEWAY;
    if (record.origin === 'igmp' && typeof record.group !== 'number') return 'IGMP is of IPv4';
    return placeFault(reader, record);
  },
  'transit-gateway-igmp-host': placeFault,
};

const OTHER_GATEWAY = 'its domain is of another transit gateway';

/** C-116 */
function associationFault(reader: ModelReader, record: MulticastAssociation): string | undefined {
  const { domainId, attachmentId, vpcId, subnetId } = record;
  const domain = reader.get('transit-gateway-multicast-domain', domainId)!;
  const attachment = reader.get('transit-gateway-attachment', attachmentId)!;
  if (attachment.resourceType !== 'vpc' || attachment.vpcId !== vpcId) {
    return 'its attachment is not that of its VPC';
  }
  if (!isOnGateway(attachment, domain.transitGatewayId)) return OTHER_GATEWAY;
  if (reader.get('subnet', subnetId)!.vpcId !== vpcId) return 'its subnet is in another VPC';
  return reader.count('transit-gateway-multicast-domain-association', 'subnet', subnetId) > 1
    ? 'its subnet is in another domain'
    : undefined;
}

/** An interface takes part where its subnet does. */
function placeFault(
  reader: ModelReader,
  { domainId, networkInterfaceId }: InDomain,
): string | undefined {
  const { subnetId } = reader.get('network-interface', networkInterfaceId)!;
  const id = multicastAssociationId(domainId, subnetId);
  return reader.get('transit-gateway-multicast-domain-association', id) === undefined
    ? 'the subnet of its interface is not in its domain'
    : undefined;
}
