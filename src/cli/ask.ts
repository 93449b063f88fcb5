/** What trace and probe do: the same question, put to another endpoint. */
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from './exit.ts';
import { formatAnswer, type ShownAnswer } from './format/answer.ts';
import { createPaint } from './format/paint.ts';
import { type QuestionOptions, questionOf } from './question.ts';
import type { Session } from './verb.ts';

export interface AskOptions extends QuestionOptions {
  readonly expect?: 'reachable' | 'dropped';
}

export function withExpectation(command: Command): Command {
  const outcomes = ['reachable', 'dropped'];
  return command.addOption(
    new Option('--expect <outcome>', 'exit 0 when it is so, 1 when not').choices(outcomes),
  );
}

export async function ask(path: string, session: Session<AskOptions>): Promise<ExitCode> {
  const { client, args, options, show, terminal } = session;
  const question = await questionOf(client, args, options);
  const answer = await client.post<ShownAnswer>(path, question);
  show(answer, () => formatAnswer(answer, createPaint(terminal.colors)));
  const wanted = (options.expect ?? 'reachable') === 'reachable';
  return answer.reachable === wanted ? EXIT.done : EXIT.no;
}
