/** The style guide as a test: reads every source file once, says by file and line what is off. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cycleRule, deadFileRule, missingImportRule } from './tidy/graph.ts';
import type { Finding } from './tidy/places.ts';
import {
  dependencyRule,
  filesOf,
  headingRule,
  type Manifest,
  readmeRule,
  readPage,
  undeclaredRule,
} from './tidy/repository.ts';
import {
  anyRule,
  defaultExportRule,
  fileLengthRule,
  functionLengthRule,
  importEndingRule,
  layerRule,
  lineLengthRule,
  outputRule,
  ruleIdsRule,
  unfinishedRule,
} from './tidy/rules.ts';
import { readSource } from './tidy/source.ts';

/** Files that start by themselves: programs. Threads and children are found by their names. */
const ENTRY_POINTS = ['src/cli/main.ts'];

interface Exception {
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}

/** Where a rule does not hold, and why. An exception that excuses nothing fails. */
const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'every file is used',
    path: 'src/guests/fault.ts',
    reason: 'a bad link for the host’s tests, kept where the decorators of ports are',
  },
];

const root = dirname(import.meta.dirname);
const sources = filesOf(root, '.ts').map((path) => readSource(path, readPage(root, path).text));
const pages = filesOf(root, '.md').map((path) => readPage(root, path));
const manifest = JSON.parse(readPage(root, 'package.json').text) as Manifest;
const architecture = existsSync(join(root, 'ARCHITECTURE.md'))
  ? readPage(root, 'ARCHITECTURE.md').text
  : undefined;

const RULES: Readonly<Record<string, () => Finding[]>> = {
  'imports go down the layers': () => sources.flatMap(layerRule),
  'functions are short': () => sources.flatMap(functionLengthRule),
  'files are short': () => sources.flatMap(fileLengthRule),
  'lines fit': () => sources.flatMap(lineLengthRule),
  'exports have names': () => sources.flatMap(defaultExportRule),
  'types are never any': () => sources.flatMap(anyRule),
  'nothing is left unfinished': () => sources.flatMap(unfinishedRule),
  'output has one place': () => outputRule(sources),
  'relative imports end in .ts': () => sources.flatMap(importEndingRule),
  'relative imports exist': () => missingImportRule(sources),
  'imports make no circles': () => cycleRule(sources),
  'every file is used': () => deadFileRule(sources, ENTRY_POINTS),
  'titles name few rules': () => sources.flatMap(ruleIdsRule),
  'every layer has a short README': () => readmeRule(sources, pages),
  'pages have one title': () => pages.flatMap(headingRule),
  'dependencies are few and explained': () => dependencyRule(manifest, architecture),
  'what the product imports is installed with it': () => undeclaredRule(sources, manifest),
};

describe('tidy', () => {
  it('reads the source', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(pages.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(RULES))('%s', (rule, find) => {
    const excused = EXCEPTIONS.filter((exception) => exception.rule === rule);
    const found = find();
    const left = found.filter(({ path }) => !excused.some((one) => one.path === path));
    expect(left.map(({ path, line, message }) => `${path}:${line} ${message}`)).toEqual([]);
    const idle = excused.filter((one) => !found.some(({ path }) => path === one.path));
    expect(idle).toEqual([]);
  });
});
