import { PackhouseError, throwIfAborted, type Reader, type SourceFile } from '@packhouse/core';
import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import { holdsText } from './extracted.js';
import { htmlToText } from './html-text.js';
import { refusal } from './refusal.js';

export interface MailOptions {
  readonly attachments: Reader | undefined;
  /** Told of the text's length as it grows; may throw. */
  readonly grown: (length: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Most attachments that are read; what else there is is named. */
const MAX_ATTACHMENTS = 100;
/** Mails that are forwarded are files of their own, so that what is true of a file is true of them. */
const PARSING = { forceRfc822Attachments: true, maxNestingDepth: 32, maxHeadersSize: 2 ** 20 };
/** One of these is in every mail; a file without any is something else. */
const KNOWN = ['from', 'to', 'subject', 'date', 'received', 'message-id', 'mime-version', 'return-path'];

/** @throws PackhouseError `corrupt`, `encrypted`, or what the parser throws */
export async function mailText(file: SourceFile, options: MailOptions) {
  const mail = await PostalMime.parse(file.bytes, PARSING);
  if (!mail.headers.some(({ key }) => KNOWN.includes(key))) throw refusal('corrupt', file, 'this is not a mail.');
  if (isEncrypted(mail)) throw refusal('encrypted', file, 'this mail is encrypted. Send it decrypted.');
  const texts = [heading(mail), body(mail)];
  let length = 0;
  const add = (text: string) => {
    texts.push(text);
    options.grown((length += text.length));
  };
  for (const [index, attachment] of mail.attachments.entries()) {
    throwIfAborted(options.signal);
    add(await attached(attachment, index < MAX_ATTACHMENTS ? options : { ...options, attachments: undefined }));
  }
  return { text: texts.filter((text) => text !== '').join('\n\n'), title: mail.subject };
}

/** Whole mails that are under OpenPGP or S/MIME; a signature alone hides nothing. */
function isEncrypted({ headers }: Email): boolean {
  const type = headers.find(({ key }) => key === 'content-type')?.value.toLowerCase() ?? '';
  return /^multipart\/encrypted\b/.test(type) || /^application\/(?:x-)?pkcs7-mime\b(?!.*signed-data)/.test(type);
}

function heading({ subject, from, to, cc, date }: Email): string {
  const lines: [string, string | undefined][] = [
    ['Subject', subject],
    ['From', from && addresses([from])],
    ['To', to && addresses(to)],
    ['Cc', cc && addresses(cc)],
    ['Date', date],
  ];
  return lines.flatMap(([name, value]) => (value ? `${name}: ${value}` : [])).join('\n');
}

function addresses(list: readonly Address[]): string {
  return list
    .map(({ name, address, group }) => {
      if (group) return `${name}: ${addresses(group)}`;
      return name && address ? `${name} <${address}>` : name || address;
    })
    .join(', ');
}

/** The plain form is the writer's own where there are two; some mails have one that only says to look at the other. */
function body({ text = '', html = '' }: Email): string {
  return holdsText(text) || html === '' ? text.trim() : htmlToText(html);
}

async function attached(attachment: Attachment, { attachments, signal }: MailOptions): Promise<string> {
  const { filename, mimeType, content } = attachment;
  const name = filename ?? (mimeType === 'message/rfc822' ? 'mail.eml' : '');
  // Pictures within the message have no name that says anything.
  if (name === '') return '';
  const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content);
  const text = attachments ? await textOf(attachments, { filename: name, bytes }, signal) : '';
  return `Attachment: ${name}${text === '' ? '' : `\n\n${text}`}`;
}

/** An attachment that cannot be read is no fault of its mail. */
async function textOf(reader: Reader, file: SourceFile, signal: AbortSignal | undefined): Promise<string> {
  if (!reader.accepts(file)) return '';
  try {
    return (await reader.read(file, signal)).text;
  } catch (error) {
    if (PackhouseError.is(error, 'empty', 'encrypted', 'corrupt', 'unsupported', 'too_large')) return '';
    throw error;
  }
}
