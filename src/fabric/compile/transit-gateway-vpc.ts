/**
 * VPCs on a transit gateway. A packet leaves its VPC through the attachment subnet of its own zone,
 * whose ACL judges it (C-046, C-047), and is routed by the table that the attachment is associated
 * with (C-052). What comes out enters the VPC by the attachment subnet of one zone, and is routed
 * by that subnet's table (C-034).
 */
import { MTU } from '../../model/limits.ts';
import { carriesPackets, type VpcAttachment } from '../../model/transit-gateway/attachment.ts';
import { associatedTable } from '../../model/transit-gateway/route-table.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import type { InterfaceNode } from '../node.ts';
import type { Reason } from '../reason.ts';
import { newScope } from '../session.ts';
import { type Direction, Station } from '../station.ts';
import { type Action, ANY, type Match, type Rule } from '../table.ts';
import { zoneNumber } from '../zone.ts';
import type { ZoneExit } from '../zone-choice.ts';
import { newServiceNode } from './service-node.ts';
import type { Network, SubnetNode, TransitVpcNode } from './state.ts';

const ROLE = 'transit-gateway-attachment';
const drop = (reason: Reason, match: Match = ANY): Rule => ({
  match,
  actions: [{ do: 'drop', reason }],
});
const BROKEN = { rules: [], otherwise: drop('BAD_STATE') };
const OTHER_ZONE = drop('TGW_ROUTE_AZ_RESTRICTION'); // C-032
const NO_IPV6 = drop('TGW_ATTACH_IPV6_NOT_SUPPORTED', { family: 6 }); // C-023
const FORGET_IDENTITY: Action = { do: 'set-identity', to: undefined };

/** What every packet meets that enters a gateway: it is a router (C-129, F-044). */
export const ENTER_GATEWAY: readonly Action[] = [
  { do: 'check-size', mtu: MTU.transitGateway },
  { do: 'decrement-ttl' },
  { do: 'clamp-segment-size', mtu: MTU.transitGateway }, // C-131
];
/** C-053 */
export const NOT_ASSOCIATED = drop('TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION');

/** `terminations`: the rules of Connect peers that ride on the attachment (C-089). */
export function compileTransitVpc(
  network: Network,
  record: VpcAttachment,
  terminations: readonly Rule[],
): void {
  const { id } = record;
  if (!carriesPackets(record)) {
    // Routes to it are blackholes: nothing leads to its stations any more (C-043).
    network.transitVpcs.delete(id);
    return;
  }
  const node = transitVpcNode(network, id);
  const keepsIdentity = refersToGroups(network, record);
  const families = record.options.ipv6Support ? [] : [NO_IPV6];
  const onward = associatedStation(network, record);
  node.gate.table = { rules: gateRules(network, record), otherwise: OTHER_ZONE };
  node.entry.table = {
    rules: [...families, ...terminations],
    otherwise: onward
      ? enter([...ENTER_GATEWAY, ...(keepsIdentity ? [] : [FORGET_IDENTITY])], onward)
      : NOT_ASSOCIATED,
  };
  const { scope } = node;
  const appliance = record.options.applianceModeSupport ? { appliance: { scope, onward } } : {};
  node.exit.table = {
    rules: families,
    otherwise: {
      match: ANY,
      actions: [
        ...(keepsIdentity ? [] : [FORGET_IDENTITY]),
        { do: 'choose-zone', by: { exits: zoneExits(network, record), ...appliance } },
      ],
    },
  };
}

function enter(actions: readonly Action[], to: Station): Rule {
  return { match: ANY, actions: [...actions, { do: 'go', to }] };
}

/** C-048, C-050: the gateway and this attachment both have to tell whose groups a sender has. */
function refersToGroups({ model }: Network, { transitGatewayId, options }: VpcAttachment): boolean {
  const gateway = model.get('transit-gateway', transitGatewayId);
  return (
    options.securityGroupReferencingSupport &&
    gateway?.options.securityGroupReferencingSupport === true
  );
}

function associatedStation(network: Network, record: VpcAttachment): Station | undefined {
  const tableId = associatedTable(network.model, record.transitGatewayId, record);
  return tableId === undefined ? undefined : network.transitTables.get(tableId);
}

/** The gateway's interfaces in the VPC, with their subnets. */
function interfacesOf(network: Network, { subnets }: VpcAttachment) {
  return subnets.flatMap(({ subnetId, zoneId, networkInterfaceId = '' }) => {
    const node = network.interfaces.get(networkInterfaceId);
    const subnet = network.subnets.get(subnetId);
    return node && subnet ? [{ node, subnet, zone: zoneNumber(zoneId) }] : [];
  });
}

/** C-049: there groups are not known over a gateway. */
const WITHOUT_GROUPS = zoneNumber('use1-az3');

function groupsOfZone(zone: number): readonly Action[] {
  return zone === WITHOUT_GROUPS ? [FORGET_IDENTITY] : [];
}

/** C-046 goes before A-063: also from within the attachment subnet its ACL is crossed inwards. */
function gateRules(network: Network, record: VpcAttachment): Rule[] {
  return interfacesOf(network, record).map(({ node, subnet, zone }) => ({
    match: { zone },
    actions: [
      ...groupsOfZone(zone),
      { do: 'set-next-hop', to: node },
      { do: 'go', to: subnet.aclIn },
    ],
  }));
}

function zoneExits(network: Network, record: VpcAttachment): ZoneExit[] {
  return interfacesOf(network, record).map(({ node, zone }) => ({ key: zone, to: node.guest }));
}

/** The stations of an attachment, made at first use. */
export function transitVpcNode(network: Network, resource: string): TransitVpcNode {
  const known = network.transitVpcs.get(resource);
  if (known !== undefined) return known;
  const make = (direction: Direction, silent: boolean) =>
    new Station({ role: ROLE, resource, kind: ROLE, direction, silent });
  const node: TransitVpcNode = {
    gate: make('egress', true),
    entry: make('egress', false),
    exit: make('ingress', true),
    scope: newScope(),
  };
  network.transitVpcs.set(resource, node);
  return node;
}

/** The attachment that an interface belongs to. */
export function transitVpcOf({ model }: Network, interfaceId: string): VpcAttachment | undefined {
  const record = model.first('transit-gateway-attachment', 'interface', interfaceId);
  return record?.resourceType === 'vpc' ? record : undefined;
}

/** `groupsIn` takes what leaves the VPC, `guest` sends on what comes in. */
export function newTransitNode(record: NetworkInterface, { id }: VpcAttachment): InterfaceNode {
  const node = newServiceNode(record, { role: ROLE, kind: ROLE, resource: id, shown: [] });
  const guest = new Station({ role: ROLE, resource: id, kind: ROLE, direction: 'ingress' });
  return { ...node, guest };
}

/** An interface of the gateway's in an attachment subnet. */
export function compileTransitInterface(
  network: Network,
  node: InterfaceNode,
  record: VpcAttachment,
  subnet: SubnetNode,
): void {
  for (const station of [node.send, node.out, node.groupsOut, node.into]) station.table = BROKEN;
  const working = carriesPackets(record);
  const own: Match = { destination: { kind: 'addresses', set: node.own } };
  node.groupsIn.table = working
    ? {
        rules: [drop('PROTOCOL_RESTRICTION', own)],
        otherwise: enter([], transitVpcNode(network, record.id).entry),
      }
    : BROKEN;
  const zone = record.subnets.find(({ subnetId }) => subnetId === subnet.id)?.zoneId;
  node.guest.table = {
    rules: [],
    otherwise: {
      match: ANY,
      actions: [
        ...groupsOfZone(subnet.zone),
        { do: 'set-entry', entry: 'transit-gateway' },
        { do: 'set-subnet', to: subnet.link.id, zone: subnet.zone },
        { do: 'set-next-hop', to: undefined },
        { do: 'go', to: subnet.link },
      ],
      cites: { availabilityZoneId: zone, subnetId: subnet.id, networkInterfaceId: node.id },
    },
  };
}
