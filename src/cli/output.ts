/** The command line's standard streams. */
import { writeSync } from 'node:fs';

export interface Terminal {
  /** A line, or lines, of the answer. */
  readonly say: (text: string) => void;
  /** What went wrong, or is under way: stderr. */
  readonly complain: (text: string) => void;
  /** How far a long command is: where a person watches, and gone with the next line. */
  readonly progress: (text: string) => void;
  /** Bytes of the answer; resolves when they are taken. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Whether a person reads the answer. */
  readonly isInteractive: boolean;
  readonly colors: boolean;
}

export function openTerminal(environment: Readonly<Record<string, string | undefined>>): Terminal {
  const { stdout, stderr } = process;
  const isInteractive = stdout.isTTY === true;
  // A reader that has seen enough (`| head`) is no failure of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  return {
    say: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void writeSync(stderr.fd, `openvpc: ${text}\n`),
    progress: (text) => {
      if (stderr.isTTY) stderr.write(`\r\u001b[K${text}\r`);
    },
    write: (bytes) => new Promise((resolve) => stdout.write(bytes, () => resolve())),
    isInteractive,
    // https://no-color.org: present and not empty.
    colors: isInteractive && !environment.NO_COLOR && environment.TERM !== 'dumb',
  };
}
