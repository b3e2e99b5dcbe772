import { openPostgres } from '@packhouse/postgres';

/** What ingestion has made of a tenant's files, without the ids, which differ from run to run. */
export interface StoredContent {
  /** `source #ordinal start-end digest` of each chunk, in order. */
  readonly chunks: readonly string[];
  /** What searches weigh by, as it is kept. */
  readonly statistics: Statistics;
  /** The same, counted anew. */
  readonly recount: Statistics;
  /** How many attachments, and how many jobs, are in which state. */
  readonly attachments: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
}

interface Statistics {
  readonly chunks: number;
  readonly analyzed: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** Reads as a superuser. */
export async function storedContent(adminUrl: string, tenant: string): Promise<StoredContent> {
  const { db, close } = await openPostgres({ url: adminUrl, max: 1 });
  const rows = <Row extends object>(sql: string) => db.query<Row>(sql, [tenant]);
  const counts = async (sql: string) =>
    Object.fromEntries((await rows<{ key: string; n: number }>(sql)).map(({ key, n }) => [key, n]));
  const number = async (sql: string) => Number((await rows<{ n: number | null }>(sql))[0]?.n ?? 0);
  try {
    const chunks = await rows<{ chunk: string }>(
      `select source || ' #' || ordinal || ' ' || span_start || '-' || span_end || ' ' || digest as chunk
       from packhouse.chunks where tenant_id = $1 order by source collate "C", ordinal, chunk_id`,
    );
    return {
      chunks: chunks.map(({ chunk }) => chunk),
      statistics: {
        chunks: await number('select chunks as n from packhouse.corpus where tenant_id = $1'),
        analyzed: await number('select sum(chunks)::int as n from packhouse.analyses where tenant_id = $1'),
        terms: await counts(
          'select term::text as key, chunks as n from packhouse.term_frequencies where tenant_id = $1',
        ),
      },
      recount: {
        chunks: chunks.length,
        analyzed: await number('select count(*)::int as n from packhouse.chunk_terms where tenant_id = $1'),
        terms: await counts(RECOUNT),
      },
      attachments: await counts(
        'select status as key, count(*)::int as n from packhouse.vector_store_files where tenant_id = $1 group by 1',
      ),
      jobs: await counts(
        `select state::text as key, count(*)::int as n from packhouse_jobs.job
         where name = 'ingestion' and data ->> 'tenant' = $1 group by 1`,
      ),
    };
  } finally {
    await close();
  }
}

/** A sparsevec's text is `{index:value,...}/dimensions`; an index is a term. */
const RECOUNT = `
  select split_part(entry, ':', 1) as key, count(*)::int as n
  from packhouse.chunk_terms, unnest(string_to_array(split_part(ltrim(terms::text, '{'), '}', 1), ',')) entry
  where tenant_id = $1 group by 1`;
