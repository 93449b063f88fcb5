/** The entry that decided, in a few words. */

type Cited = Readonly<Record<string, unknown>>;

const PROTOCOLS: Readonly<Record<string, string>> = {
  '-1': 'all',
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
};

/** `10.0.0.0/8 > pcx-…`, `rule 100 allow tcp 443 10.0.0.0/8`, `sgr-… tcp 443 from sg-…` */
export function formatRule(rule: Cited | undefined): string {
  if (rule === undefined) return '';
  const destination = rule.destinationCidrBlock ?? rule.destinationIpv6CidrBlock;
  if (destination !== undefined) {
    const state = rule.state === 'blackhole' ? ' (blackhole)' : '';
    return `${destination} > ${rule.target}${state}`;
  }
  if (rule.ruleNumber !== undefined) {
    return words('rule', rule.ruleNumber, rule.ruleAction, traffic(rule), rule.cidrBlock);
  }
  if (rule.securityGroupRuleId !== undefined) {
    return words(rule.securityGroupRuleId, traffic(rule), rule.cidr ?? rule.referencedGroupId);
  }
  if (Array.isArray(rule.groups)) return `groups ${rule.groups.join(', ')}`;
  return Object.entries(rule)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}

function traffic({ protocol, portRange }: Cited): string {
  const name = PROTOCOLS[String(protocol)] ?? `protocol ${protocol}`;
  const { from, to } = (portRange ?? {}) as { from?: number; to?: number };
  if (from === undefined) return name;
  return `${name} ${from === to ? from : `${from}-${to}`}`;
}

function words(...parts: unknown[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}
