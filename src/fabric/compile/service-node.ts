/**
 * The stations of an interface behind which a service of AWS's stands instead of an instance: no
 * groups, no guest. `groupsIn` takes what reaches it on the link.
 */
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import { AddressMap } from '../address-map.ts';
import type { InterfaceNode } from '../node.ts';
import { newScope } from '../session.ts';
import { type Direction, type HopKind, type Role, Station } from '../station.ts';

export interface Service {
  readonly role: Role;
  readonly kind: HopKind;
  /** What the stations speak for. */
  readonly resource: string;
  /** Stations that are hops of a trace. */
  readonly shown: readonly ServiceStation[];
}

type ServiceStation = 'send' | 'out' | 'groupsOut' | 'groupsIn' | 'into' | 'guest';

export function newServiceNode(record: NetworkInterface, service: Service): InterfaceNode {
  const { role, kind, resource, shown } = service;
  const make = (name: ServiceStation, direction: Direction) =>
    new Station({ role, resource, kind, direction, silent: !shown.includes(name) });
  return {
    id: record.id,
    scope: newScope(),
    mac: record.mac,
    subnetId: '',
    vpcId: '',
    instanceId: undefined,
    addresses: [],
    prefixes: [],
    groupIds: [],
    own: new AddressMap(),
    send: make('send', 'egress'),
    out: make('out', 'egress'),
    groupsOut: make('groupsOut', 'egress'),
    groupsIn: make('groupsIn', 'ingress'),
    into: make('into', 'ingress'),
    guest: make('guest', 'egress'),
  };
}
