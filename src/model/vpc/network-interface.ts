/** Network interfaces and their attachments. */
import { type Cidr, type Cidr4, type Cidr6, formatCidr } from '../../net/cidr.ts';
import { type Ip, ipKey, isIpv4 } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { Mac } from '../../net/mac.ts';
import { awsError } from '../error.ts';
import type { ModelReader } from '../model.ts';
import type { Owned } from '../resource.ts';
import { type StateMachine, transition } from '../state-machine.ts';

export interface PrivateAddress {
  readonly address: Ipv4;
  readonly primary: boolean;
  /** The public address an internet gateway maps to this one. */
  readonly publicAddress?: Ipv4;
  /** Absent when that address is Amazon's own choice, given at launch and taken back at stop. */
  readonly elastic?: ElasticAssociation;
}

/** Of an elastic address with a private one. */
export interface ElasticAssociation {
  readonly allocationId: string;
  /** eipassoc-… */
  readonly associationId: string;
}

export type AttachmentStatus = 'attaching' | 'attached' | 'detaching' | 'detached';

export interface NetworkInterfaceAttachment {
  /** eni-attach-… */
  readonly id: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
  /** Carries packets while `attached`. A detached one is taken off its interface. */
  readonly status: AttachmentStatus;
  /** Milliseconds since the epoch. */
  readonly attachTime: number;
}

type AttachmentEvent = 'attached' | 'detach' | 'detached';

export const ATTACHMENT_MACHINE: StateMachine<AttachmentStatus, AttachmentEvent> = {
  states: ['attaching', 'attached', 'detaching', 'detached'],
  transitions: {
    attaching: { attached: 'attached' },
    attached: { detach: 'detaching' },
    detaching: { detached: 'detached' },
    detached: {},
  },
  illegal: (from, _event, subject) =>
    awsError('IncorrectState', `The attachment '${subject}' is '${from}', not 'attached'.`),
};

export function attachmentTransition(
  { status, id }: NetworkInterfaceAttachment,
  event: AttachmentEvent,
): AttachmentStatus {
  return transition(ATTACHMENT_MACHINE, status, event, id);
}

/** The last index an attachment may have; no type has as many interfaces. */
export const DEVICE_INDEX_MAX = 255;

/** idle timeouts in seconds; absent = AWS's default. */
export interface ConnectionTracking {
  readonly tcpEstablishedTimeout?: number;
  readonly udpTimeout?: number;
  readonly udpStreamTimeout?: number;
}

/** what each timeout may be, in seconds. */
export const CONNECTION_TRACKING_RANGES = {
  tcpEstablishedTimeout: { min: 60, max: 432_000 },
  udpTimeout: { min: 30, max: 60 },
  udpStreamTimeout: { min: 60, max: 180 },
} as const satisfies Record<keyof ConnectionTracking, { min: number; max: number }>;

/** `in-use` as soon as an attachment exists, whatever that one's own status. */
export type NetworkInterfaceStatus =
  | 'pending'
  | 'available'
  | 'associated'
  | 'attaching'
  | 'in-use'
  | 'detaching';

export interface NetworkInterface extends Owned {
  readonly vpcId: string;
  readonly subnetId: string;
  /** Unique in the cloud; locally administered, unicast, first octet 02. */
  readonly mac: Mac;
  readonly status: NetworkInterfaceStatus;
  readonly interfaceType: string;
  readonly description: string;
  /** Made and managed by a service: an endpoint, a gateway. Its owner may not change it. */
  readonly requesterManaged: boolean;
  /** The primary address first. Empty in an IPv6-only subnet. */
  readonly addresses: readonly PrivateAddress[];
  readonly ipv6Addresses: readonly Ipv6[];
  /** Whole blocks of the subnet whose addresses are all the interface's. */
  readonly ipv4Prefixes: readonly Cidr4[];
  readonly ipv6Prefixes: readonly Cidr6[];
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly connectionTracking: ConnectionTracking;
  readonly attachment?: NetworkInterfaceAttachment;
}

/** The key of the `address` index: an address belongs to one interface of a VPC. */
export function addressKey(vpcId: string, address: Ip): string {
  return `${vpcId}|${ipKey(address)}`;
}

/** The key of the `prefix` index: a delegated block belongs to one interface of a VPC. */
export function prefixKey(vpcId: string, block: Cidr): string {
  return `${vpcId}|${formatCidr(block)}`;
}

/** Every block delegated to an interface, of both families. */
export function prefixesOf({ ipv4Prefixes, ipv6Prefixes }: NetworkInterface): Cidr[] {
  return [...ipv4Prefixes, ...ipv6Prefixes];
}

/** Every private address of an interface, of both families, apart from its delegated blocks. */
export function addressesOf({ addresses, ipv6Addresses }: NetworkInterface): Ip[] {
  return [...addresses.map(({ address }) => address), ...ipv6Addresses];
}

export function primaryAddress({ addresses }: NetworkInterface): PrivateAddress | undefined {
  return addresses.find(({ primary }) => primary);
}

export function hasAddress(networkInterface: NetworkInterface, address: Ip): boolean {
  if (isIpv4(address)) return networkInterface.addresses.some((own) => own.address === address);
  return networkInterface.ipv6Addresses.some((own) => ipKey(own) === ipKey(address));
}

/** The interfaces of an instance in order of their device indexes: the primary one first. */
export function interfacesOf(reader: ModelReader, instanceId: string): NetworkInterface[] {
  const interfaces = [...reader.by('network-interface', 'instance', instanceId)];
  const index = ({ attachment }: NetworkInterface) => attachment?.deviceIndex ?? 0;
  return interfaces.sort((a, b) => index(a) - index(b));
}
