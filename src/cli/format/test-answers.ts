/** Answers as a server gives them, for the tests of what is shown. */
import type { Header, Hop } from '../../fabric/trace.ts';
import type { ShownAnswer } from './answer.ts';

const THERE: Header = {
  source: '10.0.0.4',
  sourcePort: 50_001,
  destination: '10.1.0.4',
  port: 443,
  protocol: 'tcp',
};
const BACK: Header = {
  source: '10.1.0.4',
  sourcePort: 443,
  destination: '10.0.0.4',
  port: 50_001,
  protocol: 'tcp',
};

const hop = (
  kind: Hop['kind'],
  resource: string,
  direction: Hop['direction'],
  rule?: Hop['rule'],
): Omit<Hop, 'packet'> => ({ kind, resource, direction, ...(rule && { rule }) });

const ALLOW = { ruleNumber: 100, ruleAction: 'allow', protocol: '-1', cidrBlock: '0.0.0.0/0' };
const ROUTE = { destinationCidrBlock: '10.1.0.0/24', target: 'pcx-1', state: 'active' };
const OPEN = { securityGroupRuleId: 'sgr-1', groupId: 'sg-1', protocol: '-1', cidr: '0.0.0.0/0' };
const HTTPS = {
  securityGroupRuleId: 'sgr-2',
  groupId: 'sg-2',
  protocol: '6',
  portRange: { from: 443, to: 443 },
  cidr: '10.0.0.0/24',
};

const FORWARD = [
  hop('network-interface', 'eni-1', 'egress'),
  hop('security-group', 'sg-1', 'egress', OPEN),
  hop('network-acl', 'acl-1', 'egress', ALLOW),
  hop('route-table', 'rtb-1', 'egress', ROUTE),
  hop('vpc-peering-connection', 'pcx-1', 'egress'),
  hop('network-acl', 'acl-2', 'ingress', ALLOW),
  hop('security-group', 'sg-2', 'ingress', HTTPS),
  hop('network-interface', 'eni-2', 'ingress'),
].map((one): Hop => ({ ...one, packet: THERE }));

const RETURN = [
  hop('network-interface', 'eni-2', 'egress'),
  hop('security-group', 'sg-2', 'egress', { ...HTTPS, tracked: true }),
  hop('network-acl', 'acl-2', 'egress', ALLOW),
  hop('route-table', 'rtb-2', 'egress'),
].map((one): Hop => ({ ...one, packet: BACK }));

const OBSERVED = {
  source: '10.0.0.4',
  sourcePort: 50_001,
  destination: '10.1.0.4',
  port: 443,
  instance: 'i-2',
};

/** The request arrives; the reply finds no route. */
export const NO_WAY_BACK: ShownAnswer = {
  reachable: false,
  forward: { disposition: 'delivered', hops: FORWARD },
  return: {
    disposition: 'dropped',
    reason: 'NO_ROUTE_TO_DESTINATION',
    at: 'rtb-2',
    message: 'rtb-2 has no route for tcp 10.1.0.4:443 > 10.0.0.4:50001.',
    hops: RETURN,
  },
  observed: OBSERVED,
  sourcePort: 50_001,
  packets: 2,
  rttMicros: 0,
};

/** The route table is where it ends. */
export const NO_WAY_THERE: ShownAnswer = {
  reachable: false,
  forward: {
    disposition: 'dropped',
    reason: 'BAD_STATE_ROUTE',
    at: 'rtb-1',
    message: 'The route of rtb-1 that matches tcp 10.0.0.4:50001 > 10.1.0.4:443 is a blackhole.',
    hops: [...FORWARD.slice(0, 3), { ...FORWARD[3]!, rule: { ...ROUTE, state: 'blackhole' } }],
  },
  return: null,
  observed: null,
  sourcePort: 50_001,
};

/** From behind an internet gateway: the header changes twice. */
export const OUTSIDE: ShownAnswer = {
  reachable: true,
  forward: {
    disposition: 'delivered',
    hops: [
      FORWARD[0]!,
      {
        ...hop('internet-gateway', 'igw-1', 'egress'),
        packet: { ...THERE, source: '54.0.0.1' },
      },
    ],
  },
  return: {
    disposition: 'delivered',
    hops: [
      { ...hop('internet-gateway', 'igw-1', 'ingress'), packet: BACK },
      { ...hop('network-interface', 'eni-1', 'ingress'), packet: BACK },
    ],
  },
  observed: { source: '54.0.0.1', sourcePort: 50_001, destination: '10.1.0.4', port: 443 },
  sourcePort: 50_001,
  packets: 7,
  rttMicros: 184,
};
