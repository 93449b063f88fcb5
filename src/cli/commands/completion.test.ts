import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bashCompletion, fishCompletion, zshCompletion } from '../format/completion.ts';
import { createProgram } from '../program.ts';
import { silentShell } from '../test-shell.ts';
import { treeOf } from './completion.ts';

const tree = treeOf(createProgram(silentShell()));
const has = (command: string) => spawnSync(command, ['--version']).error === undefined;

/** What bash offers after these words, the last of them half typed. */
function offered(...words: string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = `${bashCompletion(tree)}
COMP_WORDS=(openvpc ${quoted}); COMP_CWORD=${words.length}
_openvpc
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion', () => {
  it.each([
    ['bash', bashCompletion],
    ['zsh', zshCompletion],
  ])('for %s parses in bash', (_, script) => {
    const input = script(tree);
    const { status, stderr } = spawnSync('bash', ['-n'], { input, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.for([
    ['zsh', zshCompletion],
    ['fish', fishCompletion],
  ] as const)('for %s parses there', ([shell, script], { skip }) => {
    if (!has(shell)) skip(`skipped: needs ${shell}`);
    expect(spawnSync(shell, ['-n'], { input: script(tree) }).status).toBe(0);
  });

  it('offers verbs, their verbs, and options', () => {
    expect(offered('pr')).toEqual(['probe']);
    expect(offered('state', '')).toEqual(expect.arrayContaining(['export', 'import', '--json']));
    expect(offered('clock', 'a')).toEqual(['advance']);
    expect(offered('site', 'un')).toEqual(['unreachable']);
    expect(offered('site', 'add', 'dc', '--c')).toEqual(['--customer-gateway', '--connect-peer']);
    expect(offered('probe', 'web', 'db', '--t').sort()).toEqual(['--tcp', '--token', '--ttl']);
    expect(offered('up', '--e')).toEqual(['--ephemeral']);
    expect(offered('--json', 'mat')).toEqual(['matrix']);
    expect(offered('state', 'export', '--e')).toEqual(['--endpoint']);
  });

  it('for fish has every verb and every option', () => {
    const lines = fishCompletion(tree).split('\n');
    for (const { name } of tree.verbs) {
      expect(lines.some((line) => line.includes(`-a ${name} `))).toBe(true);
    }
    expect(lines).toContainEqual(expect.stringContaining("-l expect -r -a 'reachable dropped'"));
  });
});
