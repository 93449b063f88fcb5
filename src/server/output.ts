/** What the server says on its standard streams: one line on stdout, logs on stderr. */
import { pino } from 'pino';

export type Log = pino.Logger;

/** The line that users and scripts wait for (contract). */
export function announceReady(url: string): void {
  // Nobody may be reading any more; that is no reason to die.
  process.stdout.on('error', () => {});
  process.stdout.write(`openvpc ready ${url}\n`);
}

/** Logs as JSON lines, or as text where a person reads. */
export function createLog(level: string): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ fd: 2, sync: true }));
  return pino(options, { write: (line: string) => void process.stderr.write(readable(line)) });
}

/** `12:30:01 info  started port=4566` */
export function readable(line: string): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const label = pino.levels.labels[Number(level)] ?? String(level);
  const values = Object.entries(rest).map(([key, value]) => ` ${key}=${shown(value)}`);
  const stack = (err as { stack?: string } | undefined)?.stack;
  const clock = String(time).slice(11, 19);
  return `${clock} ${label.padEnd(5)} ${msg ?? ''}${values.join('')}\n${stack ? `${stack}\n` : ''}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
