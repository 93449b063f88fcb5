/** How a network interface is shown, and filtered by. */
import type * as Sdk from '@aws-sdk/client-ec2';
import { givesDnsNames, privateHostname, publicIpName } from '../../model/vpc/dns-names.ts';
import {
  type ConnectionTracking,
  type NetworkInterface,
  type NetworkInterfaceAttachment,
  type PrivateAddress,
  primaryAddress,
} from '../../model/vpc/network-interface.ts';
import { formatCidr } from '../../net/cidr.ts';
import { formatIpv4, type Ipv4 } from '../../net/ipv4.ts';
import { formatIpv6 } from '../../net/ipv6.ts';
import { formatMac } from '../../net/mac.ts';
import type { FiltersOf } from './describe.ts';
import { tagList } from './render.ts';
import { NOTHING, type View } from './view.ts';

export function networkInterfaceView(view: View, eni: NetworkInterface): Sdk.NetworkInterface {
  const subnet = view.reader.get('subnet', eni.subnetId);
  const primary = primaryAddress(eni);
  return {
    NetworkInterfaceId: eni.id,
    VpcId: eni.vpcId,
    SubnetId: eni.subnetId,
    AvailabilityZone: subnet && view.zoneName(subnet.zoneId),
    AvailabilityZoneId: subnet?.zoneId,
    OwnerId: eni.account,
    Description: eni.description,
    InterfaceType: eni.interfaceType as Sdk.NetworkInterfaceType,
    RequesterManaged: eni.requesterManaged,
    Operator: { Managed: false },
    // AWS answers a create with `pending`, which its own list of values lacks.
    Status: eni.status as Sdk.NetworkInterfaceStatus,
    SourceDestCheck: eni.sourceDestCheck,
    MacAddress: formatMac(eni.mac),
    Groups: groupList(view, eni.groupIds),
    PrivateIpAddress: primary && formatIpv4(primary.address),
    PrivateDnsName: primary && privateNameOf(view, eni, primary),
    PublicDnsName: primary && publicNameOf(view, eni, primary),
    Association: primary && interfaceAssociationView(view, eni, primary),
    PrivateIpAddresses: eni.addresses.map((own) => ({
      PrivateIpAddress: formatIpv4(own.address),
      Primary: own.primary,
      PrivateDnsName: privateNameOf(view, eni, own),
      Association: interfaceAssociationView(view, eni, own),
    })),
    Ipv6Address: eni.ipv6Addresses[0] && formatIpv6(eni.ipv6Addresses[0]),
    Ipv6Addresses: ipv6List(eni),
    ...prefixLists(eni),
    Ipv6Native: subnet !== undefined && subnet.cidr === undefined,
    ConnectionTrackingConfiguration: connectionTrackingView(eni),
    Attachment: eni.attachment && attachmentView(eni, eni.attachment),
    TagSet: tagList(view.tags(eni.id)),
  };
}

/** Groups by id and name. */
export function groupList(view: View, ids: readonly string[]): Sdk.GroupIdentifier[] {
  return ids.map((GroupId) => ({ GroupId, GroupName: groupName(view, GroupId) }));
}

function groupName({ reader }: View, id: string): string | undefined {
  return reader.get('security-group', id)?.groupName;
}

export function ipv6List({ ipv6Addresses }: NetworkInterface) {
  return ipv6Addresses.map((address) => ({
    Ipv6Address: formatIpv6(address),
    IsPrimaryIpv6: false,
  }));
}

/** The delegated blocks; members that are empty are not shown. */
export function prefixLists({ ipv4Prefixes, ipv6Prefixes }: NetworkInterface) {
  return {
    ...(ipv4Prefixes.length > 0 && {
      Ipv4Prefixes: ipv4Prefixes.map((block) => ({ Ipv4Prefix: formatCidr(block) })),
    }),
    ...(ipv6Prefixes.length > 0 && {
      Ipv6Prefixes: ipv6Prefixes.map((block) => ({ Ipv6Prefix: formatCidr(block) })),
    }),
  };
}

export function attachmentView(
  { account }: NetworkInterface,
  attachment: NetworkInterfaceAttachment,
): Sdk.NetworkInterfaceAttachment {
  return {
    AttachmentId: attachment.id,
    InstanceId: attachment.instanceId,
    InstanceOwnerId: account,
    DeviceIndex: attachment.deviceIndex,
    NetworkCardIndex: 0,
    DeleteOnTermination: attachment.deleteOnTermination,
    Status: attachment.status,
    AttachTime: new Date(attachment.attachTime),
  };
}

/** only what has been set. */
export function connectionTrackingView({
  connectionTracking,
}: {
  readonly connectionTracking: ConnectionTracking;
}): Sdk.ConnectionTrackingConfiguration | undefined {
  const { tcpEstablishedTimeout, udpTimeout, udpStreamTimeout } = connectionTracking;
  if (Object.keys(connectionTracking).length === 0) return undefined;
  return {
    TcpEstablishedTimeout: tcpEstablishedTimeout,
    UdpTimeout: udpTimeout,
    UdpStreamTimeout: udpStreamTimeout,
  };
}

/** The public address mapped to a private one: Amazon's, or elastic. */
export function associationView(
  view: View,
  eni: NetworkInterface,
  own: PrivateAddress,
): { IpOwnerId: string; PublicDnsName: string; PublicIp: string } | undefined {
  if (own.publicAddress === undefined) return undefined;
  return {
    IpOwnerId: ipOwner(eni, own)!,
    PublicDnsName: publicNameOf(view, eni, own) ?? '',
    PublicIp: formatIpv4(own.publicAddress),
  };
}

/** Whose the mapped public address is. */
function ipOwner({ account }: NetworkInterface, own: PrivateAddress): string | undefined {
  if (own.publicAddress === undefined) return undefined;
  return own.elastic === undefined ? 'amazon' : account;
}

/** The same with the ids of an elastic address. */
function interfaceAssociationView(
  view: View,
  eni: NetworkInterface,
  own: PrivateAddress,
): Sdk.NetworkInterfaceAssociation | undefined {
  const association = associationView(view, eni, own);
  if (association === undefined || own.elastic === undefined) return association;
  const { allocationId, associationId } = own.elastic;
  return { ...association, AllocationId: allocationId, AssociationId: associationId };
}

/** undefined where the VPC gives no names or the address is not mapped. */
export function publicNameOf(
  { reader }: View,
  { vpcId, region }: Pick<NetworkInterface, 'vpcId' | 'region'>,
  { publicAddress }: { readonly publicAddress?: Ipv4 },
): string | undefined {
  const vpc = reader.get('vpc', vpcId);
  if (publicAddress === undefined || vpc === undefined || !givesDnsNames(vpc)) return undefined;
  return publicIpName(publicAddress, region);
}

/** the primary address of a primary interface bears its instance's own name. */
export function privateNameOf(
  { reader }: View,
  { vpcId, region, id, attachment }: NetworkInterface,
  { address, primary }: PrivateAddress,
): string | undefined {
  const vpc = reader.get('vpc', vpcId);
  if (vpc === undefined || !givesDnsNames(vpc)) return undefined;
  const owner =
    primary && attachment?.deviceIndex === 0
      ? reader.get('instance', attachment.instanceId)
      : undefined;
  return privateHostname(owner ?? { id, region, hostnameType: 'ip-name' }, address);
}

const publicAddresses = ({ addresses }: NetworkInterface) =>
  addresses.flatMap(({ publicAddress }) =>
    publicAddress === undefined ? [] : [formatIpv4(publicAddress)],
  );

/** The parts of a filter that DescribeInstances has too, as `network-interface.…`. */
export function sharedInterfaceFilters(view: View): FiltersOf<NetworkInterface> {
  const { reader, zoneName } = view;
  const primary = (eni: NetworkInterface) => primaryAddress(eni);
  return {
    'addresses.association.public-ip': publicAddresses,
    'addresses.primary': ({ addresses }) => addresses.map((own) => own.primary),
    'addresses.private-ip-address': privateAddresses,
    'association.allocation-id': (eni) => primary(eni)?.elastic?.allocationId,
    'association.association-id': (eni) => primary(eni)?.elastic?.associationId,
    'association.ip-owner-id': (eni) => {
      const own = primary(eni);
      return own && ipOwner(eni, own);
    },
    'association.public-dns-name': (eni) => publicNameOf(view, eni, primary(eni) ?? {}),
    'association.public-ip': (eni) => formatted(primary(eni)?.publicAddress),
    'attachment.attach-time': ({ attachment }) =>
      attachment && new Date(attachment.attachTime).toISOString(),
    'attachment.attachment-id': ({ attachment }) => attachment?.id,
    'attachment.delete-on-termination': ({ attachment }) => attachment?.deleteOnTermination,
    'attachment.device-index': ({ attachment }) => attachment?.deviceIndex,
    'attachment.instance-id': ({ attachment }) => attachment?.instanceId,
    'attachment.instance-owner-id': ({ attachment, account }) => attachment && account,
    'attachment.status': ({ attachment }) => attachment?.status,
    'availability-zone': ({ subnetId }) => {
      const subnet = reader.get('subnet', subnetId);
      return subnet && zoneName(subnet.zoneId);
    },
    description: ({ description }) => description,
    'group-id': ({ groupIds }) => groupIds,
    'ipv6-addresses.ipv6-address': ({ ipv6Addresses }) => ipv6Addresses.map(formatIpv6),
    'mac-address': ({ mac }) => formatMac(mac),
    'network-interface-id': ({ id }) => id,
    'operator.managed': () => false,
    'operator.principal': NOTHING,
    'owner-id': ({ account }) => account,
    'private-dns-name': (eni) =>
      eni.addresses
        .map((own) => privateNameOf(view, eni, own))
        .filter((name) => name !== undefined),
    'private-ip-address': privateAddresses,
    'requester-id': NOTHING,
    'requester-managed': ({ requesterManaged }) => requesterManaged,
    'source-dest-check': ({ sourceDestCheck }) => sourceDestCheck,
    status: ({ status }) => status,
    'subnet-id': ({ subnetId }) => subnetId,
    'vpc-id': ({ vpcId }) => vpcId,
  };
}

/** The filters of DescribeNetworkInterfaces. */
export function networkInterfaceFilters(view: View): FiltersOf<NetworkInterface> {
  return {
    ...sharedInterfaceFilters(view),
    'addresses.association.owner-id': (eni) => eni.addresses.map((own) => ipOwner(eni, own)),
    'availability-zone-id': ({ subnetId }) => view.reader.get('subnet', subnetId)?.zoneId,
    'interface-type': ({ interfaceType }) => interfaceType,
  };
}

function privateAddresses({ addresses }: NetworkInterface): string[] {
  return addresses.map(({ address }) => formatIpv4(address));
}

function formatted(address: Ipv4 | undefined): string | undefined {
  return address === undefined ? undefined : formatIpv4(address);
}
