import { describe, expect, it } from 'vitest';
import { parseExpectations } from './expectation.ts';

describe('expectations', () => {
  it('are one a line; comments and empty lines say nothing, quotes hold spaces together', () => {
    const text = [
      '# who may talk to whom',
      '',
      'web db tcp/5432 reachable   # always',
      '"web server" 10.0.0.7 udp/53 dropped ENI_SG_RULES_MISMATCH\r',
      'a b icmp dropped',
    ].join('\n');
    expect(parseExpectations(text, 'file')).toMatchObject([
      { line: 3, from: 'web', to: 'db', protocol: 'tcp', port: 5432, outcome: 'reachable' },
      { line: 4, from: 'web server', to: '10.0.0.7', reason: 'ENI_SG_RULES_MISMATCH' },
      { line: 5, protocol: 'icmp', outcome: 'dropped' },
    ]);
  });

  it.each([
    ['a b', 'expected FROM TO PROTOCOL/PORT reachable|dropped [REASON]'],
    ['a b tcp/1 dropped NO_ROUTE_TO_DESTINATION more', 'expected FROM TO'],
    ['a b tcp/443', "'' is neither reachable nor dropped"],
    ['a b tcp/443 yes', "'yes' is neither reachable nor dropped"],
    ['a b tcp/0 reachable', "'tcp/0' is not icmp, tcp/PORT or udp/PORT"],
    ['a b tcp/65536 reachable', "'tcp/65536' is not icmp"],
    ['a b gre reachable', "'gre' is not icmp"],
    ['a b icmp dropped BECAUSE', "'BECAUSE' is no reason for it to be dropped"],
    ['a b icmp reachable NO_ROUTE_TO_DESTINATION', 'is no reason for it to be reachable'],
  ])('refuse "%s"', (line, message) => {
    const parse = () => parseExpectations(`\n${line}\n`, 'file');
    expect(parse).toThrow(expect.objectContaining({ exitCode: 2 }));
    expect(parse).toThrow('file:2: ');
    expect(parse).toThrow(message);
  });
});
