import type { Answerer, Retriever, TenantId } from '@packhouse/core';

/** Makes a pack over one tenant's documents. Called for every request: a few closures, nothing to be closed. */
export type PackFactory<Pack extends Retriever | Answerer = Retriever | Answerer> = (tenant: TenantId) => Pack;

export type NamedPacks = Readonly<Record<string, PackFactory>>;

/** The injection token of the packs by name: a `ReadonlyMap<string, PackFactory>`. */
export const PACKS = Symbol('packhouse.packs');
