import { getSystemErrorMessage } from 'node:util';

/** What the file system said, undefined for an error of anything else. */
export function fileSystemFault(error: unknown): { code: string; message: string } | undefined {
  const { code, errno, path } = error as NodeJS.ErrnoException;
  if (!code || errno === undefined || path === undefined) return undefined;
  return { code, message: getSystemErrorMessage(errno) };
}
