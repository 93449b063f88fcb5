/** Entries of network ACLs: requests to commands, entries to answers. */
import type * as Sdk from '@aws-sdk/client-ec2';
import {
  createNetworkAclEntry,
  deleteNetworkAclEntry,
  replaceNetworkAclEntry,
} from '../../control/vpc/network-acl-entry.ts';
import { awsError } from '../../model/error.ts';
import {
  DEFAULT_DENY_RULE,
  type NetworkAcl,
  type NetworkAclEntry,
} from '../../model/vpc/network-acl.ts';
import { ALL_PROTOCOLS, type Traffic } from '../../model/vpc/traffic.ts';
import { ANY_IPV4, ANY_IPV6, type Cidr, cidrFamily, formatCidr, isCidr4 } from '../../net/cidr.ts';
import { PROTOCOL } from '../../net/protocol.ts';
import type { Ec2HandlersOf } from './handler.ts';
import type { Ec2Input } from './operations.ts';
import {
  missingParameter,
  parseChoice,
  parseCidr4Parameter,
  parseCidr6Parameter,
} from './parse.ts';
import { hasPorts, narrow, parseProtocol } from './traffic.ts';

export const networkAclEntryHandlers = {
  async CreateNetworkAclEntry({ input, caller, cloud, dryRun }) {
    const entry = parseEntry(input);
    const id = input.NetworkAclId;
    await cloud.execute((tx) => createNetworkAclEntry(tx, caller, id, entry), { dryRun });
    return {};
  },

  async ReplaceNetworkAclEntry({ input, caller, cloud, dryRun }) {
    const entry = parseEntry(input);
    const id = input.NetworkAclId;
    await cloud.execute((tx) => replaceNetworkAclEntry(tx, caller, id, entry), { dryRun });
    return {};
  },

  async DeleteNetworkAclEntry({ input, caller, cloud, dryRun }) {
    const name = { ruleNumber: input.RuleNumber, egress: input.Egress };
    const id = input.NetworkAclId;
    await cloud.execute((tx) => deleteNetworkAclEntry(tx, caller, id, name), { dryRun });
    return {};
  },
} satisfies Ec2HandlersOf<`${'Create' | 'Replace' | 'Delete'}NetworkAclEntry`>;

function parseEntry(input: Ec2Input<'CreateNetworkAclEntry'>): NetworkAclEntry {
  const block = parseBlock(input);
  return {
    ruleNumber: input.RuleNumber,
    egress: input.Egress,
    action: parseChoice('ruleAction', input.RuleAction, ['allow', 'deny']),
    cidr: block,
    ...parseTraffic(input, block),
  };
}

/** a block and nothing else. */
function parseBlock({ CidrBlock, Ipv6CidrBlock }: Ec2Input<'CreateNetworkAclEntry'>): Cidr {
  if (CidrBlock !== undefined && Ipv6CidrBlock !== undefined) {
    const message = 'The parameters CidrBlock and Ipv6CidrBlock cannot be used together.';
    throw awsError('InvalidParameterCombination', message);
  }
  if (Ipv6CidrBlock !== undefined) return parseCidr6Parameter('ipv6CidrBlock', Ipv6CidrBlock);
  if (CidrBlock === undefined) throw missingParameter('cidrBlock or ipv6CidrBlock');
  return parseCidr4Parameter('cidrBlock', CidrBlock);
}

function parseTraffic(
  { Protocol, PortRange, IcmpTypeCode }: Ec2Input<'CreateNetworkAclEntry'>,
  block: Cidr,
): Traffic {
  const protocol = parseProtocol(Protocol);
  // ICMPv6 over IPv4 does not exist; AWS takes it as all of it and ignores type and code.
  if (protocol === PROTOCOL.icmpv6 && isCidr4(block)) return { protocol };
  const [pair, parameter] = hasPorts(protocol)
    ? [{ first: PortRange?.From, second: PortRange?.To }, 'portRange']
    : [{ first: IcmpTypeCode?.Type, second: IcmpTypeCode?.Code }, 'icmpTypeCode'];
  return narrow(protocol, pair, () => missingParameter(parameter));
}

/** An ACL's entries as AWS lists them: outbound first, by number, the final denies at the end. */
export function entryViews({ entries }: NetworkAcl, withIpv6: boolean): Sdk.NetworkAclEntry[] {
  const families = withIpv6 || entries.some(({ cidr }) => !isCidr4(cidr)) ? [4, 6] : [4];
  const denies = [true, false].flatMap((egress) =>
    families.map((family) => finalDeny(family === 4 ? ANY_IPV4 : ANY_IPV6, egress)),
  );
  return [...entries, ...denies]
    .sort((a, b) => Number(b.egress) - Number(a.egress) || a.ruleNumber - b.ruleNumber)
    .map(entryView);
}

/** */
function finalDeny(cidr: Cidr, egress: boolean): NetworkAclEntry {
  const ruleNumber = DEFAULT_DENY_RULE[cidrFamily(cidr)];
  return { ruleNumber, egress, action: 'deny', cidr, protocol: ALL_PROTOCOLS };
}

function entryView(entry: NetworkAclEntry): Sdk.NetworkAclEntry {
  const { ruleNumber, egress, action, cidr, protocol, ports, icmp } = entry;
  const block = formatCidr(cidr);
  return {
    ...(isCidr4(cidr) ? { CidrBlock: block } : { Ipv6CidrBlock: block }),
    Egress: egress,
    IcmpTypeCode: icmp && { Code: icmp.code, Type: icmp.type },
    PortRange: ports && { From: ports.from, To: ports.to },
    Protocol: String(protocol),
    RuleAction: action,
    RuleNumber: ruleNumber,
  };
}
