/** A host's side of IGMP version 2 (RFC 2236 section 6): the groups it is in, said when asked. */
import { isIpv4 } from '../../net/ip.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { ALL_ROUTERS, ALL_SYSTEMS, isMulticast } from '../../net/multicast.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import {
  emitIgmp,
  IGMP_LENGTH,
  type Igmp,
  IgmpView,
  parseIgmp,
  ROUTER_ALERT,
} from '../../wire/igmp.ts';
import { HOST_LIMITS } from './limits.ts';
import type { ArrivedPacket, IpService } from './packet.ts';

const ONE_HOP = 1;

/** Answers at once: nobody else's report is heard here, so that there is nothing to wait for. */
export class IgmpLayer {
  readonly #ip: IpService;
  #groups: readonly Ipv4[] = [];

  constructor(ip: IpService) {
    this.#ip = ip;
  }

  /** In these groups from now on. That a host is in 224.0.0.1 is never said (section 6). */
  join(groups: readonly Ipv4[]): void {
    const before = this.#groups;
    this.#groups = [...new Set(groups)]
      .filter((group) => isMulticast(group) && group !== ALL_SYSTEMS)
      .slice(0, HOST_LIMITS.groups);
    for (const group of before) if (!this.#groups.includes(group)) this.#say('leave', group);
    for (const group of this.#groups) if (!before.includes(group)) this.#say('report', group);
  }

  report(): void {
    for (const group of this.#groups) this.#say('report', group);
  }

  receive({ payload }: ArrivedPacket): void {
    const message = parseIgmp(payload);
    if (message === undefined) {
      this.#ip.drop(new IgmpView().wrap(payload) ? 'checksum' : 'malformed');
      return;
    }
    if (message.kind !== 'query') return;
    for (const group of this.#groups) {
      if (message.group === 0 || message.group === group) this.#say('report', group);
    }
  }

  /** Section 9: a report goes to its group, a leave to all routers. */
  #say(kind: 'report' | 'leave', group: Ipv4): void {
    const source = this.#ip.sourceFor(group);
    if (source === undefined || !isIpv4(source)) return;
    const message: Igmp = { kind, group };
    const payload = new Uint8Array(IGMP_LENGTH);
    emitIgmp(message, payload);
    this.#ip.send({
      source,
      destination: kind === 'leave' ? ALL_ROUTERS : group,
      protocol: PROTOCOL.igmp,
      ttl: ONE_HOP,
      payload,
      dontFragment: true,
      options: ROUTER_ALERT,
    });
  }
}
