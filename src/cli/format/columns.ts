import { stripVTControlCharacters } from 'node:util';

/** Rows of cells as lines of aligned columns; colours take no width, nothing hangs at an end. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
    }
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat(widths[index]! - widthOf(cell)))
      .join(gap)
      .trimEnd(),
  );
}

function widthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}
