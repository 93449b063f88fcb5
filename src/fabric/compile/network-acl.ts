/** The two tables of a network ACL: shared by every subnet associated with it. */
import {
  DEFAULT_DENY_RULE,
  type NetworkAcl,
  type NetworkAclEntry,
} from '../../model/vpc/network-acl.ts';
import { formatCidr } from '../../net/cidr.ts';
import { type Action, blockTerm, type Match, type Rule, type Table } from '../table.ts';
import type { AclTables, Network } from './state.ts';

/** For a subnet without an ACL: there is none in AWS, so nothing passes. */
export const DENY_ALL: Table = { rules: [], otherwise: finalDeny(4, true) };

export function compileNetworkAcl(network: Network, id: string): void {
  const acl = network.model.get('network-acl', id);
  if (acl === undefined) network.acls.delete(id);
  else network.acls.set(id, aclTables(acl));
}

function aclTables(acl: NetworkAcl): AclTables {
  return {
    egress: aclTable(acl, true, { do: 'next' }),
    ingress: aclTable(acl, false, { do: 'go-next-hop' }),
  };
}

/** ascending numbers, the first match decides, the last denies. */
function aclTable(acl: NetworkAcl, egress: boolean, allow: Action): Table {
  const entries = acl.entries
    .filter((entry) => entry.egress === egress)
    .sort((a, b) => a.ruleNumber - b.ruleNumber);
  const rules = entries.map((entry) => aclRule(entry, allow));
  return { rules: [...rules, finalDeny(4, egress)], otherwise: finalDeny(6, egress) };
}

function finalDeny(family: 4 | 6, egress: boolean): Rule {
  return {
    match: { family },
    actions: [{ do: 'drop', reason: 'SUBNET_ACL_RESTRICTION' }],
    cites: {
      ruleNumber: DEFAULT_DENY_RULE[family],
      ruleAction: 'deny',
      egress,
      protocol: '-1',
      cidrBlock: family === 4 ? '0.0.0.0/0' : '::/0',
    },
  };
}

function aclRule(entry: NetworkAclEntry, allow: Action): Rule {
  const { ruleNumber, action, egress, cidr, protocol, ports, icmp } = entry;
  const term = blockTerm(cidr);
  const match: Match = {
    ...(egress ? { destination: term } : { source: term }),
    ...(protocol !== -1 && { protocol }),
    ...(ports && { ports }),
    ...(icmp && { icmp }),
  };
  return {
    match,
    actions: [action === 'allow' ? allow : { do: 'drop', reason: 'SUBNET_ACL_RESTRICTION' }],
    cites: {
      ruleNumber,
      ruleAction: action,
      egress,
      protocol: String(protocol),
      cidrBlock: formatCidr(cidr),
      ...(ports && { portRange: ports }),
      ...(icmp && { icmpTypeCode: icmp }),
    },
  };
}
