import { z, type ZodType } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * Schemas as JSON Schema 2020-12, which is what OpenAPI 3.1 holds. Those with an `id` are put once among the components
 * and referred to.
 */
export function jsonSchemas() {
  const components: Record<string, JsonSchema> = {};
  const convert = (schema: ZodType, io: 'input' | 'output'): JsonSchema => {
    const made = z.toJSONSchema(schema, { io, override: ({ jsonSchema }) => withoutSafeBounds(jsonSchema) });
    const { $schema: _, $defs = {}, ...rest } = moved(made);
    Object.assign(components, $defs);
    return rest;
  };
  return {
    components,
    /** What a caller may send: what has a default may be left out. */
    asSent: (schema: ZodType) => convert(schema, 'input'),
    /** What a caller gets: these members and no others. */
    asAnswered: (schema: ZodType) => convert(schema, 'output'),
  };
}

/** That integers are ones JavaScript can count to goes without saying. */
function withoutSafeBounds(schema: JsonSchema): void {
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}

function moved(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;
}
