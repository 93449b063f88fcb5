import type { Ipv4 } from '../../net/ipv4.ts';
import type { Ipv6 } from '../../net/ipv6.ts';
import type { Mac } from '../../net/mac.ts';
import type { Owned } from '../resource.ts';

export interface PrivateAddress {
  readonly address: Ipv4;
  readonly primary: boolean;
  /** The public address an internet gateway maps to this one. */
  readonly publicAddress?: Ipv4;
}

export interface NetworkInterfaceAttachment {
  /** eni-attach-… */
  readonly id: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly deleteOnTermination: boolean;
  readonly status: 'attaching' | 'attached' | 'detaching' | 'detached';
  /** Milliseconds since the epoch. */
  readonly attachTime: number;
}

/** idle timeouts in seconds; absent = AWS's default. */
export interface ConnectionTracking {
  readonly tcpEstablishedTimeout?: number;
  readonly udpTimeout?: number;
  readonly udpStreamTimeout?: number;
}

export interface NetworkInterface extends Owned {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly mac: Mac;
  readonly status: 'pending' | 'available' | 'associated' | 'attaching' | 'in-use' | 'detaching';
  readonly interfaceType: string;
  readonly description: string;
  readonly requesterManaged: boolean;
  /** The primary address first. */
  readonly addresses: readonly PrivateAddress[];
  readonly ipv6Addresses: readonly Ipv6[];
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly connectionTracking: ConnectionTracking;
  readonly attachment?: NetworkInterfaceAttachment;
}
