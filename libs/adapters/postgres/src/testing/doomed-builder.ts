// A process that builds a new generation of the tenant `acme` and switches to it, but stops dead within its nth
// transaction, everything done but the commit, and waits there to be killed.
// Arguments: a folder for PGlite or the URL of a database, and n.
import { tenantId } from '@packhouse/core';
import { wordEmbedder } from '@packhouse/core/testing';
import { asTenant } from '../db/db.js';
import { openPostgres } from '../db/postgres.js';
import { buildGeneration } from '../generations/build-generation.js';
import { generations } from '../generations/generations.js';
import { openPglite } from '../pglite.js';
import { stallingDb, waitToBeKilled } from './stalling-db.js';

const [where = '', nth] = process.argv.slice(2);
const { db } = where.startsWith('postgres://') ? await openPostgres({ url: where }) : await openPglite(where);
const doomed = stallingDb(db, Number(nth));
const embedder = { ...wordEmbedder(96), maxBatch: 8 };
await buildGeneration(doomed, tenantId('acme'), embedder);
await asTenant(doomed, tenantId('acme'), (tx) => generations.switch(tx, embedder.model));
await waitToBeKilled('done');
