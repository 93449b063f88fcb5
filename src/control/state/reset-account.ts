/** One account as if it had never been used; what others have is left to them. */
import { KINDS, type Kind, type Records } from '../../model/schema.ts';
import { ACCOUNT_SETTING } from '../account.ts';
import { mendHybrid } from '../hybrid/mend.ts';
import { forgetTokens } from '../idempotency.ts';
import type { Transaction } from '../transaction.ts';
import { mendTransitGateways } from '../transit-gateway/mend.ts';
import { missingReference } from './references.ts';

/**
 * Deletes everything of an account, what joins it with others included, and its part in the shares
 * of others. Other accounts' routes to it become blackholes, as they do when a resource is deleted.
 */
export function resetAccount(tx: Transaction, account: string): void {
  for (const kind of KINDS) {
    for (const record of [...tx.all(kind)]) {
      if (belongsTo(account, kind, record)) remove(tx, kind, record.id);
    }
  }
  // What hangs on what is gone goes too: KINDS has owners before what they own.
  for (const kind of KINDS) {
    for (const record of [...tx.all(kind)]) {
      if (missingReference(tx, kind, record) !== undefined) remove(tx, kind, record.id);
    }
  }
  mendTransitGateways(tx);
  mendHybrid(tx);
}

function belongsTo<K extends Kind>(account: string, kind: K, record: Records[K]): boolean {
  if ('account' in record && record.account === account) return true;
  if (kind === 'vpc-peering-connection') {
    const { requester, accepter } = record as Records['vpc-peering-connection'];
    return requester.account === account || accepter.account === account;
  }
  if (kind === 'transit-gateway-attachment') {
    const attachment = record as Records['transit-gateway-attachment'];
    return (
      attachment.transitGatewayOwnerId === account ||
      (attachment.resourceType === 'peering' && attachment.accepter.account === account)
    );
  }
  if (kind === 'resource-share-association') {
    return (record as Records['resource-share-association']).entity === account;
  }
  if (kind === 'resource-share-invitation') {
    return (record as Records['resource-share-invitation']).receiver === account;
  }
  if (kind === 'idempotency') return record.id.startsWith(`${account}|`);
  return kind === 'setting' && record.id.startsWith(`${ACCOUNT_SETTING}|${account}|`);
}

function remove(tx: Transaction, kind: Kind, id: string): void {
  tx.delete(kind, id);
  tx.unschedule(id);
  for (const tags of tx.by('tag-set', 'resource', id)) tx.delete('tag-set', tags.id);
  forgetTokens(tx, id);
}
