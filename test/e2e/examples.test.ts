/**
 * The examples, run as their READMEs say: the real program, the real AWS CLI. What they print is in
 * their `output.txt`; `UPDATE=1` writes it anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAwsCli } from '../../src/cli/aws-cli.ts';
import { ROOT, run, startServer } from '../support/server-process.ts';

const EXAMPLES = join(ROOT, 'examples');
const names = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The distribution's AWS CLI before any other. */
const PATH = `/usr/bin:${process.env.PATH}`;
const hasAwsCli = findAwsCli({ PATH }) !== undefined;
/** An example is some dozens of calls, each a start of the AWS CLI, and all run at once. */
const TIMEOUT_MILLIS = 900_000;

/**
 * What differs between two runs that say the same: ids in the order they come up, the source ports
 * that follow from them, public addresses, times.
 */
function masked(text: string): string {
  const ids = new Map<string, string>();
  const idOf = (id: string, kind: string) => {
    const name = ids.get(id) ?? `${kind}-${ids.size + 1}`;
    ids.set(id, name);
    return name;
  };
  return (
    text
      // Columns are as wide as the ids in them, and all ids are of one length.
      .replace(/\b([a-z]+)-[0-9a-f]{17}\b/g, idOf)
      .replace(/\b(dx[a-z]+)-[0-9a-f]{8}\b/g, idOf)
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, (id) => idOf(id, 'uuid'))
      .replace(/(\d+\.\d+\.\d+\.\d+):(49[1-9]\d{2}|[56]\d{4})\b/g, '$1:PORT')
      .replace(/\b(3|18|34|52|54)\.\d+\.\d+\.\d+/g, 'PUBLIC')
      // The inside of VPN tunnels; Connect peers have what the example says.
      .replace(/\bBGP 169\.254\.\d+\.\d+/g, 'BGP INSIDE')
      .replace(/(round trip |time=)[\d.]+ ms/g, '$1… ms')
      .replace(/\bit is \S+Z\b/g, 'it is TIME')
  );
}

describe('examples', () => {
  it('are there', () => {
    expect(names.length).toBeGreaterThan(1);
  });

  describe.skipIf(!hasAwsCli)(
    `with the AWS CLI${hasAwsCli ? '' : ' (skipped: needs the AWS CLI)'}`,
    () => {
      it.concurrent.each(names)('%s', { timeout: TIMEOUT_MILLIS }, async (name) => {
        const server = await startServer(['--ephemeral', '--seed', '1', '--log-level', 'warn']);
        try {
          const env = { PATH, OPENVPC_ENDPOINT: server.url };
          const { code, stdout, stderr } = await run(join(EXAMPLES, name, 'run.sh'), [], { env });
          expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
          const file = join(EXAMPLES, name, 'output.txt');
          if (process.env.UPDATE) writeFileSync(file, stdout);
          expect(masked(stdout)).toBe(masked(readFileSync(file, 'utf8')));
        } finally {
          await server.stop();
        }
      });
    },
  );
});
