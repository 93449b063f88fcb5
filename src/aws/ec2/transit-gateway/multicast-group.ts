/** Members and sources of multicast groups: requests to commands, records to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  type DeregisterFromGroup,
  deregisterFromGroup,
  type RegisterInGroup,
  registerInGroup,
} from '../../../control/transit-gateway/multicast-group.ts';
import { findUsableDomain } from '../../../control/transit-gateway/visible-multicast.ts';
import type { ModelReader } from '../../../model/model.ts';
import { multicastAssociationId } from '../../../model/transit-gateway/multicast-domain.ts';
import type { MulticastGroupEntry } from '../../../model/transit-gateway/multicast-group.ts';
import { formatIp, type Ip, parseIp } from '../../../net/ip.ts';
import { describe, type FiltersOf } from '../describe.ts';
import type { Ec2HandlersOf } from '../handler.ts';
import { invalidValue, missingParameter, required } from '../parse.ts';
import { placeView } from './multicast-association.ts';

type Operation =
  | `${'Register' | 'Deregister'}TransitGatewayMulticastGroup${'Members' | 'Sources'}`
  | 'SearchTransitGatewayMulticastGroups';

export const multicastGroupHandlers = {
  async RegisterTransitGatewayMulticastGroupMembers({ input, caller, cloud, dryRun }) {
    const request = registration(input);
    const ids = await cloud.execute((tx) => registerInGroup(tx, caller, 'member', request), {
      dryRun,
    });
    return {
      RegisteredMulticastGroupMembers: {
        ...groupView(request),
        RegisteredNetworkInterfaceIds: ids,
      },
    };
  },

  async RegisterTransitGatewayMulticastGroupSources({ input, caller, cloud, dryRun }) {
    const request = registration(input);
    const ids = await cloud.execute((tx) => registerInGroup(tx, caller, 'source', request), {
      dryRun,
    });
    return {
      RegisteredMulticastGroupSources: {
        ...groupView(request),
        RegisteredNetworkInterfaceIds: ids,
      },
    };
  },

  async DeregisterTransitGatewayMulticastGroupMembers({ input, caller, cloud, dryRun }) {
    const request = deregistration(input);
    const ids = await cloud.execute((tx) => deregisterFromGroup(tx, caller, 'member', request), {
      dryRun,
    });
    return {
      DeregisteredMulticastGroupMembers: {
        ...groupView(request),
        DeregisteredNetworkInterfaceIds: ids,
      },
    };
  },

  async DeregisterTransitGatewayMulticastGroupSources({ input, caller, cloud, dryRun }) {
    const request = deregistration(input);
    const ids = await cloud.execute((tx) => deregisterFromGroup(tx, caller, 'source', request), {
      dryRun,
    });
    return {
      DeregisteredMulticastGroupSources: {
        ...groupView(request),
        DeregisteredNetworkInterfaceIds: ids,
      },
    };
  },

  SearchTransitGatewayMulticastGroups({ input, caller, cloud: { model } }) {
    const { id } = findUsableDomain(model, caller, input.TransitGatewayMulticastDomainId);
    const entries = model.by('transit-gateway-multicast-group-entry', 'domain', id);
    const { records, nextToken } = describe(input, {
      records: entries.map((entry): Found => ({ id: entry.id, ...viewOfEntry(model, entry) })),
      filters: FILTERS,
    });
    return {
      MulticastGroups: records.map(({ id: _, ...view }) => view),
      NextToken: nextToken,
    };
  },
} satisfies Ec2HandlersOf<Operation>;

interface GroupInput {
  readonly TransitGatewayMulticastDomainId?: string;
  readonly GroupIpAddress?: string;
  readonly NetworkInterfaceIds?: readonly string[];
}

function registration(input: GroupInput): RegisterInGroup {
  const group = required('GroupIpAddress', input.GroupIpAddress);
  return {
    domainId: required('TransitGatewayMulticastDomainId', input.TransitGatewayMulticastDomainId),
    group: parseGroup(group),
    networkInterfaceIds: input.NetworkInterfaceIds ?? [],
  };
}

/** Without a group, of every group; without interfaces, everybody of the group. */
function deregistration(input: GroupInput): DeregisterFromGroup {
  const { TransitGatewayMulticastDomainId, GroupIpAddress, NetworkInterfaceIds = [] } = input;
  const domainId = required('TransitGatewayMulticastDomainId', TransitGatewayMulticastDomainId);
  if (GroupIpAddress === undefined && NetworkInterfaceIds.length === 0) {
    throw missingParameter('NetworkInterfaceIds');
  }
  const group = GroupIpAddress === undefined ? undefined : parseGroup(GroupIpAddress);
  return { domainId, group, networkInterfaceIds: NetworkInterfaceIds };
}

function parseGroup(text: string): Ip {
  const group = parseIp(text);
  if (group === undefined) {
    throw invalidValue('groupIpAddress', text, 'This is not a valid IP address.');
  }
  return group;
}

function groupView({ domainId, group }: Pick<DeregisterFromGroup, 'domainId' | 'group'>) {
  return {
    TransitGatewayMulticastDomainId: domainId,
    GroupIpAddress: group === undefined ? undefined : formatIp(group),
  };
}

type Found = Sdk.TransitGatewayMulticastGroup & { readonly id: string };

/** A member and a source of one group are two entries, as AWS shows them. */
function viewOfEntry(
  reader: ModelReader,
  { domainId, group, networkInterfaceId, role, origin }: MulticastGroupEntry,
): Sdk.TransitGatewayMulticastGroup {
  const subnetId = reader.get('network-interface', networkInterfaceId)?.subnetId ?? '';
  const association = reader.get(
    'transit-gateway-multicast-domain-association',
    multicastAssociationId(domainId, subnetId),
  );
  const isMember = role === 'member';
  return {
    GroupIpAddress: formatIp(group),
    ...(association && placeView(reader, association)),
    SubnetId: subnetId,
    NetworkInterfaceId: networkInterfaceId,
    GroupMember: isMember,
    GroupSource: !isMember,
    ...(isMember ? { MemberType: origin } : { SourceType: origin }),
  };
}

/** C-126 */
const FILTERS: FiltersOf<Found> = {
  'group-ip-address': ({ GroupIpAddress }) => GroupIpAddress,
  'is-group-member': ({ GroupMember }) => GroupMember,
  'is-group-source': ({ GroupSource }) => GroupSource,
  'member-type': ({ MemberType }) => MemberType,
  'resource-id': ({ ResourceId }) => ResourceId,
  'resource-type': ({ ResourceType }) => ResourceType,
  'source-type': ({ SourceType }) => SourceType,
  'subnet-id': ({ SubnetId }) => SubnetId,
  'transit-gateway-attachment-id': ({ TransitGatewayAttachmentId }) => TransitGatewayAttachmentId,
};
