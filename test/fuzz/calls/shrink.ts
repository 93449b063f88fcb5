/** Makes a failing input smaller as long as it fails in the same way. */
import type { Kind } from '../../../src/model/schema.ts';
import type { StoredRecord } from '../../../src/store/store.ts';
import { faultsOf } from '../../support/invariants.ts';
import { referencesOf } from '../../support/references.ts';
import type { FuzzCall } from './fuzz-call.ts';
import { openWorld } from './fuzz-world.ts';
import { judge, worldFault } from './judge.ts';

/** A cloud's content and the calls that go wrong on it. */
export interface Failure {
  readonly seed: number;
  readonly rows: readonly StoredRecord[];
  readonly calls: readonly FuzzCall[];
  readonly fault: string;
}

const ATTEMPTS_MAX = 1_500;

/** What goes wrong when the calls are made on that cloud, or undefined. */
export async function reproduce({ seed, rows, calls }: Omit<Failure, 'fault'>) {
  const world = await openWorld(seed, rows);
  if (faultsOf(world.lab.cloud.model).length > 0) return undefined;
  const { fault } = await judge(world, calls);
  return fault ?? worldFault(world);
}

export async function shrink(failure: Failure): Promise<Failure> {
  let best = failure;
  let attempts = 0;
  const attempt = async (candidate: Omit<Failure, 'fault'>): Promise<boolean> => {
    attempts += 1;
    const fault = attempts > ATTEMPTS_MAX ? undefined : await reproduce(candidate);
    if (fault === undefined || kindOf(fault) !== kindOf(failure.fault)) return false;
    best = { ...candidate, fault };
    return true;
  };
  if (!(await attempt(failure))) return failure;
  await dropCalls(() => best, attempt);
  await dropParameters(() => best, attempt);
  await shortenValues(() => best, attempt);
  await dropRows(() => best, attempt);
  return best;
}

type Attempt = (candidate: Omit<Failure, 'fault'>) => Promise<boolean>;

/** `defect: TypeError: …`: the place is part of it, ids are not. */
function kindOf(fault: string): string {
  return fault
    .split('\n')
    .slice(0, 2)
    .join(' ')
    .replace(/[a-z-]+-[0-9a-f]{8,17}|\d+/g, '#')
    .slice(0, 120);
}

async function dropCalls(best: () => Failure, attempt: Attempt): Promise<void> {
  for (let index = best().calls.length - 1; index >= 0 && best().calls.length > 1; index--) {
    await attempt({ ...best(), calls: best().calls.toSpliced(index, 1) });
  }
}

async function dropParameters(best: () => Failure, attempt: Attempt): Promise<void> {
  for (let index = best().calls.length - 1; index >= 0; index--) {
    const size = () => best().calls[index]!.parameters.length;
    for (let chunk = Math.ceil(size() / 2); chunk >= 1; chunk = Math.floor(chunk / 2)) {
      for (let at = size() - chunk; at >= 0; at -= chunk) {
        const call = best().calls[index]!;
        const parameters = call.parameters.toSpliced(at, chunk);
        await attempt({ ...best(), calls: best().calls.with(index, { ...call, parameters }) });
      }
    }
  }
}

async function shortenValues(best: () => Failure, attempt: Attempt): Promise<void> {
  for (const [index, { parameters }] of best().calls.entries()) {
    for (const at of parameters.keys()) {
      for (let tries = 0; tries < 8; tries++) {
        const call = best().calls[index]!;
        const [name, value] = call.parameters[at]!;
        const shorter = value.slice(0, value.length >> 1);
        if (shorter === value) break;
        const changed = { ...call, parameters: call.parameters.with(at, [name, shorter] as const) };
        if (!(await attempt({ ...best(), calls: best().calls.with(index, changed) }))) break;
      }
    }
  }
}

/** A record goes with all that needs it: a VPC with its subnets. */
async function dropRows(best: () => Failure, attempt: Attempt): Promise<void> {
  for (const row of best().rows) {
    if (row.kind === 'setting' || !best().rows.includes(row)) continue;
    await attempt({ ...best(), rows: standing(best().rows.filter((one) => one !== row)) });
  }
}

/** Those records whose references lead somewhere. */
function standing(rows: readonly StoredRecord[]): readonly StoredRecord[] {
  const keys = new Set(rows.map(({ kind, id }) => `${kind}|${id}`));
  const left = rows.filter(({ kind, value }) =>
    referencesOf(kind as Kind, value as { id: string }).every(({ kinds, id }) =>
      kinds.some((to) => keys.has(`${to}|${id}`)),
    ),
  );
  return left.length === rows.length ? rows : standing(left);
}
