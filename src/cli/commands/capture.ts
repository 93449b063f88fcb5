import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { CliError, EXIT } from '../exit.ts';
import type { Terminal } from '../output.ts';
import { createPlaces, type PlaceOptions } from '../place.ts';
import { withPlaceOptions } from '../question.ts';
import { runs, type Shell, verb, wholeNumber } from '../verb.ts';

interface Options extends PlaceOptions {
  readonly output?: string;
  readonly seconds?: number;
}

export function captureCommand(shell: Shell): Command {
  const command = verb(
    'capture',
    "Show an interface's frames, or write them to a file, until Ctrl-C.",
  )
    .argument('<eni>', 'eni-…, an instance with one interface, or a Name tag')
    .option(
      '-o, --output <file>',
      'a pcapng file; - is standard output. Without it: a line a frame',
    )
    .option('--seconds <n>', 'end by itself after so long', wholeNumber(1, 86_400));
  withPlaceOptions(command);
  return runs<Options>(command, shell, async ({ client, args, options, terminal }) => {
    const eni = await createPlaces(client, options).networkInterface(args[0] ?? '');
    const { output = '-' } = options;
    const format = options.output === undefined ? 'text' : 'pcapng';
    const query = new URLSearchParams({ eni, format });
    if (options.seconds !== undefined) query.set('seconds', String(options.seconds));
    const abort = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
    const stream = client.stream(`/_openvpc/capture?${query}`, abort.signal);
    const body = await stream.catch(unlessAborted(abort.signal));
    if (body === undefined) return undefined;
    if (format === 'text') terminal.complain(`capturing ${eni}`);
    else if (output !== '-') terminal.complain(`capturing ${eni} to ${output}`);
    const bytes = await save(body, output, terminal);
    if (output !== '-') terminal.complain(`${bytes} bytes written`);
    return undefined;
  });
}

/** An interrupt before the first frame ends a capture as well as one after it. */
function unlessAborted(signal: AbortSignal) {
  return (error: unknown): undefined => {
    if (!signal.aborted) throw error;
  };
}

/** Writes chunks as they come; an interrupt is the usual end. Returns the number of bytes. */
async function save(body: AsyncIterable<Uint8Array>, file: string, terminal: Terminal) {
  const output = file === '-' ? undefined : createWriteStream(file);
  output?.on('error', () => {});
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (output === undefined) await terminal.write(chunk);
      else if (!output.write(chunk)) await Promise.race([once(output), finished(output)]);
    }
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw unwritable(file, error);
  }
  output?.end();
  if (output !== undefined)
    await finished(output).catch((error) => Promise.reject(unwritable(file, error)));
  return bytes;
}

function once(output: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => output.once('drain', resolve));
}

function unwritable(file: string, error: unknown): CliError {
  return new CliError(EXIT.no, `the capture to ${file} ended: ${(error as Error).message}`);
}
