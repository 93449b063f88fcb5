import { describe, expect, it } from 'vitest';
import { parseExpectations } from '../expectation.ts';
import { junitReport } from './junit.ts';

describe('a JUnit report', () => {
  it('has a case for each expectation, and why it failed', () => {
    const [first, second] = parseExpectations('a b icmp reachable\n"<x>" "y&z" icmp dropped', 'f');
    const report = junitReport([
      { ...first!, ok: true, found: 'reachable' },
      { ...second!, ok: false, found: 'it said "no" > yes' },
    ]);
    expect(report).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="openvpc check" tests="2" failures="1">
    <testcase classname="openvpc.check" name="a b icmp reachable"/>
    <testcase classname="openvpc.check" name="&lt;x&gt; y&amp;z icmp dropped">
      <failure message="it said &quot;no&quot; &gt; yes"/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});
