/** Pages of a list: which records, and the token that leads to those after them (G-043). */
import { type AwsError, awsError } from '../model/error.ts';

export interface Page<R> {
  readonly records: readonly R[];
  readonly nextToken: string | undefined;
}

/**
 * The page after a token, or the first one; without a size all that is left.
 * @throws AwsError InvalidNextToken
 */
export function pageOf<R extends { readonly id: string }>(
  records: readonly R[],
  size: number | undefined,
  token: string | undefined,
): Page<R> {
  const from = token === undefined ? 0 : positionAfter(records, token);
  const to = size === undefined ? records.length : from + size;
  const last = records[to - 1];
  const more = to < records.length && last !== undefined;
  return {
    records: from === 0 && !more ? records : records.slice(from, to),
    nextToken: more ? encodeToken(last.id, to) : undefined,
  };
}

/** What services other than EC2 call the members that ask for a page. */
export interface PageInput {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/**
 * The page asked for, of 1 to `max` records; `max` where no size is given.
 * @throws AwsError that of `refused`; InvalidNextToken
 */
export function limitedPage<R extends { readonly id: string }>(
  records: readonly R[],
  input: PageInput,
  max: number,
  refused: (message: string) => AwsError,
): Page<R> {
  const { maxResults = max, nextToken } = input;
  if (maxResults < 1 || maxResults > max) {
    throw refused(`maxResults is ${maxResults}. It must be between 1 and ${max}.`);
  }
  return pageOf(records, maxResults, nextToken);
}

/** A token holds the last id given and its position, in case that record is gone by then. */
function encodeToken(id: string, position: number): string {
  return Buffer.from(JSON.stringify([id, position])).toString('base64url');
}

function positionAfter<R extends { readonly id: string }>(
  records: readonly R[],
  token: string,
): number {
  const [id, position] = decodeToken(token);
  if (records[position - 1]?.id === id) return position;
  const index = records.findIndex((record) => record.id === id);
  // Gone: what followed it has moved into its place.
  return index >= 0 ? index + 1 : Math.max(0, Math.min(position - 1, records.length));
}

function decodeToken(token: string): [id: string, position: number] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && Number.isInteger(parsed[1])) {
      return [parsed[0], parsed[1] as number];
    }
  } catch {
    // Falls through: not a token of ours.
  }
  throw awsError('InvalidNextToken', `The token '${token}' is invalid.`);
}
