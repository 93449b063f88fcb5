import type { CapturedFrame } from '../../guests/capture.ts';
import { hasIdShape } from '../../model/id.ts';
import { formatFrame } from '../../wire/format.ts';
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

/**
 * One interface's frames as its guest sees them; drops say why. A pcapng stream, or with
 * `format=text` one line a frame.
 */
export function captureEndpoint(context: CaptureContext): Endpoint {
  return {
    method: 'GET',
    path: '/_openvpc/capture',
    handle: (request) => {
      const interfaceId = interfaceOf(context.lab, request);
      const seconds = secondsOf(request);
      const format = formatOf(context, interfaceId, request);
      const { contentType, headers } = format;
      const open = (sink: Sink) => capture(context, interfaceId, seconds, format, sink);
      return { kind: 'stream', contentType, headers, open };
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

/** How frames are written. */
interface CaptureFormat {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly begin: readonly Uint8Array[];
  readonly frame: (frame: CapturedFrame) => Uint8Array;
}

function formatOf(
  context: CaptureContext,
  interfaceId: string,
  { query }: EndpointRequest,
): CaptureFormat {
  const format = query.get('format') ?? 'pcapng';
  if (format === 'text') return TEXT;
  if (format === 'pcapng') return pcapng(context, interfaceId);
  const message = `format: must be pcapng or text, not '${format}'`;
  throw new RequestError(400, 'MalformedRequest', message);
}

const TEXT: CaptureFormat = {
  contentType: 'text/plain; charset=utf-8',
  headers: {},
  begin: [],
  frame: ({ bytes, direction, comment }) => {
    const why = comment === undefined ? '' : `  ✗ ${comment}`;
    return Buffer.from(`${direction === 'inbound' ? '<' : '>'} ${formatFrame(bytes)}${why}\n`);
  },
};

function pcapng({ nowNanos, version }: CaptureContext, interfaceId: string): CaptureFormat {
  return {
    contentType: 'application/x-pcapng',
    headers: { 'content-disposition': `attachment; filename="${interfaceId}.pcapng"` },
    begin: [
      sectionHeaderBlock(`openvpc ${version}`),
      interfaceDescriptionBlock({ name: interfaceId }),
    ],
    frame: ({ bytes, direction, comment }) =>
      enhancedPacketBlock({
        interfaceId: 0,
        timestamp: nowNanos(),
        frame: bytes,
        direction,
        ...(comment !== undefined && { comment }),
      }),
  };
}

function capture(
  { lab, bus }: CaptureContext,
  interfaceId: string,
  seconds: number | undefined,
  format: CaptureFormat,
  sink: Sink,
): () => void {
  for (const block of format.begin) sink.write(block);
  let leftOut = 0;
  const stopFrames = lab.capture(interfaceId, (captured) => {
    const lost = leftOut === 0 ? [] : [`${leftOut} frames before this one were left out`];
    const comment = [...(captured.comment === undefined ? [] : [captured.comment]), ...lost];
    const { bytes, direction } = captured;
    const told = comment.length === 0 ? {} : { comment: comment.join('; ') };
    leftOut = sink.write(format.frame({ bytes, direction, ...told })) ? 0 : leftOut + 1;
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
