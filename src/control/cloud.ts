/** The only writer of the model: runs commands atomically, publishes and persists their changes. */
import { awsError } from '../model/error.ts';
import { Model, type ModelReader } from '../model/model.ts';
import { type Zone, type ZoneMapping, zonesOf } from '../model/region.ts';
import type { Timer } from '../model/resource.ts';
import { type Change, KINDS, type Kind } from '../model/schema.ts';
import { isLastingKind } from '../model/volatile.ts';
import { Random } from '../net/random.ts';
import type { Store } from '../store/store.ts';
import { CLOCK_OFFSET, Clock, checkTime } from './clock.ts';
import { Scheduler } from './scheduler.ts';
import { TIMED_EVENTS } from './timed-events.ts';
import { Transaction, type Transitions } from './transaction.ts';

export interface CloudOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly realNow: () => number;
  readonly seed: number;
  readonly transitions: Transitions;
  readonly quotas: boolean;
  readonly zones: ZoneMapping;
  /** Calls back once after `millis`; returns how to cancel. */
  readonly setTimer: (millis: number, callback: () => void) => () => void;
  /** Told when the store refuses: nothing more can be acknowledged. */
  readonly onStoreFailure: (error: unknown) => void;
  /** Told of a mistake of ours in something that happens by itself. */
  readonly onDefect: (error: unknown) => void;
}

export type Command<T> = (tx: Transaction) => T;
export type ChangeListener = (changes: readonly Change[]) => void;

export class Cloud {
  readonly #options: CloudOptions;
  readonly #model = new Model();
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #scheduler = new Scheduler();
  readonly #listeners: ChangeListener[] = [];
  /** Commands that follow from what listeners are being told. */
  readonly #following: Command<void>[] = [];
  #telling = false;
  #cancelTimer: () => void = () => {};

  private constructor(options: CloudOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#clock = new Clock(options.realNow);
  }

  /** A cloud with everything its store holds. */
  static async open(options: CloudOptions): Promise<Cloud> {
    const cloud = new Cloud(options);
    const known = new Set<string>(KINDS);
    const changes: Change[] = [];
    for (const { kind, id, value } of await options.store.load()) {
      if (!known.has(kind)) throw new Error(`the store holds records of an unknown kind: ${kind}`);
      changes.push({ kind: kind as Kind, id, before: undefined, after: value } as Change);
    }
    for (const change of changes) cloud.#model.apply(change);
    cloud.#react(changes);
    cloud.#arm();
    return cloud;
  }

  get model(): ModelReader {
    return this.#model;
  }

  /** Milliseconds since the epoch, on the cloud's clock. */
  now(): number {
    return this.#clock.now();
  }

  zones(account: string, region: string): Zone[] {
    return zonesOf(region, account, this.#options.zones);
  }

  /** Hears of every change from now on, in order, before the call that made it is answered. */
  subscribe(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /**
   * For listeners: runs a command that follows from what they are told, as soon as all have been
   * told, at the same time of the clock; at once where nobody is being told. It throws nothing.
   */
  follow(command: Command<void>): void {
    this.#following.push(command);
    if (!this.#telling) this.#runFollowing(this.#clock.now());
  }

  /** Every record as a change that made it: what a late subscriber begins with. */
  snapshot(): Change[] {
    return KINDS.flatMap((kind) =>
      [...this.#model.all(kind)].map(
        (record) => ({ kind, id: record.id, before: undefined, after: record }) as Change,
      ),
    );
  }

  /**
   * Runs a command: all of it, durable, or nothing. With `dryRun` it is checked and undone (G-028).
   * @throws AwsError what the command throws; DryRunOperation
   */
  async execute<T>(command: Command<T>, { dryRun = false } = {}): Promise<T> {
    const result = this.#run(command, this.#clock.now(), dryRun);
    await result.durable;
    return result.value;
  }

  /**
   * Moves the clock on; whatever becomes due happens in order, each at its own time.
   * @throws AwsError beyond CLOCK_MAX
   */
  async advance(millis: number): Promise<void> {
    const target = this.#clock.now() + millis;
    checkTime(target);
    const events = this.#runDue(target);
    this.#clock.setOffset(this.#clock.offset + millis);
    const moved = this.#run(
      (tx) => tx.put('setting', { id: CLOCK_OFFSET, value: this.#clock.offset }),
      target,
      false,
    );
    await Promise.all([events, moved.durable]);
  }

  close(): void {
    this.#cancelTimer();
  }

  #run<T>(command: Command<T>, now: number, dryRun: boolean): { value: T; durable: Promise<void> } {
    const { transitions, quotas, zones } = this.#options;
    const random = this.#random;
    const tx = new Transaction({ model: this.#model, random, now, transitions, quotas, zones });
    let value: T;
    try {
      value = command(tx);
      for (let next = tx.nextImmediate(); next; next = tx.nextImmediate()) {
        runTimedEvent(tx, next.event, next.target);
      }
      if (dryRun) {
        const message = 'Request would have succeeded, but DryRun flag is set.';
        throw awsError('DryRunOperation', message);
      }
    } catch (error) {
      tx.rollback();
      throw error;
    }
    const changes = tx.commit();
    if (changes.length === 0) return { value, durable: Promise.resolve() };
    // On the way to the disk first: a listener's defect must not part what is kept from what is.
    const durable = this.#persist(changes);
    durable.catch(() => {});
    this.#react(changes);
    this.#arm();
    this.#tell(changes);
    this.#runFollowing(now);
    return { value, durable };
  }

  #tell(changes: readonly Change[]): void {
    this.#telling = true;
    try {
      for (const listener of this.#listeners) listener(changes);
    } finally {
      this.#telling = false;
    }
  }

  /** Each in a transaction of its own; a defect of one is not that of what it follows from. */
  #runFollowing(now: number): void {
    for (let command = this.#following.shift(); command; command = this.#following.shift()) {
      try {
        this.#run(command, now, false);
      } catch (error) {
        this.#options.onDefect(error);
      }
    }
  }

  async #persist(changes: readonly Change[]): Promise<void> {
    try {
      await this.#options.store.commit(
        changes
          .filter(({ kind }) => isLastingKind(kind))
          .map(({ kind, id, after }) => ({ kind, id, value: after ?? null })),
      );
    } catch (error) {
      this.#options.onStoreFailure(error);
      throw awsError('ServiceUnavailable', 'The store does not accept writes.');
    }
  }

  #react(changes: readonly Change[]): void {
    for (const { kind, id, after } of changes) {
      if (kind === 'timer') after ? this.#scheduler.set(after) : this.#scheduler.delete(id);
      if (kind === 'setting' && id === CLOCK_OFFSET && after) {
        this.#clock.setOffset(after.value as number);
      }
    }
  }

  /** Runs what is due until `target`, each event in a transaction of its own. */
  #runDue(target: number): Promise<unknown> {
    const durable: Promise<void>[] = [];
    for (let timer = this.#scheduler.next(); timer && timer.at <= target; ) {
      durable.push(this.#happen(timer));
      timer = this.#scheduler.next();
    }
    return Promise.all(durable);
  }

  /** What a timer is for. A defect there takes the timer with it: it would meet every restart. */
  #happen({ id, event, target, at }: Timer): Promise<void> {
    const happen = (tx: Transaction) => {
      tx.delete('timer', id);
      runTimedEvent(tx, event, target);
    };
    try {
      return this.#run(happen, at, false).durable;
    } catch (error) {
      this.#options.onDefect(error);
      return this.#run((tx) => tx.delete('timer', id), at, false).durable;
    }
  }

  #arm(): void {
    this.#cancelTimer();
    const next = this.#scheduler.next();
    if (next === undefined) return;
    // Node's timers hold at most 2^31 - 1 ms; a longer wait is armed again when it ends.
    const wait = Math.min(Math.max(0, next.at - this.#clock.now()), 0x7fff_ffff);
    this.#cancelTimer = this.#options.setTimer(wait, () => {
      void this.#runDue(this.#clock.now()).catch(() => {});
      this.#arm();
    });
  }
}

function runTimedEvent(tx: Transaction, event: string, target: string): void {
  const handler = TIMED_EVENTS[event];
  if (handler === undefined) throw new Error(`no timed event ${event}`);
  handler(tx, target);
}
