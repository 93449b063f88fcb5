import type { AnsweredCall } from '../../aws/door.ts';

/** One API call. */
export interface CallEvent {
  readonly requestId: string;
  readonly service: string;
  readonly action: string;
  readonly account?: string;
  readonly region?: string;
  /** Of the HTTP answer. */
  readonly status: number;
  /** AWS's error code, or `OK`. */
  readonly code: string;
  readonly millis: number;
}

/** What could not be read that far is `unknown`: names of callers' making are not repeated. */
export function callEvent(
  { requestId, service, action, caller, status, code }: AnsweredCall,
  millis: number,
): CallEvent {
  return {
    requestId,
    service: service ?? 'unknown',
    action: action ?? 'unknown',
    ...(caller && { account: caller.account, region: caller.region }),
    status,
    code: code ?? 'OK',
    millis,
  };
}
