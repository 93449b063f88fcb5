import type { Command } from 'commander';
import { ask, withExpectation } from '../ask.ts';
import { withQuestion } from '../question.ts';
import { runs, type Shell, verb } from '../verb.ts';

export function probeCommand(shell: Shell): Command {
  const command = verb('probe', 'Send real packets from FROM to TO and show what became of them.');
  withExpectation(withQuestion(command));
  return runs(command, shell, (session) => ask('/_openvpc/probe', session));
}
