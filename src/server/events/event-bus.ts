/** What happens in the cloud, told to whoever listens (contract, `GET /_openvpc/events`). */

export type EventType = 'resource' | 'call' | 'drop';

export interface CloudEvent {
  /** Counts up from 1 as long as the process lives. */
  readonly id: number;
  readonly type: EventType;
  readonly data: object;
}

export type EventListener = (event: CloudEvent) => void;

export class EventBus {
  readonly #listeners = new Set<EventListener>();
  #lastId = 0;

  /** Whether it is worth the trouble to make an event. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  publish(type: EventType, data: object): void {
    this.#lastId += 1;
    const event: CloudEvent = { id: this.#lastId, type, data };
    for (const listener of this.#listeners) listener(event);
  }

  /** Hears of every event until the returned function is called. Must not throw. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
