import type { SourceFile } from '@packhouse/core';
import { extension } from './extension.js';
import { beginsAsHtml, beginsAsPdf } from './signature.js';

type Kind = 'a PDF' | 'a Word document' | 'text' | 'a picture, sound, video or font';

/** Extensions of formats with bytes of their own; what else is read is text. */
const BINARY: Readonly<Record<string, Kind>> = { pdf: 'a PDF', docx: 'a Word document', docm: 'a Word document' };

/** Text that a web page cannot be: it would be read as gibberish, or hide what it is. */
const NOT_MARKUP = ['pdf', 'docx', 'docm', 'csv', 'tsv', 'json', 'jsonl', 'ndjson', 'eml'];

/** Senders guess the type by the extension, each by its own table: only what cannot be a mistake is listed. */
const DECLARED: readonly (readonly [RegExp, Kind])[] = [
  [/^application\/(?:x-)?pdf$/, 'a PDF'],
  [/^application\/vnd\.openxmlformats-officedocument\.wordprocessingml\./, 'a Word document'],
  // Most tables know .ts from television: an MPEG transport stream.
  [/^(?:text\/|message\/|video\/(?:mp2t|vnd\.dlna\.mpeg-tts)$|application\/(?:json|xml)$|.*\+(?:json|xml)$)/, 'text'],
  [/^(?:image|audio|video|font)\//, 'a picture, sound, video or font'],
];

/**
 * What is wrong with a file that its name, its first bytes or its declared media type call two different things; else
 * undefined. A file that one program takes for a harmless text and the next for something else is nobody's mistake.
 */
export function contradiction(file: SourceFile): string | undefined {
  const suffix = extension(file.filename);
  const pdf = beginsAsPdf(file.bytes);
  const named = BINARY[suffix] ?? (suffix === '' ? undefined : 'text');
  if (pdf && named !== undefined && named !== 'a PDF')
    return `its bytes are a PDF, which its name ".${suffix}" is not.`;
  if (NOT_MARKUP.includes(suffix) && beginsAsHtml(file.bytes)) {
    return `its bytes are a web page, which its name ".${suffix}" is not.`;
  }
  const kind = pdf ? 'a PDF' : (named ?? 'text');
  const declared = declaredKind(file.mediaType);
  if (declared === undefined || declared === kind) return undefined;
  return `it was sent as ${file.mediaType}, which is ${declared}, and it is named or begins as ${kind}.`;
}

function declaredKind(mediaType = ''): Kind | undefined {
  const essence = (mediaType.split(';')[0] as string).trim().toLowerCase();
  return DECLARED.find(([pattern]) => pattern.test(essence))?.[1];
}
