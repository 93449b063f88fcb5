/** Any message of BGP-4, told apart by its type; and its parse and emit. */
import type { AfiSafi } from './family.ts';
import { Fault } from './fault.ts';
import { BGP_HEADER_LENGTH, BGP_TYPE, BgpView, beginMessage, headerFault } from './header.ts';
import {
  encodeNotification,
  formatNotification,
  type Notification,
  readNotification,
} from './notification.ts';
import { encodeOpen, formatOpen, type Open, readOpen } from './open.ts';
import type { AttributeFault, UpdateContext } from './read-attributes.ts';
import { encodeRouteRefresh, formatRouteRefresh, readRouteRefresh } from './route-refresh.ts';
import { encodeUpdate, formatUpdate, readUpdate, type Update } from './update.ts';

export type BgpMessage =
  | { readonly kind: 'open'; readonly open: Open }
  | {
      readonly kind: 'update';
      readonly update: Update;
      /** Of a message that was received. */
      readonly faults?: readonly AttributeFault[];
    }
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'keepalive' }
  | { readonly kind: 'routeRefresh'; readonly family: AfiSafi };

/**
 * One whole message, or what its sender is to be told. `[offset, end)` is the message, no more:
 * `MessageReader` cuts a stream so.
 */
export function parseMessage(
  bytes: Uint8Array,
  offset: number,
  end: number,
  context: UpdateContext,
): BgpMessage | Fault | undefined {
  const view = new BgpView();
  if (!view.wrap(bytes, offset, end) || view.end !== end) return undefined;
  const fault = headerFault(bytes, offset);
  if (fault !== undefined) return fault;
  switch (view.type) {
    case BGP_TYPE.open: {
      const open = readOpen(view);
      return open instanceof Fault ? open : { kind: 'open', open };
    }
    case BGP_TYPE.update: {
      const read = readUpdate(view, context);
      return read instanceof Fault ? read : { kind: 'update', ...read };
    }
    case BGP_TYPE.notification:
      return { kind: 'notification', notification: readNotification(view) };
    case BGP_TYPE.routeRefresh:
      return { kind: 'routeRefresh', family: readRouteRefresh(view) };
    default:
      return { kind: 'keepalive' };
  }
}

/** The message as bytes; `context` as for `parseMessage` at its receiver. */
export function encodeMessage(message: BgpMessage, { asnWidth }: UpdateContext): Uint8Array {
  switch (message.kind) {
    case 'open':
      return encodeOpen(message.open);
    case 'update':
      return encodeUpdate(message.update, asnWidth);
    case 'notification':
      return encodeNotification(message.notification);
    case 'routeRefresh':
      return encodeRouteRefresh(message.family);
    case 'keepalive':
      return beginMessage(BGP_TYPE.keepalive, BGP_HEADER_LENGTH);
  }
}

export function formatMessage(message: BgpMessage): string {
  switch (message.kind) {
    case 'open':
      return formatOpen(message.open);
    case 'update':
      return formatUpdate(message.update);
    case 'notification':
      return formatNotification(message.notification);
    case 'routeRefresh':
      return formatRouteRefresh(message.family);
    case 'keepalive':
      return 'BGP, KEEPALIVE';
  }
}
