import { NodeRelationship, TextNode, type Metadata } from '@llamaindex/core/schema';
import { codePointLength, pageAt, type Attributes, type Chunk } from '@packhouse/core';

/**
 * A LlamaIndex node as we read it. Structural: the node may come from another installed copy of `@llamaindex/core`,
 * whose classes `instanceof` does not know.
 */
export interface NodeLike {
  readonly id_: string;
  /** A LlamaIndex `ObjectType`. */
  readonly type: string;
  readonly metadata: Metadata;
  readonly relationships: Readonly<Partial<Record<string, unknown>>>;
  readonly text?: string;
  readonly startCharIdx?: number;
  readonly indexId?: string;
  getContent(mode: never): string;
}

/** The metadata key under which a chunk's fields travel through LlamaIndex; models are not shown it. */
const KEY = 'packhouse';

type Packed = Omit<Chunk, 'id' | 'text'>;

/**
 * A chunk as a LlamaIndex node. `metadata` holds the chunk's attributes, `file_name` and, with pages, `page_label`, as
 * LlamaIndex's own readers name them; all else is under `packhouse`, for {@link nodeToChunk} to find.
 */
export function chunkToNode({ id, text, ...packed }: Chunk): TextNode {
  const page = pageAt(packed.pages, packed.span.start);
  return new TextNode({
    id_: id,
    text,
    metadata: {
      ...packed.attributes,
      file_name: packed.source,
      ...(page === null ? {} : { page_label: String(page) }),
      [KEY]: packed satisfies Packed,
    },
    excludedLlmMetadataKeys: [KEY],
    excludedEmbedMetadataKeys: [KEY],
    relationships: { [NodeRelationship.SOURCE]: { nodeId: packed.documentId, metadata: {} } },
  });
}

/**
 * A LlamaIndex node as a chunk: one that came from {@link chunkToNode} is what it was. Of any other, the source node is
 * the document; `file_name` its source; `page_label` or `page_number` the page; `startCharIdx` where it starts; simple
 * metadata become attributes. An `IndexNode` stands for itself, with what it points to as the attribute `index_id`.
 */
export function nodeToChunk(node: NodeLike, collection: string): Chunk {
  const id = node.id_;
  // `getContent` trims, and quotes must be found where their spans say.
  const text = node.text ?? node.getContent('NONE' as never);
  const packed: unknown = node.metadata[KEY];
  if (isPacked(packed)) return { ...packed, id, text };
  const start = node.startCharIdx ?? 0;
  const documentId = sourceId(node) ?? id;
  const page = pageOf(node.metadata);
  return {
    id,
    collection,
    documentId,
    ordinal: 0,
    text,
    span: { start, end: start + codePointLength(text) },
    pages: page === null ? [] : [{ number: page, start }],
    source: sourceName(node.metadata) ?? documentId,
    attributes: {
      ...simple(node.metadata),
      ...(node.type === 'INDEX' && node.indexId ? { index_id: node.indexId } : {}),
    },
  };
}

function isPacked(value: unknown): value is Packed {
  return typeof value === 'object' && value !== null && 'documentId' in value && 'span' in value && 'pages' in value;
}

function sourceId({ relationships }: NodeLike): string | undefined {
  const source = relationships['SOURCE'];
  const id = typeof source === 'object' && source !== null && 'nodeId' in source ? source.nodeId : undefined;
  return typeof id === 'string' ? id : undefined;
}

function sourceName(metadata: Metadata): string | undefined {
  return [metadata['file_name'], metadata['file_path'], metadata['url']].find((name) => typeof name === 'string');
}

/** Labels may be anything ("iv", "A-3"): only numbers from 1 are pages of ours. */
function pageOf(metadata: Metadata): number | null {
  const page = Number(metadata['page_label'] ?? metadata['page_number'] ?? NaN);
  return Number.isInteger(page) && page >= 1 ? page : null;
}

function simple(metadata: Metadata): Attributes {
  const kinds = ['string', 'number', 'boolean'];
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => kinds.includes(typeof value)));
}
