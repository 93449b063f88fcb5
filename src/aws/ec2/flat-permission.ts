/** The rule of AuthorizeSecurityGroupIngress without IpPermissions: one rule in the call itself. */
import type { PeerRequest } from '../../control/vpc/rule-peer.ts';
import type { RuleRequest } from '../../control/vpc/security-group-rule.ts';
import { awsError } from '../../model/error.ts';
import { ALL_PORTS } from '../../net/port-range.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import { parseCidrPeer, parseRuleTraffic } from './ip-permission.ts';
import { missingParameter } from './parse.ts';

export interface FlatPermission {
  readonly CidrIp?: string | undefined;
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly SourceSecurityGroupName?: string | undefined;
  readonly SourceSecurityGroupOwnerId?: string | undefined;
}

export const FLAT_PARAMETERS = [
  'CidrIp',
  'IpProtocol',
  'FromPort',
  'ToPort',
  'SourceSecurityGroupName',
  'SourceSecurityGroupOwnerId',
] as const satisfies (keyof FlatPermission)[];

/** What a source group without a protocol is granted: "full ICMP, UDP, and TCP access". */
const FULL_ACCESS = [
  { protocol: PROTOCOL.tcp, ports: ALL_PORTS },
  { protocol: PROTOCOL.udp, ports: ALL_PORTS },
  { protocol: PROTOCOL.icmp, icmp: { type: -1, code: -1 } },
];

export function hasFlatPermission(input: FlatPermission): boolean {
  return FLAT_PARAMETERS.some((name) => input[name] !== undefined);
}

/** @throws AwsError MissingParameter, InvalidParameterCombination, InvalidParameterValue */
export function parseFlatPermission(input: FlatPermission): RuleRequest[] {
  const peer = parsePeer(input);
  if (input.IpProtocol !== undefined) return [{ traffic: parseRuleTraffic(input), peer }];
  if (peer.kind === 'cidr') throw missingParameter('ipProtocol');
  return FULL_ACCESS.map((traffic) => ({ traffic, peer }));
}

function parsePeer(input: FlatPermission): PeerRequest {
  const { CidrIp, SourceSecurityGroupName: groupName, SourceSecurityGroupOwnerId: account } = input;
  if (groupName === undefined) return parseCidrPeer('cidrIp', CidrIp);
  if (CidrIp === undefined) return { kind: 'group', group: { groupName }, account };
  const message = 'The parameters CidrIp and SourceSecurityGroupName cannot be used together.';
  throw awsError('InvalidParameterCombination', message);
}
