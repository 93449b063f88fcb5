/** The rules of form for one source file at a time. Each gives what it finds, by file and line. */

import { isLayer, LAYERS, mayImport } from './layers.ts';
import { type Finding, isInSource, isTestSide, layerOf, resolveFrom } from './places.ts';
import type { Source } from './source.ts';

export const FUNCTION_LINES_MAX = 70;
export const FILE_LINES_MAX = 500;
export const LINE_COLUMNS_MAX = 100;
export const README_LINES_MAX = 30;
export const RULE_IDS_PER_TITLE_MAX = 4;
export const RUNTIME_DEPENDENCIES_MAX = 12;

/** The one file outside that must export a default: its runner wants it. */
const DEFAULT_EXPORTERS = ['vitest.config.ts'];

export function layerRule({ path, imports }: Source): Finding[] {
  const from = layerOf(path);
  if (from === undefined) return [];
  if (!isLayer(from)) {
    const message = `src/${from} is no layer; the layers are ${LAYERS.join(', ')}`;
    return [{ path, line: 1, message }];
  }
  return imports.flatMap(({ specifier, line, typeOnly }) => {
    const target = resolveFrom(path, specifier);
    if (target === undefined) return [];
    const to = layerOf(target);
    if (to === undefined && isTestSide(path)) return [];
    if (isLayer(to) && mayImport(from, to, typeOnly)) return [];
    const what = isLayer(to) && mayImport(from, to, true) ? 'values (types it may)' : 'anything';
    return [{ path, line, message: `${from} may not import ${what} of ${to ?? target}` }];
  });
}

export function functionLengthRule({ path, functions }: Source): Finding[] {
  return functions
    .filter(({ length }) => length > FUNCTION_LINES_MAX)
    .map(({ line, length }) => ({
      path,
      line,
      message: `a function of ${length} lines; at most ${FUNCTION_LINES_MAX}`,
    }));
}

export function fileLengthRule({ path, lines }: Source): Finding[] {
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if (count <= FILE_LINES_MAX) return [];
  const message = `${count} lines; at most ${FILE_LINES_MAX}`;
  return [{ path, line: FILE_LINES_MAX + 1, message }];
}

/** A message stands in one piece, so that a search finds it: long literals are not counted. */
export function lineLengthRule({ path, lines, longLiterals }: Source): Finding[] {
  return lines.flatMap((text, index) => {
    const columns = [...text].length;
    if (columns <= LINE_COLUMNS_MAX || longLiterals.includes(index + 1)) return [];
    const message = `${columns} columns; at most ${LINE_COLUMNS_MAX}`;
    return [{ path, line: index + 1, message }];
  });
}

export function defaultExportRule({ path, defaultExports }: Source): Finding[] {
  if (DEFAULT_EXPORTERS.includes(path)) return [];
  return defaultExports.map((line) => ({ path, line, message: 'a default export; name it' }));
}

export function anyRule({ path, anys }: Source): Finding[] {
  return anys.map((line) => ({ path, line, message: 'the type any; unknown is the honest one' }));
}

// Spelled in parts, so that this file does not find itself.
const UNFINISHED = new RegExp(`\\b(${['TO', 'FIX', 'XX'].join('|')})(DO|ME|X)\\b`);

export function unfinishedRule({ path, lines }: Source): Finding[] {
  if (!isInSource(path)) return [];
  return lines.flatMap((text, index) => {
    const [word] = UNFINISHED.exec(text) ?? [];
    return word === undefined ? [] : [{ path, line: index + 1, message: `${word} left behind` }];
  });
}

/** The command line and the server write to the standard streams, each in one file. */
export function outputRule(sources: readonly Source[]): Finding[] {
  const speakers = new Map<string, string>();
  return sources.flatMap(({ path, outputs }) => {
    const [first] = outputs;
    const layer = layerOf(path);
    if (first === undefined || layer === undefined || isTestSide(path)) return [];
    if (layer !== 'cli' && layer !== 'server') {
      return outputs.map(({ line, text }) => ({ path, line, message: `${text} in ${layer}` }));
    }
    const speaker = speakers.get(layer) ?? path;
    speakers.set(layer, speaker);
    if (speaker === path) return [];
    return [{ path, line: first.line, message: `${first.text}, but ${speaker} writes already` }];
  });
}

export function importEndingRule({ path, imports }: Source): Finding[] {
  return imports
    .filter(({ specifier }) => /^\.{1,2}(\/|$)/.test(specifier))
    .filter(({ specifier }) => !/\.(ts|json)$/.test(specifier))
    .map(({ specifier, line }) => ({ path, line, message: `'${specifier}' does not end in .ts` }));
}

export function ruleIdsRule({ path, titles }: Source): Finding[] {
  return titles.flatMap(({ line, text }) => {
    const ids = text.match(/\b[A-Z]-[0-9]{3}\b/g) ?? [];
    if (ids.length <= RULE_IDS_PER_TITLE_MAX) return [];
    const message = `${ids.length} rules in one title; at most ${RULE_IDS_PER_TITLE_MAX}`;
    return [{ path, line, message }];
  });
}
