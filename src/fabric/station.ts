/** A station: a table with its bindings, and the AWS resource it speaks for. */
import type { SessionScope } from './session.ts';
import { shapeTable } from './shape.ts';
import type { Table } from './table.ts';

/** What an exporter translates; and which hop, if any, a trace shows. */
export type Role =
  | 'guest'
  | 'interface'
  | 'group-gate'
  | 'acl-gate'
  | 'link'
  | 'route-table'
  | 'router'
  | 'peering'
  | 'transit-gateway-attachment'
  | 'transit-gateway-route-table'
  | 'transit-gateway-link'
  | 'customer-link'
  | 'virtual-private-gateway'
  | 'direct-connect-gateway'
  | 'site'
  | 'multicast-domain'
  | 'internet-gateway'
  | 'egress-only-internet-gateway'
  | 'nat-gateway'
  | 'internet'
  | 'resolver';

/** The vocabulary of a trace's hops (contract, "Answer"). */
export type HopKind =
  | 'network-interface'
  | 'security-group'
  | 'network-acl'
  | 'route-table'
  | 'internet-gateway'
  | 'egress-only-internet-gateway'
  | 'nat-gateway'
  | 'vpc-peering-connection'
  | 'transit-gateway-attachment'
  | 'transit-gateway-route-table'
  | 'transit-gateway-multicast-domain'
  | 'transit-gateway-connect-peer'
  | 'vpn-connection'
  | 'vpn-gateway'
  | 'direct-connect-gateway'
  | 'virtual-interface'
  | 'site'
  | 'subnet'
  | 'vpc'
  | 'internet';

export type Direction = 'egress' | 'ingress';

export interface StationOptions {
  readonly role: Role;
  /** The AWS resource: `rtb-…`, `eni-…`. */
  readonly resource: string;
  readonly kind: HopKind;
  readonly direction: Direction;
  /** Whether passing here is a hop of a trace; a drop always is. */
  readonly silent?: boolean;
  /** Of a resource that is several things, as a VPN connection is two tunnels: which one. */
  readonly binding?: string;
  /** Group gates: where the flows they track are unique. */
  readonly scope?: SessionScope;
}

const NOTHING = shapeTable({
  rules: [],
  otherwise: { match: {}, actions: [{ do: 'drop', reason: 'BAD_STATE' }] },
});

let lastId = 0;

/** Linked directly to what follows: no look-up by name on a packet's way. */
export class Station {
  /** Unique in this process. */
  readonly id = ++lastId;
  readonly role: Role;
  /** An ACL gate's changes when another ACL is associated with its subnet. */
  resource: string;
  readonly kind: HopKind;
  readonly direction: Direction;
  readonly silent: boolean;
  readonly scope: SessionScope | undefined;
  /** Of a resource that is several things: which one. */
  readonly binding: string | undefined;
  #table: Table = NOTHING;
  /** Where `next` leads: tables are shared, their continuations are not. */
  next: Station | undefined = undefined;

  constructor({ role, resource, kind, direction, silent = false, scope, binding }: StationOptions) {
    this.role = role;
    this.resource = resource;
    this.kind = kind;
    this.direction = direction;
    this.silent = silent;
    this.scope = scope;
    this.binding = binding;
  }

  get table(): Table {
    return this.#table;
  }

  /** Replaced, never changed, when what the station stands for changes. */
  set table(table: Table) {
    this.#table = shapeTable(table);
  }
}
