import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { CliError, EXIT } from '../exit.ts';
import { type Expectation, type Outcome, parseExpectations } from '../expectation.ts';
import { reasonOf, type ShownAnswer } from '../format/answer.ts';
import { junitReport } from '../format/junit.ts';
import { createPaint } from '../format/paint.ts';
import { createPlaces, type PlaceOptions } from '../place.ts';
import { withPlaceOptions } from '../question.ts';
import { runs, type Shell, verb } from '../verb.ts';

interface Options extends PlaceOptions {
  readonly junit?: string;
}

export function checkCommand(shell: Shell): Command {
  const command = verb('check', 'Probe every line of a file of expectations.')
    .argument('<file>', 'lines "FROM TO tcp/443 reachable" or "FROM TO icmp dropped [REASON]"')
    .option('--junit <file>', 'write a JUnit report');
  withPlaceOptions(command);
  return runs<Options>(command, shell, async ({ client, args, options, show, terminal }) => {
    const expectations = parseExpectations(await read(args[0] ?? ''), args[0] ?? '');
    const places = createPlaces(client, options);
    const outcomes: Outcome[] = [];
    for (const one of expectations) {
      outcomes.push(await judge(client, places, one).catch(unasked(one)));
    }
    const failed = outcomes.filter(({ ok }) => !ok);
    if (options.junit !== undefined) await writeFile(options.junit, junitReport(outcomes));
    const paint = createPaint(terminal.colors);
    show({ checked: outcomes.length, failed: failed.length, outcomes }, () =>
      [
        ...outcomes.map(({ ok, text, found }) =>
          ok ? `${paint('green', '✓')} ${text}` : `${paint('red', '✗')} ${text}\n    ${found}`,
        ),
        `${outcomes.length} checked, ${failed.length} not as expected`,
      ].join('\n'),
    );
    return failed.length === 0 ? EXIT.done : EXIT.no;
  });
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(EXIT.noSuchThing, `${file} cannot be read: ${(error as Error).message}`);
  }
}

/** What does not exist is not as expected; without a server there is nothing to check. */
function unasked(expectation: Expectation) {
  return (error: unknown): Outcome => {
    const { exitCode, message } = error as CliError;
    if (exitCode !== EXIT.noSuchThing && exitCode !== EXIT.usage) throw error;
    return { ...expectation, ok: false, found: message };
  };
}

async function judge(
  client: Client,
  places: ReturnType<typeof createPlaces>,
  expectation: Expectation,
): Promise<Outcome> {
  const { protocol, port, outcome, reason } = expectation;
  const question = {
    from: await places.from(expectation.from),
    to: await places.to(expectation.to),
    protocol,
    ...(port !== undefined && { port }),
  };
  const answer = await client.post<ShownAnswer>('/_openvpc/probe', question);
  const { reachable, forward, return: back } = answer;
  const why = forward.reason ?? back?.reason;
  const ok = outcome === 'reachable' ? reachable : !reachable && (reason ?? why) === why;
  return { ...expectation, ok, found: reasonOf(answer) };
}
