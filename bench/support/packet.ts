/** Single packets that show whether a change is in force. */
import type { Fabric } from '../../src/fabric/fabric.ts';
import { tcpFrame } from '../../src/fabric/test-frames.ts';
import type { NetworkInterface } from '../../src/model/vpc/network-interface.ts';
import { addressOf } from './network.ts';

interface Ends {
  readonly from: NetworkInterface;
  readonly to: NetworkInterface;
}

/** Whether a packet of a new flow finds a route. */
export function leavesItsVpc(fabric: Fabric, { from, to }: Ends, index: number): boolean {
  const { dropped } = fabric.counters;
  const before = dropped.get('NO_ROUTE_TO_DESTINATION');
  const ends = { source: addressOf(from), destination: addressOf(to), from: from.mac };
  fabric.send({ kind: 'interface', id: from.id }, tcpFrame({ ...ends, sourcePort: 2000 + index }));
  fabric.drain();
  return dropped.get('NO_ROUTE_TO_DESTINATION') === before;
}
