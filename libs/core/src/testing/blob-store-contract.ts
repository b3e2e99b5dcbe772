import type { BlobStore, TenantBlobs } from '../ports/blob-store.js';
import { tenantId } from '../tenant.js';

const MIB = 1024 * 1024;

/** What every {@link BlobStore} keeps to. `open` gives an empty one. */
export function describeBlobStore(
  name: string,
  open: () => Promise<{ blobs: BlobStore; close?: () => Promise<void> }>,
): void {
  describe(`BlobStore: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let acme: TenantBlobs;
    let umbrella: TenantBlobs;

    beforeAll(async () => {
      opened = await open();
      acme = opened.blobs.forTenant(tenantId('acme'));
      umbrella = opened.blobs.forTenant(tenantId('umbrella'));
    }, 60_000);
    afterAll(() => opened?.close?.());

    it.each([0, 1, MIB - 1, MIB, MIB + 1, 2.5 * MIB])('gives back %i bytes as they came', async (length) => {
      const bytes = pattern(length);
      expect(await acme.put('sized', inPieces(bytes, 70_001))).toBe(length);
      expect(Buffer.compare(await readAll(acme.get('sized')), bytes)).toBe(0);
    });

    it('streams in pieces of at most 1 MiB, whatever it was given', async () => {
      await acme.put('large', inPieces(pattern(3 * MIB + 5), 3 * MIB));
      for await (const piece of acme.get('large')) expect(piece.length).toBeLessThanOrEqual(MIB);
    });

    it('replaces what was there', async () => {
      await acme.put('replaced', inPieces(pattern(2 * MIB), MIB));
      await acme.put('replaced', inPieces(Buffer.from('new'), 1));
      expect((await readAll(acme.get('replaced'))).toString()).toBe('new');
    });

    it('stores nothing of a stream that breaks, and keeps what was there', async () => {
      await acme.put('kept', inPieces(Buffer.from('old'), 3));
      await expect(acme.put('kept', breaking(2 * MIB))).rejects.toThrow('the line broke');
      await expect(acme.put('never', breaking(2 * MIB))).rejects.toThrow('the line broke');
      expect((await readAll(acme.get('kept'))).toString()).toBe('old');
      await expect(readAll(acme.get('never'))).rejects.toMatchObject({ code: 'not_found' });
    });

    it('says whether there was something to delete', async () => {
      await acme.put('gone', inPieces(Buffer.from('x'), 1));
      expect(await acme.delete('gone')).toBe(true);
      expect(await acme.delete('gone')).toBe(false);
      await expect(readAll(acme.get('gone'))).rejects.toMatchObject({ code: 'not_found' });
    });

    it.each(['deleted', 'replaced'] as const)(
      'fails a reader rather than end early when its blob is %s',
      async (how) => {
        await acme.put('read', inPieces(pattern(3 * MIB), MIB));
        const reading = acme.get('read')[Symbol.asyncIterator]();
        await reading.next();
        if (how === 'deleted') await acme.delete('read');
        else await acme.put('read', inPieces(pattern(3 * MIB), MIB));
        const rest = async () => {
          while (!(await reading.next()).done);
        };
        await expect(rest()).rejects.toMatchObject({ code: 'not_found' });
      },
    );

    it('keeps tenants apart, also where they use the same id', async () => {
      await acme.put('shared', inPieces(Buffer.from("acme's"), 9));
      await expect(readAll(umbrella.get('shared'))).rejects.toMatchObject({ code: 'not_found' });
      expect(await umbrella.delete('shared')).toBe(false);
      await umbrella.put('shared', inPieces(Buffer.from("umbrella's"), 9));
      expect((await readAll(acme.get('shared'))).toString()).toBe("acme's");
      await umbrella.delete('shared');
      expect((await readAll(acme.get('shared'))).toString()).toBe("acme's");
    });

    it('stops for a signal', async () => {
      const signal = AbortSignal.abort();
      await acme.put('aborted', inPieces(Buffer.from('x'), 1));
      await expect(acme.put('aborted', inPieces(Buffer.from('y'), 1), signal)).rejects.toMatchObject({
        code: 'aborted',
      });
      await expect(readAll(acme.get('aborted', signal))).rejects.toMatchObject({ code: 'aborted' });
      await expect(acme.delete('aborted', signal)).rejects.toMatchObject({ code: 'aborted' });
      expect((await readAll(acme.get('aborted'))).toString()).toBe('x');
    });
  });
}

/** No two parts alike, so that one in another's place shows. */
function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 16)) % 251));
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function* breaking(after: number): AsyncGenerator<Uint8Array> {
  yield pattern(after);
  throw new Error('the line broke');
}

async function readAll(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}
