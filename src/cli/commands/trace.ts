import type { Command } from 'commander';
import { ask, withExpectation } from '../ask.ts';
import { withQuestion } from '../question.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function traceCommand(shell: Shell): Command {
  const command = verb('trace', 'Say from the forwarding tables whether FROM reaches TO, and why.');
  withExpectation(withQuestion(command));
  return runs(command, shell, (session) => ask('/_openvpc/trace', session));
}
