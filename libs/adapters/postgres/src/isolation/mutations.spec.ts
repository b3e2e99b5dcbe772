import { testDatabases, type TestDatabase } from '../testing/test-databases.js';
import { attempt, digests, rowsOf, type Attempt, type Outcome } from './attempt.js';
import { OPERATIONS } from './operations.js';
import { placesIn, predicatesInSources, shownPlace, without, type Place } from './tenant-predicates.js';
import { ATTACKER, SECRET, seed, VICTIM, type Name } from './two-tenants.js';

/** Of those that run one statement: the lock of a tenant's writers is part of nearly every write. */
const MOST_METHODS = 4;

const NAMES = ['victim', 'shared', 'vacant'] as const;

/**
 * Removes the application's own tenant predicate at each place that has one, one at a time, and looks whether row-level
 * security alone still keeps tenants apart. Then without row-level security, where it must not: so these tests can fail.
 */
describe.each(testDatabases())('the application’s predicates on $name', ({ name: engine, open }) => {
  let database: TestDatabase;
  let before: ReadonlyMap<string, string>;
  /** Every place there is, and the methods that come by it. */
  const places = new Map<string, { place: Place; methods: Set<string> }>();

  beforeAll(async () => {
    database = await open();
    await seed(database.db);
    before = await digests(database.admin);
    for (const method of Object.keys(OPERATIONS)) {
      for (const name of NAMES) await tried(method, name, (sql) => noted(sql, method));
    }
  }, 120_000);
  afterAll(() => database.close());

  const noted = (sql: string, method: string) => {
    for (const place of placesIn(sql)) {
      const key = `${place.nth} ${sql}`;
      const known = places.get(key) ?? { place, methods: new Set<string>() };
      places.set(key, known);
      known.methods.add(method);
    }
    return sql;
  };
  const tried = (method: string, name: Name, rewrite: (sql: string) => string, caller = ATTACKER) =>
    attempt(database.admin, { run: OPERATIONS[method] as Attempt['run'], name, caller, session: caller, rewrite });
  /** What the attacker got to see or to change by a method with one predicate removed. */
  const leakOf = async (method: string, place: Place) => {
    const mutated = (sql: string) => (sql === place.sql ? without(place) : sql);
    const [victim, shared, vacant] = [
      await tried(method, 'victim', mutated),
      await tried(method, 'shared', mutated),
      await tried(method, 'vacant', mutated),
    ];
    const seen = victim.learnt !== vacant.learnt || [victim, shared].some(({ learnt }) => learnt.includes(SECRET));
    return seen || [victim, shared, vacant].some(changedTheirs);
  };
  const changedTheirs = ({ rows }: Outcome) =>
    rows !== undefined && JSON.stringify([...rowsOf(VICTIM, rows)]) !== JSON.stringify([...rowsOf(VICTIM, before)]);
  /** The places at which some method leaks. */
  const leaks = async () => {
    const found: Place[] = [];
    for (const { place, methods } of places.values()) {
      // The same statements run in a transaction of the caller's and in one of their own: once is enough.
      const each = [...methods].filter((method) => !/^(chunkStore|postgresBlobs)\./.test(method));
      for (const method of (each.length > 0 ? each : [...methods]).slice(0, MOST_METHODS)) {
        if (!(await leakOf(method, place))) continue;
        found.push(place);
        break;
      }
    }
    return found;
  };

  it('are all run here, as the sources have them', async () => {
    const run = [...places.values()].map(({ place }) => place.sql);
    const missed = (await predicatesInSources()).filter(({ sql }) => !run.some((each) => each.includes(sql)));
    expect(missed).toEqual([]);
  });

  it('may each be forgotten: row-level security holds', async () => {
    process.stdout.write(`${engine}: ${places.size} predicates removed, one at a time:\n`);
    for (const { place, methods } of places.values()) {
      process.stdout.write(`  ${shownPlace(place)}   (${[...methods].join(', ')})\n`);
    }
    expect((await leaks()).map(shownPlace)).toEqual([]);
  }, 300_000);

  it('are what keeps tenants apart where row-level security is off, so that a forgotten one leaks and is seen', async () => {
    const tables = await database.admin.query<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c where c.relrowsecurity and c.relkind in ('r', 'p')`,
    );
    await database.admin.query(tables.map(({ name }) => `alter table ${name} disable row level security`).join('; '));
    for (const method of Object.keys(OPERATIONS)) {
      const [victim, vacant] = [
        await tried(method, 'victim', (sql) => sql),
        await tried(method, 'vacant', (sql) => sql),
      ];
      expect([method, victim.learnt]).toEqual([method, vacant.learnt]);
      expect([method, changedTheirs(victim)]).toEqual([method, false]);
    }
    const seen = await leaks();
    process.stdout.write(`${engine}, without row-level security: ${seen.length} of ${places.size} leak\n`);
    expect(seen.length).toBeGreaterThan(0.4 * places.size);
  }, 300_000);
});
