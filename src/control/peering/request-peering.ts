/** Asking for a peering connection, and how the request arrives or fails. */
import { awsError } from '../../model/error.ts';
import { checkIdShape } from '../../model/id.ts';
import { PEERING_REQUEST_MILLIS } from '../../model/limits.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  type PeeringConnection,
  type PeeringSide,
  pairKey,
} from '../../model/peering/peering-connection.ts';
import { vpcsOverlap } from '../../model/peering/peering-lookup.ts';
import type { Vpc } from '../../model/vpc/vpc.ts';
import { find, ownerKey, owns, type Scope } from '../scope.ts';
import { putTags, type Tags } from '../tags.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { movePeering } from './move-peering.ts';

export interface CreatePeering {
  readonly vpcId: string;
  readonly peerVpcId: string;
  /** Whose VPC that is said to be; nobody's VPC makes the request fail later (B-022). */
  readonly peer: Scope;
  readonly tags: Tags;
}

/** AWS's usual time until a request is delivered, in seconds. */
const DELIVERY_SECONDS = 1;

/**
 * A request in initiating-request, which then becomes pending-acceptance or failed (B-001).
 * @throws AwsError InvalidVpcID.Malformed, InvalidVpcID.NotFound,
 *   VpcPeeringConnectionAlreadyExists, OutstandingVpcPeeringConnectionLimitExceeded
 */
export function createPeering(
  tx: Transaction,
  scope: Scope,
  request: CreatePeering,
): PeeringConnection {
  const { vpcId, peerVpcId, peer, tags } = request;
  checkIdShape('vpc', peerVpcId);
  find(tx, scope, 'vpc', vpcId); // B-021
  const requester = side(scope, vpcId);
  const accepter = side(peer, peerVpcId);
  checkUnpeered(tx, requester, accepter);
  checkOutstanding(tx, scope);
  const connection = tx.put('vpc-peering-connection', {
    id: tx.newId('vpc-peering-connection'),
    ...scope,
    requester,
    accepter,
    status: 'initiating-request',
    expirationTime: tx.now + PEERING_REQUEST_MILLIS,
  });
  putTags(tx, scope, 'vpc-peering-connection', connection.id, tags);
  tx.settle('peering.deliver', connection.id, DELIVERY_SECONDS);
  return connection;
}

function side({ account, region }: Scope, vpcId: string): PeeringSide {
  return { account, region, vpcId, allowDnsResolutionFromRemoteVpc: false }; // B-054
}

/** Statuses in which a connection is asked for or in use. One being deleted is in nobody's way. */
const LIVE: ReadonlySet<string> = new Set([
  'initiating-request',
  'pending-acceptance',
  'provisioning',
  'active',
]);

/** B-024, either direction. A request that names a stranger's VPC as someone's never conflicts. */
function checkUnpeered(tx: Transaction, requester: PeeringSide, accepter: PeeringSide): void {
  const between = tx.by('vpc-peering-connection', 'pair', pairKey(requester.vpcId, accepter.vpcId));
  const existing = between.find(
    (earlier) =>
      LIVE.has(earlier.status) &&
      [earlier.requester, earlier.accepter].some((known) => isSame(known, accepter)),
  );
  if (existing === undefined) return;
  const message = `The vpc peering connection identified by ${existing.id} already exists.`;
  throw awsError('VpcPeeringConnectionAlreadyExists', message);
}

function isSame(a: PeeringSide, b: PeeringSide): boolean {
  return a.vpcId === b.vpcId && owns(a, b);
}

/** B-028: requests of one account in one Region that wait for an answer. */
function checkOutstanding(tx: Transaction, scope: Scope): void {
  const waiting = tx
    .by('vpc-peering-connection', 'owner', ownerKey(scope))
    .filter(
      ({ requester, status }) =>
        owns(scope, requester) &&
        (status === 'initiating-request' || status === 'pending-acceptance'),
    );
  const quota = tx.quota('outstandingPeeringRequests');
  if (waiting.length < quota) return;
  const message = `You have ${quota} outstanding VPC peering connection requests, the maximum.`;
  throw awsError('OutstandingVpcPeeringConnectionLimitExceeded', message);
}

/** B-022: the peer VPC is there, is whose it is said to be, and overlaps nowhere. */
function canBeDelivered(reader: ModelReader, { requester, accepter }: PeeringConnection): boolean {
  const own = vpcOf(reader, requester);
  const peer = vpcOf(reader, accepter);
  return own !== undefined && peer !== undefined && !vpcsOverlap(own, peer);
}

function vpcOf(reader: ModelReader, { vpcId, ...owner }: PeeringSide): Vpc | undefined {
  const vpc = reader.get('vpc', vpcId);
  return vpc !== undefined && owns(owner, vpc) ? vpc : undefined;
}

export const requestEvents: Record<string, TimedEvent> = {
  'peering.deliver': (tx, id) => {
    const connection = tx.get('vpc-peering-connection', id);
    if (connection?.status !== 'initiating-request') return;
    if (!canBeDelivered(tx, connection)) {
      movePeering(tx, connection, 'fail');
      return;
    }
    const { expirationTime } = movePeering(tx, connection, 'deliver');
    if (expirationTime !== undefined) tx.schedule('peering.expire', id, expirationTime);
  },
  'peering.expire': (tx, id) => {
    const connection = tx.get('vpc-peering-connection', id);
    if (connection?.status === 'pending-acceptance') movePeering(tx, connection, 'expire');
  },
};
