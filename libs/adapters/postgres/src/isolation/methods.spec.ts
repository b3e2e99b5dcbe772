import * as exported from '../index.js';
import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { attempt, digests, rowsOf, type Attempt, type Outcome } from './attempt.js';
import { OPERATIONS, setsTenantItself } from './operations.js';
import { ATTACKER, SECRET, seed, VICTIM, type Name } from './two-tenants.js';
import { tenantId } from '@packhouse/core';

/** Exports that read or write no tenant's rows, and why each of them does not. */
const OF_NO_TENANT: Readonly<Record<string, string>> = {
  APP_ROLE: 'a name',
  asTenant: 'what every other call stands in',
  checkRole: 'reads the catalogue',
  describeRole: 'reads the catalogue',
  eachAsTenant: 'what every other call stands in',
  expectRows: 'counts what it is given',
  forEachTenant: 'an administrator’s, see for-each-tenant.spec.ts',
  fromPool: 'makes a Db',
  isWorse: 'compares two numbers',
  listenOn: 'hears the names of queues',
  maintain: 'an administrator’s, through forEachTenant',
  MOST_KEPT_ANSWERS: 'a number',
  migrate: 'an administrator’s',
  migrationStatus: 'reads the ledger of migrations',
  newFileId: 'makes a name',
  newKeyId: 'makes a name',
  openAdmin: 'makes a Db',
  openPostgres: 'makes a Db',
  pgBossQueue: 'holds ids alone, see the queue in attacks.spec.ts',
  prepareDatabase: 'an administrator’s',
  requirePgvector: 'reads the catalogue',
  resumeTenant: 'an administrator’s, see suspension.spec.ts',
  suspendTenant: 'an administrator’s, see suspension.spec.ts',
  within: 'makes a Db of a transaction',
};

/** Exports that give methods for one tenant, and one of what they give. */
const FACTORIES: Readonly<Record<string, () => object>> = {
  chunkStore: () => exported.chunkStore(NOTHING).forTenant(VICTIM),
  tenantChunks: () => exported.tenantChunks({ tenant: VICTIM, query: NOTHING.query }),
  postgresBlobs: () => exported.postgresBlobs(NOTHING).forTenant(VICTIM),
  postgresBudget: () => exported.postgresBudget(NOTHING, { lapseSeconds: 60 }).forTenant(VICTIM),
  tenantBlobs: () => exported.tenantBlobs({ tenant: VICTIM, query: NOTHING.query }),
};
const NOTHING: exported.Db = { query: async () => [], tx: () => Promise.reject(new Error('not called')) };

const methodsOf = (name: string, value: object) =>
  Object.entries(value).flatMap(([key, member]) => (typeof member === 'function' ? [`${name}.${key}`] : []));

/** Every method of the package that a row of the matrix is needed for, from what the module exports. */
const methods = Object.entries(exported)
  .filter(([name]) => !(name in OF_NO_TENANT))
  .flatMap(([name, value]) => {
    const given = FACTORIES[name]?.() ?? value;
    return typeof given === 'object' ? methodsOf(name, given) : [name];
  });

const NAMES = Object.keys(OPERATIONS);
/** The application says this tenant, the database another or none: only a fault of ours makes such a call. */
const MISTAKES: [string, Pick<Attempt, 'caller' | 'session'>][] = [
  ['in a transaction without a tenant', { caller: VICTIM, session: null }],
  ['in a transaction of another tenant', { caller: VICTIM, session: ATTACKER }],
];
const asOwner = { caller: VICTIM, session: VICTIM };
const asStranger = { caller: ATTACKER, session: ATTACKER };
/** Methods whose answer does not hang on what they are told. */
const ASKS_OF_NOTHING =
  /^(ensureTenant|eraseTenant|isSuspended|buildGeneration|reanalyse|files.list|vectorStores.(list|insert)|questions.\w+|usage.list|postgresBudget.today|generations.(list|activeModel))$/;
/** One of whom the database knows nothing. */
const asNewcomer = { caller: tenantId('acmee'), session: tenantId('acmee') };

it('every exported method that works on a tenant’s rows has a row in the matrix', () => {
  expect(methods.filter((method) => !NAMES.includes(method))).toEqual([]);
});

describe.each(testDatabases())('every method on $name', ({ open }) => {
  let database: TestDatabase;
  let before: ReadonlyMap<string, string>;
  beforeAll(async () => {
    database = await open();
    await seed(database.db);
    before = await digests(database.admin);
  });
  afterAll(() => database.close());

  const tried = (method: string, name: Name, as: Pick<Attempt, 'caller' | 'session'>) =>
    attempt(database.admin, { run: OPERATIONS[method] as Attempt['run'], name, ...as });

  describe.each(NAMES)('%s', (method) => {
    it(`serves its own tenant${ASKS_OF_NOTHING.test(method) ? '' : ', and so tells what is there from what is not'}`, async () => {
      const tries: Outcome[] = [];
      for (const name of ['victim', 'shared', 'vacant'] as const) tries.push(await tried(method, name, asOwner));
      expect(tries.map(({ failed }) => failed)).toContain(undefined);
      const different = new Set(tries.map(({ learnt, rows }) => JSON.stringify([learnt, [...(rows ?? [])]])));
      if (!ASKS_OF_NOTHING.test(method)) expect(different.size).toBeGreaterThan(1);
    });

    it.each([
      ['a neighbour', asStranger],
      ['a newcomer', asNewcomer],
    ])('tells %s the same of another tenant’s ids as of ids that nobody has', async (_, as) => {
      const theirs = await tried(method, 'victim', as);
      expect(theirs.learnt).toBe((await tried(method, 'vacant', as)).learnt);
      expect(theirs.learnt).not.toContain(SECRET);
    });

    it.each<Name>(['victim', 'shared'])(
      'leaves another tenant’s rows under ids called %s as they are',
      async (name) => {
        const { learnt, rows } = await tried(method, name, asStranger);
        expect(learnt).not.toContain(SECRET);
        if (rows) expect(rowsOf(VICTIM, rows)).toEqual(rowsOf(VICTIM, before));
      },
    );

    if (setsTenantItself(method)) return;
    it.each(MISTAKES)('shows and changes nothing %s, whatever the application believes', async (_, as) => {
      for (const name of ['victim', 'shared'] as const) {
        const { learnt, rows } = await tried(method, name, as);
        expect(learnt).not.toContain(SECRET);
        expect(learnt).toBe((await tried(method, 'vacant', as)).learnt);
        if (rows) expect(rows).toEqual(before);
      }
    });
  });

  it('in numbers', () => {
    process.stdout.write(
      `${NAMES.length} methods x {own, foreign, newcomer, none, mistaken} tenant x {theirs, shared, vacant} ids; ` +
        `${new Set([...before.keys()].map((of) => of.split(' ')[1])).size} tables looked at after each\n`,
    );
  });
});
