/** A request as any HTTP library can give it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query: `/?Action=…`. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The part of a URL after its `?`, or an empty string. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  if (mark === -1) return '';
  const hash = url.indexOf('#', mark);
  return url.slice(mark + 1, hash === -1 ? url.length : hash);
}

/** The part of a URL before its `?`. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** Whether a request means its body to be JSON. */
export function speaksJson({ headers }: HttpRequest): boolean {
  const type = headers['content-type'] ?? '';
  return (
    headers['x-amz-target'] !== undefined || /^application\/([\w.-]+\+)?(x-amz-)?json/.test(type)
  );
}

/** An answer of AWS's: every one of them names its request. */
export function answer(
  status: number,
  contentType: string,
  requestId: string,
  body: string,
): HttpResponse {
  return { status, headers: { 'content-type': contentType, 'x-amzn-requestid': requestId }, body };
}
