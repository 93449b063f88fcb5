/** A cloud from a spoilt document, then calls: what is imported must not break what is asked. */
import { EC2_OPERATIONS } from '../../../src/aws/ec2/operations.ts';
import { exportState, parseState } from '../../../src/control/state/document.ts';
import { AwsError } from '../../../src/model/error.ts';
import { Random } from '../../../src/net/random.ts';
import type { StoredRecord } from '../../../src/store/store.ts';
import { spoil } from '../http/own-requests.ts';
import { answerFault } from './answer.ts';
import { drawBatch } from './draw-calls.ts';
import { type FuzzCall, requestOf } from './fuzz-call.ts';
import { ACCOUNTS, type FuzzWorld, openWorld, REGIONS } from './fuzz-world.ts';
import type { Failure } from './shrink.ts';

export interface ImportOptions {
  readonly seed: number;
  readonly calls: number;
  readonly onStep?: (index: number) => void;
}

export interface ImportTally {
  documents: number;
  accepted: number;
  calls: number;
}

const READS = EC2_OPERATIONS.filter((name) => /^Describe[A-Z]\w*s$/.test(name));

/** Spoils documents until one is taken, and makes calls on it. */
export async function runImport(
  { seed, calls, onStep }: ImportOptions,
  tally: ImportTally,
): Promise<Failure | undefined> {
  const random = new Random(seed);
  const { lab } = await openWorld(seed);
  const document = exportState(lab.cloud.model);
  for (let done = 0; done < calls; ) {
    onStep?.(done);
    const rows = imported(JSON.parse(JSON.stringify(spoil(random, document))));
    tally.documents += 1;
    done += 1;
    if (rows === undefined) continue;
    tally.accepted += 1;
    const failure = await live(await openWorld(seed, rows), random, { seed, rows });
    if (failure !== undefined) return failure;
    done += CALLS;
    tally.calls += CALLS;
  }
  return undefined;
}

/** The records of a document that is taken; undefined: it is refused, in so many words. */
function imported(document: unknown): StoredRecord[] | undefined {
  try {
    return parseState(document).map(({ kind, id, after }) => ({ kind, id, value: after }));
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

const CALLS = 40;

async function live(
  world: FuzzWorld,
  random: Random,
  from: Pick<Failure, 'seed' | 'rows'>,
): Promise<Failure | undefined> {
  const { lab, door, defects } = world;
  for (let index = 0; index < CALLS; index++) {
    const batch = index < READS.length ? [read(random)] : drawBatch(random, lab.cloud.model);
    if (index % 10 === 5) await lab.cloud.advance(random.pick([60, 3.7e6, 7e8]));
    for (const call of batch) {
      const fault = answerFault(await door(requestOf(call)));
      if (fault === undefined && defects.length === 0) continue;
      const why = defects.map((one) => (one as Error).stack).join('\n') || `${fault}`;
      return { ...from, calls: [call], fault: `import: ${why}` };
    }
  }
  return undefined;
}

function read(random: Random): FuzzCall {
  const parameters = [
    ['Action', random.pick(READS)],
    ['Version', '2016-11-15'],
  ] as const;
  return {
    account: random.pick(ACCOUNTS),
    region: random.pick(REGIONS),
    service: 'ec2',
    parameters,
  };
}
