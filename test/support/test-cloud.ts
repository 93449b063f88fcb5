/** A cloud in memory for tests, and AWS's own SDK client in front of it, without a socket. */
import { DirectConnect } from '@aws-sdk/client-direct-connect';
import { EC2 } from '@aws-sdk/client-ec2';
import { RAM } from '@aws-sdk/client-ram';
import { createMemoryCredentialStore } from '../../src/aws/credentials.ts';
import { createDirectConnectService } from '../../src/aws/directconnect/service.ts';
import { createDoor, type Door } from '../../src/aws/door.ts';
import { createEc2Service } from '../../src/aws/ec2/service.ts';
import { createRamService } from '../../src/aws/ram/service.ts';
import type { Cloud } from '../../src/control/cloud.ts';
import type { Scope } from '../../src/control/scope.ts';
import type { Transitions } from '../../src/control/transaction.ts';
import { isRegion } from '../../src/model/region.ts';
import { Random } from '../../src/net/random.ts';
import { Lab } from '../../src/server/lab.ts';
import type { Store } from '../../src/store/store.ts';
import { doorHandler } from './door-handler.ts';

export interface TestCloudOptions {
  readonly seed?: number;
  /** `instant` unless given; with `fast` and `aws`, `advance` makes states move on. */
  readonly transitions?: Transitions;
  readonly quotas?: boolean;
  readonly shuffledZones?: boolean;
  /** Milliseconds since the epoch at which the cloud's clock stands still. */
  readonly startMillis?: number;
  readonly store?: Store;
}

export interface TestCloud {
  /** The cloud with its data plane: `probe` and `trace`. */
  readonly lab: Lab;
  readonly cloud: Cloud;
  readonly door: Door;
  /** The SDK's client of one account in one Region; 111111111111 and us-east-1 unless given. */
  readonly ec2: (account?: string, region?: string) => EC2;
  /** RAM's client, of the same account unless given. */
  readonly ram: (account?: string, region?: string) => RAM;
  /** Direct Connect's client, of the same account and Region unless given. */
  readonly directConnect: (account?: string, region?: string) => DirectConnect;
  /** Moves the cloud's clock on, by milliseconds. */
  readonly advance: (millis: number) => Promise<void>;
}

export const ACCOUNT = '111111111111';
export const OTHER_ACCOUNT = '222222222222';
export const REGION = 'us-east-1';
/** The scope of `ec2()`. */
export const SCOPE: Scope = { account: ACCOUNT, region: REGION };

const NEW_YEAR = Date.UTC(2026, 0, 1);

export async function testCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const seed = options.seed ?? 1;
  const startMillis = options.startMillis ?? NEW_YEAR;
  const lab = await Lab.open({
    store: options.store ?? nowhere(),
    realNow: () => startMillis,
    seed,
    transitions: options.transitions ?? 'instant',
    quotas: options.quotas ?? true,
    zones: { shuffled: options.shuffledZones ?? false, seed },
    // The clock stands still: only `advance` lets anything become due.
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
  const door = testDoor(cloud, seed);
  return {
    lab,
    cloud,
    door,
    ec2: (account = ACCOUNT, region = REGION) => new EC2(settings(door, account, region)),
    ram: (account = ACCOUNT, region = REGION) => new RAM(settings(door, account, region)),
    directConnect: (account = ACCOUNT, region = REGION) =>
      new DirectConnect(settings(door, account, region)),
    advance: (millis) => cloud.advance(millis),
  };
}

function nowhere(): Store {
  return { load: async () => [], commit: async () => {}, close: async () => {} } as Store;
}

/** A door that hides no defect: what a handler throws by mistake fails the test. */
function testDoor(cloud: Cloud, seed: number): Door {
  const random = new Random(seed);
  let defect: unknown;
  const door = createDoor({
    services: [createEc2Service(), createRamService(), createDirectConnectService()],
    cloud,
    credentials: createMemoryCredentialStore(random, () => cloud.now()),
    isRegion,
    newRequestId: () => random.hex(32),
    onDefect: (error) => {
      defect = error;
    },
  });
  return async (request) => {
    const response = await door(request);
    const thrown = defect;
    defect = undefined;
    if (thrown !== undefined) throw thrown;
    return response;
  };
}

function settings(door: Door, account: string, region: string) {
  return {
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: doorHandler(door),
  };
}
