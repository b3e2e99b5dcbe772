import { printable } from './printable.js';

/** `handbook.pdf, page 3` */
export function source({ filename, page }: { readonly filename: string; readonly page: number | null }): string {
  return page === null ? printable(filename) : `${printable(filename)}, page ${page}`;
}
