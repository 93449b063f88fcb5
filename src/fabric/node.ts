/** What the compiler keeps of each interface: its stations, linked, with a number for sessions. */
import type { Cidr } from '../net/cidr.ts';
import type { Ip } from '../net/ip.ts';
import type { Mac } from '../net/mac.ts';
import type { AddressMap } from './address-map.ts';
import type { SessionScope } from './session.ts';
import type { Station } from './station.ts';

export interface InterfaceNode {
  readonly id: string;
  /** Stable for the interface's life: sessions are keyed by it and outlive compilations. */
  readonly scope: SessionScope;
  readonly mac: Mac;
  subnetId: string;
  vpcId: string;
  /** The instance behind it, when attached to one. */
  instanceId: string | undefined;
  addresses: readonly Ip[];
  /** Blocks whose addresses are all its own as well. */
  prefixes: readonly Cidr[];
  groupIds: readonly string[];
  readonly own: AddressMap<InterfaceNode>;
  /** The guest's sending side: chooses the next hop on the link. */
  readonly send: Station;
  readonly out: Station;
  readonly groupsOut: Station;
  readonly groupsIn: Station;
  readonly into: Station;
  /** The guest's receiving side: answers or forwards. */
  readonly guest: Station;
}
