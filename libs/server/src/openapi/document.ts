import { createRequire } from 'node:module';
import type { Type } from '@nestjs/common';
import { z, type ZodType } from 'zod';
import { jsonSchemas, type JsonSchema } from './json-schemas.js';
import type { Answer } from './operation.js';
import { EVERY_ANSWER, HEADERS, LIMITED, PROBLEM, PROBLEMS, problemsOf } from './problems.js';
import { routesOf, type Route } from './routes.js';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const DESCRIPTION = `
Any OpenAI client works with this API, with \`baseURL\` set to \`/v1\` and a tenant's token as its key. \`/v1\` is the one
version there is.

**Failures** are problem documents (RFC 9457) that carry OpenAI's \`error\` too. \`x-should-retry\` says whether the same
request may succeed later; \`retry-after\` says when.

**Streams**: with \`stream: true\` a chat completion comes as server-sent events, \`data: {...}\` each, and \`data: [DONE]\`
at the end. What fails on the way is a last event with an \`error\` member.

**Repeating**: a request with an \`Idempotency-Key\` that succeeded is answered as before, with \`idempotency-replayed: true\`,
and has no second effect, for 24 hours. One that failed had no effect, and is tried again.
`;

type Schemas = ReturnType<typeof jsonSchemas>;

/** The API as an OpenAPI 3.1 document, from the controllers that serve it. */
export function openApiDocument(controllers: readonly Type[]) {
  const schemas = jsonSchemas();
  schemas.asAnswered(PROBLEM);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of controllers.flatMap(routesOf)) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, schemas);
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Packhouse', version, description: DESCRIPTION.trim(), license: LICENSE },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: schemas.components,
      responses: PROBLEMS,
      headers: HEADERS,
      securitySchemes: { token: TOKEN },
    },
  };
}

const LICENSE = { name: 'Apache-2.0', identifier: 'Apache-2.0' };

const TOKEN = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'Names the tenant, and the role: reader, writer or admin.',
};

function operation(route: Route, schemas: Schemas) {
  const { notes, status } = route;
  return {
    operationId: idOf(route),
    tags: [tagOf(route)],
    summary: notes.summary,
    ...(route.role !== 'reader' && { description: `Needs the role ${route.role}.` }),
    ...(route.public && { security: [] }),
    parameters: parameters(route, schemas),
    ...(route.body && { requestBody: requestBody(route, route.body, schemas) }),
    responses: {
      [status]: {
        description: notes.summary,
        headers: { ...EVERY_ANSWER, ...(!route.public && LIMITED) },
        content: contentOf(notes.answer, schemas),
      },
      // Health says so in its own words.
      ...(route.controller === 'HealthController'
        ? { 503: { description: 'Not now', content: contentOf(notes.answer, schemas) } }
        : problemsOf(route)),
    },
  };
}

const bare = ({ controller }: Route) => controller.replace(/Controller$/, '');

/** `vectorStores_create` */
function idOf(route: Route): string {
  const group = bare(route);
  return `${group.charAt(0).toLowerCase()}${group.slice(1)}_${route.name}`;
}

/** `Vector store files` */
function tagOf(route: Route): string {
  const words = bare(route).split(/(?=[A-Z])/);
  return words.map((word, at) => (at === 0 ? word : word.toLowerCase())).join(' ');
}

function parameters({ path, query, headers, idempotent }: Route, { asSent }: Schemas) {
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name as string);
  const { properties = {} } = query ? (asSent(query) as { properties?: Record<string, JsonSchema> }) : {};
  const text = { type: 'string' };
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: text })),
    ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema })),
    ...headers.map((name) => ({ name, in: 'header', schema: text })),
    ...(idempotent ? [IDEMPOTENCY_KEY] : []),
  ];
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Has the request done once, however often it is sent.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

function requestBody({ file }: Route, body: ZodType, { asSent }: Schemas) {
  const schema = asSent(body);
  if (!file) return { required: true, content: { 'application/json': { schema } } };
  const { properties, required = [] } = schema as { properties: Record<string, JsonSchema>; required?: string[] };
  const form = { ...schema, properties: { ...properties, [file]: asSent(z.file()) }, required: [...required, file] };
  return { required: true, content: { 'multipart/form-data': { schema: form, encoding: encodingOf(properties) } } };
}

/** What is an object comes as a field for each of its members: `expires_after[seconds]`. */
function encodingOf(properties: Record<string, JsonSchema>) {
  const objects = Object.keys(properties).filter((name) => properties[name]?.['type'] === 'object');
  return Object.fromEntries(objects.map((name) => [name, { style: 'deepObject', explode: true }]));
}

function contentOf(answer: Answer, { asAnswered }: Schemas) {
  const schemas = answer instanceof z.ZodType ? { 'application/json': answer } : answer;
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema: asAnswered(schema) }]));
}
