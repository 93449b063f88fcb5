/** Exit codes of the contract, and the one error that carries them. */
export const EXIT = {
  done: 0,
  /** The answer is no: not reachable, refused, failed. */
  no: 1,
  usage: 2,
  noSuchThing: 3,
  noServer: 69,
  defect: 70,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command: a message for stderr, and the exit code. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
