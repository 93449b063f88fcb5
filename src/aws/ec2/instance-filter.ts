/** The filters of DescribeInstances. */
import { INSTANCE_STATE_CODES, type Instance } from '../../model/vpc/instance.ts';
import { instanceType } from '../../model/vpc/instance-type.ts';
import { interfacesOf, type NetworkInterface } from '../../model/vpc/network-interface.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { formatIpv6 } from '../../net/ipv6.ts';
import type { FilterOf, FiltersOf } from './describe.ts';
import { instanceNetwork } from './instance-view.ts';
import { groupList, publicNameOf, sharedInterfaceFilters } from './network-interface-view.ts';
import { NOTHING, type View } from './view.ts';

/** Documented, and about what no instance here has. */
const ABSENT = [
  'affinity',
  'block-device-mapping.attach-time',
  'block-device-mapping.delete-on-termination',
  'block-device-mapping.device-name',
  'block-device-mapping.status',
  'block-device-mapping.volume-id',
  'boot-mode',
  'capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn',
  'current-instance-boot-mode',
  'host-id',
  'instance-lifecycle',
  'kernel-id',
  'network-interface.addresses.association.allocation-id',
  'network-interface.addresses.association.association-id',
  'network-interface.addresses.association.carrier-ip',
  'network-interface.addresses.association.customer-owned-ip',
  'network-interface.association.carrier-ip',
  'network-interface.association.customer-owned-ip',
  'network-interface.ipv4-prefixes.ipv4-prefix',
  'network-interface.ipv6-prefixes.ipv6-prefix',
  'network-interface.outpost-arn',
  'operator.principal',
  'outpost-arn',
  'placement-partition-number',
  'platform',
  'product-code',
  'product-code.type',
  'ramdisk-id',
  'requester-id',
  'spot-instance-request-id',
  'tpm-support',
] as const;

export function instanceFilters(view: View): FiltersOf<Instance> {
  return {
    ...Object.fromEntries(ABSENT.map((name) => [name, NOTHING])),
    ...ownFilters(view),
    ...networkFilters(view),
    ...optionFilters(),
    ...throughInterfaces(view),
  };
}

/** The instance and its launch. */
function ownFilters({ zoneName }: View): FiltersOf<Instance> {
  return {
    architecture: (instance) => instanceType(instance.instanceType)?.architecture,
    'availability-zone': ({ zoneId }) => zoneName(zoneId),
    'availability-zone-id': ({ zoneId }) => zoneId,
    'client-token': ({ clientToken }) => clientToken,
    'ebs-optimized': ({ ebsOptimized }) => ebsOptimized,
    'ena-support': (instance) => instanceType(instance.instanceType)?.hypervisor === 'nitro',
    hypervisor: () => 'xen',
    'iam-instance-profile.arn': ({ instanceProfile }) => instanceProfile?.arn,
    'iam-instance-profile.id': ({ instanceProfile }) => instanceProfile?.id,
    'image-id': ({ imageId }) => imageId,
    'instance-id': ({ id }) => id,
    'instance-state-code': ({ state }) => INSTANCE_STATE_CODES[state],
    'instance-state-name': ({ state }) => state,
    'instance-type': (instance) => instance.instanceType,
    'key-name': ({ keyName }) => keyName,
    'launch-index': ({ launchIndex }) => launchIndex,
    'launch-time': ({ launchTime }) => new Date(launchTime).toISOString(),
    'monitoring-state': ({ monitoring }) => (monitoring ? 'enabled' : 'disabled'),
    'operator.managed': () => false,
    'owner-id': ({ account }) => account,
    'placement-group-name': () => '',
    'platform-details': () => 'Linux/UNIX',
    reason: ({ stateTransitionReason }) => stateTransitionReason,
    'reservation-id': ({ reservationId }) => reservationId,
    'root-device-name': () => '/dev/xvda',
    'root-device-type': () => 'ebs',
    'state-reason-code': ({ stateReason }) => stateReason?.code,
    'state-reason-message': ({ stateReason }) => stateReason?.message,
    tenancy: ({ tenancy }) => tenancy,
    'usage-operation': () => 'RunInstances',
    'usage-operation-update-time': ({ launchTime }) => new Date(launchTime).toISOString(),
    'virtualization-type': () => 'hvm',
  };
}

/** Its primary interface's, as the instance shows them: a terminated one is nowhere. */
function networkFilters(view: View): FiltersOf<Instance> {
  const primary = (instance: Instance) => instanceNetwork(view, instance).primary;
  const groups = (instance: Instance) => groupList(view, primary(instance)?.groupIds ?? []);
  return {
    'dns-name': (instance) => instanceNetwork(view, instance).publicName,
    'instance.group-id': (instance) => primary(instance)?.groupIds,
    'instance.group-name': (instance) => groups(instance).map(({ GroupName }) => GroupName),
    'ip-address': (instance) => instanceNetwork(view, instance).publicIp,
    'ipv6-address': (instance) => primary(instance)?.ipv6Addresses.map(formatIpv6),
    'private-dns-name': (instance) => instanceNetwork(view, instance).privateName,
    'private-ip-address': (instance) => instanceNetwork(view, instance).privateIp,
    'source-dest-check': (instance) => primary(instance)?.sourceDestCheck,
    'subnet-id': (instance) => primary(instance)?.subnetId,
    'vpc-id': (instance) => primary(instance)?.vpcId,
  };
}

function optionFilters(): FiltersOf<Instance> {
  return {
    'capacity-reservation-specification.capacity-reservation-preference': () => 'open',
    'enclave-options.enabled': () => false,
    'hibernation-options.configured': () => false,
    'maintenance-options.auto-recovery': ({ autoRecovery }) => autoRecovery,
    'metadata-options.http-endpoint': ({ metadataOptions }) => metadataOptions.httpEndpoint,
    'metadata-options.http-protocol-ipv4': ({ metadataOptions }) => metadataOptions.httpEndpoint,
    'metadata-options.http-protocol-ipv6': ({ metadataOptions }) =>
      metadataOptions.httpProtocolIpv6,
    'metadata-options.http-put-response-hop-limit': ({ metadataOptions }) =>
      metadataOptions.httpPutResponseHopLimit,
    'metadata-options.http-tokens': ({ metadataOptions }) => metadataOptions.httpTokens,
    'metadata-options.instance-metadata-tags': ({ metadataOptions }) =>
      metadataOptions.instanceMetadataTags,
    'metadata-options.state': () => 'applied',
    'network-performance-options.bandwidth-weighting': () => 'default',
    'private-dns-name-options.enable-resource-name-dns-a-record': (instance) =>
      instance.enableResourceNameDnsARecord,
    'private-dns-name-options.enable-resource-name-dns-aaaa-record': (instance) =>
      instance.enableResourceNameDnsAaaaRecord,
    'private-dns-name-options.hostname-type': ({ hostnameType }) => hostnameType,
  };
}

/** `network-interface.…`: an instance matches when any of its interfaces does. */
function throughInterfaces(view: View): FiltersOf<Instance> {
  const filters = { ...sharedInterfaceFilters(view), ...instanceInterfaceFilters(view) };
  return Object.fromEntries(
    Object.entries(filters).map(([name, valuesOf]) => [
      `network-interface.${name}`,
      (instance: Instance) =>
        interfacesOf(view.reader, instance.id).flatMap((eni) => listOf(valuesOf, eni)),
    ]),
  );
}

/** What DescribeInstances filters interfaces by and DescribeNetworkInterfaces does not. */
function instanceInterfaceFilters(view: View): FiltersOf<NetworkInterface> {
  const { reader, tags } = view;
  const filters = sharedInterfaceFilters(view);
  const publicNames = (eni: NetworkInterface) =>
    eni.addresses.map((own) => publicNameOf(view, eni, own));
  return {
    'addresses.association.ip-owner-id': ({ addresses }) =>
      addresses.map(({ publicAddress }) => (publicAddress === undefined ? undefined : 'amazon')),
    'addresses.association.public-dns-name': publicNames,
    'addresses.private-dns-name': filters['private-dns-name'] ?? NOTHING,
    'attachment.network-card-index': ({ attachment }) => attachment && 0,
    'deny-all-igw-traffic': () => false,
    'group-name': ({ groupIds }) => groupList(view, groupIds).map(({ GroupName }) => GroupName),
    'ipv6-address': ({ ipv6Addresses }) => ipv6Addresses.map(formatIpv6),
    'ipv6-addresses.is-primary-ipv6': ({ ipv6Addresses }) => ipv6Addresses.map(() => false),
    'ipv6-native': ({ addresses }) => addresses.length === 0,
    'private-ip-address': ({ addresses }) => addresses.map(({ address }) => formatIpv4(address)),
    'public-dns-name': publicNames,
    'tag-key': ({ id }) => Object.keys(tags(id)),
    'tag-value': ({ id }) => Object.values(tags(id)),
    'subnet-id': ({ subnetId }) => subnetId,
    'vpc-id': ({ vpcId }) => reader.get('vpc', vpcId)?.id,
  };
}

function listOf<R>(valuesOf: FilterOf<R>, record: R) {
  const found = valuesOf(record);
  return Array.isArray(found) ? found : [found];
}
