import { awsError } from '../../model/error.ts';

/** Limits on what a caller may send, so that every request is answered soon. */
export const BODY_BYTES_MAX = 1024 * 1024;
export const PARAMETERS_MAX = 20_000;

/** Parameters of a Query request by their full names (`Filter.1.Name`). */
export type Parameters = Map<string, string>;

/** Reads a query string, or a form body, into `parameters`. Throws AwsError. */
export function readParameters(text: string, parameters: Parameters): void {
  if (text.length > BODY_BYTES_MAX) throw bodyTooLarge();
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end > start) addParameter(text.slice(start, end), parameters);
    start = end + 1;
  }
}

/** A body longer than any request of these services. */
export function bodyTooLarge(): Error {
  return awsError('RequestEntityTooLarge', `The request is over ${BODY_BYTES_MAX} bytes long`, 413);
}

function addParameter(pair: string, parameters: Parameters): void {
  const equals = pair.indexOf('=');
  const name = decode(equals === -1 ? pair : pair.slice(0, equals));
  const value = equals === -1 ? '' : decode(pair.slice(equals + 1));
  // AWS does not say which of two equal names would win, so neither does.
  if (parameters.has(name)) {
    throw awsError('InvalidQueryParameter', `The parameter ${shown(name)} is given more than once`);
  }
  if (parameters.size >= PARAMETERS_MAX) {
    throw awsError('InvalidQueryParameter', `The request has over ${PARAMETERS_MAX} parameters`);
  }
  parameters.set(name, value);
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw awsError(
      'MalformedQueryString',
      `The query string contains a syntax error: ${shown(text)}`,
    );
  }
}

const SHOWN_CHARACTERS_MAX = 256;

/** A caller's own text, short enough to be part of a message. */
export function shown(text: string): string {
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}
