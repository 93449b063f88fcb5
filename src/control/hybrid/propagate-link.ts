/** To be called when what a link has learned, or whether it is up, may be another. */
import { associationsOf } from '../../model/direct-connect/gateway-association.ts';
import { findLink, type Link } from '../../model/hybrid/link.ts';
import type { ModelReader } from '../../model/model.ts';
import {
  type TransitGatewayAttachment,
  vpnAttachment,
} from '../../model/transit-gateway/attachment.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import type { Transaction } from '../transaction.ts';
import { propagate } from '../transit-gateway/propagate.ts';
import { isLearning, propagatePrefixes } from '../transit-gateway/propagate-learned.ts';
import { propagateVgw } from './propagate-vgw.ts';

/**
 * Prefixes that links have learned or lost, by link: each gateway looks at them once. Of virtual
 * private gateways all is compared.
 */
export function propagateLinkPrefixes(
  tx: Transaction,
  prefixes: ReadonlyMap<string, readonly Cidr[]>,
): void {
  const attached = new Map<TransitGatewayAttachment, Map<string, Cidr>>();
  const vpnGateways = new Set<string>();
  for (const [linkId, changed] of prefixes) {
    const link = changed.length === 0 ? undefined : findLink(tx, linkId);
    const { attachments, vpnGatewayIds } = link ? ownersOf(tx, link) : NOBODY;
    for (const id of vpnGatewayIds) vpnGateways.add(id);
    for (const attachment of attachments) {
      const all = attached.get(attachment) ?? new Map<string, Cidr>();
      for (const block of changed) all.set(formatCidr(block), block);
      attached.set(attachment, all);
    }
  }
  for (const [attachment, all] of attached) {
    if (isLearning(attachment)) propagatePrefixes(tx, attachment, all.values());
  }
  for (const id of vpnGateways) propagateVgw(tx, id);
}

const NOBODY: Owners = { attachments: [], vpnGatewayIds: [] };

/** A link that is up or down now: all that it has learned. */
export function propagateLink(tx: Transaction, link: Link): void {
  propagateOwners(tx, ownersOf(tx, link));
}

/** What a Direct Connect gateway offers, or what it is joined to, may be another. */
export function propagateDirectConnect(tx: Transaction, directConnectGatewayId: string): void {
  propagateOwners(tx, directConnectOwners(tx, directConnectGatewayId));
}

function propagateOwners(tx: Transaction, { attachments, vpnGatewayIds }: Owners): void {
  for (const attachment of attachments) propagate(tx, attachment);
  for (const id of vpnGatewayIds) propagateVgw(tx, id);
}

interface Owners {
  readonly attachments: readonly TransitGatewayAttachment[];
  readonly vpnGatewayIds: readonly string[];
}

/** The gateways that send by a link. */
function ownersOf(reader: ModelReader, link: Link): Owners {
  switch (link.kind) {
    case 'vpn-tunnel': {
      const { id, gateway } = link.connection;
      const attachment = vpnAttachment(reader, id);
      return {
        attachments: attachment === undefined ? [] : [attachment],
        vpnGatewayIds: gateway?.kind === 'vpn-gateway' ? [gateway.id] : [],
      };
    }
    case 'connect-peer': {
      const attachment = reader.get('transit-gateway-attachment', link.peer.attachmentId);
      return { attachments: attachment === undefined ? [] : [attachment], vpnGatewayIds: [] };
    }
    case 'virtual-interface': {
      const { gateway } = link.virtualInterface;
      if (gateway?.kind !== 'direct-connect-gateway') {
        return { attachments: [], vpnGatewayIds: gateway === undefined ? [] : [gateway.id] };
      }
      return directConnectOwners(reader, gateway.id);
    }
  }
}

/** What a Direct Connect gateway is joined to. */
function directConnectOwners(reader: ModelReader, directConnectGatewayId: string): Owners {
  const kind = 'transit-gateway-attachment';
  return {
    attachments: reader.by(kind, 'directConnectGateway', directConnectGatewayId),
    vpnGatewayIds: associationsOf(reader, directConnectGatewayId).flatMap(({ gateway }) =>
      gateway.kind === 'vpn-gateway' ? [gateway.id] : [],
    ),
  };
}
