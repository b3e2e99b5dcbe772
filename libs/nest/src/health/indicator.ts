/** Resolves where a part works; rejects, or takes longer than 2 s, where it does not. `signal` fires at that deadline. */
export type Indicator = (signal: AbortSignal) => Promise<void>;

export const INDICATORS = Symbol('packhouse.indicators');
