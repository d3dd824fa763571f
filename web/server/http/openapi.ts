// The API's specification, OpenAPI 3.1, made from the very routes and schemas that are served.
import { z } from 'zod';
import { apiRoot, problem } from '../../../core/contracts/api.ts';
import type { Route } from './route.ts';

interface Schema {
  [name: string]: unknown;
  properties?: Record<string, unknown>;
  required?: string[];
}

export function openApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const one of routes) {
    const path = `${apiRoot}${one.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] ??= {};
    paths[path][one.method] = operation(one);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Odyssey',
      version,
      description:
        'Changes need the header x-csrf-token when the session cookie is used. POST takes an Idempotency-Key. Every error is a problem (RFC 9457).',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-odyssey-access' },
        token: { type: 'http', scheme: 'bearer', description: 'An API token, made under /me/tokens.' },
      },
    },
  };
}

function operation(one: Route): Record<string, unknown> {
  const status = String(one.status ?? 200);
  const media = one.events ? 'text/event-stream' : (one.lines ?? 'application/json');
  const content = one.answer === undefined ? { type: 'string' } : schemaOf(one.answer, 'output');
  return {
    operationId: `${one.method}${one.path.replace(/[/:-]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: one.summary,
    'x-access': one.access,
    security: one.access === 'public' ? [] : [{ session: [] }, { token: [] }],
    parameters: [...parametersOf(one.params, 'path'), ...parametersOf(one.query, 'query')],
    ...(one.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(one.body, 'input') } } } }),
    responses: {
      [status]: { description: 'Done', content: { [media]: { schema: content } } },
      default: {
        description: 'What went wrong, and what to do',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Record<string, unknown>[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
