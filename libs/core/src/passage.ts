/** A half-open range of Unicode code points: `start` counts from 0, `end` is the first one after. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a page begins in a document's text. `number` counts from 1, `start` is in code points. */
export interface PageStart {
  readonly number: number;
  readonly start: number;
}

/** What a reader makes of a file: its text, and where its pages begin (none for formats without pages). */
export interface ExtractedText {
  readonly text: string;
  readonly pages: readonly PageStart[];
  /** The document's own title, where it has one. */
  readonly title?: string;
}

/** A document inside a tenant: documents live in named collections, the same id may be in several. */
export interface DocumentRef {
  readonly collection: string;
  readonly documentId: string;
}

/** A caller's own facts about a document, to filter by. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of a document, as it is searched and quoted. */
export interface Chunk extends DocumentRef {
  /** Stable: the same text in the same document keeps its id. Unique within a tenant. */
  readonly id: string;
  /** Position in the document, from 0. */
  readonly ordinal: number;
  readonly text: string;
  /** Where `text` stands in the document's extracted text. */
  readonly span: Span;
  /** The page starts that matter for this chunk: the one it begins on and those inside it. Empty without pages. */
  readonly pages: readonly PageStart[];
  /** What a person calls the document: usually its file name. */
  readonly source: string;
  readonly attributes: Attributes;
}

/** A chunk and how well it answers, greater is better. Scores of different retrievers are not comparable. */
export interface Hit {
  readonly chunk: Chunk;
  readonly score: number;
}

/** The page that holds the code point at `offset`, or null for a document without pages. */
export function pageAt(pages: readonly PageStart[], offset: number): number | null {
  return pages.findLast(({ start }) => start <= offset)?.number ?? null;
}
