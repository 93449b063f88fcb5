/** What a route may lead to, and from which destinations. */
import { type AwsError, awsError } from '../../model/error.ts';
import { attachedVpc } from '../../model/hybrid/vpn-gateway.ts';
import { checkIdShape, hasIdShape, notFound } from '../../model/id.ts';
import type { ModelReader } from '../../model/model.ts';
import { carriesPackets, vpcAttachment } from '../../model/transit-gateway/attachment.ts';
import { isLive } from '../../model/vpc/nat-gateway.ts';
import type { RouteTable, RouteTarget } from '../../model/vpc/route-table.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import {
  type Cidr,
  cidrEquals,
  containsCidr,
  formatCidr,
  isCidr4,
  parseCidr4,
  parseCidr6,
} from '../../net/cidr.ts';
import { findPeering } from '../peering/find-peering.ts';
import { find, owns, type Scope } from '../scope.ts';
import type { Transaction } from '../transaction.ts';
import { isPresent } from './cidr-association.ts';

/** A target as a caller names it. */
export type TargetRequest =
  | { readonly kind: 'local' }
  /** An internet gateway or a virtual private one. */
  | { readonly kind: 'gateway'; readonly id: string }
  | { readonly kind: 'network-interface'; readonly id: string }
  | { readonly kind: 'instance'; readonly id: string }
  | { readonly kind: 'nat-gateway'; readonly id: string }
  | { readonly kind: 'egress-only-internet-gateway'; readonly id: string }
  | { readonly kind: 'vpc-peering-connection'; readonly id: string }
  | { readonly kind: 'transit-gateway'; readonly id: string };

/**
 * The target a table's route will have.
 * @throws AwsError the target's Malformed and NotFound errors, Gateway.NotAttached,
 *   InvalidParameterValue for one of another VPC, InvalidInstanceID, IncorrectState
 */
export function resolveTarget(
  tx: Transaction,
  scope: Scope,
  table: RouteTable,
  request: TargetRequest,
): RouteTarget {
  switch (request.kind) {
    case 'local':
      return request;
    case 'gateway':
      return attachedGateway(tx, scope, table, request.id);
    case 'network-interface':
      return { kind: request.kind, id: interfaceOf(tx, scope, table, request.id) };
    case 'instance':
      return {
        kind: 'network-interface',
        id: interfaceOf(tx, scope, table, onlyInterface(tx, scope, request.id)),
      };
    case 'nat-gateway':
      return { kind: request.kind, id: liveNatGateway(tx, scope, table, request.id) };
    case 'egress-only-internet-gateway':
      return { kind: request.kind, id: egressOnlyGateway(tx, scope, table, request.id) };
    case 'vpc-peering-connection':
      return { kind: request.kind, id: openPeering(tx, scope, table, request.id) };
    case 'transit-gateway':
      return { kind: request.kind, id: attachedTransitGateway(tx, table, request.id) };
  }
}

type GatewayTarget = Extract<RouteTarget, { kind: 'internet-gateway' | 'vpn-gateway' }>;

/** A gateway that the table's VPC has. */
export function attachedGateway(
  tx: Transaction,
  scope: Scope,
  table: RouteTable,
  id: string,
): GatewayTarget {
  const gateway = findGateway(tx, scope, id);
  if (gateway === undefined) {
    throw awsError('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
  }
  const { kind, vpcId } = gateway;
  // Which of this and InvalidParameterValue is AWS's is open.
  if (vpcId === undefined) throw gatewayNotAttached(table, id);
  if (vpcId !== table.vpcId) throw otherNetwork(table, `network gateway ${id}`);
  return { kind, id };
}

export function gatewayNotAttached(table: RouteTable, id: string): AwsError {
  const message = `resource ${id} is not attached to network ${table.vpcId}`;
  return awsError('Gateway.NotAttached', message);
}

/** A gateway of the caller's, of either kind, and the VPC that has it. */
function findGateway(
  tx: Transaction,
  scope: Scope,
  id: string,
): { readonly kind: GatewayTarget['kind']; readonly vpcId: string | undefined } | undefined {
  if (hasIdShape('vpn-gateway', id)) {
    const gateway = tx.get('vpn-gateway', id);
    if (gateway === undefined || gateway.state === 'deleted') return undefined;
    return owns(scope, gateway) ? { kind: 'vpn-gateway', vpcId: attachedVpc(gateway) } : undefined;
  }
  const gateway = hasIdShape('internet-gateway', id) ? tx.get('internet-gateway', id) : undefined;
  if (gateway === undefined || !owns(scope, gateway)) return undefined;
  return { kind: 'internet-gateway', vpcId: gateway.attachment?.vpcId };
}

function interfaceOf(tx: Transaction, scope: Scope, table: RouteTable, id: string): string {
  const eni = find(tx, scope, 'network-interface', id);
  if (eni.vpcId !== table.vpcId) throw otherNetwork(table, `interface ${id}`);
  if (eni.interfaceType === 'transit_gateway') {
    const message = `Interface ${id} is managed by a transit gateway: name the gateway instead.`;
    throw awsError('InvalidParameterValue', message);
  }
  return id;
}

/** The interface of an instance that has no more than one. */
export function onlyInterface(tx: Transaction, scope: Scope, instanceId: string): string {
  const instance = find(tx, scope, 'instance', instanceId);
  const [eni, ...others] = tx.by('network-interface', 'instance', instance.id);
  if (eni === undefined) {
    throw awsError('InvalidInstanceID', `The instance '${instanceId}' has no network interface.`);
  }
  if (others.length > 0) {
    const message =
      `There are multiple interfaces attached to instance '${instanceId}'. ` +
      'Please specify an interface ID for the operation instead.';
    throw awsError('InvalidInstanceID', message);
  }
  return eni.id;
}

/** One that serves, or will soon: until then the route is a blackhole. */
function liveNatGateway(tx: Transaction, scope: Scope, table: RouteTable, id: string): string {
  const gateway = find(tx, scope, 'natgateway', id);
  if (!isLive(gateway) || gateway.state === 'deleting') throw notFound('natgateway', id);
  if (gateway.vpcId !== table.vpcId) throw otherNetwork(table, `NAT gateway ${id}`);
  return id;
}

function egressOnlyGateway(tx: Transaction, scope: Scope, table: RouteTable, id: string): string {
  const kind = 'egress-only-internet-gateway';
  const gateway = hasIdShape(kind, id) ? tx.get(kind, id) : undefined;
  if (gateway === undefined || !owns(scope, gateway)) {
    throw awsError('InvalidGatewayID.NotFound', `The gateway ID '${id}' does not exist`);
  }
  if (gateway.vpcId !== table.vpcId) throw otherNetwork(table, `network gateway ${id}`);
  return id;
}

/** One that has not ended: a route to a request that waits is a blackhole until then (B-046). */
function openPeering(tx: Transaction, scope: Scope, table: RouteTable, id: string): string {
  const connection = findPeering(tx, scope, id, tx.now);
  const { requester, accepter, status } = connection;
  if (requester.vpcId !== table.vpcId && accepter.vpcId !== table.vpcId) {
    throw otherNetwork(table, `peering connection ${id}`);
  }
  if (connection.endedAt !== undefined || status === 'deleting') {
    throw awsError('IncorrectState', `The peering connection ${id} is ${status}.`);
  }
  return id;
}

/** whoever owns the gateway, the table's VPC must be attached to it. */
function attachedTransitGateway(tx: Transaction, table: RouteTable, id: string): string {
  checkIdShape('transit-gateway', id);
  const attachment = vpcAttachment(tx, id, table.vpcId);
  if (attachment === undefined || !carriesPackets(attachment)) {
    throw notFound('transit-gateway', id);
  }
  return id;
}

function otherNetwork(table: RouteTable, subject: string): AwsError {
  const message = `route table ${table.id} and ${subject} belong to different networks`;
  return awsError('InvalidParameterValue', message);
}

/** AWS's own services live here. */
const RESERVED: readonly Cidr[] = [parseCidr4('169.254.168.0/22')!, parseCidr6('fd00:ec2::/32')!];

/**
 * Refuses destinations that no route with this target may have.
 * @throws AwsError InvalidParameterValue
 */
export function checkDestination(
  reader: ModelReader,
  vpc: Vpc,
  destination: Cidr,
  target: RouteTarget,
): void {
  if (RESERVED.some((block) => containsCidr(block, destination))) {
    throw badDestination(destination, 'is reserved for AWS services.');
  }
  if (target.kind === 'egress-only-internet-gateway' && isCidr4(destination)) {
    const fault = 'cannot lead to an egress-only internet gateway: it carries IPv6 only.';
    throw badDestination(destination, fault);
  }
  if (target.kind === 'nat-gateway' && !isCidr4(destination)) {
    if (!containsCidr(NAT64, destination)) throw badDestination(destination, NOT_NAT64);
  }
  const enclosing = vpcBlocks(vpc).find((block) => containsCidr(block, destination));
  if (enclosing === undefined || target.kind === 'local') return;
  if (!isMiddlebox(target)) throw badDestination(destination, INSIDE_VPC);
  if (cidrEquals(enclosing, destination) || isSubnet(reader, vpc, destination)) return;
  const fault = "is more specific than one of this VPC's CIDR blocks but not that of a subnet.";
  throw badDestination(destination, fault);
}

/** what traffic inside the VPC may be led through. */
function isMiddlebox({ kind }: RouteTarget): boolean {
  return kind === 'network-interface' || kind === 'nat-gateway';
}

/** the only IPv6 that a NAT gateway takes. */
const NAT64 = parseCidr6('64:ff9b::/96')!;
const NOT_NAT64 = 'cannot lead to a NAT gateway: of IPv6 it takes 64:ff9b::/96 only.';

/** */
const INSIDE_VPC =
  "is equal to or more specific than one of this VPC's CIDR blocks. " +
  'This route can target only an interface or an instance.';

function badDestination(destination: Cidr, fault: string): AwsError {
  const message = `The destination CIDR block ${formatCidr(destination)} ${fault}`;
  return awsError('InvalidParameterValue', message);
}

/** The blocks a VPC has or is about to have. */
export function vpcBlocks(vpc: Vpc): Cidr[] {
  return [...vpc.cidrs, ...vpc.ipv6Cidrs].filter(isPresent).map(({ cidr }) => cidr);
}

function isSubnet(reader: ModelReader, vpc: Vpc, block: Cidr): boolean {
  return reader.by('subnet', 'vpc', vpc.id).some(({ cidr, ipv6Cidrs }) => {
    if (cidr !== undefined && cidrEquals(cidr, block)) return true;
    return ipv6Cidrs.filter(isPresent).some((one) => cidrEquals(one.cidr, block));
  });
}
