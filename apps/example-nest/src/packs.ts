import { extractive } from '@packhouse/answering';
import { lexical } from '@packhouse/core';
import type { NamedPacks } from '@packhouse/nest';
import type { Library } from './library.module.js';

/** What the app can ask, each for one team at a time. */
export const packsOver = (library: Library) =>
  ({
    search: (team) => lexical(library.of(team)),
    answers: (team) => extractive({ retriever: lexical(library.of(team)) }),
  }) satisfies NamedPacks;

export type Packs = ReturnType<typeof packsOver>;
