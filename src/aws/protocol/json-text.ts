/** The body of a request as JSON. */
import { type AwsError, awsError } from '../../model/error.ts';

/** How deep arrays and objects may lie in one another; no operation's input needs as much. */
export const JSON_DEPTH_MAX = 64;

/**
 * The value of a body; an empty one is an object without members.
 * @throws AwsError SerializationException
 */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  const text = decode(body);
  if (isDeep(text)) throw serializationError(`it is over ${JSON_DEPTH_MAX} levels deep`);
  try {
    return JSON.parse(text);
  } catch {
    throw serializationError('it is not valid JSON');
  }
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw serializationError('it is not valid UTF-8');
  }
}

/** What AWS's JSON services answer to a body they cannot read. */
export function serializationError(why: string): AwsError {
  return awsError('SerializationException', `The body of the request cannot be read: ${why}.`);
}

/** Looked at before the text is parsed, because what follows may recurse. */
function isDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > JSON_DEPTH_MAX) return true;
  }
  return false;
}
