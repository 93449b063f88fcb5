/** A link with hosts on it, and time that passes only when nothing else happens. */
import assert from 'node:assert/strict';
import { parseCidr } from '../../net/cidr.ts';
import { type Ip, parseIp } from '../../net/ip.ts';
import { type Mac, mac } from '../../net/mac.ts';
import { Random } from '../../net/random.ts';
import { readMac } from '../../wire/bytes.ts';
import type { Transmit } from '../fault.ts';
import type { HostAddresses } from './addresses.ts';
import { Host, type HostOptions } from './host.ts';

export function ip(text: string): Ip {
  const address = parseIp(text);
  assert(address !== undefined, text);
  return address;
}

export function block(text: string) {
  const cidr = parseCidr(text);
  assert(cidr !== undefined, text);
  return cidr;
}

/** The addresses of a host on 10.0.0.0/24 and 2001:db8::/64. */
export function lan(last: number): HostAddresses {
  return {
    addresses: [ip(`10.0.0.${last}`), ip(`2001:db8::${last}`)],
    onLink: [block('10.0.0.0/24'), block('2001:db8::/64')],
  };
}

interface Attached {
  readonly mac: Mac;
  readonly receive: Transmit;
  readonly host?: Host;
}

const STEPS_MAX = 1_000_000;

export class TestLink {
  now = 0;
  /** Every frame sent, in order. */
  readonly frames: Uint8Array[] = [];
  readonly random: Random;
  #attached: Attached[] = [];
  #queue: (() => void)[] = [];
  #later: { readonly at: number; readonly action: () => void }[] = [];

  constructor(seed = 1) {
    this.random = new Random(seed);
  }

  /** Frames travel from `from` to whom they are addressed to; a group is everybody else. */
  readonly carry = (from: Mac, frame: Uint8Array): void => {
    this.frames.push(frame);
    const to = readMac(frame, 0);
    const isGroup = (frame[0]! & 1) === 1;
    for (const other of this.#attached) {
      if (other.mac === from || (!isGroup && other.mac !== to)) continue;
      this.#queue.push(() => other.receive(isGroup ? frame.slice() : frame));
    }
  };

  readonly schedule = (afterMs: number, action: () => void): void => {
    this.#later.push({ at: this.now + afterMs, action });
    this.#later.sort((a, b) => a.at - b.at);
  };

  attach(address: number, receive: Transmit, host?: Host): void {
    this.#attached.push({ mac: mac(address), receive, ...(host && { host }) });
  }

  /** A host with the addresses of `lan(last)`; `wrap` decorates its transport. */
  host(
    last: number,
    options: Partial<HostOptions> = {},
    wrap: (transmit: Transmit) => Transmit = (transmit) => transmit,
  ): Host {
    const address = mac(0x0200_0000_0000 + last);
    const host = new Host({
      mac: address,
      mtu: 1500,
      transmit: wrap((frame) => this.carry(address, frame)),
      now: () => this.now,
      random: () => this.random.uint32(),
      ...options,
    });
    host.configure(lan(last));
    this.attach(address, (frame) => host.receive(frame), host);
    return host;
  }

  /** Lets frames travel until none is on its way; no time passes. */
  settle(): void {
    for (let step = 0; this.#queue.length > 0; step++) {
      assert(step < STEPS_MAX, 'the link does not come to rest');
      this.#queue.shift()!();
    }
  }

  /** Lets time pass up to `until`, from one timer to the next. */
  run(until: number): void {
    this.settle();
    for (let step = 0; step < STEPS_MAX; step++) {
      const timers = this.#attached.map(({ host }) => host?.nextTimer());
      const due = Math.min(this.#later[0]?.at ?? Infinity, ...timers.map((at) => at ?? Infinity));
      if (due > until) break;
      this.now = Math.max(this.now, due);
      while ((this.#later[0]?.at ?? Infinity) <= this.now) this.#later.shift()!.action();
      for (const { host } of this.#attached) host?.poll();
      this.settle();
    }
    this.now = until;
  }
}
