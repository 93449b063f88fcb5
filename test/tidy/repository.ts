/** The rules over what is no source: pages, folders, dependencies; and reading the work tree. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, isTestSide } from './places.ts';
import { README_LINES_MAX, RUNTIME_DEPENDENCIES_MAX } from './rules.ts';
import type { Source } from './source.ts';

export interface Page {
  readonly path: string;
  readonly text: string;
}

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Every page has one heading of the first level. */
export function headingRule({ path, text }: Page): Finding[] {
  let fenced = false;
  const headings = text.split('\n').flatMap((line, index) => {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    return !fenced && /^# /.test(line) ? [index + 1] : [];
  });
  if (headings.length === 1) return [];
  const message = `${headings.length} headings of the first level; one is right`;
  return [{ path, line: headings[1] ?? 1, message }];
}

/** Every layer says in a few lines what it is. */
export function readmeRule(sources: readonly Source[], pages: readonly Page[]): Finding[] {
  const folders = new Set(
    sources.filter(({ path }) => /^src\/[^/]+\//.test(path)).map(({ path }) => path.split('/')[1]),
  );
  const missing = [...folders]
    .map((folder) => `src/${folder}/README.md`)
    .filter((readme) => !pages.some(({ path }) => path === readme))
    .map((path) => ({ path, line: 1, message: 'is missing' }));
  const long = pages
    .filter(({ path }) => /^src\/.*README\.md$/.test(path))
    .map(({ path, text }) => ({ path, count: text.trimEnd().split('\n').length }))
    .filter(({ count }) => count > README_LINES_MAX)
    .map(({ path, count }) => ({
      path,
      line: README_LINES_MAX + 1,
      message: `${count} lines; at most ${README_LINES_MAX}`,
    }));
  return [...missing, ...long];
}

function runtimeDependencies({ dependencies, optionalDependencies }: Manifest): string[] {
  return [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {})];
}

/** Few runtime dependencies, each with its reason in ARCHITECTURE.md once there is one. */
export function dependencyRule(manifest: Manifest, architecture: string | undefined): Finding[] {
  const names = runtimeDependencies(manifest);
  const path = 'package.json';
  const many = `${names.length} runtime dependencies; at most ${RUNTIME_DEPENDENCIES_MAX}`;
  const unnamed = names.filter((name) => architecture?.includes(name) === false);
  return [
    ...(names.length > RUNTIME_DEPENDENCIES_MAX ? [{ path, line: 1, message: many }] : []),
    ...unnamed.map((name) => ({ path, line: 1, message: `ARCHITECTURE.md does not name ${name}` })),
  ];
}

/** What the product imports is installed with it. */
export function undeclaredRule(sources: readonly Source[], manifest: Manifest): Finding[] {
  const declared = runtimeDependencies(manifest);
  return sources
    .filter(({ path }) => !isTestSide(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, typeOnly }) => !typeOnly && !/^(\.|node:)/.test(specifier))
        .filter(({ specifier }) => !declared.includes(packageOf(specifier)))
        .map(({ specifier, line }) => ({
          path,
          line,
          message: `${packageOf(specifier)} is no runtime dependency`,
        })),
    );
}

/** `@smithy/core/cbor` is of the package `@smithy/core`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const FOLDERS = ['src', 'test', 'scripts', 'bench', 'docs', 'examples', 'console'];
const SKIPPED = ['node_modules', 'generated', 'dist'];

/** Paths of files below the root that end so; generated and installed ones are left out. */
export function filesOf(root: string, ending: string): string[] {
  const top = readdirSync(root).filter((name) => name.endsWith(ending));
  const below = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((path) => !path.split('/').some((part) => SKIPPED.includes(part))),
  );
  return [...top, ...below].sort();
}

export function readPage(root: string, path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}
