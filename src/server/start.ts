/** Composition: store, cloud, fabric, door and endpoints become one server. */

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { createMemoryStore } from '../store/memory.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/store.ts';
import { createAwsDoor } from './aws-door.ts';
import type { Configuration } from './configuration.ts';
import { captureEndpoint } from './endpoints/capture.ts';
import { clockEndpoint } from './endpoints/clock.ts';
import { eventsEndpoint } from './endpoints/events.ts';
import { healthEndpoints } from './endpoints/health.ts';
import { metricsEndpoint } from './endpoints/metrics.ts';
import { probeEndpoint } from './endpoints/probe.ts';
import { resetEndpoint } from './endpoints/reset.ts';
import { siteEndpoints } from './endpoints/sites.ts';
import { stateEndpoints } from './endpoints/state.ts';
import { topologyEndpoint } from './endpoints/topology.ts';
import { traceEndpoint } from './endpoints/trace.ts';
import { unsupportedEndpoints } from './endpoints/unsupported.ts';
import { after, micros, realNanos, realNow, setTimer } from './event-loop.ts';
import { EventBus } from './events/event-bus.ts';
import { resourceEvents } from './events/resource-events.ts';
import { type GuardOptions, isLoopback } from './http/guard.ts';
import { createHttpServer } from './http/http-server.ts';
import { STOP_MILLIS } from './http/limits.ts';
import type { Endpoint } from './http/reply.ts';
import { Lab } from './lab.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { Log } from './output.ts';
import { ensureToken } from './token.ts';

export interface ServerOptions {
  readonly configuration: Configuration;
  readonly version: string;
  readonly log: Log;
  /** What callers from elsewhere must show; the token in the data folder unless given. */
  readonly token?: string;
  /** Told when nothing more can be kept: the server must stop. */
  readonly onFatal: (error: unknown) => void;
}

export interface RunningServer {
  readonly url: string;
  /** Finishes what is under way; resolves when everything acknowledged is on disk. */
  readonly stop: () => Promise<void>;
}

/** Zones are mapped alike at every start unless a seed says otherwise. */
const ZONE_SEED = 1;

/** Rejects with a StoreError or the operating system's error about the port. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { configuration, log } = options;
  const store = configuration.ephemeral
    ? createMemoryStore()
    : await openSqliteStore(configuration.data);
  try {
    return await serve(store, options);
  } catch (error) {
    await store.close();
    throw error;
  } finally {
    log.debug('start is over');
  }
}

async function serve(store: Store, options: ServerOptions): Promise<RunningServer> {
  const { configuration, log } = options;
  const lab = await openLab(store, options);
  const bus = new EventBus();
  const metrics = createMetrics(lab);
  connect(lab, bus, metrics);
  const door = createAwsDoor({
    cloud: lab.cloud,
    configuration,
    onCall: (call) => {
      log.debug(call, 'call');
      metrics.called(call);
      if (bus.isHeard) bus.publish('call', call);
    },
    onDefect: (error, requestId) => log.error({ err: error, requestId }, 'defect in a call'),
  });
  const server = createHttpServer({
    door,
    endpoints: endpointsOf(lab, bus, metrics, options.version),
    access: accessOf(configuration, options.token),
    onDefect: (error) => log.error({ err: error }, 'defect in an endpoint'),
  });
  const { host } = configuration;
  const port = await server.listen(configuration.port, host);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    stop: async () => {
      await server.stop(after(STOP_MILLIS));
      await lab.close();
      await store.close();
    },
  };
}

function openLab(store: Store, { configuration, log, onFatal }: ServerOptions): Promise<Lab> {
  const { seed, transitions, quotas, zones } = configuration;
  const chosen = seed ?? randomInt(0x1_0000_0000);
  log.info({ seed: chosen }, 'opening');
  return Lab.open({
    store,
    realNow,
    micros,
    setTimer,
    seed: chosen,
    transitions,
    quotas,
    zones: { shuffled: zones === 'shuffled', seed: seed ?? ZONE_SEED },
    onWarning: (message) => log.warn(message),
    onStoreFailure: onFatal,
    onDefect: (err) => log.error({ err }, 'a timed event failed'),
  });
}

/** Everything that happens reaches the metrics and whoever listens. */
function connect(lab: Lab, bus: EventBus, metrics: Metrics): void {
  lab.cloud.subscribe((changes) => {
    metrics.changed(changes);
    if (!bus.isHeard) return;
    for (const event of resourceEvents(changes)) bus.publish('resource', event);
  });
  lab.onDrop((drop) => {
    if (bus.isHeard) bus.publish('drop', drop);
  });
}

function endpointsOf(lab: Lab, bus: EventBus, metrics: Metrics, version: string): Endpoint[] {
  const { cloud } = lab;
  const nowNanos = () => realNanos() + BigInt(cloud.now() - realNow()) * 1_000_000n;
  return [
    ...healthEndpoints(version),
    probeEndpoint(lab),
    traceEndpoint(lab),
    captureEndpoint({ lab, bus, version, nowNanos }),
    eventsEndpoint(bus),
    topologyEndpoint(cloud),
    ...siteEndpoints(lab),
    ...stateEndpoints(cloud),
    clockEndpoint(cloud),
    resetEndpoint(cloud),
    metricsEndpoint(metrics),
    ...unsupportedEndpoints(),
  ];
}

const EVERY_ADDRESS = ['0.0.0.0', '::'];

/** Who may use openvpc's own endpoints: this machine, or whoever has the token. */
function accessOf(configuration: Configuration, token: string | undefined): GuardOptions {
  const { host, data, ephemeral, 'allowed-hosts': allowed } = configuration;
  const own = EVERY_ADDRESS.includes(host) ? namesOfThisMachine() : [host];
  const hosts = new Set([...own, ...allowed].map((name) => name.toLowerCase()));
  if (isLoopback(host)) return { hosts, token: undefined };
  assert(token !== undefined || !ephemeral, 'a server that keeps nothing is given its token');
  return { hosts, token: token ?? ensureToken(data) };
}

function namesOfThisMachine(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [hostname(), ...EVERY_ADDRESS, ...addresses.map(({ address }) => address)];
}
