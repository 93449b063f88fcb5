/** A small cloud that the fuzzer calls, with its every record frozen. */

import { DEFAULT_ACCOUNT } from '../../../src/aws/credentials.ts';
import { createDirectConnectService } from '../../../src/aws/directconnect/service.ts';
import { createDoor, type Door } from '../../../src/aws/door.ts';
import { createEc2Service } from '../../../src/aws/ec2/service.ts';
import { createRamService } from '../../../src/aws/ram/service.ts';
import { createSts } from '../../../src/aws/sts/handlers.ts';
import { ensureAccount } from '../../../src/control/account.ts';
import type { Cloud } from '../../../src/control/cloud.ts';
import { isRegion } from '../../../src/model/region.ts';
import { type Change, KINDS } from '../../../src/model/schema.ts';
import { Random } from '../../../src/net/random.ts';
import { createCredentialStore } from '../../../src/server/credential-store.ts';
import { Lab } from '../../../src/server/lab.ts';
import type { Store, StoredRecord } from '../../../src/store/store.ts';
import { buildSkeleton } from '../../random/skeleton.ts';

export const ACCOUNTS = ['111111111111', '222222222222', '333333333333'] as const;
export const REGIONS = ['us-east-1', 'eu-west-1'] as const;
const NEW_YEAR = Date.UTC(2026, 0, 1);

export interface FuzzWorld {
  readonly lab: Lab;
  readonly door: Door;
  /** What a handler threw that is no AwsError, newest last. */
  readonly defects: unknown[];
  /** The changes published since they were last taken. */
  readonly takeChanges: () => readonly Change[];
}

/**
 * A cloud with a random network in it, or with `rows`. Its accounts exist already, so that no call
 * makes them.
 */
export async function openWorld(
  seed: number,
  rows: readonly StoredRecord[] = [],
): Promise<FuzzWorld> {
  const lab = await Lab.open({
    store: storeOf(rows ?? []),
    realNow: () => NEW_YEAR,
    seed,
    transitions: seed % 3 === 0 ? 'instant' : 'fast',
    quotas: seed % 4 !== 0,
    zones: { shuffled: false, seed },
    // The clock stands still until the fuzzer moves it.
    setTimer: () => () => {},
    onStoreFailure: (error) => {
      throw error;
    },
    onDefect: (error) => {
      throw error;
    },
    micros: () => 0,
  });
  const { cloud } = lab;
  for (const account of [...ACCOUNTS, DEFAULT_ACCOUNT]) {
    for (const region of REGIONS) await ensureAccount(cloud, { account, region });
  }
  if (rows === undefined) await buildSkeleton({ cloud, random: new Random(seed) });
  for (const { after } of cloud.snapshot()) freeze(after);
  let changes: Change[] = [];
  cloud.subscribe((published) => {
    for (const change of published) freeze(change.after);
    changes.push(...published);
  });
  const defects: unknown[] = [];
  const takeChanges = () => {
    const taken = changes;
    changes = [];
    return taken;
  };
  return { lab, door: fuzzDoor(cloud, seed, defects), defects, takeChanges };
}

/** What a cloud holds, as a store would give it back. */
export function rowsOf(cloud: Cloud): StoredRecord[] {
  return cloud.snapshot().map(({ kind, id, after }) => ({ kind, id, value: after }));
}

/** The records themselves, in order: a call that changes nothing leaves the same objects there. */
export function imageOf({ model }: Cloud): readonly unknown[] {
  return KINDS.flatMap((kind) => [...model.all(kind)]);
}

function storeOf(rows: readonly StoredRecord[]): Store {
  return { load: async () => [...rows], commit: async () => {}, close: async () => {} } as Store;
}

function fuzzDoor(cloud: Cloud, seed: number, defects: unknown[]): Door {
  const random = new Random(seed);
  const credentials = createCredentialStore(cloud);
  return createDoor<Cloud>({
    services: [
      createEc2Service(),
      createSts<Cloud>(credentials),
      createRamService(),
      createDirectConnectService(),
    ],
    cloud,
    credentials,
    isRegion,
    newRequestId: () => random.hex(32),
    onDefect: (error) => defects.push(error),
  });
}

/** A record that someone writes into in place would throw: records are replaced. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
}
