/** What trace and probe do: the same question, put to another endpoint. */
import { type Command, Option } from 'commander';
import type { Topology } from '../server/topology.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { formatAnswer, type ShownAnswer } from './format/answer.ts';
import { createLabels } from './format/labels.ts';
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
  if (options.json) show(answer, () => '');
  else {
    const labels = createLabels(await client.get<Topology>('/_openvpc/topology'));
    const [from = '', to = ''] = args;
    const style = { labels, paint: createPaint(terminal.colors) };
    show(answer, () => formatAnswer(answer, { ...question, from, to }, style));
  }
  return verdict(answer, options.expect);
}

/** Without an expectation, reachable is yes. */
function verdict({ reachable }: ShownAnswer, expect: AskOptions['expect']): ExitCode {
  if (expect === undefined) return reachable ? EXIT.done : EXIT.no;
  if (reachable === (expect === 'reachable')) return EXIT.done;
  const found = reachable ? 'reachable' : 'not reachable';
  throw new CliError(EXIT.no, `expected ${expect}, but it is ${found}`);
}
