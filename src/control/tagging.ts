/** Which resources can be tagged, and under which name of their type (G-034). */
import { awsError } from '../model/error.ts';
import { kindOfId } from '../model/id.ts';
import type { ModelReader } from '../model/model.ts';
import { findPeering } from './peering/find-peering.ts';
import { find, type OwnedKind, type Scope } from './scope.ts';
import { putTags, removeTags, type Tags } from './tags.ts';
import type { Transaction } from './transaction.ts';
import { findAttachment } from './transit-gateway/visible-attachment.ts';
import { findUsableDomain } from './transit-gateway/visible-multicast.ts';

/** Kinds whose records carry tags; AWS's name of the type is the kind's own. */
const TAGGABLE: readonly OwnedKind[] = [
  'vpc',
  'subnet',
  'route-table',
  'network-acl',
  'security-group',
  'security-group-rule',
  'network-interface',
  'instance',
  'internet-gateway',
  'elastic-ip',
  'natgateway',
  'egress-only-internet-gateway',
  'dhcp-options',
  'prefix-list',
  'vpc-peering-connection',
  'customer-gateway',
  'vpn-gateway',
  'vpn-connection',
  'transit-gateway',
  'transit-gateway-attachment',
  'transit-gateway-connect-peer',
  'transit-gateway-route-table',
  'transit-gateway-policy-table',
  'transit-gateway-multicast-domain',
];

/**
 * Puts tags on resources: on all of them or on none.
 * @throws AwsError InvalidID, each kind's Malformed and NotFound, those of `putTags`
 */
export function createTags(
  tx: Transaction,
  scope: Scope,
  ids: readonly string[],
  tags: Tags,
): void {
  const types = ids.map((id) => resourceTypeOf(tx, scope, id, tx.now));
  for (const [index, id] of ids.entries()) putTags(tx, scope, types[index]!, id, tags);
}

/** A key, and the value it must have to be removed; without one any value will do. */
export interface TagToDelete {
  readonly key: string;
  readonly value?: string;
}

/**
 * Takes tags off resources; `undefined` means every tag.
 * @throws AwsError as `createTags`
 */
export function deleteTags(
  tx: Transaction,
  scope: Scope,
  ids: readonly string[],
  tags: readonly TagToDelete[] | undefined,
): void {
  for (const id of ids) resourceTypeOf(tx, scope, id, tx.now);
  for (const id of ids) removeTags(tx, scope, id, tags);
}

/** AWS's name of a resource's type, if the caller may see that resource. */
function resourceTypeOf(reader: ModelReader, scope: Scope, id: string, now: number): OwnedKind {
  const kind = kindOfId(id);
  if (kind === undefined || !isEc2Type(kind)) {
    throw awsError('InvalidID', `The ID '${id}' is not valid`);
  }
  // B-058: both sides of a peering tag the one connection, each for itself.
  if (kind === 'vpc-peering-connection') findPeering(reader, scope, id, now);
  else if (kind === 'transit-gateway-attachment') findAttachment(reader, scope, id);
  else if (kind === 'transit-gateway-multicast-domain') findUsableDomain(reader, scope, id);
  else find(reader, scope, kind, id);
  return kind;
}

/** Whether resources of a type are EC2's: other services have types, and tags, of their own. */
export function isEc2Type(type: string): type is OwnedKind {
  return TAGGABLE.some((taggable) => taggable === type);
}
