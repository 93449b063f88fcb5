import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Asked, formatAnswer, formatAsked, reasonOf } from './answer.ts';
import { createLabels } from './labels.ts';
import { createPaint } from './paint.ts';
import { NO_WAY_BACK, NO_WAY_THERE, OUTSIDE } from './test-answers.ts';

const owner = { account: '000000000000', region: 'us-east-1' };
const labels = createLabels({
  resources: [
    { id: 'i-1', type: 'instance', name: 'web', ...owner },
    { id: 'i-2', type: 'instance', name: 'db', ...owner },
    { id: 'rtb-2', type: 'route-table', name: 'private', ...owner },
  ],
  edges: [
    { from: 'eni-1', to: 'i-1', type: 'attached' },
    { from: 'eni-2', to: 'i-2', type: 'attached' },
  ],
});
const style = { labels, paint: createPaint(false) };
const asked: Asked = { from: 'web', to: 'db', protocol: 'tcp', port: 443 };

describe('an answer', () => {
  it('begins with the verdict, shows both ways, and ends with what was seen', () => {
    expect(`\n${formatAnswer(NO_WAY_BACK, asked, style)}\n`).toBe(`
✗ web → db tcp/443: not reachable, the reply is dropped at rtb-2 (private)

forward: tcp 10.0.0.4:50001 > 10.1.0.4:443
   1 ✓ network-interface       eni-1 (web)  egress
   2 ✓ security-group          sg-1         egress   sgr-1 all to 0.0.0.0/0
   3 ✓ network-acl             acl-1        egress   rule 100 allow
   4 ✓ route-table             rtb-1        egress   10.1.0.0/24 → pcx-1 (active)
   5 ✓ vpc-peering-connection  pcx-1        egress
   6 ✓ network-acl             acl-2        ingress  rule 100 allow
   7 ✓ security-group          sg-2         ingress  sgr-2 tcp/443 from 10.0.0.0/24
   8 ✓ network-interface       eni-2 (db)   ingress

return: tcp 10.1.0.4:443 > 10.0.0.4:50001
   1 ✓ network-interface  eni-2 (db)       egress
   2 ✓ security-group     sg-2             egress  flow allowed by sgr-2
   3 ✓ network-acl        acl-2            egress  rule 100 allow
   4 ✗ route-table        rtb-2 (private)  egress
       NO_ROUTE_TO_DESTINATION: rtb-2 has no route for tcp 10.1.0.4:443 > 10.0.0.4:50001.

seen by i-2 (db): tcp 10.0.0.4:50001 > 10.1.0.4:443
2 packets, no answer
`);
  });

  it('of a trace has no packets, and no return where nothing arrives', () => {
    expect(`\n${formatAnswer(NO_WAY_THERE, asked, style)}\n`).toBe(`
✗ web → db tcp/443: not reachable, dropped at rtb-1

forward: tcp 10.0.0.4:50001 > 10.1.0.4:443
   1 ✓ network-interface  eni-1 (web)  egress
   2 ✓ security-group     sg-1         egress  sgr-1 all to 0.0.0.0/0
   3 ✓ network-acl        acl-1        egress  rule 100 allow
   4 ✗ route-table        rtb-1        egress  10.1.0.0/24 → pcx-1 (blackhole)
       BAD_STATE_ROUTE: The route of rtb-1 that matches tcp 10.0.0.4:50001 > 10.1.0.4:443 is a blackhole.
`);
  });

  it('shows the header where it changes', () => {
    expect(`\n${formatAnswer(OUTSIDE, asked, style)}\n`).toBe(`
✓ web → db tcp/443: reachable

forward: tcp 10.0.0.4:50001 > 10.1.0.4:443
   1 ✓ network-interface  eni-1 (web)  egress
   2 ✓ internet-gateway   igw-1        egress
       becomes tcp 54.0.0.1:50001 > 10.1.0.4:443

return
   1 ✓ internet-gateway   igw-1        ingress
       becomes tcp 10.1.0.4:443 > 10.0.0.4:50001
   2 ✓ network-interface  eni-1 (web)  ingress

seen outside: tcp 54.0.0.1:50001 > 10.1.0.4:443
7 packets, round trip 0.18 ms
`);
  });

  it('says at which site something was seen', () => {
    const hop = { ...OUTSIDE.forward.hops[1]!, kind: 'site', resource: 'dc' } as const;
    const forward = { ...OUTSIDE.forward, hops: [OUTSIDE.forward.hops[0]!, hop] };
    const lines = formatAnswer({ ...OUTSIDE, forward }, asked, style).split('\n');
    expect(lines.at(-2)).toBe('seen at site dc: tcp 54.0.0.1:50001 > 10.1.0.4:443');
  });

  it('says what would be seen where nothing was sent', () => {
    const { packets: _packets, rttMicros: _rtt, ...trace } = OUTSIDE;
    const lines = formatAnswer(trace, asked, style).split('\n');
    expect(lines.at(-1)).toBe('would be seen outside: tcp 54.0.0.1:50001 > 10.1.0.4:443');
  });

  it('tells silence from refusal', () => {
    const silent = { ...OUTSIDE, reachable: false, return: null };
    const refused = { ...OUTSIDE, reachable: false };
    expect(formatAnswer(silent, asked, style)).toContain('it arrives and nothing answers there');
    expect(formatAnswer(refused, asked, style)).toContain('it arrives and is refused there');
    expect(reasonOf(silent)).toBe('it arrives and nothing answers there');
    expect(reasonOf(refused)).toBe('it arrives and is refused there');
  });

  it('has its reason in a line', () => {
    expect(reasonOf(OUTSIDE)).toBe('reachable');
    expect(reasonOf(NO_WAY_THERE)).toMatch(/^BAD_STATE_ROUTE: The route of rtb-1 /);
    expect(reasonOf(NO_WAY_BACK)).toMatch(/^the reply: NO_ROUTE_TO_DESTINATION: rtb-2 has /);
  });

  it('of a name that nobody knows ends at the VPC', () => {
    const message = 'The resolver of vpc-1 has no address for that name. (no.example)';
    const unresolved = {
      reachable: false,
      forward: {
        disposition: 'dropped',
        reason: 'NAME_NOT_RESOLVED',
        at: 'vpc-1',
        message,
        hops: [
          {
            kind: 'vpc',
            resource: 'vpc-1',
            direction: 'egress',
            packet: { source: '10.0.0.4', destination: 'no.example', protocol: 'icmp' },
          },
        ],
      },
      return: null,
      observed: null,
      sourcePort: 0,
      packets: 0,
      rttMicros: 0,
    } as const;
    const text = formatAnswer(unresolved, { from: 'web', to: 'no.example' }, style);
    expect(text).toBe(
      '✗ web → no.example icmp: not reachable, dropped at vpc-1\n\n' +
        'forward: icmp 10.0.0.4 > no.example\n   1 ✗ vpc  vpc-1  egress\n' +
        `       NAME_NOT_RESOLVED: ${message}\n\n0 packets, no answer`,
    );
  });

  it('in colours says the same, aligned the same', () => {
    const colored = formatAnswer(NO_WAY_BACK, asked, { labels, paint: createPaint(true) });
    expect(colored).not.toBe(formatAnswer(NO_WAY_BACK, asked, style));
    expect(stripVTControlCharacters(colored)).toBe(formatAnswer(NO_WAY_BACK, asked, style));
  });
});

describe('a question', () => {
  it('is one line', () => {
    expect(formatAsked({ from: 'a', to: 'b' })).toBe('a → b icmp');
    expect(formatAsked({ ...asked, family: 6, size: 1400, dontFragment: true, ttl: 3 })).toBe(
      'web → db tcp/443 IPv6 size 1400 df ttl 3',
    );
  });
});
