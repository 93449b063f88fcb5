/**
 * Wildcards in filter values (G-038): `*` any run, `?` zero or one character, a backslash escapes
 * either. The work grows with pattern times text at most: whoever writes a pattern that would send
 * a backtracking matcher on endless ways gets the answer as soon as anybody.
 */

/** Literal text, after a gap of so many characters at most. */
interface Part {
  readonly gap: number;
  readonly text: string;
}

export function wildcard(pattern: string): (text: string) => boolean {
  if (!/[*?\\]/.test(pattern)) return (text) => text === pattern;
  const parts = partsOf(pattern);
  const least = parts.reduce((sum, { text }) => sum + text.length, 0);
  return (text) => text.length >= least && matches(parts, text);
}

const TOKEN = /\\([*?\\])|[*]|[?]|[\s\S]/g;

/** `a*?b` is `a` after a gap of 0, then `b` after a gap of any length. */
function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  let gap = 0;
  let text = '';
  for (const [token, escaped] of pattern.matchAll(TOKEN)) {
    if (token !== '*' && token !== '?') {
      text += escaped ?? token;
      continue;
    }
    if (text !== '' || parts.length === 0) {
      parts.push({ gap, text });
      gap = 0;
      text = '';
    }
    gap += token === '*' ? Number.POSITIVE_INFINITY : 1;
  }
  return [...parts, { gap, text }];
}

/** Follows every way at once: `ends` are the places of `text` that the parts so far can end at. */
function matches(parts: readonly Part[], text: string): boolean {
  let ends = new Set([0]);
  for (const part of parts) {
    ends = endsAfter(part, ends, text);
    if (ends.size === 0) return false;
  }
  return ends.has(text.length);
}

function endsAfter({ gap, text: literal }: Part, starts: Set<number>, text: string): Set<number> {
  const ends = new Set<number>();
  let reach = -1;
  for (let at = 0; at + literal.length <= text.length; at++) {
    if (starts.has(at)) reach = at + gap;
    if (at <= reach && text.startsWith(literal, at)) ends.add(at + literal.length);
  }
  return ends;
}
