/** Numbers for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Change } from '../model/schema.ts';
import type { CallEvent } from './events/call-event.ts';
import type { Lab } from './lab.ts';

export interface Metrics {
  /** Hears of every answered API call. */
  readonly called: (call: CallEvent) => void;
  /** Hears of every change of the model. */
  readonly changed: (changes: readonly Change[]) => void;
  readonly contentType: string;
  /** The text Prometheus reads. */
  readonly text: () => Promise<string>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(lab: Lab): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Counter({
    name: 'openvpc_api_calls_total',
    help: 'AWS API calls answered',
    labelNames: ['service', 'action', 'code'],
    registers,
  });
  const latency = new Histogram({
    name: 'openvpc_api_call_duration_seconds',
    help: 'Time from an AWS API call to its answer',
    labelNames: ['service', 'action'],
    buckets: SECONDS,
    registers,
  });
  const resources = new Gauge({
    name: 'openvpc_resources',
    help: 'Records of the model',
    labelNames: ['kind'],
    registers,
  });
  const changed = (changes: readonly Change[]) => {
    for (const { kind, before, after } of changes) {
      const difference = Number(after !== undefined) - Number(before !== undefined);
      if (difference !== 0) resources.inc({ kind }, difference);
    }
  };
  changed(lab.cloud.snapshot());
  addPacketMetrics(lab, registers);
  return {
    called: ({ service, action, code, millis }) => {
      calls.inc({ service, action, code });
      latency.observe({ service, action }, millis / 1000);
    },
    changed,
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

/** What the fabric counts by itself is read when Prometheus asks. */
function addPacketMetrics({ fabric }: Lab, registers: Registry[]): void {
  new Counter({
    name: 'openvpc_packets_forwarded_total',
    help: 'Packets that reached an interface or the Internet',
    registers,
    collect() {
      this.reset();
      this.inc(fabric.counters.forwarded);
    },
  });
  new Counter({
    name: 'openvpc_packets_dropped_total',
    help: 'Packets that did not arrive, by reason',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      const { dropped, malformed, orphans, ignored, overflowed } = fabric.counters;
      for (const [reason, count] of dropped) this.inc({ reason }, count);
      this.inc({ reason: 'malformed' }, malformed);
      this.inc({ reason: 'orphan-fragment' }, orphans);
      this.inc({ reason: 'ignored' }, ignored);
      this.inc({ reason: 'queue-overflow' }, overflowed);
    },
  });
  new Gauge({
    name: 'openvpc_sessions',
    help: 'Flows that are tracked now',
    registers,
    collect() {
      this.set(fabric.sessionCount);
    },
  });
}
