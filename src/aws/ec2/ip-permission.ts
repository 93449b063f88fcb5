/** IpPermissions: many rules of one traffic in one structure, in requests and in answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import type { PeerRequest } from '../../control/vpc/rule-peer.ts';
import type { RuleContent, RuleRequest } from '../../control/vpc/security-group-rule.ts';
import { type AwsError, awsError } from '../../model/error.ts';
import type { ModelReader } from '../../model/model.ts';
import { type GroupPeer, peeringOfReference } from '../../model/vpc/stale-rule.ts';
import { type Traffic, trafficKey } from '../../model/vpc/traffic.ts';
import { formatCidr, isCidr4 } from '../../net/cidr.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { missingParameter, parseCidr4Parameter, parseCidr6Parameter, required } from './parse.ts';
import { hasIcmpType, narrow, parseProtocol, protocolName } from './traffic.ts';

/** Every rule that a list of permissions speaks of. */
export function parsePermissions(permissions: readonly Sdk.IpPermission[]): RuleRequest[] {
  return permissions.flatMap((permission) => {
    const traffic = parseRuleTraffic(permission);
    const peers = parsePeers(permission);
    if (peers.length === 0) {
      throw missingParameter('ipPermissions.ipRanges, ipv6Ranges, prefixListIds or groups');
    }
    return peers.map((peer) => ({ traffic, ...peer }));
  });
}

interface TrafficInput {
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
}

/** The traffic of a group's rule; ICMP type and code stand in the members for ports. */
export function parseRuleTraffic({ IpProtocol, FromPort, ToPort }: TrafficInput): Traffic {
  const protocol = parseProtocol(required('ipProtocol', IpProtocol));
  const pair = { first: FromPort, second: ToPort };
  // ICMPv6 without them means all of it; the others need them.
  const traffic = narrow(protocol, pair, protocol === PROTOCOL.icmpv6 ? undefined : missingPair);
  if (traffic.icmp?.type === -1 && traffic.icmp.code !== -1) {
    const message = `ICMP code (${traffic.icmp.code}) out of range: of any ICMP type it is -1`;
    throw awsError('InvalidParameterValue', message);
  }
  return traffic;

  function missingPair(): AwsError {
    const what = hasIcmpType(protocol)
      ? 'Must specify both type and code with ICMP.'
      : 'Must specify both from and to ports with TCP/UDP.';
    return awsError('InvalidParameterValue', `Invalid value '${what}' for portRange.`);
  }
}

type DescribedPeer = { readonly peer: PeerRequest; readonly description: string | undefined };

function parsePeers(permission: Sdk.IpPermission): DescribedPeer[] {
  const { IpRanges, Ipv6Ranges, UserIdGroupPairs, PrefixListIds } = permission;
  return [
    ...(IpRanges ?? []).map(({ CidrIp, Description }) => ({
      peer: parseCidrPeer('cidrIp', CidrIp),
      description: Description,
    })),
    ...(Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => ({
      peer: parseCidrPeer('cidrIpv6', CidrIpv6),
      description: Description,
    })),
    ...(PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
      peer: parseListPeer(PrefixListId),
      description: Description,
    })),
    ...(UserIdGroupPairs ?? []).map((pair) => ({
      peer: parseGroupPair(pair),
      description: pair.Description,
    })),
  ];
}

export function parseCidrPeer(
  parameter: 'cidrIp' | 'cidrIpv4' | 'cidrIpv6',
  text: string | undefined,
): PeerRequest {
  const given = required(parameter, text);
  const parse = parameter === 'cidrIpv6' ? parseCidr6Parameter : parseCidr4Parameter;
  return { kind: 'cidr', cidr: parse(parameter, given) };
}

function parseGroupPair(pair: Sdk.UserIdGroupPair): PeerRequest {
  const { GroupId, GroupName } = pair;
  return {
    kind: 'group',
    group:
      GroupId === undefined ? { groupName: required('groupId', GroupName) } : { groupId: GroupId },
    account: pair.UserId,
    vpcId: pair.VpcId,
    peeringConnectionId: pair.VpcPeeringConnectionId,
  };
}

export function parseListPeer(id: string | undefined): PeerRequest {
  return { kind: 'prefix-list', prefixListId: required('prefixListId', id) };
}

/** Rules of one group and direction as permissions: one for each kind of traffic. */
export function permissionViews(
  reader: ModelReader,
  vpcId: string,
  rules: readonly RuleContent[],
): Sdk.IpPermission[] {
  return [...Map.groupBy(rules, trafficKey).values()].map((same) => ({
    ...trafficView(same[0]!),
    IpRanges: same.flatMap(({ peer, description }) =>
      peer.kind === 'cidr' && isCidr4(peer.cidr)
        ? [{ CidrIp: formatCidr(peer.cidr), Description: description }]
        : [],
    ),
    Ipv6Ranges: same.flatMap(({ peer, description }) =>
      peer.kind === 'cidr' && !isCidr4(peer.cidr)
        ? [{ CidrIpv6: formatCidr(peer.cidr), Description: description }]
        : [],
    ),
    PrefixListIds: same.flatMap(({ peer, description }) =>
      peer.kind === 'prefix-list'
        ? [{ PrefixListId: peer.prefixListId, Description: description }]
        : [],
    ),
    UserIdGroupPairs: same.flatMap(({ peer, description }) =>
      peer.kind === 'group'
        ? [{ ...groupPairView(reader, vpcId, peer), Description: description }]
        : [],
    ),
  }));
}

/** Protocol and what narrows it; of a protocol without ports or types, the protocol alone. */
export function trafficView({ protocol, ports, icmp }: Traffic): Sdk.IpPermission {
  return {
    IpProtocol: protocolName(protocol),
    FromPort: ports?.from ?? icmp?.type,
    ToPort: ports?.to ?? icmp?.code,
  };
}

/** A group that a rule of a group in `vpcId` names. */
export function groupPairView(
  reader: ModelReader,
  vpcId: string,
  peer: GroupPeer,
): Sdk.UserIdGroupPair {
  const peering = peeringOfReference(reader, vpcId, peer);
  const exists = reader.get('security-group', peer.groupId) !== undefined;
  return {
    GroupId: peer.groupId,
    UserId: exists ? peer.account : undefined,
    VpcId: peer.vpcId === vpcId ? undefined : peer.vpcId,
    VpcPeeringConnectionId: peering?.id,
    PeeringStatus: peering?.status,
  };
}
