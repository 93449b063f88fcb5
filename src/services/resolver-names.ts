/** What Amazon's names mean to who asks a VPC's resolver (A-104, A-105, A-115, B-050, B-055). */
import type { ModelReader } from '../model/model.ts';
import { isInterRegion, otherSide } from '../model/peering/peering-connection.ts';
import { activePeeringBetween, peeringsOf } from '../model/peering/peering-lookup.ts';
import { resolvesOverTransitGateway } from '../model/transit-gateway/shared-gateway.ts';
import {
  type AmazonName,
  givesDnsNames,
  parseAmazonName,
  privateDomain,
  privateHostname,
  privateIpName,
  privateResourceName,
  publicIpName,
} from '../model/vpc/dns-names.ts';
import type { Instance } from '../model/vpc/instance.ts';
import type { NetworkInterface } from '../model/vpc/network-interface.ts';
import type { Vpc } from '../model/vpc/vpc.ts';
import { containsIp, parseCidr } from '../net/cidr.ts';
import { type Ip, isIpv4, parseIp } from '../net/ip.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Ipv6 } from '../net/ipv6.ts';
import { parseReverseName } from './reverse-name.ts';

export type NameRecord =
  | { readonly type: 'A'; readonly address: Ipv4 }
  | { readonly type: 'AAAA'; readonly address: Ipv6 }
  | { readonly type: 'PTR'; readonly name: string };

/** Everything a name has for who asks; undefined when there is no such name. */
export function recordsOf(
  reader: ModelReader,
  asker: Vpc,
  name: string,
): readonly NameRecord[] | undefined {
  const amazonName = parseAmazonName(name);
  if (amazonName !== undefined) return amazonRecords(reader, asker, amazonName);
  const address = parseReverseName(name);
  if (address !== undefined) return reverseRecords(reader, asker, address);
  return givesDnsNames(asker) ? ownRecords(asker, name) : undefined;
}

function amazonRecords(
  reader: ModelReader,
  asker: Vpc,
  name: AmazonName,
): readonly NameRecord[] | undefined {
  switch (name.kind) {
    case 'private-ip':
      return privateRecords(reader, asker, name.region, name.address);
    case 'instance':
      return instanceRecords(reader, asker, name.region, name.instanceId);
    case 'public-ip':
      return publicRecords(reader, asker, name.region, name.address);
  }
}

/** I-086: names that need nothing in the VPC. A domain that only has children has no data. */
function ownRecords({ region }: Vpc, name: string): readonly NameRecord[] | undefined {
  const text = name.toLowerCase().replace(/\.$/, '');
  if (text === 'localhost') return LOOPBACK.map(addressRecord);
  const domain = privateDomain(region);
  return text === domain || domain.endsWith(`.${text}`) ? [] : undefined;
}

const LOOPBACK = ['127.0.0.1', '::1'].map((text) => parseIp(text)!);

function addressRecord(address: Ip): NameRecord {
  return isIpv4(address) ? { type: 'A', address } : { type: 'AAAA', address };
}

/** An address in use has its name, in this VPC and those whose names it may know. */
function privateRecords(
  reader: ModelReader,
  asker: Vpc,
  region: string,
  address: Ipv4,
): readonly NameRecord[] | undefined {
  const found = knownInterface(reader, asker, address, region);
  return found && [addressRecord(address)];
}

function instanceRecords(
  reader: ModelReader,
  asker: Vpc,
  region: string,
  id: string,
): readonly NameRecord[] | undefined {
  const instance = reader.get('instance', id);
  if (instance === undefined || instance.region !== region) return undefined;
  const { enableResourceNameDnsARecord, enableResourceNameDnsAaaaRecord } = instance;
  const primary = primaryInterface(reader, instance);
  if (primary === undefined) return undefined; // terminated
  const ipv4 = primary.addresses[0]?.address;
  if (!knows(reader, asker, instance.vpcId, ipv4)) return undefined;
  if (!enableResourceNameDnsARecord && !enableResourceNameDnsAaaaRecord) return undefined;
  const records = [];
  if (enableResourceNameDnsARecord && ipv4 !== undefined) records.push(addressRecord(ipv4));
  const ipv6 = primary.ipv6Addresses[0];
  if (enableResourceNameDnsAaaaRecord && ipv6 !== undefined) records.push(addressRecord(ipv6));
  return records;
}

/** inside the VPC the private address, and for VPCs that may know it (B-050, C-041). */
function publicRecords(
  reader: ModelReader,
  asker: Vpc,
  region: string,
  address: Ipv4,
): readonly NameRecord[] | undefined {
  const found = publicInterface(reader, address);
  if (found === undefined || found.region !== region) return undefined;
  const mapped = found.addresses.find(({ publicAddress }) => publicAddress === address);
  const inside =
    found.vpcId === asker.id ||
    isLetKnow(reader, asker, found.vpcId) ||
    (givesDnsNames(asker) && resolvesOverTransitGateway(reader, asker.id, found.vpcId));
  return [addressRecord(inside && mapped !== undefined ? mapped.address : address)];
}

/** The interface that has a public address, where that gives it a public name. */
function publicInterface(reader: ModelReader, address: Ipv4): NetworkInterface | undefined {
  const found = reader.first('network-interface', 'publicAddress', String(address));
  const vpc = found && reader.get('vpc', found.vpcId);
  return vpc !== undefined && givesDnsNames(vpc) ? found : undefined;
}

function reverseRecords(
  reader: ModelReader,
  asker: Vpc,
  address: Ip,
): readonly NameRecord[] | undefined {
  const found = knownInterface(reader, asker, address);
  const name = found ? nameOf(reader, found, address) : publicNameOf(reader, address);
  return name === undefined ? undefined : [{ type: 'PTR', name }];
}

function publicNameOf(reader: ModelReader, address: Ip): string | undefined {
  if (!isIpv4(address)) return undefined;
  const own = reader.first('elastic-ip', 'publicIp', String(address))?.ptrRecord;
  if (own !== undefined) return own.replace(/\.$/, '');
  const found = publicInterface(reader, address);
  return found && publicIpName(address, found.region);
}

/** A host's primary address has the host's name, any other IPv4 address one of its own. */
function nameOf(reader: ModelReader, found: NetworkInterface, address: Ip): string | undefined {
  const { attachment, region } = found;
  const instance = attachment && reader.get('instance', attachment.instanceId);
  if (!isIpv4(address)) {
    return instance?.enableResourceNameDnsAaaaRecord
      ? privateResourceName(instance.id, region)
      : undefined;
  }
  const isPrimary = attachment?.deviceIndex === 0 && found.addresses[0]?.address === address;
  return instance !== undefined && isPrimary
    ? privateHostname(instance, address)
    : privateIpName(address, region);
}

function primaryInterface(reader: ModelReader, { id }: Instance): NetworkInterface | undefined {
  return reader
    .by('network-interface', 'instance', id)
    .find(({ attachment }) => attachment?.deviceIndex === 0);
}

/**
 * The interface of an address, in any Region unless one is given: the VPC's own first, then those
 * of peers it may know, which may have the same ranges (B-036).
 */
function knownInterface(
  reader: ModelReader,
  asker: Vpc,
  address: Ip,
  region?: string,
): NetworkInterface | undefined {
  const peers = peeringsOf(reader, asker.id).map((peering) => otherSide(peering, asker.id).vpcId);
  for (const vpcId of new Set([asker.id, ...peers])) {
    if (!knows(reader, asker, vpcId, address)) continue;
    const found = reader.first('network-interface', 'address', addressKey(vpcId, address));
    if (found !== undefined && (region ?? found.region) === found.region) return found;
  }
  return undefined;
}

function addressKey(vpcId: string, address: Ip): string {
  return `${vpcId}|${isIpv4(address) ? address : address.join('.')}`;
}

/**
 * Whether the private name of an address of a VPC is known to who asks. Inside the VPC, and in a
 * peer of the same Region for RFC 1918 addresses; all others need the peer's option (B-055).
 * Both VPCs must have their DNS attributes on.
 */
function knows(reader: ModelReader, asker: Vpc, vpcId: string, address: Ip | undefined): boolean {
  const owner = reader.get('vpc', vpcId);
  if (owner === undefined || !givesDnsNames(owner) || !givesDnsNames(asker)) return false;
  if (vpcId === asker.id || isLetKnow(reader, asker, vpcId)) return true;
  const peering = activePeeringBetween(reader, asker.id, vpcId);
  if (peering === undefined || isInterRegion(peering) || address === undefined) return false;
  return RFC1918.some((block) => containsIp(block, address));
}

const RFC1918 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => parseCidr(text)!);

/** B-050: the owner of a VPC has let the peer who asks know its private addresses. */
function isLetKnow(reader: ModelReader, asker: Vpc, vpcId: string): boolean {
  const peering = activePeeringBetween(reader, asker.id, vpcId);
  if (peering === undefined || !givesDnsNames(asker)) return false;
  const owner = peering.requester.vpcId === vpcId ? peering.requester : peering.accepter;
  return owner.allowDnsResolutionFromRemoteVpc;
}
