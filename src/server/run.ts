/** One server's life, from its start to the exit code. */
import { StoreError } from '../store/store.ts';
import type { Configuration } from './configuration.ts';
import { onUncaught, whenToldToStop } from './event-loop.ts';
import { isLoopback } from './http/guard.ts';
import { announceReady, createLog, type Log } from './output.ts';
import { type RunningServer, startServer } from './start.ts';
import { isToken, newToken } from './token.ts';
import { version } from './version.ts';

/** Exit codes of the contract. */
const DONE = 0;
const FAILED = 1;
const USAGE = 2;
const DEFECT = 70;

export interface RunOptions {
  readonly configuration: Configuration;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Says to the operator why there is no server. */
  readonly complain: (message: string) => void;
  /** Runs once the server answers, before it says so. */
  readonly prepare?: (url: string) => Promise<void>;
  /** Runs once it has said so. */
  readonly onReady?: () => void;
}

/** Runs a server until it is told to stop, or cannot go on; resolves with the exit code. */
export async function runServer(options: RunOptions): Promise<number> {
  const { configuration, environment, complain } = options;
  const log = createLog(configuration['log-level']);
  const { OPENVPC_TOKEN: given } = environment;
  const isWide = configuration.ephemeral && !isLoopback(configuration.host);
  if (isWide && given !== undefined && !isToken(given)) {
    complain('OPENVPC_TOKEN must be 16 to 256 printable characters without spaces');
    return USAGE;
  }
  const fatal = Promise.withResolvers<number>();
  const fail = (what: string) => (error: unknown) => {
    log.fatal({ err: error }, what);
    fatal.resolve(DEFECT);
  };
  onUncaught(fail('a defect that nobody caught'));
  const told = whenToldToStop(environment);
  const onFatal = fail('the store does not accept writes');
  let server: RunningServer;
  try {
    // A server that keeps nothing has no file for its token: it is given one, or says it.
    const token = isWide && { token: given ?? saidToken(complain) };
    server = await startServer({ configuration, version: version(), log, onFatal, ...token });
  } catch (error) {
    return refusedStart(error, configuration, log, complain);
  }
  try {
    await options.prepare?.(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  announceReady(server.url);
  options.onReady?.();
  const { data, ephemeral } = configuration;
  log.info({ version: version(), url: server.url, data: ephemeral ? 'none' : data }, 'ready');
  const code = await Promise.race([fatal.promise, told.then((why) => stopping(why, log))]);
  const end = await server.stop().then(
    () => code,
    (error: unknown) => {
      log.fatal({ err: error }, 'the server did not stop as it should');
      return DEFECT;
    },
  );
  log.info({ code: end }, 'stopped');
  return end;
}

function saidToken(complain: (message: string) => void): string {
  const token = newToken();
  complain(`own endpoints need this token: ${token}`);
  return token;
}

function stopping(why: string, log: Log): number {
  log.info({ why }, 'stopping');
  return DONE;
}

/** What the operator can mend is said in one line; anything else is a defect. */
function refusedStart(
  error: unknown,
  { port, host, data }: Configuration,
  log: Log,
  complain: (message: string) => void,
): number {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${host} is in use; --port N takes another, --port 0 a free one`,
    EACCES: `port ${port} of ${host} may not be opened by this user`,
    EADDRNOTAVAIL: `${host} is no address of this machine`,
    ENOTFOUND: `${host} is no address of this machine`,
    InUse: `the data folder ${data} is in use by another openvpc; --data DIR takes another`,
  };
  const reason = reasons[code ?? ''] ?? (error instanceof StoreError ? message : undefined);
  if (reason === undefined) {
    log.fatal({ err: error }, 'the server does not start');
    return DEFECT;
  }
  complain(reason);
  return FAILED;
}
