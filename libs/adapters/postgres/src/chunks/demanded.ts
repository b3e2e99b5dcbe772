import { demandsOf, type SearchOptions } from '@packhouse/core';
import type { TenantTx } from '../db/db.js';
import type { Analyzer } from './analysis/analyzer.js';
import { phraseHolders } from './phrase-holders.js';
import { requiredTerms } from './required-terms.js';
import type { Restrictions } from './restrictions.js';

/** All that a text and its options ask of a hit beside its rank. */
export async function demanded(
  tx: TenantTx,
  analyzers: readonly Analyzer[],
  text: string,
  options: SearchOptions,
  signal?: AbortSignal,
): Promise<Restrictions> {
  const demands = demandsOf(text);
  const { filter } = options;
  const required = requiredTerms(analyzers, demands);
  if (demands.phrases.length === 0) return { filter, required };
  return { filter, holders: await phraseHolders(tx, demands.phrases, required, options, signal) };
}
