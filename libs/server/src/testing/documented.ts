import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Content {
  readonly schema: object;
  readonly encoding?: object;
}
interface Documented {
  readonly $ref?: string;
  readonly headers?: Record<string, unknown>;
  readonly content?: Record<string, Content>;
}
interface Operation {
  readonly requestBody?: { readonly content: Record<string, Content> };
  readonly responses: Record<string, Documented>;
}
export interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation & { operationId: string; parameters: { name: string }[] }>>;
  readonly components: { readonly schemas: object; readonly responses: Record<string, Documented> };
}

/** Throws for a response that the server's own OpenAPI document does not describe. */
export type Check = (method: string, url: string, response: Response) => Promise<void>;

export async function documented(url: string): Promise<Check> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { binary: true } });
  ajv.addSchema({ $id: 'api', components: document.components });
  const compiled = new WeakMap<object, ValidateFunction>();
  const validator = (schema: object) => {
    const local = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')) as object;
    const made = compiled.get(schema) ?? ajv.compile(local);
    compiled.set(schema, made);
    return made;
  };
  const paths = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  }));

  return async (method, address, response) => {
    const { pathname } = new URL(address);
    const path = paths.find(({ pattern }) => pattern.test(pathname))?.path;
    const operation = path && document.paths[path]?.[method.toLowerCase()];
    if (!operation) return;
    const name = `${method} ${path} ${response.status}`;
    const found = operation.responses[response.status] ?? operation.responses['default'];
    const described = found?.$ref ? document.components.responses[found.$ref.split('/').at(-1) as string] : found;
    if (!described) throw new Error(`${name} is not documented`);
    const type = (response.headers.get('content-type') ?? '').split(';')[0] as string;
    const content = described.content?.[type];
    if (!content) throw new Error(`${name} is not documented as ${type}`);
    for (const value of await values(type, response)) {
      const validate = validator(content.schema);
      if (!validate(value)) throw new Error(`${name} is not as documented: ${ajv.errorsText(validate.errors)}`);
    }
  };
}

async function values(type: string, response: Response): Promise<unknown[]> {
  if (type.endsWith('json')) return [await response.json()];
  if (type !== 'text/event-stream') return [];
  // One that the test breaks off has been as documented so far.
  const data = (await response.text().catch(() => '')).split('\n\n').map((event) => event.replace(/^data: /, ''));
  return data
    .filter((event) => event.startsWith('{') && !event.startsWith('{"error"'))
    .map((event) => JSON.parse(event));
}

/**
 * Has every response that this test file fetches from the server compared with its documentation: at once, or, for a stream,
 * which the test is to read as it comes, by the time that what this returns is called.
 */
export async function checkFetches(url: string): Promise<() => Promise<void>> {
  const check = await documented(url);
  const plain = globalThis.fetch;
  const streams: Promise<void>[] = [];
  globalThis.fetch = async (input, init) => {
    const response = await plain(input, init);
    const address = input instanceof Request ? input.url : String(input);
    if (!address.startsWith(url)) return response;
    const checked = check(init?.method ?? 'GET', address, response.clone());
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) await checked;
    else streams.push(checked);
    return response;
  };
  return async () => {
    globalThis.fetch = plain;
    await Promise.all(streams);
  };
}
