/** What a virtual private gateway has to offer to the route tables of its VPC. */
import { type Cidr, compareCidr, formatCidr } from '../../net/cidr.ts';
import type { ModelReader } from '../model.ts';
import { connectionsOf, isTunnelUp } from './vpn-connection.ts';

/**
 * H-044: every prefix that the gateway can reach now, once, in order. Static ones are offered while
 * a tunnel of their connection is up; whatever it may learn otherwise belongs here, too.
 */
export function offeredPrefixes(reader: ModelReader, vpnGatewayId: string): readonly Cidr[] {
  const offered = new Map<string, Cidr>();
  for (const connection of connectionsOf(reader, vpnGatewayId)) {
    if (!connection.tunnels.some((tunnel) => isTunnelUp(connection, tunnel))) continue;
    const routes = reader.by('vpn-connection-route', 'connection', connection.id);
    for (const { destination, state } of routes) {
      if (state === 'available') offered.set(formatCidr(destination), destination);
    }
  }
  return [...offered.values()].sort(compareCidr);
}
