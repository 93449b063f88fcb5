/** Public IPv4 addresses that a cloud knows. */
import { formatIp } from '../../src/net/ip.ts';
import { all, type Builder } from './builder.ts';

/** One that is mapped to an interface, or kept for nothing. */
export function publicAddress(builder: Builder): string {
  const { random } = builder;
  const kept = all(builder, 'elastic-ip').map(({ publicIp }) => publicIp);
  const mapped = all(builder, 'network-interface')
    .flatMap(({ addresses }) => addresses)
    .flatMap((own) => own.publicAddress ?? []);
  const chosen = random.chance(0.15) || mapped.length === 0 ? kept : mapped;
  return chosen.length === 0 ? '8.8.8.8' : formatIp(random.pick(chosen));
}
