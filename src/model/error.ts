/**
 * What a caller did wrong, in AWS's words: the one kind of error that is thrown on purpose.
 * A refused call changes nothing. `code` is AWS's error code (`InvalidVpcID.NotFound`), `message`
 * is safe to show, `status` the HTTP status of the answer. Source: G-010, G-011, G-015.
 */
export class AwsError extends Error {
  readonly code: string;
  /** HTTP status, 400..599. */
  readonly status: number;

  constructor(code: string, message: string, status: number = statusOf(code)) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

/** An AwsError; the status follows from the code unless it is given. */
export function awsError(code: string, message: string, status?: number): AwsError {
  return new AwsError(code, message, status);
}

// G-011: the codes whose status is not 400. The rulebook is unsure of AuthFailure (401 or 403).
const STATUS: Readonly<Record<string, number>> = {
  AuthFailure: 401,
  DryRunOperation: 412,
  UnauthorizedOperation: 403,
  InsufficientInstanceCapacity: 500,
  InternalError: 500,
  InternalFailure: 500,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  Unavailable: 503,
};

/** The HTTP status of an error code: 400 unless the table says otherwise (G-010). */
export function statusOf(code: string): number {
  return Object.hasOwn(STATUS, code) ? (STATUS[code] ?? 400) : 400;
}
