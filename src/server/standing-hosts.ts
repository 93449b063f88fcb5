/** In-process hosts that stand behind endpoints all the time, not for one exchange alone. */
import type { Network } from '../fabric/compile/state.ts';
import { type Endpoint, endpointKey } from '../fabric/endpoint.ts';
import { hostConfig } from '../fabric/host-config.ts';
import { Host } from '../guests/host/host.ts';

export interface StandingHostsOptions {
  readonly network: Network;
  /** Takes a frame that a host sends. */
  readonly send: (from: Endpoint, frame: Uint8Array) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Unsigned 32-bit numbers. */
  readonly random: () => number;
  /** Whether they answer on every port, as instances do; else on those that are taken alone. */
  readonly echo: boolean;
  /** Beyond it the oldest is forgotten. */
  readonly max?: number;
}

export class StandingHosts {
  readonly #options: StandingHostsOptions;
  readonly #hosts = new Map<string, { readonly endpoint: Endpoint; readonly host: Host }>();

  constructor(options: StandingHostsOptions) {
    this.#options = options;
  }

  /** The host at an endpoint, with its addresses of now; undefined when the endpoint is gone. */
  at(endpoint: Endpoint): Host | undefined {
    const { network, send, now, random } = this.#options;
    const config = hostConfig(network, endpoint);
    if (config === undefined) return undefined;
    const key = endpointKey(endpoint);
    const known = this.#hosts.get(key)?.host;
    const { mac, mtu } = config;
    const transmit = (frame: Uint8Array) => send(endpoint, frame);
    const host = known ?? new Host({ mac, mtu, transmit, now, random });
    host.configure(config);
    host.setListen(this.#options.echo ? config.listen : []);
    if (known === undefined) this.#keep(key, endpoint, host);
    return host;
  }

  /** A frame has arrived; false: there is no host yet, and nobody takes it. */
  deliver(to: Endpoint, frame: Uint8Array): boolean {
    const host = this.#hosts.get(endpointKey(to))?.host;
    host?.receive(frame);
    return host !== undefined;
  }

  /** Forgets the hosts whose endpoints are gone. */
  prune(): void {
    for (const [key, { endpoint }] of this.#hosts) {
      if (hostConfig(this.#options.network, endpoint) === undefined) this.#hosts.delete(key);
    }
  }

  poll(): void {
    for (const { host } of this.#hosts.values()) host.poll();
  }

  /** When `poll` has something to do, in milliseconds. */
  nextTimer(): number | undefined {
    const timers = [...this.#hosts.values()].map(({ host }) => host.nextTimer());
    const set = timers.filter((at) => at !== undefined);
    return set.length === 0 ? undefined : Math.min(...set);
  }

  #keep(key: string, endpoint: Endpoint, host: Host): void {
    const [oldest] = this.#hosts.keys();
    if (
      oldest !== undefined &&
      this.#hosts.size >= (this.#options.max ?? Number.POSITIVE_INFINITY)
    ) {
      this.#hosts.delete(oldest);
    }
    this.#hosts.set(key, { endpoint, host });
  }
}
