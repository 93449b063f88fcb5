import { every } from '../event-loop.ts';
import type { CloudEvent, EventBus, EventType } from '../events/event-bus.ts';
import { type Endpoint, type EndpointRequest, RequestError, type Sink } from '../http/reply.ts';

const TYPES: readonly EventType[] = ['resource', 'call', 'drop'];
const HEARTBEAT_MILLIS = 15_000;

/**
 * Server-sent events: resource changes, API calls, drops; `?types=call,drop` for some of them.
 * A reader that is too slow gets an event `lost` with how many were left out.
 */
export function eventsEndpoint(bus: EventBus): Endpoint {
  return {
    method: 'GET',
    path: '/_openvpc/events',
    handle: (request) => {
      const types = typesOf(request);
      return {
        kind: 'stream',
        contentType: 'text/event-stream',
        headers: { 'cache-control': 'no-store' },
        open: (sink) => stream(bus, types, sink),
      };
    },
  };
}

function typesOf({ query }: EndpointRequest): ReadonlySet<EventType> {
  const names = query.get('types')?.split(',') ?? TYPES;
  const unknown = names.find((name) => !(TYPES as readonly string[]).includes(name));
  if (unknown === undefined) return new Set(names as readonly EventType[]);
  const message = `types: must be of ${TYPES.join(', ')}, not '${unknown}'`;
  throw new RequestError(400, 'MalformedRequest', message);
}

function stream(bus: EventBus, types: ReadonlySet<EventType>, sink: Sink): () => void {
  sink.write(': openvpc\n\n');
  let lost = 0;
  const stopEvents = bus.listen((event) => {
    if (!types.has(event.type)) return;
    const notice = lost === 0 ? '' : format({ type: 'lost', data: { count: lost } });
    lost = sink.write(notice + format(event)) ? 0 : lost + 1;
  });
  const stopHeartbeat = every(HEARTBEAT_MILLIS, () => sink.write(': still here\n\n'));
  return () => {
    stopEvents();
    stopHeartbeat();
  };
}

function format({
  id,
  type,
  data,
}: {
  id?: number;
  type: CloudEvent['type'] | 'lost';
  data: object;
}) {
  const number = id === undefined ? '' : `id: ${id}\n`;
  return `${number}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
