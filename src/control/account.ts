/** What a new AWS account has in a Region: made at its first use there, once. */
import type { ModelReader } from '../model/model.ts';
import type { Cloud } from './cloud.ts';
import { ownerKey, type Scope } from './scope.ts';
import type { Transaction } from './transaction.ts';
import { createDefaultVpc } from './vpc/default-vpc.ts';
import { subnetEvents } from './vpc/subnet.ts';
import { vpcEvents } from './vpc/vpc.ts';

/** Makes the account's default VPC in the Region unless that has been done before. */
export async function ensureAccount(cloud: Cloud, scope: Scope): Promise<void> {
  if (isKnown(cloud.model, scope)) return;
  await cloud.execute((tx) => createAccount(tx, scope));
}

/** Remembered for ever: a default VPC that its owner deletes does not come back. */
function isKnown(reader: ModelReader, scope: Scope): boolean {
  return reader.get('setting', settingId(scope)) !== undefined;
}

function createAccount(tx: Transaction, scope: Scope): void {
  tx.put('setting', { id: settingId(scope), value: true });
  // An imported state may have forgotten that the account has what it needs.
  if (tx.by('vpc', 'owner', ownerKey(scope)).some(({ isDefault }) => isDefault)) return;
  const vpc = createDefaultVpc(tx, scope);
  makeAvailable(tx, 'vpc.available', vpc.id);
  for (const { id } of tx.by('subnet', 'vpc', vpc.id)) makeAvailable(tx, 'subnet.available', id);
}

/** A new account's network has been there before its owner came: nobody sees it pending. */
function makeAvailable(tx: Transaction, event: string, id: string): void {
  tx.unschedule(id);
  ({ ...vpcEvents, ...subnetEvents })[event]?.(tx, id);
}

/** What the ids of the settings that remember accounts begin with. */
export const ACCOUNT_SETTING = 'account';

function settingId(scope: Scope): string {
  return `${ACCOUNT_SETTING}|${ownerKey(scope)}`;
}
