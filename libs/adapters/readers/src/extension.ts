/** The last extension of a file's name in lower case, without its dot; empty for none. */
export function extension(filename: string): string {
  return /[^./\\]\.([^./\\]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
}
