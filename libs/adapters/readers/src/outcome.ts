import type { ErrorCode, ExtractedText } from '@packhouse/core';

/** What a reading process makes of a file. */
export type Outcome = { readonly text: ExtractedText } | { readonly refused: Refused };

export interface Refused {
  readonly code: ErrorCode;
  readonly message: string;
  /** The stack of the error beneath, for the operator. */
  readonly cause: string | undefined;
}
