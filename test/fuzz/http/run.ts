/** A server under hostile clients, all through its port. */
import { parseState, type StateDocument } from '../../../src/control/state/document.ts';
import { Model } from '../../../src/model/model.ts';
import { Random } from '../../../src/net/random.ts';
import { answerFault } from '../calls/answer.ts';
import { drawBatch } from '../calls/draw-calls.ts';
import { actionOf, type FuzzCall, requestOf } from '../calls/fuzz-call.ts';
import { type Answer, type Client, createClient } from './client.ts';
import { type FuzzServer, startFuzzServer } from './fuzz-server.ts';
import { drawConversation, drawLargeBody, drawSlow } from './misbehave.ts';
import { drawOwnRequest } from './own-requests.ts';
import { converse } from './raw-socket.ts';

export interface HttpTally {
  /** AWS calls in whole requests. */
  calls: number;
  /** Requests to openvpc's own endpoints. */
  own: number;
  /** Connections that misbehaved. */
  sockets: number;
  /** Answers by status, of whole requests. */
  readonly statuses: Map<number, number>;
  /** Connections that neither were answered nor closed within the patience. */
  open: number;
}

export interface HttpOptions {
  readonly seed: number;
  readonly calls: number;
  readonly own: number;
  readonly sockets: number;
  /** How long a connection may stand open without a word. */
  readonly patienceMillis: number;
  readonly onStep?: (index: number) => void;
  /** Told when the cloud is empty again, and how much is done: memory can be looked at. */
  readonly onReset?: (share: number) => void;
}

/** Steps of one round, after which the server's state is looked at as a whole. */
const ROUND = 40;
/** Rounds after which the cloud is emptied, so that it does not merely grow. */
const ROUNDS = 5;
/** Connections that misbehave at a time. */
const AT_ONCE = 8;

interface Session {
  readonly server: FuzzServer;
  readonly client: Client;
  readonly random: Random;
  readonly tally: HttpTally;
  readonly patienceMillis: number;
  document: StateDocument;
  model: Model;
  /** What went wrong first. */
  fault: string | undefined;
}

/** Resolves with the figures, and with what went wrong, if anything did. */
export async function runHttp(
  options: HttpOptions,
): Promise<{ tally: HttpTally; fault: string | undefined }> {
  const { seed, patienceMillis } = options;
  const server = await startFuzzServer(seed);
  const session: Session = {
    server,
    client: createClient(server.port),
    random: new Random(seed),
    tally: { calls: 0, own: 0, sockets: 0, statuses: new Map(), open: 0 },
    patienceMillis,
    document: { format: 'openvpc-state', version: 1, records: {} },
    model: new Model(),
    fault: undefined,
  };
  try {
    await rounds(session, options);
  } finally {
    session.client.close();
    await server.stop();
  }
  return { tally: session.tally, fault: session.fault };
}

async function rounds(session: Session, options: HttpOptions): Promise<void> {
  const { tally, random, server } = session;
  const slow = keepSlow(session);
  const total = options.calls + options.own + options.sockets;
  for (let index = 0; session.fault === undefined; index++) {
    const done = tally.calls + tally.own + tally.sockets;
    if (index % (ROUND * ROUNDS) === 0) await startAnew(session);
    if (index % (ROUND * ROUNDS) === 0) options.onReset?.(done / total);
    if (index % ROUND === 0) await look(session);
    options.onStep?.(index);
    if (done >= total) break;
    const ticket = random.below(options.calls + options.own + options.sockets / AT_ONCE);
    if (ticket < options.calls) await someCalls(session);
    else if (ticket < options.calls + options.own) await ownRequest(session);
    else await misbehave(session);
    if (server.defects.length > 0) session.fault ??= `defect: ${server.defects[0]}`;
  }
  await slow;
}

function fail(session: Session, fault: string): void {
  session.fault ??= fault;
}

/** An empty cloud, but for what its first call makes. */
async function startAnew({ client }: Session): Promise<void> {
  await client.send({ method: 'POST', path: '/_openvpc/reset' });
  await client.send({ method: 'GET', path: '/?Action=DescribeVpcs&Version=2016-11-15' });
}

/** Reads the whole state: it can be exported and imported, and tells what can be asked about. */
async function look(session: Session): Promise<void> {
  const { status, body } = await session.client.send({ method: 'GET', path: '/_openvpc/state' });
  if (status !== 200) return fail(session, `state: ${status} ${body.slice(0, 200)}`);
  session.document = JSON.parse(body) as StateDocument;
  try {
    const model = new Model();
    for (const change of parseState(session.document)) model.apply(change);
    session.model = model;
  } catch (error) {
    fail(session, `export: ${(error as Error).message}`);
  }
}

async function someCalls(session: Session): Promise<void> {
  const { client, random, model, tally } = session;
  const batch = drawBatch(random, model);
  const answers = await Promise.all(batch.map((call) => client.send(messageOf(call))));
  tally.calls += batch.length;
  for (const [index, { status, contentType, errorType, body }] of answers.entries()) {
    count(tally, status);
    const told = errorType === undefined ? {} : { 'x-amzn-errortype': errorType };
    const fault = answerFault({ status, headers: { 'content-type': contentType, ...told }, body });
    const call = batch[index]!;
    if (fault !== undefined) fail(session, `${fault} to ${actionOf(call)} ${JSON.stringify(call)}`);
  }
}

function messageOf(call: FuzzCall) {
  const { method, url, headers, body } = requestOf(call);
  const path = url.replace(/[^\x21-\x7e]/g, (octet) => encodeURIComponent(octet));
  return { method, path, headers: headers as Record<string, string>, body };
}

function count({ statuses }: HttpTally, status: number): void {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}

async function ownRequest(session: Session): Promise<void> {
  const { client, random, model, tally, document } = session;
  const places = [...model.all('network-interface'), ...model.all('instance')].map(({ id }) => id);
  const request = drawOwnRequest(random, places, document);
  const answer = await client.send(request);
  tally.own += 1;
  count(tally, answer.status);
  const fault = ownFault(answer);
  if (fault === undefined) return;
  const said = String(request.body).slice(0, 2000);
  fail(session, `${fault} to ${request.method} ${request.path} ${said}`);
}

/** Own endpoints answer JSON; a refusal has a code and a message. */
function ownFault({ status, body }: Answer): string | undefined {
  if (status >= 500) return `status ${status}: ${body.slice(0, 300)}`;
  try {
    const { error } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown } };
    const isRefusal = typeof error?.code === 'string' && typeof error.message === 'string';
    return status < 400 || isRefusal ? undefined : `a refusal without a code: ${body}`;
  } catch {
    return `an answer that is no JSON: ${body.slice(0, 200)}`;
  }
}

/** Some connections at once that do what clients should not. */
async function misbehave(session: Session): Promise<void> {
  const { random, tally, server, patienceMillis, client } = session;
  const conversations = Array.from({ length: AT_ONCE }, () =>
    random.chance(0.005) ? drawLargeBody(random) : drawConversation(random),
  );
  const heard = await Promise.all(
    conversations.map((one) => converse(server.port, one, patienceMillis)),
  );
  tally.sockets += conversations.length;
  for (const [index, { statuses, closed }] of heard.entries()) {
    const bad = statuses.find((status) => status >= 500);
    const said = JSON.stringify(conversations[index]!.steps).slice(0, 500);
    if (bad !== undefined) fail(session, `status ${bad} to ${said}`);
    if (!closed && statuses.length === 0) tally.open += 1;
  }
  const { status } = await client.send({ method: 'GET', path: '/health' });
  if (status !== 200) fail(session, `health: ${status}`);
}

/** A few that take for ever, all the while. */
async function keepSlow({ random, server, patienceMillis, tally }: Session): Promise<void> {
  const slow = Array.from({ length: 8 }, () => drawSlow(random, 20, 100));
  await Promise.all(slow.map((one) => converse(server.port, one, patienceMillis)));
  tally.sockets += slow.length;
}
