/** Sends calls to a cloud and says what was wrong about it. */
import type { HttpResponse } from '../../../src/aws/http.ts';
import { exportState, parseState } from '../../../src/control/state/document.ts';
import { compile } from '../../../src/fabric/compile/compiler.ts';
import { compileInternet } from '../../../src/fabric/compile/internet-gateway.ts';
import { Network } from '../../../src/fabric/compile/state.ts';
import { explain } from '../../../src/fabric/explain.ts';
import type { Change, Kind } from '../../../src/model/schema.ts';
import { faultsOf } from '../../support/invariants.ts';
import { answerFault } from './answer.ts';
import { actionOf, type FuzzCall, requestOf } from './fuzz-call.ts';
import { type FuzzWorld, imageOf } from './fuzz-world.ts';

export interface Verdict {
  readonly responses: readonly HttpResponse[];
  /** How long the answers took, all together. */
  readonly millis: number;
  /** `KIND: details`; undefined when all was well. */
  readonly fault: string | undefined;
}

/** One call, or several that are under way at once. */
export async function judge(world: FuzzWorld, calls: readonly FuzzCall[]): Promise<Verdict> {
  const { lab, door, defects, takeChanges } = world;
  const before = imageOf(lab.cloud);
  takeChanges();
  defects.length = 0;
  const begin = performance.now();
  const responses = await Promise.all(calls.map((call) => door(requestOf(call))));
  const millis = performance.now() - begin;
  const changes = takeChanges();
  const [defect] = defects;
  const fault =
    (defect === undefined ? undefined : `defect: ${stackOf(defect)}`) ??
    responses.map(answerFault).find((one) => one !== undefined) ??
    refusalFault(world, calls, responses, before, changes) ??
    strangerFault(world, calls, changes) ??
    (calls.length > 1 ? first(faultsOf(lab.cloud.model)) : undefined);
  return { responses, millis, fault };
}

function first(faults: readonly string[]): string | undefined {
  return faults.length === 0 ? undefined : `model: ${faults.slice(0, 3).join('; ')}`;
}

function stackOf(defect: unknown): string {
  return defect instanceof Error ? (defect.stack ?? defect.message) : String(defect);
}

/** What was refused, or only asks, leaves every record as it was and where it was. */
function refusalFault(
  { lab }: FuzzWorld,
  calls: readonly FuzzCall[],
  responses: readonly HttpResponse[],
  before: readonly unknown[],
  changes: readonly Change[],
): string | undefined {
  const asks = (call: FuzzCall) =>
    /^((Describe|Get)[A-Z]|POST \/(get|list)|\w+\.(Describe|List)[A-Z])/.test(actionOf(call)) &&
    call.service !== 'sts';
  const quiet = calls.every((call, index) => responses[index]!.status !== 200 || asks(call));
  if (!quiet) return undefined;
  if (changes.length > 0) return `refused: ${changes[0]!.kind} ${changes[0]!.id} changed`;
  const after = imageOf(lab.cloud);
  const at = before.findIndex((record, index) => record !== after[index]);
  if (at === -1 && before.length === after.length) return undefined;
  const [was, is] = [before[at], after[at]].map((one) => (one as { id: string })?.id);
  return `refused: the model has ${is} where it had ${was}`;
}

/** Records in which two accounts have a part, and those that happen by themselves. */
const JOINT: readonly Kind[] = [
  'vpc-peering-connection',
  'transit-gateway-attachment',
  'resource-share-association',
  'resource-share-invitation',
  'direct-connect-connection',
  'direct-connect-virtual-interface',
  'direct-connect-gateway-association',
  'direct-connect-gateway-association-proposal',
  'direct-connect-failover-test',
  'timer',
  'tag-set',
];

/** A caller changes what is its own, and connections with others (G-025). */
function strangerFault(
  { lab }: FuzzWorld,
  calls: readonly FuzzCall[],
  changes: readonly Change[],
): string | undefined {
  // Whose a call with a spoilt signature is, the door decides.
  if (calls.some(({ headers }) => headers?.authorization !== undefined)) return undefined;
  const callers = new Set(calls.map(({ account }) => account));
  for (const { kind, id, before, after } of changes) {
    if (JOINT.includes(kind)) continue;
    const owner = ownerOf(lab.cloud.model, (after ?? before)!);
    if (owner === undefined || callers.has(owner)) continue;
    // A deleted group takes the rules that name it along, over a connection too.
    if (kind === 'credential' || kind === 'security-group-rule') continue;
    return `stranger: ${kind} ${id} of ${owner} changed by ${[...callers].join(', ')}`;
  }
  return undefined;
}

function ownerOf(model: FuzzWorld['lab']['cloud']['model'], record: object): string | undefined {
  const { account, routeTableId, networkAclId } = record as Readonly<Record<string, string>>;
  if (account !== undefined) return account;
  if (routeTableId !== undefined) return model.get('route-table', routeTableId)?.account;
  return networkAclId === undefined ? undefined : model.get('network-acl', networkAclId)?.account;
}

/** What must hold of a whole cloud at any time. */
export function worldFault({ lab }: FuzzWorld): string | undefined {
  return first(faultsOf(lab.cloud.model)) ?? exportFault(lab) ?? compileFault(lab);
}

/** Every cloud can be exported and imported. */
function exportFault({ cloud }: FuzzWorld['lab']): string | undefined {
  try {
    parseState(JSON.parse(JSON.stringify(exportState(cloud.model))));
    return undefined;
  } catch (error) {
    return `export: ${(error as Error).message}`;
  }
}

/** Tables that grew change by change answer as tables made at once. */
function compileFault(lab: FuzzWorld['lab']): string | undefined {
  const { cloud, fabric } = lab;
  const fresh = new Network();
  compileInternet(fresh);
  compile(fresh, cloud.snapshot());
  const ends = [...cloud.model.all('network-interface')].slice(-6);
  for (const [index, from] of ends.entries()) {
    const to = ends[(index + 1) % ends.length]!;
    const source = from.addresses[0]?.address;
    const destination = to.addresses[0]?.publicAddress ?? to.addresses[0]?.address;
    if (source === undefined || destination === undefined) continue;
    const question = {
      from: { kind: 'interface', id: from.id },
      source,
      destination,
      protocol: 'tcp',
      port: 80,
      sourcePort: 50_000,
      size: 0,
      dontFragment: false,
      ttl: 64,
    } as const;
    const [grown, made] = [fabric.network, fresh].map((network) =>
      JSON.stringify(explain(network, question, cloud.now())),
    );
    if (grown !== made) return `tables: ${from.id} to ${to.id}: ${grown} is not ${made}`;
  }
  return undefined;
}
