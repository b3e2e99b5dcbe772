import { phraseFinder, type SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import type { RequiredTerms } from './required-terms.js';
import { restrictionsSql } from './restrictions.js';
import { searchParams } from './search-params.js';

/** The chunks that hold a question's phrases, with the digests of the texts that were looked at. */
export interface PhraseHolders {
  readonly ids: readonly string[];
  readonly digests: readonly string[];
}

interface Row {
  id: string;
  digest: string;
  text: string;
}

/** Texts in memory at once. */
const BATCH = 500;

/**
 * Looks for phrases in the texts of those chunks that have all their terms. Here and not in SQL: what a letter is, and
 * its other case, PostgreSQL asks of the locale it was set up with.
 */
export async function phraseHolders(
  tx: TenantTx,
  phrases: readonly string[],
  required: RequiredTerms | undefined,
  { collections, filter }: SearchOptions,
  signal?: AbortSignal,
): Promise<PhraseHolders> {
  const found: Row[] = [];
  const finders = phrases.map(phraseFinder);
  const holds = ({ text }: Row) => finders.every((finds) => finds(text));
  for (let after = '', count = BATCH; count === BATCH;) {
    const params = searchParams(tx, { limit: BATCH, ...(collections && { collections }) });
    const restrictions = restrictionsSql({ filter, required }, params);
    const rows = await tx.query<Row>(
      `select searched.chunk_id as id, digest, body as text from packhouse.chunks searched
       where tenant_id = $1 and ${params.isSearched}
         and chunk_id > ${params.bind(after)} ${restrictions}
       order by chunk_id limit ${BATCH}`,
      params.values,
      signal,
    );
    found.push(...rows.filter(holds).map((row) => ({ ...row, text: '' })));
    count = rows.length;
    after = rows.at(-1)?.id ?? after;
  }
  return { ids: found.map(({ id }) => id), digests: found.map(({ digest }) => digest) };
}
