/**
 * NOTIFICATION, the message that ends a session (RFC 4271 section 4.5), and the text with which
 * an operator may say why (RFC 9003).
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     | Error code    | Error subcode |   data …
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
import assert from 'node:assert/strict';
import { EMPTY, toHex } from '../bytes.ts';
import { BGP_ERROR, CEASE, errorName } from './fault.ts';
import {
  BGP_HEADER_LENGTH,
  BGP_MESSAGE_MAX,
  BGP_TYPE,
  type BgpView,
  beginMessage,
} from './header.ts';

const field = { code: 0, subcode: 1, data: 2 } as const;
const BODY = BGP_HEADER_LENGTH;
/** RFC 8203's limit, in bytes: RFC 9003 allows 255, which older receivers do not take. */
const TEXT_MAX = 128;

export interface Notification {
  readonly code: number;
  readonly subcode: number;
  readonly data: Uint8Array;
}

/** Reads the body of a message whose header is in order; the data is not copied. */
export function readNotification({ bytes, bodyOffset, end }: BgpView): Notification {
  return {
    code: bytes[bodyOffset + field.code]!,
    subcode: bytes[bodyOffset + field.subcode]!,
    data: bytes.subarray(bodyOffset + field.data, end),
  };
}

export function encodeNotification({ code, subcode, data }: Notification): Uint8Array {
  const length = BODY + field.data + data.length;
  assert(length <= BGP_MESSAGE_MAX, 'NOTIFICATION too long');
  const bytes = beginMessage(BGP_TYPE.notification, length);
  bytes[BODY + field.code] = code;
  bytes[BODY + field.subcode] = subcode;
  bytes.set(data, BODY + field.data);
  return bytes;
}

/** The data of Cease/2 and Cease/4 for this text, cut to what fits; empty without one. */
export function shutdownData(text: string): Uint8Array {
  if (text === '') return EMPTY;
  const bytes = new Uint8Array(TEXT_MAX);
  // `encodeInto` writes whole characters only.
  const { written } = new TextEncoder().encodeInto(text, bytes);
  return Uint8Array.of(written, ...bytes.subarray(0, written));
}

/** What the operator of the other side had to say; undefined without text or with a bad one. */
export function shutdownText({ code, subcode, data }: Notification): string | undefined {
  const spoken = subcode === CEASE.administrativeShutdown || subcode === CEASE.administrativeReset;
  const length = data[0] ?? 0;
  if (code !== BGP_ERROR.cease || !spoken || length === 0 || length >= data.length)
    return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(1, 1 + length));
  } catch {
    return undefined;
  }
}

export function formatNotification(notification: Notification): string {
  const { code, subcode, data } = notification;
  const text = shutdownText(notification);
  const shown = text === undefined ? toHex(data) : JSON.stringify(text);
  return `BGP, NOTIFICATION, ${errorName(code, subcode)}${shown === '' ? '' : `, data ${shown}`}`;
}
