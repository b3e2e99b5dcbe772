import type { PassagePart } from '../ports/chat-model.js';

/**
 * A passage as quoted data, for a provider that takes only text. The text stays as it is, so that a quotation from it can
 * be found again, save for a tag that would end the passage or begin another: its `<` becomes `&lt;`.
 */
export function quotedPassage({ chunkId, source, text }: PassagePart): string {
  const quoted = text.replace(/<(?=\s*\/?\s*passage)/gi, '&lt;');
  return `<passage id="${attribute(chunkId)}" source="${attribute(source)}">\n${quoted}\n</passage>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

/** On one line: file names are their owner's to choose. */
function attribute(value: string): string {
  return value.replace(/\s+/g, ' ').replace(/[&"<>]/g, (sign) => ESCAPES[sign] as string);
}
