/** A table of figures: what is measured, beside what. */

export interface Bench {
  /** What `npm run bench -- NAME` selects by. */
  readonly name: string;
  readonly title: string;
  /** What is done, in a sentence or two. */
  readonly about: string;
  readonly run: () => Promise<Figures>;
}

export interface Figures {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know to read the figures: rows left out, and why. */
  readonly notes?: readonly string[];
}

/** The figures as Markdown; all columns but the first are aligned to the right. */
export function markdown({ columns, rows, notes = [] }: Figures): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => pad(cell, widths[index]!, index)).join(' | ')} |`;
  const rule = widths.map((width, index) => '-'.repeat(width - (index > 0 ? 1 : 0)));
  const aligned = rule.map((dashes, index) => (index > 0 ? `${dashes}:` : dashes));
  const ruler = `| ${aligned.join(' | ')} |`;
  return [line(columns), ruler, ...rows.map(line), ...notes.map((note) => `\n${note}`)].join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** Prose in lines of at most 100 columns. */
export function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}
