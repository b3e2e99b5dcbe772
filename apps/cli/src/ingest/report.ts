import { styleText } from 'node:util';
import type { StoreObject } from '../api/objects.js';
import { printable } from '../printable.js';
import { progress, type Progress } from '../progress.js';
import type { Outcome } from './ingest-file.js';

/** Tells how an ingestion goes, in words or in lines of JSON. */
export interface Report {
  begin(total: number): void;
  ended(path: string, outcome: Outcome): void;
  /** Prints the totals, and returns how many files failed. */
  end(store: StoreObject): number;
}

export function report(json: boolean): Report {
  const counts = { ingested: 0, unchanged: 0, failed: 0 };
  let total = 0;
  let shown: Progress | undefined;

  function tell(path: string, { outcome, error }: Outcome): void {
    if (outcome !== 'failed' || json) return;
    const line = `${styleText('red', 'failed', { stream: process.stderr })}  ${printable(path)}: ${error?.code}: ${printable(error?.message ?? '')}`;
    if (shown) shown.note(line);
    else process.stderr.write(`${line}\n`);
  }

  return {
    begin(found) {
      total = found;
      // Lines of JSON say it all where nobody watches.
      if (!json || process.stderr.isTTY) shown = progress(found);
    },
    ended(path, outcome) {
      counts[outcome.outcome] += 1;
      if (json) process.stdout.write(`${JSON.stringify({ path, ...outcome })}\n`);
      tell(path, outcome);
      shown?.advance(printable(path));
    },
    end({ id, name }) {
      shown?.end();
      const left = total - counts.ingested - counts.unchanged - counts.failed;
      const { ingested, unchanged, failed } = counts;
      const words =
        `${ingested} ingested, ${unchanged} there already, ${failed} failed, in store "${printable(name)}" (${id}).` +
        (left > 0 ? ` ${left} are left: run it again to go on.` : '');
      process.stdout.write(`${json ? JSON.stringify({ totals: { ...counts, left }, vector_store_id: id }) : words}\n`);
      return failed;
    },
  };
}
