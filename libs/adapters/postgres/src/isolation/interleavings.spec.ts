import { tenantId, type TenantId } from '@packhouse/core';
import { chunk } from '@packhouse/core/testing';
import fc from 'fast-check';
import { files } from '../catalogue/files.js';
import { chunkStore } from '../chunks/chunk-store.js';
import { asTenant, type Db } from '../db/db.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { FILE } from './two-tenants.js';

/** What each of two tenants has: words by document, and names by file. */
type Model = Record<Side, { documents: Map<string, string>; files: Map<string, string> }>;
type Side = 'one' | 'other';
/** One tenant's name begins with the other's. */
type Real = { db: Db } & Record<Side, TenantId>;

/** A call, and what it must give by the model; both sides use the same few names and words. */
interface Call {
  readonly name: string;
  expected(model: Model): unknown;
  actual(real: Real): Promise<unknown>;
}

const COLLECTION = 'docs';
const EMBEDDING = { model: 'm', vector: Float32Array.of(1, 0) };
const ALL = { limit: 50 };
const chunksOf = ({ db, ...tenants }: Real, side: Side) => chunkStore(db).forTenant(tenants[side]);

const put = (side: Side, id: string, word: string): Call => ({
  name: `${side} puts ${word} into ${id}`,
  expected: (model) => void model[side].documents.set(id, word),
  actual: async (real) => {
    const document = { collection: COLLECTION, documentId: id };
    const piece = chunk({ ...document, id, text: `${word} and ${word}`, source: side });
    await chunksOf(real, side).replaceDocument(document, [{ ...piece, embedding: EMBEDDING }]);
  },
});

const remove = (side: Side, id: string): Call => ({
  name: `${side} deletes ${id}`,
  expected: (model) => Number(model[side].documents.delete(id)),
  actual: (real) => chunksOf(real, side).deleteDocument({ collection: COLLECTION, documentId: id }),
});

const read = (side: Side, word: string): Call => ({
  name: `${side} reads all, and asks for ${word}`,
  expected: (model) => {
    const documents = [...model[side].documents].sort();
    const ids = documents.map(([id]) => id);
    const having = documents.flatMap(([id, text]) => (text === word ? [id] : []));
    return { near: ids, having, byIds: documents.map(([id, text]) => [id, `${text} and ${text}`, side]) };
  },
  actual: async (real) => {
    const store = chunksOf(real, side);
    const near = (await store.nearest(EMBEDDING, ALL)).map((hit) => hit.chunk.id).sort();
    const having = (await store.matching(word, ALL)).map((hit) => hit.chunk.id).sort();
    const byIds = (await store.byIds([...IDS])).map(({ id, text, source }) => [id, text, source]);
    return { near, having, byIds };
  },
});

const addFile = (side: Side, id: string): Call => ({
  name: `${side} adds the file ${id}`,
  expected: (model) => (model[side].files.has(id) ? '23505' : void model[side].files.set(id, side)),
  actual: ({ db, ...tenants }) =>
    asTenant(db, tenants[side], async (tx) => void (await files.insert(tx, id, { ...FILE, filename: side }))).catch(
      (error: { code?: string }) => error.code,
    ),
});

const removeFile = (side: Side, id: string): Call => ({
  name: `${side} deletes the file ${id}`,
  expected: (model) => model[side].files.delete(id),
  actual: async ({ db, ...tenants }) => (await asTenant(db, tenants[side], (tx) => files.delete(tx, id))) !== null,
});

const listFiles = (side: Side): Call => ({
  name: `${side} lists its files`,
  expected: (model) => [...model[side].files].sort(),
  actual: async ({ db, ...tenants }) => {
    const { data } = await asTenant(db, tenants[side], (tx) => files.list(tx, { limit: 100, order: 'asc' }));
    return data.map(({ fileId, filename }) => [fileId, filename]);
  },
});

/** One call after the other, or one of each tenant's at the same time. */
class Command implements fc.AsyncCommand<Model, Real> {
  constructor(private readonly calls: readonly Call[]) {}
  check = () => true;
  async run(model: Model, real: Real) {
    const expected = this.calls.map((call) => call.expected(model));
    expect(await Promise.all(this.calls.map((call) => call.actual(real)))).toEqual(expected);
  }
  toString = () => this.calls.map(({ name }) => name).join(' while ');
}

const IDS = ['a', 'ab', 'b'] as const;
const id = fc.constantFrom(...IDS);
const word = fc.constantFrom('anchor', 'beacon', 'cable');
const callOf = (side: Side) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.tuple(id, word).map((given) => put(side, ...given)) },
    { weight: 1, arbitrary: id.map((given) => remove(side, given)) },
    { weight: 2, arbitrary: word.map((given) => read(side, given)) },
    { weight: 1, arbitrary: id.map((given) => addFile(side, given)) },
    { weight: 1, arbitrary: id.map((given) => removeFile(side, given)) },
    { weight: 1, arbitrary: fc.constant(listFiles(side)) },
  );
const commands = fc.commands(
  [
    fc.oneof(callOf('one'), callOf('other')).map((call) => new Command([call])),
    fc.tuple(callOf('one'), callOf('other')).map((calls) => new Command(calls)),
  ],
  { maxCommands: 25 },
);

describe.each(testDatabases())('two tenants on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => (database = await open()));
  afterAll(() => database.close());

  it('each see what they wrote themselves, however their calls interleave', async () => {
    let runs = 0;
    const nothing = () => ({ documents: new Map<string, string>(), files: new Map<string, string>() });
    const property = fc.asyncProperty(commands, async (given) => {
      const name = `t${++runs}a`;
      const real = { db: database.db, one: tenantId(name), other: tenantId(`${name}b`) };
      await fc.asyncModelRun(() => ({ model: { one: nothing(), other: nothing() }, real }), given);
    });
    await fc.assert(property, { numRuns: 25 });
  }, 120_000);
});
