/** A command line without a process around it, for unit tests. */
import type { Environment, Shell } from './verb.ts';

export interface TestShell extends Shell {
  readonly said: string[];
  readonly complained: string[];
  readonly codes: number[];
}

export function silentShell(environment: Environment = {}): TestShell {
  const said: string[] = [];
  const complained: string[] = [];
  const codes: number[] = [];
  return {
    said,
    complained,
    codes,
    environment,
    done: (code) => void codes.push(code),
    terminal: {
      say: (text) => void said.push(text),
      complain: (text) => void complained.push(text),
      progress: () => {},
      write: async (bytes) => void said.push(Buffer.from(bytes).toString()),
      isInteractive: false,
      colors: false,
    },
  };
}
