import { SaxesParser, type SaxesTagNS } from 'saxes';

export interface XmlHandler {
  open(tag: SaxesTagNS): void;
  close(tag: SaxesTagNS): void;
  text(text: string): void;
}

const MAX_DEPTH = 256;

/**
 * Walks through an XML document as its bytes come. There are no document types here: no entity is declared, expanded or
 * fetched.
 *
 * @throws Error for what is not well-formed, has a document type, or is nested deeper than 256
 */
export async function walkXml(bytes: AsyncIterable<Uint8Array>, handler: XmlHandler): Promise<void> {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let depth = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('XML with a document type');
  });
  parser.on('opentag', (tag) => {
    if (++depth > MAX_DEPTH) throw new Error('XML nested too deep');
    handler.open(tag);
  });
  parser.on('closetag', (tag) => {
    depth--;
    handler.close(tag);
  });
  parser.on('text', (text) => handler.text(text));
  for await (const characters of decoded(bytes)) parser.write(characters);
  parser.close();
}

/** UTF-8, or UTF-16 where its mark stands first. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const piece of bytes) {
    decoder ??= new TextDecoder(encodingOf(piece));
    yield decoder.decode(piece, { stream: true });
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
