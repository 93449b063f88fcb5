/**
 * Links to customers' devices: a VPN tunnel, a virtual interface, a Connect peer. One station each
 * way; what is addressed to AWS's own end of the link stays there.
 */

import { findLink, isLinkOpen, type Link, siteOfLink } from '../../model/hybrid/link.ts';
import { linkAddresses } from '../../model/hybrid/link-address.ts';
import { holdsUp } from '../../model/hybrid/site-route.ts';
import { tunnelMtu } from '../../model/hybrid/tunnel-mtu.ts';
import { MTU } from '../../model/limits.ts';
import { vpnAttachment } from '../../model/transit-gateway/attachment.ts';
import { hostCidr } from '../../net/cidr.ts';
import { formatIp } from '../../net/ip.ts';
import type { Station } from '../station.ts';
import {
  type Action,
  ANY,
  blockTerm,
  type Citation,
  type Match,
  type Rule,
  type Table,
} from '../table.ts';
import { applianceWrap, connectWrap } from './connect-peer.ts';
import {
  breakLink,
  directConnectGatewayNode,
  dropAll,
  linkNode,
  siteNode,
  transitLinksNode,
  vpnGatewayNode,
} from './hybrid-nodes.ts';
import type { Network } from './state.ts';

/** H-038: nobody is told that a packet is too large. */
const NO_ERRORS: Action = {
  do: 'set-errors',
  to: undefined,
  from: { ipv4: undefined, ipv6: undefined },
};

export function compileCustomerLink(network: Network, id: string): void {
  const link = findLink(network.model, id);
  const node = network.links.get(id);
  if (link === undefined) {
    if (node !== undefined) breakLink(node);
    network.links.delete(id);
    return;
  }
  const { out, into, end } = linkNode(network, link);
  const closed: Table = { rules: [], otherwise: dropAll('BAD_STATE_VPN', citeLink(link)) };
  if (!isLinkOpen(link)) out.table = into.table = end.table = closed;
  else if (!hasPeer(network, link)) out.table = into.table = silentTable(link);
  else if (link.kind === 'connect-peer') {
    out.table = through(connectWrap(network, link));
    into.table = through(applianceWrap(network, link));
    end.table = endTable(network, link, out);
  } else {
    out.table = outTable(network, link);
    into.table = intoTable(network, link);
  }
}

/** Whether somebody holds the link's other end up. */
function hasPeer({ model }: Network, link: Link): boolean {
  const site = siteOfLink(model, link);
  return site !== undefined && holdsUp(site, link.id);
}

/** Nobody sends there, and nobody hears. */
function silentTable(link: Link): Table {
  return { rules: [], otherwise: dropAll('VPN_PEER_UNREACHABLE', citeLink(link)) };
}

/** Into a GRE tunnel, if there is somebody at its end. */
function through(wrap: Action | undefined): Table {
  const fits: Action = { do: 'check-size', mtu: MTU.transitGateway };
  const otherwise: Rule = wrap
    ? { match: ANY, actions: [fits, wrap] }
    : dropAll('VPN_PEER_UNREACHABLE');
  return { rules: [], otherwise };
}

/** Out of a GRE tunnel, at the gateway: errors go back by the tunnel (C-130). */
function endTable(network: Network, link: Link, out: Station): Table {
  const { rules, otherwise } = intoTable(network, link);
  const from = { ipv4: linkAddresses(link)[0]?.aws, ipv6: undefined };
  const actions: Action[] = [{ do: 'set-errors', to: out, from }, ...otherwise.actions];
  return { rules, otherwise: { ...otherwise, actions } };
}

function citeLink(link: Link): Citation {
  return link.kind === 'vpn-tunnel'
    ? { outsideIpAddress: formatIp(link.tunnel.outsideAddress) }
    : {};
}

/** Towards the customer. */
function outTable(network: Network, link: Link): Table {
  const cites = citeLink(link);
  const site = siteOfLink(network.model, link)!;
  const go: Action = { do: 'go', to: siteNode(network, site.id).arrive };
  // What BGP says passes whatever the traffic selectors are.
  const toDevice = linkAddresses(link).map(({ customer }) => ({
    match: { destination: blockTerm(hostCidr(customer)) },
    actions: [go],
    cites,
  }));
  const all: Rule = { match: ANY, actions: [...sizeActions(link), go], cites };
  return selecting(link, 'out', toDevice, all);
}

/** From the customer. */
function intoTable(network: Network, link: Link): Table {
  const cites = citeLink(link);
  const toAws = linkAddresses(link).map(({ aws }): Rule => {
    return {
      match: { destination: blockTerm(hostCidr(aws)) },
      actions: [{ do: 'deliver' }],
      cites,
    };
  });
  const to = behind(network, link);
  const all: Rule =
    to === undefined
      ? dropAll('NO_POSSIBLE_DESTINATION', cites)
      : { match: ANY, actions: [...sizeActions(link), { do: 'go', to }], cites };
  return selecting(link, 'into', toAws, all);
}

/** H-014: a VPN drops what is outside its traffic selectors. */
function selecting(link: Link, way: 'out' | 'into', first: readonly Rule[], all: Rule): Table {
  if (link.kind !== 'vpn-tunnel') return { rules: first, otherwise: all };
  const { localCidr, remoteCidr } = link.connection;
  const [customer, aws] = [blockTerm(localCidr), blockTerm(remoteCidr)];
  const match: Match =
    way === 'out' ? { source: aws, destination: customer } : { source: customer, destination: aws };
  const otherwise = dropAll('VPN_TRAFFIC_SELECTOR_MISMATCH', citeLink(link));
  return { rules: [...first, { ...all, match }], otherwise };
}

/** Where AWS's end of the link is. */
function behind(network: Network, link: Link): Station | undefined {
  switch (link.kind) {
    case 'vpn-tunnel': {
      const { id, gateway } = link.connection;
      if (gateway?.kind === 'vpn-gateway') return vpnGatewayNode(network, gateway.id).through;
      const attachment = vpnAttachment(network.model, id);
      return attachment && transitLinksNode(network, attachment.id).entry;
    }
    case 'virtual-interface': {
      const { gateway } = link.virtualInterface;
      if (gateway?.kind === 'vpn-gateway') return vpnGatewayNode(network, gateway.id).through;
      return gateway && directConnectGatewayNode(network, gateway.id).into;
    }
    case 'connect-peer':
      return transitLinksNode(network, link.peer.attachmentId).entry;
  }
}

function sizeActions(link: Link): readonly Action[] {
  switch (link.kind) {
    case 'vpn-tunnel':
      return [
        NO_ERRORS,
        { do: 'check-size', mtu: tunnelMtu(link.connection, link.tunnel) },
        { do: 'clamp-segment-size', mtu: MTU.customerDevice },
      ];
    case 'virtual-interface':
      return [{ do: 'check-size', mtu: link.virtualInterface.mtu }];
    case 'connect-peer':
      return [{ do: 'check-size', mtu: MTU.transitGateway }];
  }
}
