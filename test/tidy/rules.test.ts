import { describe, expect, it } from 'vitest';
import { cycleRule, deadFileRule, missingImportRule } from './graph.ts';
import type { Finding } from './places.ts';
import { dependencyRule, headingRule, readmeRule, undeclaredRule } from './repository.ts';
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
} from './rules.ts';
import { readSource } from './source.ts';

const read = (path: string, ...lines: string[]) => readSource(path, lines.join('\n'));
const places = (found: readonly Finding[]) => found.map(({ path, line }) => `${path}:${line}`);
const messages = (found: readonly Finding[]) => found.map(({ message }) => message);

/** Whether a file of one folder may import a file of another. */
function allowed(from: string, to: string, keyword = 'import'): boolean {
  const path = `src/${from}/a.ts`;
  return layerRule(read(path, `${keyword} { B } from '../${to}/b.ts';`)).length === 0;
}

describe('layers', () => {
  it('are imported from right to left only', () => {
    expect(allowed('control', 'model')).toBe(true);
    expect(allowed('cli', 'net')).toBe(true);
    expect(allowed('model', 'control')).toBe(false);
    expect(allowed('net', 'wire')).toBe(false);
    expect(allowed('fabric', 'reach')).toBe(false);
  });

  it('hold for types, re-exports and dynamic imports too', () => {
    expect(allowed('model', 'control', 'import type')).toBe(false);
    expect(allowed('model', 'control', 'export')).toBe(false);
    expect(layerRule(read('src/model/a.ts', "await import('../aws/b.ts');"))).toHaveLength(1);
    expect(layerRule(read('src/model/a.ts', "export * from '../aws/b.ts';"))).toHaveLength(1);
  });

  it('keep the store to records', () => {
    expect(allowed('store', 'net')).toBe(true);
    for (const layer of ['wire', 'model', 'fabric', 'guests', 'services']) {
      expect(allowed('store', layer), layer).toBe(false);
    }
  });

  it('keep AWS from guests and services, which see the types of the fabric alone', () => {
    for (const layer of ['guests', 'services']) {
      expect(allowed(layer, 'wire')).toBe(true);
      expect(allowed(layer, 'fabric', 'import type')).toBe(true);
      expect(allowed(layer, 'fabric')).toBe(false);
      expect(allowed(layer, 'reach', 'import type')).toBe(false);
    }
    expect(allowed('guests', 'model', 'import type')).toBe(false);
    expect(allowed('services', 'model')).toBe(true);
    expect(
      layerRule(read('src/guests/a.ts', "import { type P, q } from '../fabric/b.ts';")),
    ).toEqual([
      { path: 'src/guests/a.ts', line: 1, message: expect.stringContaining('types it may') },
    ]);
  });

  it('are all there are, and nothing outside is imported but by tests', () => {
    expect(layerRule(read('src/util/a.ts', ''))).toHaveLength(1);
    const outside = "import { a } from '../../test/support/a.ts';";
    expect(layerRule(read('src/net/a.ts', '', outside))).toMatchObject([{ line: 2 }]);
    expect(layerRule(read('src/net/a.test.ts', outside))).toEqual([]);
    expect(layerRule(read('test/a.test.ts', "import { a } from '../src/cli/a.ts';"))).toEqual([]);
  });

  it('let a layer import itself, packages and Node', () => {
    const imports = ["import './b.ts';", "import 'node:fs';", "import 'pino';"];
    expect(layerRule(read('src/net/a.ts', ...imports))).toEqual([]);
  });
});

const lines = (count: number, text = '  0;') => new Array<string>(count).fill(text);

describe('lengths', () => {
  it('of functions: 70 lines, in whatever form', () => {
    const forms = [
      ['function f() {', '}'],
      ['const f = () => {', '};'],
      ['class A { f() {', '} }'],
      ['const o = { get f() {', '} };'],
    ];
    for (const [open, close] of forms) {
      const source = (inner: number) => read('src/net/a.ts', '', open!, ...lines(inner), close!);
      expect(functionLengthRule(source(68)), open).toEqual([]);
      expect(places(functionLengthRule(source(69))), open).toEqual(['src/net/a.ts:2']);
    }
  });

  it('of functions: the body of describe is a list, that of a test is not', () => {
    const test = (name: string) =>
      functionLengthRule(read('src/a.test.ts', `${name}('x', () => {`, ...lines(80), '});'));
    expect(test('describe')).toEqual([]);
    expect(test('describe.each([1])')).toEqual([]);
    expect(test('it')).toHaveLength(1);
    expect(test('it.each([1])')).toHaveLength(1);
  });

  it('of files: 500 lines, the last line break not counted', () => {
    expect(fileLengthRule(read('a.ts', ...lines(500), ''))).toEqual([]);
    expect(messages(fileLengthRule(read('a.ts', ...lines(501), '')))).toEqual([
      '501 lines; at most 500',
    ]);
  });

  it('of lines: 100 characters, of whatever script', () => {
    const comment = (columns: number) => `//${'ü'.repeat(columns - 2)}`;
    expect(lineLengthRule(read('src/net/a.ts', comment(100)))).toEqual([]);
    expect(places(lineLengthRule(read('src/net/a.ts', '', comment(101))))).toEqual([
      'src/net/a.ts:2',
    ]);
  });

  it('of lines: a message stands in one piece, a comment does not', () => {
    const quote = ['', `const a = '${'x'.repeat(100)}';`];
    expect(lineLengthRule(read('src/net/a.test.ts', ...quote))).toEqual([]);
    expect(lineLengthRule(read('src/net/a.ts', ...quote))).toEqual([]);
    expect(lineLengthRule(read('a.test.ts', ...quote, `//${'x'.repeat(100)}`))).toHaveLength(1);
  });
});

describe('words', () => {
  it('finds default exports', () => {
    const both = ['const a = 1;', 'export { a as default };', 'export default a;'];
    expect(places(defaultExportRule(read('src/a.ts', ...both)))).toEqual([
      'src/a.ts:2',
      'src/a.ts:3',
    ]);
    expect(defaultExportRule(read('vitest.config.ts', 'export default 1;'))).toEqual([]);
    expect(defaultExportRule(read('src/a.ts', 'export const a = { default: 1 };'))).toEqual([]);
  });

  it('finds the type any, and not the word', () => {
    const source = read('a.ts', '// ünïcode: any', "const any = 'any';", 'let b: Map<any, 1>;');
    expect(places(anyRule(source))).toEqual(['a.ts:3']);
  });

  it('finds unfinished work in src', () => {
    const left = ['// TO', '// FIX'].map((head, index) => head + ['DO: later', 'ME'][index]!);
    expect(places(unfinishedRule(read('src/net/a.ts', '', ...left)))).toEqual([
      'src/net/a.ts:2',
      'src/net/a.ts:3',
    ]);
    expect(unfinishedRule(read('test/a.ts', ...left))).toEqual([]);
    expect(unfinishedRule(read('src/net/a.ts', 'const TODOS = 1;'))).toEqual([]);
  });

  it('finds output outside its one place', () => {
    const says = 'console.log(1);';
    const writes = "process.stdout.write('');";
    expect(messages(outputRule([read('src/net/a.ts', says, writes)]))).toEqual([
      'console.log in net',
      'process.stdout in net',
    ]);
    expect(outputRule([read('src/cli/a.ts', says, writes), read('src/server/b.ts', says)])).toEqual(
      [],
    );
    expect(
      places(outputRule([read('src/cli/a.ts', says), read('src/cli/b.ts', '', writes)])),
    ).toEqual(['src/cli/b.ts:2']);
    expect(outputRule([read('src/net/a.test.ts', says), read('scripts/a.ts', says)])).toEqual([]);
  });

  it('finds titles that name more than four rules', () => {
    const title = (call: string, ids: string) => `${call}(\`${ids} holds\`, () => {});`;
    const four = 'A-001 A-002 B-003 C-004';
    for (const call of ['it', 'it.each([1])', 'describe', 'it.skipIf(true)', 'test.each`a`']) {
      expect(ruleIdsRule(read('a.test.ts', title(call, four))), call).toEqual([]);
      expect(
        places(ruleIdsRule(read('a.test.ts', '', title(call, `${four} H-150`)))),
        call,
      ).toEqual(['a.test.ts:2']);
    }
    expect(ruleIdsRule(read('a.test.ts', `other('${four} H-150');`))).toEqual([]);
  });
});

describe('imports', () => {
  it('end in .ts', () => {
    const imports = ["import './a.ts';", "import d from '../b.json';", "import { c } from './c';"];
    const more = ["export * from './d.js';", "import '.';", "import 'pino';"];
    expect(places(importEndingRule(read('src/a.ts', ...imports, ...more)))).toEqual([
      'src/a.ts:3',
      'src/a.ts:4',
      'src/a.ts:5',
    ]);
  });

  it('name files that exist', () => {
    const b = read('src/net/b.ts', "import '../wire/a.ts';", "import './c.ts';");
    const generated = read('src/wire/a.ts', "import './generated/ec2.ts';");
    expect(messages(missingImportRule([b, generated]))).toEqual(['there is no src/net/c.ts']);
  });

  it('make no circle, short or long', () => {
    const own = read('src/net/own.ts', "import './own.ts';");
    const a = read('src/net/a.ts', "import './b.ts';");
    const b = read('src/net/b.ts', '', "import './c.ts';");
    const c = read('src/net/c.ts', "export { a } from './a.ts';");
    expect(messages(cycleRule([own, a, b, c]))).toEqual([
      'imports in a circle: src/net/own.ts > src/net/own.ts',
      'imports in a circle: src/net/a.ts > src/net/b.ts > src/net/c.ts > src/net/a.ts',
    ]);
  });

  it('make no circle by types, nor by two ways to one file', () => {
    const a = read('src/a.ts', "import './b.ts';", "import './c.ts';");
    const b = read('src/b.ts', "import './c.ts';", "import type { A } from './a.ts';");
    expect(cycleRule([a, b, read('src/c.ts', "import { type A } from './a.ts';")])).toEqual([]);
  });
});

describe('dead files', () => {
  const dead = (...sources: ReturnType<typeof read>[]) =>
    deadFileRule(sources, ['src/cli/main.ts']).map(({ path }) => path);

  it('are those that only tests import, or they themselves', () => {
    const main = read('src/cli/main.ts', "import type { A } from '../net/a.ts';");
    const a = read('src/net/a.ts', '');
    const b = read('src/net/b.ts', "import './b.ts';");
    expect(dead(main, a, b, read('src/net/b.test.ts', "import './b.ts';"))).toEqual([
      'src/net/b.ts',
    ]);
  });

  it('are not those that a thread or a test starts by name, nor helpers of tests', () => {
    const main = read('src/cli/main.ts', "new Worker(new URL('./worker.ts', import.meta.url));");
    const child = read('src/cli/a.child.ts', '');
    const conformance = read('src/cli/a.conformance.ts', '');
    const test = read('src/cli/a.test.ts', "new URL('./a.child.ts', import.meta.url);");
    expect(dead(main, read('src/cli/worker.ts', ''), child, conformance, test)).toEqual([
      'src/cli/a.conformance.ts',
    ]);
  });
});

describe('pages and folders', () => {
  const page = (path: string, ...text: string[]) => ({ path, text: text.join('\n') });

  it('a page has one heading of the first level, code aside', () => {
    expect(headingRule(page('a.md', '# A', '## B', '```sh', '# comment', '```'))).toEqual([]);
    expect(places(headingRule(page('a.md', '# A', '', '# B')))).toEqual(['a.md:3']);
    expect(headingRule(page('a.md', 'A', '#hash'))).toHaveLength(1);
  });

  it('a layer has a README of at most 30 lines', () => {
    const sources = [read('src/net/deep/a.ts', ''), read('src/wire/b.ts', '')];
    const long = page('src/net/README.md', ...lines(31, 'x'), '');
    expect(places(readmeRule(sources, [long]))).toEqual([
      'src/wire/README.md:1',
      'src/net/README.md:31',
    ]);
    const short = ['net', 'wire'].map((name) =>
      page(`src/${name}/README.md`, ...lines(30, 'x'), ''),
    );
    expect(readmeRule(sources, short)).toEqual([]);
  });
});

describe('dependencies', () => {
  const names = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`dep-${index + 10}`, '1']));

  it('are at most twelve, optional ones included', () => {
    const eleven = { dependencies: names(11), optionalDependencies: { koffi: '3' } };
    expect(dependencyRule(eleven, undefined)).toEqual([]);
    expect(dependencyRule({ ...eleven, dependencies: names(12) }, undefined)).toHaveLength(1);
  });

  it('are named in ARCHITECTURE.md once there is one', () => {
    const manifest = { dependencies: { pino: '1' }, optionalDependencies: { koffi: '3' } };
    expect(messages(dependencyRule(manifest, 'pino writes the log'))).toEqual([
      'ARCHITECTURE.md does not name koffi',
    ]);
  });

  it('hold all that the product imports', () => {
    const manifest = { dependencies: { '@smithy/core': '1', pino: '1' } };
    const imports = ["import 'pino/file';", "import '@smithy/core/cbor';", "import 'node:fs';"];
    const other = ["import 'vitest';", "import type { V } from 'vitest';"];
    const product = read('src/cli/a.ts', ...imports, ...other);
    expect(
      places(undeclaredRule([product, read('src/cli/a.test.ts', ...other)], manifest)),
    ).toEqual(['src/cli/a.ts:4']);
  });
});
