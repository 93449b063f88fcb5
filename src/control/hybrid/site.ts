/** On-premises sites: standing them up, taking them away, their links up and down (contract). */
import { type AwsError, awsError } from '../../model/error.ts';
import { type Link, linksOfSite } from '../../model/hybrid/link.ts';
import {
  type Site,
  type SiteTunnelState,
  type SiteUplink,
  stateOfLink,
  UPLINK_KINDS,
} from '../../model/hybrid/site.ts';
import { siteConflict, siteFault } from '../../model/hybrid/site-fault.ts';
import type { ModelReader } from '../../model/model.ts';
import { type Cidr, formatCidr } from '../../net/cidr.ts';
import { formatIp, type Ip } from '../../net/ip.ts';
import type { Transaction } from '../transaction.ts';
import { hangUp, negotiate } from './tunnel-negotiation.ts';

export interface SiteRequest {
  readonly name: string;
  readonly uplink: SiteUplink;
  /** What AWS has been told of the device unless given. */
  readonly asn?: number;
  readonly prefixes: readonly Cidr[];
  readonly hosts: readonly Ip[];
  readonly bgp?: Site['bgp'];
  readonly tap?: string;
}

/**
 * @throws AwsError SiteAlreadyExists, SiteUplinkInUse, SiteTapInUse, NotFound,
 *   InvalidParameterValue, SiteLimitExceeded
 */
export function addSite(tx: Transaction, request: SiteRequest): Site {
  const { name: id, uplink, bgp, tap } = request;
  const prefixes = unique(request.prefixes, formatCidr);
  const hosts = unique(request.hosts, formatIp);
  if (tx.get('site', id) !== undefined) {
    throw awsError('SiteAlreadyExists', `There is a site '${id}' already.`, 409);
  }
  const { account, region, asn } = deviceOf(tx, uplink);
  const site: Site = {
    ...{ id, account, region, uplink, asn: request.asn ?? asn, prefixes, hosts },
    ...{ neighborAsns: {}, links: {} },
    ...(bgp !== undefined && { bgp }),
    ...(tap !== undefined && { tap }),
  };
  checkSite(tx, site);
  tx.put('site', site);
  negotiateAll(tx, site);
  return site;
}

/** @throws AwsError */
function checkSite(reader: ModelReader, site: Site): void {
  const conflict = siteConflict(reader, site);
  if (conflict !== undefined) throw awsError(conflict.code, conflict.message, 409);
  const fault = siteFault(site);
  if (fault !== undefined) throw awsError(fault.code, fault.message);
}

/** Each once, in the order of the first. */
function unique<T>(values: readonly T[], nameOf: (value: T) => string): readonly T[] {
  return [...new Map(values.map((value) => [nameOf(value), value])).values()];
}

/** @throws AwsError NotFound */
export function removeSite(tx: Transaction, name: string): void {
  const site = findSite(tx, name);
  for (const link of linksOfSite(tx, site)) hangUp(tx, link);
  for (const { id } of tx.by('site-route', 'site', name)) tx.delete('site-route', id);
  tx.delete('site', name);
}

/**
 * Takes links up or down, by their id, or a tunnel by AWS's address of it. An `unreachable` device
 * says nothing: AWS finds out by dead peer detection, or by BGP's hold timer (H-018, H-019).
 * @throws AwsError NotFound
 */
export function setSiteLinks(
  tx: Transaction,
  name: string,
  states: Readonly<Record<string, SiteTunnelState>>,
): Site {
  const site = findSite(tx, name);
  const wanted = new Map<Link, SiteTunnelState>();
  const own = linksOfSite(tx, site);
  for (const [key, state] of Object.entries(states)) {
    const link = own.find((one) => isCalled(one, key));
    if (link === undefined) throw noSuch(`no link '${key}' of the site '${name}'`);
    wanted.set(link, state);
  }
  // What a link is already begins nothing anew: AWS goes on finding out that it is dead (H-018).
  const changed = [...wanted].filter(([{ id }, state]) => stateOfLink(site, id) !== state);
  if (changed.length === 0) return site;
  tx.update('site', site, { links: linksAfter(site, changed) });
  for (const [link, state] of changed) {
    if (state === 'down') hangUp(tx, link);
    else negotiate(tx, link);
  }
  return findSite(tx, name);
}

/** Those that are `up` are not written down. */
function linksAfter(
  { links }: Site,
  changed: readonly (readonly [Link, SiteTunnelState])[],
): Site['links'] {
  const after = { ...links, ...Object.fromEntries(changed.map(([{ id }, to]) => [id, to])) };
  return Object.fromEntries(Object.entries(after).filter(([, state]) => state !== 'up'));
}

function isCalled(link: Link, key: string): boolean {
  if (link.id === key) return true;
  return link.kind === 'vpn-tunnel' && formatIp(link.tunnel.outsideAddress) === key;
}

/** @throws AwsError NotFound */
export function findSite(reader: ModelReader, name: string): Site {
  const site = reader.get('site', name);
  if (site === undefined) throw noSuch(`no site '${name}'`);
  return site;
}

function negotiateAll(tx: Transaction, site: Site): void {
  for (const link of linksOfSite(tx, site)) negotiate(tx, link);
}

/** What AWS knows of the device that a site is to be. */
function deviceOf(reader: ModelReader, { kind, id }: SiteUplink) {
  const record = reader.get(UPLINK_KINDS[kind], id);
  const hasGone = record?.state === 'deleted' || record?.state === 'rejected';
  if (record === undefined || hasGone) throw noSuch(`no '${id}'`);
  const { account, region } = record;
  if ('bgpAsn' in record) return { account, region, asn: record.bgpAsn };
  if ('peerAsn' in record) return { account, region, asn: record.peerAsn };
  // H-064: the last peer is never deleted.
  return { account, region, asn: record.bgpPeers[0]!.asn };
}

function noSuch(what: string): AwsError {
  return awsError('NotFound', `There is ${what}.`, 404);
}
