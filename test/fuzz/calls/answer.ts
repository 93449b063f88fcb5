/** What every answer of the door must be like, whatever was asked. */
import type { HttpResponse } from '../../../src/aws/http.ts';

/** What is wrong with an answer, or undefined. */
export function answerFault(response: HttpResponse): string | undefined {
  const { status, body, headers } = response;
  if (status >= 500) return `status ${status}: ${body.slice(0, 300)}`;
  if (status !== 200 && (status < 400 || status > 499)) return `status ${status}`;
  const isJson = headers['content-type']?.includes('json') === true;
  if (isJson) return jsonFault(response);
  const flaw = xmlFault(body);
  if (flaw !== undefined) return `answer is no XML: ${flaw}`;
  if (status !== 200) return codeOf(response) === undefined ? 'an error without a code' : undefined;
  const leak = />(undefined|NaN|null|\[object Object\])</.exec(body);
  // No caller of the fuzzer says such a word.
  return leak === null ? undefined : `answer: ${leak[0]}`;
}

/** The error code of an answer, or undefined. */
export function codeOf({ body, headers }: HttpResponse): string | undefined {
  const told = headers['x-amzn-errortype'];
  if (told !== undefined) return told;
  return (/<Code>([^<]+)<\/Code>/.exec(body) ?? /"__type":"([^"]+)"/.exec(body))?.[1];
}

function jsonFault(response: HttpResponse): string | undefined {
  try {
    const value: unknown = JSON.parse(response.body);
    if (response.status === 200) return hasNull(value) ? `answer: ${response.body}` : undefined;
    const { message } = value as { message?: unknown };
    const isRefusal = codeOf(response) !== undefined && typeof message === 'string';
    return isRefusal ? undefined : 'JSON without an error';
  } catch {
    return `answer is no JSON: ${response.body.slice(0, 300)}`;
  }
}

/** What is not there is left out; null is a number or a date that is none. */
function hasNull(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  return value === null || Object.values(value).some(hasNull);
}

const TOKEN = /<([^<>]*)>|([^<>]+)|[<>]/g;
const TEXT = /^(?:[^&]|&(?:amp|lt|gt|quot|apos|#x?[0-9A-Fa-f]+);)*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** What makes a text no well-formed document, or undefined. */
export function xmlFault(text: string): string | undefined {
  if (ILLEGAL.test(text)) return 'a character that cannot stand in XML';
  if (!text.isWellFormed()) return 'half a surrogate pair';
  const open: string[] = [];
  let roots = 0;
  for (const [token, tag, content] of text.matchAll(TOKEN)) {
    if (content !== undefined) {
      if (!TEXT.test(content)) return `text ${content.slice(0, 60)}`;
      continue;
    }
    if (tag === undefined) return `a lone ${token}`;
    if (tag.startsWith('?')) continue;
    const [name = ''] = tag.replace('/', '').split(/\s/);
    if (!/^[A-Za-z_][\w.-]*$/.test(name)) return `an element <${tag.slice(0, 60)}>`;
    if (!tag.startsWith('/')) {
      if (open.length === 0) roots += 1;
      if (!tag.endsWith('/')) open.push(name);
    } else if (open.pop() !== name) return `an end <${tag.slice(0, 60)}> too early`;
  }
  if (open.length > 0) return `no end of ${open.at(-1)}`;
  return roots === 1 ? undefined : `${roots} roots`;
}
