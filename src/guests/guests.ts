/** The in-process hosts behind endpoints: made when the first frame comes, or when asked for. */
import type { Endpoint } from '../fabric/endpoint.ts';
import type { HostConfig } from '../fabric/host-config.ts';
import { Host } from './host/host.ts';
import type { Observed } from './host/listen.ts';

export interface GuestsOptions {
  /** Undefined: nobody is there, frames for it are lost. */
  readonly configOf: (endpoint: Endpoint) => HostConfig | undefined;
  readonly keyOf: (endpoint: Endpoint) => string;
  /** Takes a frame that a guest sends. */
  readonly send: (from: Endpoint, frame: Uint8Array) => void;
  /** Prepares a new host: binds its services. */
  readonly prepare?: (endpoint: Endpoint, host: Host) => void;
  /** Told of what the echo service of a guest's host gets. */
  readonly onObserved?: (at: Endpoint, observed: Observed) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** Unsigned 32-bit numbers. */
  readonly random: () => number;
}

export class Guests {
  readonly #options: GuestsOptions;
  readonly #hosts = new Map<string, Host>();

  constructor(options: GuestsOptions) {
    this.#options = options;
  }

  /** The host at an endpoint; undefined when nobody is there. */
  host(endpoint: Endpoint): Host | undefined {
    const key = this.#options.keyOf(endpoint);
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const config = this.#options.configOf(endpoint);
    if (config === undefined) return undefined;
    const { send, now, random, prepare, onObserved } = this.#options;
    const { mac, mtu } = config;
    const transmit = (frame: Uint8Array) => send(endpoint, frame);
    const host = new Host({
      ...{ mac, mtu, transmit, now, random },
      onObserved: (observed) => onObserved?.(endpoint, observed),
    });
    host.configure(config);
    host.setListen(config.listen);
    prepare?.(endpoint, host);
    this.#hosts.set(key, host);
    return host;
  }

  deliver(to: Endpoint, frame: Uint8Array): void {
    this.host(to)?.receive(frame);
  }
}
