export type { ReaderLimits } from './extracted.js';
export { html } from './html.js';
export { markdown } from './markdown.js';
export { pdf, type PdfOptions } from './pdf.js';
export { plain } from './plain.js';
export { readFile } from './read-file.js';
