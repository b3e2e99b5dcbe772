// A process that replaces a document of the tenant `acme` by its second version, but stops dead within its nth transaction,
// everything done but the commit, and waits there to be killed.
// Arguments: a folder for PGlite or the URL of a database, and n.
import { tenantId } from '@packhouse/core';
import { chunkStore } from '../chunks/chunk-store.js';
import { openPostgres } from '../db/postgres.js';
import { openPglite } from '../pglite.js';
import { stallingDb, waitToBeKilled } from './stalling-db.js';
import { DOCUMENT, versionOf } from './two-versions.js';

const [where = '', nth] = process.argv.slice(2);
const { db } = where.startsWith('postgres://') ? await openPostgres({ url: where }) : await openPglite(where);
const store = chunkStore(stallingDb(db, Number(nth))).forTenant(tenantId('acme'));
await store.replaceDocument(DOCUMENT, await versionOf('second', 60));
await waitToBeKilled('done');
