/** Making NAT gateways and deleting them. */
import { awsError } from '../../model/error.ts';
import type { ElasticAddress } from '../../model/vpc/elastic-address.ts';
import { mappingOf } from '../../model/vpc/elastic-address.ts';
import {
  type NatGateway,
  type NatGatewayAddress,
  natGatewayTransition,
} from '../../model/vpc/nat-gateway.ts';
import type { NetworkInterface } from '../../model/vpc/network-interface.ts';
import type { Subnet } from '../../model/vpc/subnet.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { type ClientToken, forgetTokens, idempotent } from '../idempotency.ts';
import { find, type Scope } from '../scope.ts';
import { dropTags, putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { checkNatAddressCount, mapNatAddresses } from './nat-gateway-address.ts';
import { putNetworkInterface, removeNetworkInterface } from './network-interface.ts';
import { freeAddressCount } from './subnet-addresses.ts';

export interface CreateNatGateway {
  readonly subnetId: string;
  readonly connectivityType: 'public' | 'private';
  /** Of a public one: the primary address first, one at least. */
  readonly allocationIds: readonly string[];
  /** Absent = the first free address. */
  readonly privateAddress?: Ipv4;
  readonly secondaryPrivateAddresses: readonly Ipv4[];
  /** Of a private one: free addresses beside those. */
  readonly secondaryPrivateAddressCount: number;
  readonly tags: Tags;
  readonly clientToken: ClientToken;
}

/** AWS's usual times in seconds, and how long a deleted one is still shown. */
const USUAL_SECONDS = { create: 90, delete: 45 } as const;
const VISIBLE_MILLIS = 3_600_000;

/**
 * A gateway in state `pending`. What only AWS's insides find out makes it `failed` later:
 * Gateway.NotAttached, Resource.AlreadyAssociated, InsufficientFreeAddressesInSubnet.
 * @throws AwsError InvalidSubnetID.NotFound, InvalidAllocationID.NotFound, NatGatewayLimitExceeded,
 * AddressLimitExceeded, PrivateIpAddressLimitExceeded, InvalidParameterValue,
 * InvalidIPAddress.InUse, IdempotentParameterMismatch
 */
export function createNatGateway(
  tx: Transaction,
  scope: Scope,
  request: CreateNatGateway,
): NatGateway {
  const id = idempotent(tx, scope, request.clientToken, () => create(tx, scope, request).id);
  return tx.get('natgateway', id)!;
}

function create(tx: Transaction, scope: Scope, request: CreateNatGateway): NatGateway {
  const subnet = find(tx, scope, 'subnet', request.subnetId);
  const elastic = [...new Set(request.allocationIds)].map((id) =>
    find(tx, scope, 'elastic-ip', id),
  );
  checkNatAddressCount(tx, { elastic: elastic.length, all: addressCount(request) });
  const id = tx.newId('natgateway');
  const failure = failureOf(tx, subnet, request, elastic);
  const eni = failure ? undefined : putInterface(tx, scope, subnet, id, request);
  checkZoneQuota(tx, scope, subnet);
  putTags(tx, scope, 'natgateway', id, request.tags);
  tx.settle('natgateway.created', id, USUAL_SECONDS.create);
  const { account, region } = scope;
  return tx.put('natgateway', {
    id,
    account,
    region,
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    zoneId: subnet.zoneId,
    connectivityType: request.connectivityType,
    state: 'pending',
    createTime: tx.now,
    ...(failure && { failure }),
    ...(eni && { networkInterfaceId: eni.id }),
    addresses: eni === undefined ? [] : firstAddresses(tx, eni, elastic),
  });
}

function checkZoneQuota(tx: Transaction, scope: Scope, { zoneId }: Subnet): void {
  const { account, region } = scope;
  const limit = tx.quota('natGatewaysPerZone');
  if (tx.count('natgateway', 'zone', `${account}|${region}|${zoneId}`) < limit) return;
  const message = `Performing this operation would exceed the limit of ${limit} NAT gateways`;
  throw awsError('NatGatewayLimitExceeded', message);
}

function addressCount(request: CreateNatGateway): number {
  const { allocationIds, secondaryPrivateAddresses, secondaryPrivateAddressCount } = request;
  const named = 1 + secondaryPrivateAddresses.length + secondaryPrivateAddressCount;
  return Math.max(named, allocationIds.length);
}

/** AWS's words (MODEL:NatGateway). */
function failureOf(
  tx: Transaction,
  subnet: Subnet,
  request: CreateNatGateway,
  elastic: readonly ElasticAddress[],
): NatGateway['failure'] {
  const { vpcId } = subnet;
  if (request.connectivityType === 'public' && tx.count('internet-gateway', 'vpc', vpcId) === 0) {
    const message = `Network ${vpcId} has no Internet gateway attached`;
    return { code: 'Gateway.NotAttached', message };
  }
  const taken = elastic.find((address) => mappingOf(tx, address) !== undefined);
  if (taken !== undefined) {
    const message = `Elastic IP address ${taken.id} is already associated`;
    return { code: 'Resource.AlreadyAssociated', message };
  }
  if (freeAddressCount(tx, subnet) >= addressCount(request)) return undefined;
  const message = 'Subnet has insufficient free addresses to create this NAT gateway';
  return { code: 'InsufficientFreeAddressesInSubnet', message };
}

/** its interface has no groups; it forwards whatever is addressed to others. */
function putInterface(
  tx: Transaction,
  scope: Scope,
  subnet: Subnet,
  id: string,
  request: CreateNatGateway,
): NetworkInterface {
  const { privateAddress, secondaryPrivateAddresses: secondary } = request;
  const eni = putNetworkInterface(tx, scope, subnet, {
    description: `Interface for NAT Gateway ${id}`,
    groupIds: [],
    addresses: {
      ...(privateAddress === undefined ? {} : { primary: privateAddress }),
      secondary,
      secondaryCount: addressCount(request) - 1 - secondary.length,
      ipv6: [],
      ipv6Count: 0,
    },
    connectionTracking: {},
    tags: {},
    interfaceType: 'nat_gateway',
    requesterManaged: true,
  });
  return tx.update('network-interface', eni, { status: 'in-use', sourceDestCheck: false });
}

/** Maps the elastic addresses to the interface's, in order. */
function firstAddresses(
  tx: Transaction,
  eni: NetworkInterface,
  elastic: readonly ElasticAddress[],
): NatGatewayAddress[] {
  const mapped = mapNatAddresses(
    tx,
    eni,
    elastic.map((address, index) => ({ address, at: eni.addresses[index]!.address })),
  );
  return eni.addresses.map(({ address, primary }) => ({
    privateAddress: address,
    primary,
    status: elastic.length > 0 ? 'associating' : 'assigning',
    ...mapped.get(address),
  }));
}

/**
 * Its interface and addresses go when it is deleted; routes to it stay, as black holes.
 * @throws AwsError NatGatewayMalformed, NatGatewayNotFound
 */
export function deleteNatGateway(tx: Transaction, scope: Scope, id: string): void {
  const gateway = find(tx, scope, 'natgateway', id);
  const state = natGatewayTransition(gateway, 'delete');
  if (state === gateway.state) return;
  tx.unschedule(id);
  const next = tx.update('natgateway', gateway, { state });
  if (state === 'deleted') finishDeletion(tx, next);
  else tx.settle('natgateway.deleted', id, USUAL_SECONDS.delete);
}

function finishDeletion(tx: Transaction, gateway: NatGateway): void {
  const eni = tx.get('network-interface', gateway.networkInterfaceId ?? '');
  if (eni !== undefined) removeNetworkInterface(tx, eni);
  tx.update('natgateway', gateway, { deleteTime: tx.now });
  tx.schedule('natgateway.vanished', gateway.id, tx.now + VISIBLE_MILLIS);
}

export const natGatewayEvents: Record<string, TimedEvent> = {
  'natgateway.created': (tx, id) => {
    const gateway = tx.get('natgateway', id);
    if (gateway?.state !== 'pending') return;
    if (gateway.failure !== undefined) {
      tx.update('natgateway', gateway, { state: natGatewayTransition(gateway, 'fail') });
      tx.schedule('natgateway.vanished', id, tx.now + VISIBLE_MILLIS);
      return;
    }
    tx.update('natgateway', gateway, {
      state: natGatewayTransition(gateway, 'available'),
      addresses: gateway.addresses.map((one) => ({ ...one, status: 'succeeded' })),
    });
  },
  'natgateway.deleted': (tx, id) => {
    const gateway = tx.get('natgateway', id);
    if (gateway?.state !== 'deleting') return;
    const state = natGatewayTransition(gateway, 'deleted');
    finishDeletion(tx, tx.update('natgateway', gateway, { state }));
  },
  'natgateway.vanished': (tx, id) => {
    tx.delete('natgateway', id);
    dropTags(tx, id);
    forgetTokens(tx, id);
  },
};
