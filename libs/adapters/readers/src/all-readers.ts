import type { Reader } from '@packhouse/core';
import { anyOf } from './any-of.js';
import { csv } from './csv.js';
import { docx } from './docx.js';
import { eml } from './eml.js';
import { html } from './html.js';
import { json } from './json.js';
import type { ReadLimits } from './limits.js';
import { markdown } from './markdown.js';
import { pdf } from './pdf.js';
import { plain } from './plain.js';

/** A mail in a mail in a mail: what is attached deeper is named, not read. */
const MAIL_DEPTH = 2;

/** Every reader there is, in the order they are asked. */
export function allReaders(limits: ReadLimits): readonly Reader[] {
  const documents = [pdf(limits), docx(limits), html(limits), markdown(limits), csv(limits), json(limits)];
  const text = plain(limits);
  const mail = (depth: number): Reader =>
    eml({ ...limits, attachments: anyOf([...documents, ...(depth > 0 ? [mail(depth - 1)] : []), text]) });
  return [...documents, mail(MAIL_DEPTH), text];
}
