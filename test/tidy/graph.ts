/** The rules over all source files together: cycles, dead files. */
import { type Finding, isInSource, isTestSide, resolveFrom } from './places.ts';
import type { Source } from './source.ts';

/** Relative imports of files that are not there. */
export function missingImportRule(sources: readonly Source[]): Finding[] {
  const paths = new Set(sources.map(({ path }) => path));
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, line }) => {
      const target = resolveFrom(path, specifier);
      if (target === undefined || !target.endsWith('.ts') || paths.has(target)) return [];
      // Generated files are not read; they are there once they are needed.
      if (target.includes('/generated/')) return [];
      return [{ path, line, message: `there is no ${target}` }];
    }),
  );
}

/** One finding for each import that closes a circle. Types vanish, so they close none. */
export function cycleRule(sources: readonly Source[]): Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const way: string[] = [];
  const findings: Finding[] = [];
  const visit = (source: Source) => {
    way.push(source.path);
    for (const { specifier, line, typeOnly } of source.imports) {
      if (typeOnly) continue;
      const target = resolveFrom(source.path, specifier);
      const next = target === undefined ? undefined : byPath.get(target);
      if (next === undefined || done.has(next.path)) continue;
      const from = way.indexOf(next.path);
      if (from < 0) visit(next);
      else {
        const circle = [...way.slice(from), next.path].join(' > ');
        findings.push({ path: source.path, line, message: `imports in a circle: ${circle}` });
      }
    }
    way.pop();
    done.add(source.path);
  };
  for (const source of sources) if (!done.has(source.path)) visit(source);
  return findings;
}

/** Files under src that nothing but tests use; and test helpers that no test uses. */
export function deadFileRule(
  sources: readonly Source[],
  entryPoints: readonly string[],
): Finding[] {
  const used = new Set(entryPoints);
  for (const { path, imports, references } of sources) {
    const names = [...imports.map(({ specifier }) => specifier), ...references.map((r) => r.text)];
    for (const name of names) {
      const target = resolveFrom(path, name);
      if (target === undefined || target === path) continue;
      if (!isTestSide(path) || isTestSide(target)) used.add(target);
    }
  }
  return sources
    .map(({ path }) => path)
    .filter((path) => isInSource(path) && !path.endsWith('.test.ts') && !used.has(path))
    .map((path) => ({ path, line: 1, message: 'nothing uses this file' }));
}
