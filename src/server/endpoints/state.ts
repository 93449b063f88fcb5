import type { Cloud } from '../../control/cloud.ts';
import { exportState, invalidState, parseState } from '../../control/state/document.ts';
import { replaceState } from '../../control/state/replace.ts';
import { compile } from '../../fabric/compile/compiler.ts';
import { compileInternet } from '../../fabric/compile/internet-gateway.ts';
import { Network } from '../../fabric/compile/state.ts';
import type { Change } from '../../model/schema.ts';
import { readJson } from '../http/api.ts';
import { STATE_BYTES_MAX } from '../http/limits.ts';
import { type Endpoint, json } from '../http/reply.ts';

const path = '/_openvpc/state';

/** Export and import of all state; what cannot be imported is refused and changes nothing. */
export function stateEndpoints(cloud: Cloud): Endpoint[] {
  return [
    { method: 'GET', path, handle: () => json(exportState(cloud.model)) },
    {
      method: 'PUT',
      path,
      bodyBytesMax: STATE_BYTES_MAX,
      handle: async (request) => {
        const changes = parseState(readJson(request));
        tryToCompile(changes);
        await cloud.execute((tx) => replaceState(tx, changes));
        return json({ records: changes.length });
      },
    },
  ];
}

/** What no table can be made of is found out before anything is changed. */
function tryToCompile(changes: readonly Change[]): void {
  const network = new Network();
  compileInternet(network);
  try {
    compile(network, changes);
  } catch (error) {
    throw invalidState(`no network follows from it (${(error as Error).message})`);
  }
}
