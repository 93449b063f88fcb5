/** Text as an element's content. */
export function escapeXml(text: string): string {
  return SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, replacement) : text;
}

/** An element with text inside. */
export function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

// XML 1.0 section 2.2: what cannot stand in a document at all, escaped or not. A carriage return
// can, but a parser would read it as a line feed if it stood there by itself (section 2.11).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const SPECIAL = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/;
const EVERY_SPECIAL = new RegExp(SPECIAL.source, 'gu');

/** Whether every character of a text can stand in a document. */
export function isXmlText(text: string): boolean {
  return !UNSUITABLE.test(text);
}

const UNSUITABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\r', '&#xD;'],
]);

function replacement(character: string): string {
  return ENTITIES.get(character) ?? '\ufffd';
}
