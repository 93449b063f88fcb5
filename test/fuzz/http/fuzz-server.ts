/** A whole server on a free port, which writes down every defect it logs. */
import { pino } from 'pino';
import { configure } from '../../../src/server/configuration.ts';
import { startServer } from '../../../src/server/start.ts';

export interface FuzzServer {
  readonly port: number;
  /** What the server logged as a defect, or could not go on after. */
  readonly defects: readonly string[];
  readonly stop: () => Promise<void>;
}

export async function startFuzzServer(seed: number): Promise<FuzzServer> {
  const defects: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void defects.push(line) });
  const server = await startServer({
    configuration: configure({ port: '0', ephemeral: 'true', seed: String(seed) }, {}),
    version: 'fuzz',
    log,
    onFatal: (error) => defects.push(`fatal: ${String(error)}`),
  });
  return { port: Number(new URL(server.url).port), defects, stop: () => server.stop() };
}
