/** A table as text: a line a row, bars between its cells, without columns that hold nothing in any row. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const used = usedColumns(rows);
  return rows.map((row) => line(row.filter((_, column) => used.has(column))));
}

/** Columns with nothing in any row are there for spacing only. */
function usedColumns(rows: readonly (readonly string[])[]): ReadonlySet<number> {
  return new Set(rows.flatMap((row) => row.flatMap((text, column) => (text === '' ? [] : column))));
}

function line(row: readonly string[]): string {
  const end = row.findLastIndex((text) => text !== '') + 1;
  return row
    .slice(0, end)
    .map((text) => text.replace(/\s+/g, ' '))
    .join(' | ');
}
