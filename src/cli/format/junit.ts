/** A report that every CI system reads. */
import type { Outcome } from '../expectation.ts';

export function junitReport(outcomes: readonly Outcome[]): string {
  const failed = outcomes.filter(({ ok }) => !ok).length;
  const cases = outcomes.map(({ text, ok, found }) => {
    const name = escapeXml(text);
    if (ok) return `    <testcase classname="openvpc.check" name="${name}"/>`;
    return (
      `    <testcase classname="openvpc.check" name="${name}">\n` +
      `      <failure message="${escapeXml(found)}"/>\n    </testcase>`
    );
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="openvpc check" tests="${outcomes.length}" failures="${failed}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"\n]/g, (character) => ENTITIES[character]!);
}
