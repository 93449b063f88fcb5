/**
 * How a VPN tunnel comes up and is found dead. The device at a site starts IKE whenever it can
 * (H-020); what it does not say, AWS finds out by dead peer detection (H-018, H-019).
 */
import { findLink, type Link, siteOfLink, type TunnelLink } from '../../model/hybrid/link.ts';
import { type SiteTunnelState, stateOfLink } from '../../model/hybrid/site.ts';
import { effectiveOptions } from '../../model/hybrid/tunnel-options.ts';
import { carriesTunnels } from '../../model/hybrid/vpn-connection.ts';
import type { ModelReader } from '../../model/model.ts';
import type { TimedEvent } from '../timed-event.ts';
import type { Transaction } from '../transaction.ts';
import { amazonSideAsn } from './connection-gateway.ts';
import { reportTunnel } from './tunnel-status.ts';

/** AWS's usual time, in seconds. */
const USUAL_SECONDS = { negotiate: 5 } as const;

/** The device holds the link up, or has fallen silent: what follows takes its time. */
export function negotiate(tx: Transaction, link: Link): void {
  if (link.kind !== 'vpn-tunnel') return;
  tx.unschedule(link.id);
  const state = deviceState(tx, link);
  setUpDevice(tx, link);
  if (state === 'up') tx.settle('vpn-tunnel.negotiated', link.id, USUAL_SECONDS.negotiate);
  if (state !== 'unreachable') return;
  const { dpdTimeoutSeconds } = effectiveOptions(link.tunnel.options);
  tx.schedule('vpn-tunnel.dead', link.id, tx.now + dpdTimeoutSeconds * 1000);
}

/** The device says that the tunnel ends. */
export function hangUp(tx: Transaction, link: Link): void {
  if (link.kind !== 'vpn-tunnel') return;
  tx.unschedule(link.id);
  setIpsec(tx, link.id, false);
}

/** H-031: once. Another site in its place is a device that is set up anew. */
function setUpDevice(tx: Transaction, { id, connection }: TunnelLink): void {
  const site = tx.first('site', 'uplink', connection.customerGatewayId);
  const asn = connection.gateway && amazonSideAsn(tx, connection.gateway);
  if (site === undefined || asn === undefined || site.neighborAsns[id] !== undefined) return;
  tx.update('site', site, { neighborAsns: { ...site.neighborAsns, [id]: asn } });
}

function deviceState(reader: ModelReader, link: TunnelLink): SiteTunnelState {
  const site = siteOfLink(reader, link);
  return site === undefined ? 'down' : stateOfLink(site, link.id);
}

function setIpsec(tx: Transaction, linkId: string, ipsec: boolean): void {
  const link = findLink(tx, linkId);
  if (link?.kind === 'vpn-tunnel') reportTunnel(tx, link.connection, link.tunnel, ipsec);
}

export const tunnelNegotiationEvents: Record<string, TimedEvent> = {
  'vpn-tunnel.negotiated': (tx, id) => {
    const link = findLink(tx, id);
    if (link?.kind !== 'vpn-tunnel' || !carriesTunnels(link.connection)) return;
    if (deviceState(tx, link) === 'up') setIpsec(tx, id, true);
  },
  'vpn-tunnel.dead': (tx, id) => {
    const link = findLink(tx, id);
    if (link?.kind !== 'vpn-tunnel' || deviceState(tx, link) !== 'unreachable') return;
    // H-019: `restart` makes AWS call, which nobody answers; `none` leaves everything as it is.
    if (effectiveOptions(link.tunnel.options).dpdTimeoutAction !== 'none') setIpsec(tx, id, false);
  },
};
