import { describe, expect, it } from 'vitest';
import { formatRule } from './rule.ts';

const entry = { ruleNumber: 200, ruleAction: 'deny', protocol: '6', cidrBlock: '10.0.0.0/8' };
const groupRule = { securityGroupRuleId: 'sgr-1', groupId: 'sg-1', protocol: '17' };

describe('a rule', () => {
  it.each([
    ['egress', undefined, ''],
    [
      'egress',
      { destinationCidrBlock: '10.0.0.0/16', target: 'local', state: 'active' },
      '10.0.0.0/16 → local',
    ],
    [
      'egress',
      { destinationIpv6CidrBlock: '::/0', target: 'igw-1', state: 'active' },
      '::/0 → igw-1 (active)',
    ],
    [
      'egress',
      { destinationCidrBlock: '0.0.0.0/0', target: 'pcx-1', state: 'blackhole' },
      '0.0.0.0/0 → pcx-1 (blackhole)',
    ],
    [
      'egress',
      {
        destinationCidrBlock: '10.0.0.0/8',
        type: 'propagated',
        state: 'active',
        transitGatewayAttachmentId: 'tgw-attach-1',
      },
      '10.0.0.0/8 → tgw-attach-1 (propagated, active)',
    ],
    [
      'egress',
      { destinationCidrBlock: '10.0.0.0/8', type: 'static', state: 'blackhole' },
      '10.0.0.0/8 → nowhere (static, blackhole)',
    ],
    ['ingress', { availabilityZoneId: 'use1-az1', subnetId: 'subnet-1' }, 'in zone use1-az1'],
    ['egress', { transitGatewayId: 'tgw-1' }, 'at tgw-1'],
    ['ingress', entry, 'rule 200 deny tcp from 10.0.0.0/8'],
    [
      'egress',
      { ...entry, portRange: { from: 1024, to: 65535 } },
      'rule 200 deny tcp/1024-65535 to 10.0.0.0/8',
    ],
    [
      'ingress',
      { ...entry, protocol: '1', icmpTypeCode: { type: 8, code: -1 } },
      'rule 200 deny icmp type 8 from 10.0.0.0/8',
    ],
    [
      'ingress',
      { ...entry, protocol: '1', icmpTypeCode: { type: 3, code: 4 } },
      'rule 200 deny icmp type 3 code 4 from 10.0.0.0/8',
    ],
    [
      'ingress',
      { ...entry, protocol: '1', icmpTypeCode: { type: -1, code: -1 } },
      'rule 200 deny icmp from 10.0.0.0/8',
    ],
    ['ingress', { ...entry, protocol: '-1', cidrBlock: '0.0.0.0/0' }, 'rule 200 deny'],
    [
      'ingress',
      { ...entry, ruleNumber: 32767, protocol: '-1', cidrBlock: '0.0.0.0/0' },
      'rule * deny',
    ],
    ['ingress', { ...entry, ruleNumber: 32768, protocol: '-1', cidrBlock: '::/0' }, 'rule * deny'],
    ['ingress', { ...entry, protocol: '-1' }, 'rule 200 deny all from 10.0.0.0/8'],
    [
      'ingress',
      { ...groupRule, portRange: { from: 53, to: 53 }, referencedGroupId: 'sg-2' },
      'sgr-1 udp/53 from sg-2',
    ],
    [
      'egress',
      { ...groupRule, protocol: '50', cidr: '10.0.0.0/8' },
      'sgr-1 protocol 50 to 10.0.0.0/8',
    ],
    ['ingress', { ...groupRule, protocol: '47', cidr: '10.0.0.0/8' }, 'sgr-1 gre from 10.0.0.0/8'],
    ['egress', { destinationCidrBlock: '10.0.0.0/8' }, '10.0.0.0/8'],
    ['egress', { outsideIpAddress: '52.24.0.1' }, 'tunnel 52.24.0.1'],
    ['egress', { ...groupRule, tracked: true }, 'flow allowed by sgr-1'],
    ['ingress', { groups: ['sg-1', 'sg-2'] }, 'sg-1, sg-2'],
    [
      'ingress',
      { service: 'com.amazonaws.s3', ports: [80] },
      'service=com.amazonaws.s3 ports=[80]',
    ],
  ] as const)('%s %o is "%s"', (direction, rule, text) => {
    expect(formatRule({ direction, ...(rule && { rule }) })).toBe(text);
  });
});
