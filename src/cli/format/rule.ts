/** The entry that decided, in a few words. */
import type { Hop } from '../../fabric/trace.ts';

type Cited = Readonly<Record<string, unknown>>;

const PROTOCOLS: Readonly<Record<string, string>> = {
  '-1': 'all',
  '1': 'icmp',
  '2': 'igmp',
  '6': 'tcp',
  '17': 'udp',
  '47': 'gre',
  '58': 'icmpv6',
};

/** The number of the entry that every ACL ends with, which AWS shows as an asterisk. */
const FINAL_ENTRIES: readonly unknown[] = [32_767, 32_768];

/**
 * `10.0.0.0/8 → pcx-… (active)`, `10.0.0.0/8 → tgw-attach-… (propagated, active)`,
 * `rule 100 allow`, `rule 200 deny tcp/22 from 10.0.0.0/8`, `in zone use1-az1`, `at tgw-…`,
 * `sgr-… tcp/443 from sg-…`, `flow allowed by sgr-…`, `group 224.0.1.5`, `tunnel 52.24.0.1`
 */
export function formatRule({ rule, direction }: Pick<Hop, 'rule' | 'direction'>): string {
  if (rule === undefined) return '';
  const destination =
    rule.destinationCidrBlock ?? rule.destinationIpv6CidrBlock ?? rule.destinationPrefixListId;
  if (destination !== undefined) return routeText(String(destination), rule);
  const preposition = direction === 'egress' ? 'to' : 'from';
  if (rule.ruleNumber !== undefined) return entryText(rule, preposition);
  if (rule.securityGroupRuleId !== undefined) return groupRuleText(rule, preposition);
  if (rule.groupIpAddress !== undefined) return `group ${rule.groupIpAddress}`;
  if (rule.tracked === true) return 'tracked flow';
  if (rule.availabilityZoneId !== undefined) return `in zone ${rule.availabilityZoneId}`;
  if (rule.transitGatewayId !== undefined) return `at ${rule.transitGatewayId}`;
  if (rule.outsideIpAddress !== undefined) return `tunnel ${rule.outsideIpAddress}`;
  if (Array.isArray(rule.groups)) return rule.groups.join(', ');
  return Object.entries(rule)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}

function routeText(destination: string, rule: Cited): string {
  const { target, state, type, transitGatewayAttachmentId: attachment } = rule;
  if (target === 'local') return `${destination} → local`;
  if (target !== undefined) return `${destination} → ${target} (${state})`;
  // A site's router says by the next hop where it sends.
  if (state === undefined) return destination;
  const of = type === undefined ? '' : `${type}, `;
  return `${destination} → ${attachment ?? 'nowhere'} (${of}${state})`;
}

function entryText(entry: Cited, preposition: string): string {
  const number = FINAL_ENTRIES.includes(entry.ruleNumber) ? '*' : entry.ruleNumber;
  const head = `rule ${number} ${entry.ruleAction}`;
  const everywhere = entry.cidrBlock === '0.0.0.0/0' || entry.cidrBlock === '::/0';
  if (String(entry.protocol) === '-1' && everywhere) return head;
  return `${head} ${traffic(entry)} ${preposition} ${entry.cidrBlock}`;
}

function groupRuleText(rule: Cited, preposition: string): string {
  const { securityGroupRuleId: id, cidr, prefixListId, referencedGroupId } = rule;
  // The rule let the flow's first packet pass, in the other direction as a rule.
  if (rule.tracked === true) return `flow allowed by ${id}`;
  return `${id} ${traffic(rule)} ${preposition} ${cidr ?? prefixListId ?? referencedGroupId}`;
}

function traffic({ protocol, portRange, icmpTypeCode }: Cited): string {
  const name = PROTOCOLS[String(protocol)] ?? `protocol ${protocol}`;
  const { from, to } = (portRange ?? {}) as { from?: number; to?: number };
  const { type = -1, code = -1 } = (icmpTypeCode ?? {}) as { type?: number; code?: number };
  if (from !== undefined) return `${name}/${from === to ? from : `${from}-${to}`}`;
  if (type < 0) return name;
  return `${name} type ${type}${code < 0 ? '' : ` code ${code}`}`;
}
