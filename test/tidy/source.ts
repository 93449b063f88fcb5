/** What the tidy rules need to know of a source file, read once. */
import { parseAst } from 'vitest/node';

export interface Import {
  /** As written: `./ip.ts`, `node:fs`, `pino`. */
  readonly specifier: string;
  readonly line: number;
  /** Whether nothing of it is left when the types are stripped. */
  readonly typeOnly: boolean;
}

export interface FunctionSpan {
  readonly line: number;
  /** Lines from the first to the last, both counted. */
  readonly length: number;
}

/** A thing found at a line, with its text. */
export interface Mention {
  readonly line: number;
  readonly text: string;
}

export interface Source {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly imports: readonly Import[];
  /** Functions, but for the bodies of `describe`, which are lists of tests. */
  readonly functions: readonly FunctionSpan[];
  /** Lines of default exports and of the type `any`. */
  readonly defaultExports: readonly number[];
  readonly anys: readonly number[];
  /** Uses of `console` and of the standard streams. */
  readonly outputs: readonly Mention[];
  /** Lines on which a literal of more than LONG_LITERAL_CHARACTERS begins or goes on. */
  readonly longLiterals: readonly number[];
  /** Titles of tests and of groups of tests. */
  readonly titles: readonly Mention[];
  /** String literals that name a source file: threads and child processes start from these. */
  readonly references: readonly Mention[];
}

const LONG_LITERAL_CHARACTERS = 40;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    if (isNode(value)) yield value;
    else if (Array.isArray(value)) yield* value.filter(isNode);
  }
}

type Facts = {
  -readonly [Key in keyof Omit<Source, 'path' | 'lines'>]: Source[Key][number][];
};

/** Throws a SyntaxError for what is no TypeScript. */
export function readSource(path: string, text: string): Source {
  const facts: Facts = {
    imports: [],
    functions: [],
    defaultExports: [],
    anys: [],
    outputs: [],
    longLiterals: [],
    titles: [],
    references: [],
  };
  const starts = lineStarts(text);
  const visit = (node: Node, parent: Node | undefined) => {
    collect(facts, node, parent, (offset) => lineOf(starts, offset), text);
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(parseAst(text, { lang: 'ts' }, path) as unknown as Node, undefined);
  return { path, lines: text.split('\n'), ...facts };
}

function collect(
  facts: Facts,
  node: Node,
  parent: Node | undefined,
  line: (offset: number) => number,
  text: string,
): void {
  const at = line(node.start);
  const specifier = specifierOf(node);
  if (specifier !== undefined) {
    facts.imports.push({ specifier, line: at, typeOnly: isTypeOnly(node) });
  }
  if (isFunction(node) && !(parent && isCallOf(parent, ['describe']))) {
    facts.functions.push({ line: at, length: line(node.end - 1) - at + 1 });
  }
  if (isDefaultExport(node)) facts.defaultExports.push(at);
  if (node.type === 'TSAnyKeyword') facts.anys.push(at);
  if (isOutput(node)) facts.outputs.push({ line: at, text: text.slice(node.start, node.end) });
  if (/^(Literal|TemplateElement)$/.test(node.type)) {
    const length = node.end - node.start;
    const last = length > LONG_LITERAL_CHARACTERS ? line(node.end) : 0;
    for (let quoted = at; quoted <= last; quoted++) facts.longLiterals.push(quoted);
  }
  const title = titleOf(node);
  if (title) facts.titles.push({ line: at, text: text.slice(title.start, title.end) });
  if (node.type === 'Literal' && /^\.{1,2}\/.*\.ts$/.test(String(node.value))) {
    facts.references.push({ line: at, text: String(node.value) });
  }
}

function specifierOf(node: Node): string | undefined {
  const from = /^(Import|Export(Named|All))Declaration$|^ImportExpression$/.test(node.type);
  if (!from || !isNode(node.source) || typeof node.source.value !== 'string') return undefined;
  return node.source.value;
}

function isTypeOnly(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = Array.isArray(node.specifiers) ? node.specifiers.filter(isNode) : [];
  const isType = (one: Node) => one.importKind === 'type' || one.exportKind === 'type';
  return specifiers.length > 0 && specifiers.every(isType);
}

function isFunction({ type }: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);
}

function isDefaultExport(node: Node): boolean {
  if (node.type === 'ExportDefaultDeclaration') return true;
  if (node.type !== 'ExportSpecifier' || !isNode(node.exported)) return false;
  return node.exported.name === 'default';
}

function isOutput({ type, object, property }: Node): boolean {
  if (type !== 'MemberExpression' || !isNode(object) || !isNode(property)) return false;
  if (object.name === 'console') return true;
  return object.name === 'process' && /^std(out|err)$/.test(String(property.name));
}

/** Whether a call's function begins with one of these names: `it(…)`, `it.each(…)(…)`. */
function isCallOf(node: Node, names: readonly string[]): boolean {
  if (node.type !== 'CallExpression') return false;
  let callee = node.callee;
  while (isNode(callee) && callee.type !== 'Identifier') {
    callee = callee.callee ?? callee.object ?? callee.tag;
  }
  return isNode(callee) && names.includes(String(callee.name));
}

function titleOf(node: Node): Node | undefined {
  if (!isCallOf(node, ['it', 'test', 'describe'])) return undefined;
  const [first] = node.arguments as readonly unknown[];
  const isText = isNode(first) && /^(Literal|TemplateLiteral)$/.test(first.type);
  return isText ? first : undefined;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line of an offset, counted from 1. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
