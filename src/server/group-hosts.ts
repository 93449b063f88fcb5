/**
 * The instances that join multicast groups by themselves (tag `openvpc:join`): hosts that stand
 * behind their interfaces all the time, say that they join and leave, and answer queries.
 */
import type { Network } from '../fabric/compile/state.ts';
import type { Endpoint } from '../fabric/endpoint.ts';
import { hostConfig } from '../fabric/host-config.ts';
import { joinOf } from '../fabric/join.ts';
import { Host } from '../guests/host/host.ts';
import type { Change } from '../model/schema.ts';

export interface GroupHostsOptions {
  readonly network: Network;
  /** Takes a frame that a host sends. */
  readonly send: (from: Endpoint, frame: Uint8Array) => void;
  /** Milliseconds on the cloud's clock. */
  readonly now: () => number;
  /** Unsigned 32-bit numbers. */
  readonly random: () => number;
}

export class GroupHosts {
  readonly #options: GroupHostsOptions;
  /** By interface. */
  readonly #hosts = new Map<string, Host>();

  constructor(options: GroupHostsOptions) {
    this.#options = options;
  }

  /** Follows changes that the network has taken already. */
  heed(changes: readonly Change[]): void {
    const looks = new Set(changes.flatMap((change) => this.#concerned(change)));
    for (const id of looks) this.#look(id);
    for (const change of changes) this.#announce(change);
  }

  /** A frame has arrived; false: no such host is there. */
  deliver(to: Endpoint, frame: Uint8Array): boolean {
    const host = to.kind === 'interface' ? this.#hosts.get(to.id) : undefined;
    host?.receive(frame);
    return host !== undefined;
  }

  /** Interfaces whose host may be another one now. */
  #concerned(change: Change): string[] {
    switch (change.kind) {
      case 'network-interface':
        return [change.id];
      case 'instance':
        return this.#interfacesOf(change.id);
      case 'tag-set': {
        const { resourceType, resourceId } = (change.after ?? change.before)!;
        return resourceType === 'instance' ? this.#interfacesOf(resourceId) : [];
      }
      default:
        return [];
    }
  }

  #interfacesOf(instanceId: string): string[] {
    const { model } = this.#options.network;
    return model.by('network-interface', 'instance', instanceId).map(({ id }) => id);
  }

  #look(id: string): void {
    const { network } = this.#options;
    const groups = joinOf(network, id);
    const config = hostConfig(network, { kind: 'interface', id });
    if (groups === undefined || config === undefined) {
      // Who is switched off says nothing.
      this.#hosts.delete(id);
      return;
    }
    if (groups.length === 0 && !this.#hosts.has(id)) return;
    const host = this.#hosts.get(id) ?? this.#newHost(id);
    host.configure(config);
    host.joinGroups(groups);
    if (groups.length === 0) this.#hosts.delete(id);
  }

  #newHost(id: string): Host {
    const { network, send, now, random } = this.#options;
    const { mac, mtu } = hostConfig(network, { kind: 'interface', id })!;
    const endpoint: Endpoint = { kind: 'interface', id };
    const transmit = (frame: Uint8Array) => send(endpoint, frame);
    const host = new Host({ mac, mtu, transmit, now, random });
    this.#hosts.set(id, host);
    return host;
  }

  /** Whoever asked to join before its subnet came into a domain asks again. */
  #announce({ kind, before, after }: Change): void {
    if (kind !== 'transit-gateway-multicast-domain-association') return;
    if (after?.state !== 'associated' || before?.state === 'associated') return;
    const { model } = this.#options.network;
    for (const { id } of model.by('network-interface', 'subnet', after.subnetId)) {
      this.#hosts.get(id)?.reportGroups();
    }
  }
}
