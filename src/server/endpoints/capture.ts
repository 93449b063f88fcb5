import { hasIdShape } from '../../model/id.ts';
import {
  enhancedPacketBlock,
  interfaceDescriptionBlock,
  sectionHeaderBlock,
} from '../../wire/pcapng.ts';
import { setTimer } from '../event-loop.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { ResourceEvent } from '../events/resource-events.ts';
import { type Endpoint, type EndpointRequest, RequestError, type Sink } from '../http/reply.ts';
import type { Lab } from '../lab.ts';

export interface CaptureContext {
  readonly lab: Lab;
  readonly bus: EventBus;
  /** Nanoseconds since the epoch, on the cloud's clock. */
  readonly nowNanos: () => bigint;
  readonly version: string;
}

const SECONDS_MAX = 86_400;

/** One interface's frames as a pcapng stream, as its guest sees them; drops say why. */
export function captureEndpoint(context: CaptureContext): Endpoint {
  return {
    method: 'GET',
    path: '/_openvpc/capture',
    handle: (request) => {
      const interfaceId = interfaceOf(context.lab, request);
      const seconds = secondsOf(request);
      return {
        kind: 'stream',
        contentType: 'application/x-pcapng',
        headers: { 'content-disposition': `attachment; filename="${interfaceId}.pcapng"` },
        open: (sink) => capture(context, interfaceId, seconds, sink),
      };
    },
  };
}

function interfaceOf({ cloud }: Lab, { query }: EndpointRequest): string {
  const id = query.get('eni');
  if (id === null || !hasIdShape('network-interface', id)) {
    const message = `eni: must be a network interface's id, not '${id ?? ''}'`;
    throw new RequestError(400, 'MalformedRequest', message);
  }
  if (cloud.model.get('network-interface', id) !== undefined) return id;
  throw new RequestError(404, 'NotFound', `There is no network interface '${id}'.`);
}

function secondsOf({ query }: EndpointRequest): number | undefined {
  const text = query.get('seconds');
  if (text === null) return undefined;
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= SECONDS_MAX) return seconds;
  const message = `seconds: must be a number above 0, at most ${SECONDS_MAX}, not '${text}'`;
  throw new RequestError(400, 'MalformedRequest', message);
}

function capture(
  { lab, bus, nowNanos, version }: CaptureContext,
  interfaceId: string,
  seconds: number | undefined,
  sink: Sink,
): () => void {
  sink.write(sectionHeaderBlock(`openvpc ${version}`));
  sink.write(interfaceDescriptionBlock({ name: interfaceId }));
  let leftOut = 0;
  const stopFrames = lab.capture(interfaceId, ({ bytes, direction, comment }) => {
    const lost = leftOut === 0 ? [] : [`${leftOut} frames before this one were left out`];
    const text = [...(comment === undefined ? [] : [comment]), ...lost].join('; ');
    const block = enhancedPacketBlock({
      interfaceId: 0,
      timestamp: nowNanos(),
      frame: bytes,
      direction,
      ...(text !== '' && { comment: text }),
    });
    leftOut = sink.write(block) ? 0 : leftOut + 1;
  });
  const stopEvents = bus.listen(({ type, data }) => {
    const { id, change } = data as ResourceEvent;
    if (type === 'resource' && id === interfaceId && change === 'deleted') sink.end();
  });
  const stopTimer = seconds === undefined ? () => {} : setTimer(seconds * 1000, () => sink.end());
  return () => {
    stopFrames();
    stopEvents();
    stopTimer();
  };
}
