/** What routers said about the length of packets to a destination (RFC 1191, RFC 8201). */
import { type Ip, ipKey, isIpv4 } from '../../net/ip.ts';
import { HOST_LIMITS } from './limits.ts';

export class PathMtuCache {
  readonly #entries = new Map<number | string, { readonly mtu: number; readonly until: number }>();

  /** Notes a next hop's MTU, never below the family's floor. */
  learn(destination: Ip, mtu: number, now: number): void {
    const floor = isIpv4(destination) ? HOST_LIMITS.minPathMtu4 : HOST_LIMITS.minPathMtu6;
    const key = ipKey(destination);
    if (this.#entries.size >= HOST_LIMITS.pathMtus && !this.#entries.has(key)) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
    this.#entries.set(key, { mtu: Math.max(floor, mtu), until: now + HOST_LIMITS.pathMtuMs });
  }

  get(destination: Ip, now: number): number | undefined {
    const entry = this.#entries.get(ipKey(destination));
    return entry !== undefined && entry.until > now ? entry.mtu : undefined;
  }
}
