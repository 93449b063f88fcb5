import { describe, expect, it } from 'vitest';
import type { Header, Hop } from '../../fabric/trace.ts';
import { type Asked, formatAnswer, reasonOf, type ShownAnswer } from './answer.ts';
import { createLabels } from './labels.ts';
import { createPaint } from './paint.ts';

const owner = { account: '000000000000', region: 'us-east-1' };
const labels = createLabels({
  resources: [
    { id: 'i-2', type: 'instance', name: 'two', ...owner },
    { id: 'i-3', type: 'instance', name: 'three', ...owner },
  ],
  edges: [
    { from: 'eni-2', to: 'i-2', type: 'attached' },
    { from: 'eni-3', to: 'i-3', type: 'attached' },
  ],
});
const style = { labels, paint: createPaint(false) };
const asked: Asked = { from: 'one', to: '224.0.1.5', protocol: 'udp', port: 5000 };

const packet: Header = {
  source: '10.0.0.4',
  sourcePort: 50_001,
  destination: '224.0.1.5',
  port: 5000,
  protocol: 'udp',
};
const hop = (kind: Hop['kind'], resource: string, rule?: Hop['rule']): Hop => ({
  kind,
  resource,
  direction: kind.startsWith('transit') || resource === 'eni-1' ? 'egress' : 'ingress',
  ...(rule && { rule }),
  packet,
});
const THERE = [
  hop('network-interface', 'eni-1'),
  hop('transit-gateway-multicast-domain', 'tgw-mcast-domain-1', { groupIpAddress: '224.0.1.5' }),
];
const MESSAGE = 'acl-3 denies udp 10.0.0.4:50001 > 224.0.1.5:5000.';
const REFUSED = {
  disposition: 'dropped',
  reason: 'SUBNET_ACL_RESTRICTION',
  at: 'acl-3',
  message: MESSAGE,
} as const;

const TWO: ShownAnswer = {
  reachable: true,
  receivers: ['i-2'],
  forward: {
    disposition: 'delivered',
    hops: THERE,
    copies: [
      [...THERE, hop('network-interface', 'eni-2')],
      [...THERE, hop('network-acl', 'acl-3')],
    ],
    outcomes: [
      { networkInterface: 'eni-2', instance: 'i-2', disposition: 'delivered' },
      { networkInterface: 'eni-3', instance: 'i-3', ...REFUSED },
    ],
  },
  return: null,
  observed: { source: '10.0.0.4', sourcePort: 50_001, destination: '224.0.1.5', port: 5000 },
  sourcePort: 50_001,
  packets: 1,
  rttMicros: 80,
};

describe('an answer about a group', () => {
  it('shows the way of the packet once, and then each copy’s', () => {
    expect(`\n${formatAnswer(TWO, asked, style)}\n`).toBe(`
✓ one → 224.0.1.5 udp/5000: reachable

forward: udp 10.0.0.4:50001 > 224.0.1.5:5000
   1 ✓ network-interface                 eni-1               egress
   2 ✓ transit-gateway-multicast-domain  tgw-mcast-domain-1  egress  group 224.0.1.5

copy to eni-2 (two)
   3 ✓ network-interface  eni-2 (two)  ingress

copy to eni-3 (three)
   3 ✗ network-acl  acl-3  ingress
       SUBNET_ACL_RESTRICTION: ${MESSAGE}

received by i-2 (two)
1 packet, 1 of 2 copies arrived
`);
  });

  it('of a trace says who would have it', () => {
    const { packets: _, rttMicros: __, ...trace } = TWO;
    const lines = formatAnswer(trace, asked, style).split('\n');
    expect(lines.at(-1)).toBe('would be received by i-2 (two)');
  });

  it('where nothing is copied shows the way alone, and why it ends', () => {
    const { hops } = TWO.forward;
    const message = 'Nobody else is a member.';
    const at = 'tgw-mcast-domain-1';
    const dropped = { disposition: 'dropped', reason: 'MULTICAST_NO_MEMBERS', at } as const;
    const forward = { ...dropped, message, hops, copies: [], outcomes: [] };
    const nobody = { ...TWO, reachable: false, receivers: [], forward };
    expect(`\n${formatAnswer(nobody, asked, style)}\n`).toBe(`
✗ one → 224.0.1.5 udp/5000: not reachable, dropped at tgw-mcast-domain-1

forward: udp 10.0.0.4:50001 > 224.0.1.5:5000
   1 ✓ network-interface                 eni-1               egress
   2 ✗ transit-gateway-multicast-domain  tgw-mcast-domain-1  egress  group 224.0.1.5
       MULTICAST_NO_MEMBERS: ${message}

received by nobody
1 packet
`);
    expect(reasonOf(nobody)).toBe(`MULTICAST_NO_MEMBERS: ${message}`);
  });

  it('that arrives where nobody listens says so', () => {
    const deaf = { ...TWO, reachable: false, receivers: [] };
    expect(formatAnswer(deaf, asked, style)).toContain('it arrives and nothing answers there');
  });
});
