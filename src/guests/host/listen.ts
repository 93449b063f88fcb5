/** Which ports the echo service answers on, and what it saw. */
import type { Ip } from '../../net/ip.ts';

export interface ListenPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** Every port, or these alone. */
export type Listen = 'all' | readonly ListenPort[];

/** A request as it arrived, after every translation on its way. */
export interface Observed {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly source: Ip;
  readonly destination: Ip;
  /** Ports are of TCP and UDP only. */
  readonly sourcePort?: number;
  readonly port?: number;
}

/** What the transports ask of the host. */
export interface Services {
  listens(protocol: 'tcp' | 'udp', port: number): boolean;
  observed(observed: Observed): void;
}

export function allows(listen: Listen, protocol: 'tcp' | 'udp', port: number): boolean {
  if (listen === 'all') return true;
  return listen.some((entry) => entry.protocol === protocol && entry.port === port);
}
