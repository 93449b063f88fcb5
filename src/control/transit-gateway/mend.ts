/** What is left of transit gateways when an account and all it had are taken away at once. */
import type { Transaction } from '../transaction.ts';
import { removeNetworkInterface } from '../vpc/network-interface.ts';
import { judgeAgain, propagate } from './propagate.ts';

/** Takes away interfaces without attachment, and lets routes in that nothing keeps out now. */
export function mendTransitGateways(tx: Transaction): void {
  for (const eni of [...tx.all('network-interface')]) {
    if (eni.interfaceType !== 'transit_gateway') continue;
    if (tx.count('transit-gateway-attachment', 'interface', eni.id) > 0) continue;
    removeNetworkInterface(tx, eni);
  }
  for (const attachment of [...tx.all('transit-gateway-attachment')]) propagate(tx, attachment);
  for (const route of [...tx.all('transit-gateway-route')]) {
    if (route.type === 'propagated') judgeAgain(tx, route);
  }
}
