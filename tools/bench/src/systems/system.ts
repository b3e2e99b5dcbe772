import type { BenchDocument } from '../corpus/corpus.js';

/** A store under measurement, on a database of its own. Searches give chunks' ids, best first. */
export interface System {
  readonly name: string;
  /** Stores a document that is not there, in one call. */
  ingest(document: BenchDocument): Promise<void>;
  /** Puts a document in the place of its older version, as the store's documentation says to. */
  replace(document: BenchDocument): Promise<void>;
  /** Builds the indices that are best built after a load. */
  index?(): Promise<void>;
  dense(tenant: string, vector: Float32Array, limit: number): Promise<string[]>;
  hybrid?(tenant: string, text: string, vector: Float32Array, limit: number): Promise<string[]>;
  close(): Promise<void>;
}

export interface SystemKind {
  readonly name: string;
  /** @param url an empty database with pgvector, as a superuser */
  open(url: string): Promise<System>;
}

/** Callers a system has to serve at once, which its pool is made for. */
export const CALLERS = 8;
