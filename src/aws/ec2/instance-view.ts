/** How an instance is shown. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { ModelReader } from '../../model/model.ts';
import { privateHostname } from '../../model/vpc/dns-names.ts';
import {
  INSTANCE_STATE_CODES,
  type Instance,
  type InstanceState,
} from '../../model/vpc/instance.ts';
import { instanceType } from '../../model/vpc/instance-type.ts';
import {
  interfacesOf,
  type NetworkInterface,
  primaryAddress,
} from '../../model/vpc/network-interface.ts';
import { formatIpv4 } from '../../net/ipv4.ts';
import { formatIpv6 } from '../../net/ipv6.ts';
import { formatMac } from '../../net/mac.ts';
import {
  associationView,
  connectionTrackingView,
  groupList,
  ipv6List,
  prefixLists,
  privateNameOf,
  publicNameOf,
} from './network-interface-view.ts';
import { tagList } from './render.ts';
import type { View } from './view.ts';

/** What there is of an instance's network; nothing once it is terminated. */
export interface InstanceNetwork {
  /** In order of their device indexes. */
  readonly interfaces: readonly NetworkInterface[];
  readonly primary: NetworkInterface | undefined;
  readonly privateIp: string | undefined;
  readonly publicIp: string | undefined;
  readonly privateName: string;
  readonly publicName: string;
}

export function instanceNetwork(view: View, instance: Instance): InstanceNetwork {
  const interfaces = interfacesOf(view.reader, instance.id);
  const primary = interfaces.find(({ attachment }) => attachment?.deviceIndex === 0);
  const own = primary && primaryAddress(primary);
  return {
    interfaces,
    primary,
    privateIp: own && formatIpv4(own.address),
    publicIp: own?.publicAddress === undefined ? undefined : formatIpv4(own.publicAddress),
    // Shown whatever the VPC's DNS settings are, unlike the interface's own.
    privateName: primary === undefined ? '' : privateHostname(instance, own?.address),
    publicName: own === undefined ? '' : (publicNameOf(view, instance, own) ?? ''),
  };
}

export function stateView(state: InstanceState): Sdk.InstanceState {
  return { Code: INSTANCE_STATE_CODES[state], Name: state };
}

export function instanceView(view: View, instance: Instance): Sdk.Instance {
  const network = instanceNetwork(view, instance);
  const { stateReason: reason, instanceProfile } = instance;
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    AmiLaunchIndex: instance.launchIndex,
    LaunchTime: new Date(instance.launchTime),
    State: stateView(instance.state),
    StateTransitionReason: instance.stateTransitionReason,
    StateReason: reason && { Code: reason.code, Message: reason.message },
    KeyName: instance.keyName,
    ClientToken: instance.clientToken ?? '',
    EbsOptimized: instance.ebsOptimized,
    Monitoring: { State: instance.monitoring ? 'enabled' : 'disabled' },
    IamInstanceProfile: instanceProfile && { Arn: instanceProfile.arn, Id: instanceProfile.id },
    Placement: {
      AvailabilityZone: view.zoneName(instance.zoneId),
      AvailabilityZoneId: instance.zoneId,
      GroupName: '',
      Tenancy: instance.tenancy,
    },
    Tags: tagList(view.tags(instance.id)),
    ...networkView(view, instance, network),
    ...machineView(instance),
    ...optionsView(instance),
  };
}

function networkView(view: View, instance: Instance, network: InstanceNetwork): Sdk.Instance {
  const { interfaces, primary, privateIp, publicIp, privateName, publicName } = network;
  const ipv6 = primary?.ipv6Addresses[0];
  return {
    PrivateDnsName: privateName,
    PublicDnsName: publicName,
    SecurityGroups: groupList(view, primary?.groupIds ?? []),
    NetworkInterfaces: interfaces.map((eni) => interfaceView(view, eni)),
    ...(primary === undefined
      ? {}
      : {
          VpcId: instance.vpcId,
          SubnetId: instance.subnetId,
          PrivateIpAddress: privateIp,
          PublicIpAddress: publicIp,
          SourceDestCheck: primary.sourceDestCheck,
          Ipv6Address: ipv6 && formatIpv6(ipv6),
        }),
  };
}

function interfaceView(view: View, eni: NetworkInterface): Sdk.InstanceNetworkInterface {
  const { attachment } = eni;
  const primary = primaryAddress(eni);
  return {
    NetworkInterfaceId: eni.id,
    VpcId: eni.vpcId,
    SubnetId: eni.subnetId,
    OwnerId: eni.account,
    Description: eni.description,
    InterfaceType: eni.interfaceType,
    Status: eni.status as Sdk.NetworkInterfaceStatus,
    SourceDestCheck: eni.sourceDestCheck,
    MacAddress: formatMac(eni.mac),
    Groups: groupList(view, eni.groupIds),
    Ipv6Addresses: ipv6List(eni),
    ...prefixLists(eni),
    PrivateIpAddress: primary && formatIpv4(primary.address),
    PrivateDnsName: primary && privateNameOf(view, eni, primary),
    Association: primary && associationView(view, eni, primary),
    PrivateIpAddresses: eni.addresses.map((own) => ({
      PrivateIpAddress: formatIpv4(own.address),
      Primary: own.primary,
      PrivateDnsName: privateNameOf(view, eni, own),
      Association: associationView(view, eni, own),
    })),
    ConnectionTrackingConfiguration: connectionTrackingView(eni),
    Attachment: attachment && {
      AttachmentId: attachment.id,
      AttachTime: new Date(attachment.attachTime),
      DeleteOnTermination: attachment.deleteOnTermination,
      DeviceIndex: attachment.deviceIndex,
      NetworkCardIndex: 0,
      Status: attachment.status,
    },
  };
}

/** What any machine of its kind shows. There are no volumes here, so none is listed. */
function machineView({ instanceType: name, launchTime }: Instance): Sdk.Instance {
  const type = instanceType(name);
  const threads = type?.threadsPerCore ?? 1;
  return {
    InstanceType: name as Sdk._InstanceType,
    Architecture: type?.architecture,
    // Nitro's instances say `xen` too (MODEL: DescribeInstances, filter hypervisor).
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    EnaSupport: type?.hypervisor === 'nitro',
    CpuOptions: { CoreCount: Math.ceil((type?.vcpus ?? 1) / threads), ThreadsPerCore: threads },
    RootDeviceName: '/dev/xvda',
    RootDeviceType: 'ebs',
    BlockDeviceMappings: [],
    ProductCodes: [],
    PlatformDetails: 'Linux/UNIX',
    UsageOperation: 'RunInstances',
    UsageOperationUpdateTime: new Date(launchTime),
  };
}

function optionsView(instance: Instance): Sdk.Instance {
  const { metadataOptions: metadata } = instance;
  return {
    PrivateDnsNameOptions: {
      HostnameType: instance.hostnameType,
      EnableResourceNameDnsARecord: instance.enableResourceNameDnsARecord,
      EnableResourceNameDnsAAAARecord: instance.enableResourceNameDnsAaaaRecord,
    },
    MetadataOptions: {
      State: 'applied',
      HttpTokens: metadata.httpTokens,
      HttpPutResponseHopLimit: metadata.httpPutResponseHopLimit,
      HttpEndpoint: metadata.httpEndpoint,
      HttpProtocolIpv6: metadata.httpProtocolIpv6,
      InstanceMetadataTags: metadata.instanceMetadataTags,
    },
    MaintenanceOptions: { AutoRecovery: instance.autoRecovery },
    HibernationOptions: { Configured: false },
    EnclaveOptions: { Enabled: false },
    CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
    Operator: { Managed: false },
  };
}

/** Instances by their launches, in the order they come. */
export function reservationViews(view: View, instances: readonly Instance[]): Sdk.Reservation[] {
  const reservations = new Map<string, Instance[]>();
  for (const instance of instances) {
    const members = reservations.get(instance.reservationId);
    if (members === undefined) reservations.set(instance.reservationId, [instance]);
    else members.push(instance);
  }
  return [...reservations].map(([ReservationId, members]) => ({
    ReservationId,
    OwnerId: view.scope.account,
    // The groups of EC2-Classic: a VPC's are each instance's own.
    Groups: [],
    Instances: members.map((instance) => instanceView(view, instance)),
  }));
}

export function instancesOf(reader: ModelReader, reservationId: string): readonly Instance[] {
  return reader.by('instance', 'reservation', reservationId);
}
