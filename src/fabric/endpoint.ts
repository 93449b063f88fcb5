/** Where frames enter the fabric and leave it: a guest, the Internet outside, a VPC's resolver. */

import { hashText } from '../net/hash.ts';
import { formatIp, type Ip } from '../net/ip.ts';
import { type Mac, mac } from '../net/mac.ts';
import type { Network } from './compile/state.ts';
import type { Station } from './station.ts';

export type Endpoint =
  | { readonly kind: 'interface'; readonly id: string }
  | {
      readonly kind: 'internet';
      readonly address: Ip;
      /** Aims at what lies behind this gateway, past the Internet's own routing. */
      readonly gateway?: string;
    }
  | { readonly kind: 'resolver'; readonly vpcId: string }
  /** An on-premises network: its hosts and its router. */
  | { readonly kind: 'site'; readonly name: string }
  /** AWS's own end of a link to a customer's device: where it speaks BGP. */
  | { readonly kind: 'link'; readonly id: string };

export function endpointKey(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'interface':
      return endpoint.id;
    case 'internet':
      return `internet|${formatIp(endpoint.address)}`;
    case 'resolver':
      return `resolver|${endpoint.vpcId}`;
    case 'site':
      return `site|${endpoint.name}`;
    case 'link':
      return `link|${endpoint.id}`;
  }
}

/** The MAC of what is no interface: the fabric's own choice, since no such link exists in AWS. */
export function serviceMac(endpoint: Endpoint): Mac {
  return mac(0x02_01_00_00_00_00 + hashText(endpointKey(endpoint)));
}

/** The station where packets that an endpoint sends begin; undefined: it does not exist. */
export function entrance(network: Network, from: Endpoint): Station | undefined {
  switch (from.kind) {
    case 'interface':
      return network.interfaces.get(from.id)?.send;
    case 'internet': {
      const gateway = from.gateway === undefined ? undefined : network.gateways.get(from.gateway);
      return gateway?.into ?? network.internet.station;
    }
    case 'resolver':
      return network.vpcs.get(from.vpcId)?.resolverReplies;
    case 'site':
      return network.sites.get(from.name)?.send;
    case 'link':
      return network.links.get(from.id)?.out;
  }
}

/** The endpoint whose packets a station delivers. */
export function endpointOf({ role, resource, binding }: Station, destination: Ip): Endpoint {
  if (role === 'internet') return { kind: 'internet', address: destination };
  if (role === 'resolver') return { kind: 'resolver', vpcId: resource };
  if (role === 'site') return { kind: 'site', name: resource };
  if (role === 'customer-link') return { kind: 'link', id: binding ?? resource };
  return { kind: 'interface', id: resource };
}
