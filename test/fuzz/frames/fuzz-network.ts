/** A random cloud's fabric with real hosts behind every interface, all of it in this process. */
import { type Endpoint, endpointKey } from '../../../src/fabric/endpoint.ts';
import { Fabric } from '../../../src/fabric/fabric.ts';
import { hostConfig } from '../../../src/fabric/host-config.ts';
import { Guests } from '../../../src/guests/guests.ts';
import type { Host } from '../../../src/guests/host/host.ts';
import { formatIp, type Ip, parseIp } from '../../../src/net/ip.ts';
import { Random } from '../../../src/net/random.ts';
import { serveResolver } from '../../../src/services/resolver-service.ts';
import { multicastLab } from '../../random/kinds/multicast.ts';
import type { RandomLab } from '../../random/topology.ts';
import { frameFault } from './frame-fault.ts';
import { addTunnels } from './tunnels.ts';

/** A frame as somebody may send it. */
export interface SentFrame {
  readonly from: Endpoint;
  readonly bytes: Uint8Array;
}

/** Frames that one injected frame may lead to; two echo services would never end. */
const FOLLOWERS_MAX = 24;

export class FuzzNetwork {
  readonly fabric: Fabric;
  readonly endpoints: readonly Endpoint[];
  /** Frames that guests have sent of themselves. */
  answers = 0;
  /** What hosts have told multicast domains. */
  heard = 0;
  /** Packets that have come out of GRE tunnels. */
  unwrapped = 0;
  /** What left the fabric spoilt though it had entered it whole. */
  fault: string | undefined;
  now: number;
  readonly #guests: Guests;
  #followers = 0;
  #wasWhole = false;
  #record: SentFrame[] | undefined;

  private constructor(seed: number, lab: RandomLab) {
    const { cloud } = lab;
    const random = new Random(seed);
    this.now = cloud.now();
    this.fabric = new Fabric({
      now: () => this.now,
      deliver: (to, frame) => this.#deliver(to, frame),
      hear: () => {
        this.heard += 1;
      },
      watch: {
        sent: (from, frame) => this.#sent(from, frame),
        received: () => {
          this.unwrapped += 1;
        },
        dropped: () => {},
      },
    });
    this.fabric.apply(cloud.snapshot());
    addTunnels(this.fabric.network);
    this.#guests = new Guests({
      configOf: (endpoint) => hostConfig(this.fabric.network, endpoint),
      keyOf: endpointKey,
      send: (from, bytes) => this.#answer(from, bytes),
      prepare: (endpoint, host) => {
        if (endpoint.kind === 'resolver') serveResolver(host, cloud.model, endpoint.vpcId);
      },
      now: () => this.now,
      random: () => random.uint32(),
    });
    const outside = ['198.51.100.1', '203.0.113.9', '2001:db8::1'].map((text) => parseIp(text)!);
    this.endpoints = [
      ...[...this.fabric.network.interfaces.keys()].map(
        (id) => ({ kind: 'interface', id }) as const,
      ),
      ...outside.map((address) => ({ kind: 'internet', address }) as const),
      ...[...cloud.model.all('vpc')].map(({ id }) => ({ kind: 'resolver', vpcId: id }) as const),
    ];
  }

  static async open(seed: number): Promise<FuzzNetwork> {
    return new FuzzNetwork(seed, await multicastLab(seed));
  }

  host(endpoint: Endpoint): Host | undefined {
    return this.#guests.host(endpoint);
  }

  addressOf(endpoint: Endpoint, family: 4 | 6): Ip | undefined {
    const { addresses = [] } = hostConfig(this.fabric.network, endpoint) ?? {};
    return addresses.find((address) => formatIp(address).includes(':') === (family === 6));
  }

  /** Lets all that was sent arrive; frames sent meanwhile are listed if `record` is given. */
  settle(record?: SentFrame[]): void {
    this.#record = record;
    this.#followers = 0;
    this.fabric.drain();
    this.#record = undefined;
  }

  inject({ from, bytes }: SentFrame): void {
    this.fabric.send(from, bytes);
    this.settle();
  }

  /** Time passes, and hosts do what is due. */
  pass(millis: number): void {
    this.now += millis;
    for (const endpoint of this.endpoints) this.#guests.host(endpoint)?.poll();
    this.settle();
  }

  #answer(from: Endpoint, bytes: Uint8Array): void {
    this.#followers += 1;
    if (this.#followers > FOLLOWERS_MAX) return;
    this.answers += 1;
    this.fabric.send(from, bytes);
  }

  #sent(from: Endpoint, frame: Uint8Array): void {
    this.#wasWhole = frameFault(frame) === undefined;
    this.#record?.push({ from, bytes: frame.slice() });
  }

  #deliver(to: Endpoint, frame: Uint8Array): void {
    const fault = this.#wasWhole ? frameFault(frame) : undefined;
    if (fault !== undefined) this.fault ??= `${fault} to ${endpointKey(to)}: ${hex(frame)}`;
    this.#guests.deliver(to, frame);
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
