import { PackhouseError, type ErrorCode, type SourceFile } from '@packhouse/core';

/** The typed error for a file that is not to be read; its message begins with the file's name. */
export function refusal(code: ErrorCode, { filename }: SourceFile, reason: string, cause?: unknown): PackhouseError {
  return new PackhouseError(code, `${filename}: ${reason}`, { cause });
}

/** What a parser threw: ours as it is, anything else as `corrupt` for this reason. */
export function asRefusal(cause: unknown, file: SourceFile, reason: string): PackhouseError {
  return PackhouseError.isInstance(cause) ? cause : refusal('corrupt', file, reason, cause);
}
