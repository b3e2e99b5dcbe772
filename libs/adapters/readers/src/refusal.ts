import { PackhouseError, type ErrorCode, type SourceFile } from '@packhouse/core';

/** The typed error for a file that is not to be read; its message begins with the file's name. */
export function refusal(code: ErrorCode, { filename }: SourceFile, reason: string, cause?: unknown): PackhouseError {
  return new PackhouseError(code, `${filename}: ${reason}`, { cause });
}
