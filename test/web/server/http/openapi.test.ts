// The specification of a small table of routes, in full.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openApi } from '../../../../web/server/http/openapi.ts';
import { route } from '../../../../web/server/http/route.ts';

test('parameters, bodies, answers and permissions come from the declaration', () => {
  const one = route({
    method: 'put',
    path: '/things/:thing/size',
    access: 'person:manage',
    summary: 'Set a size',
    params: z.strictObject({ thing: z.string() }),
    query: z.strictObject({ dry: z.string().optional() }),
    body: z.strictObject({ size: z.int().default(1) }),
    answer: z.strictObject({ size: z.int() }),
    act: { action: 'thing:size', subject: () => 't' },
    handle: () => ({ size: 1 }),
  });
  const { paths } = openApi([one], '1') as { paths: Record<string, Record<string, Record<string, unknown>>> };
  const operation = paths['/api/v1/things/{thing}/size']!['put']!;
  expect(operation).toMatchObject({ operationId: 'putThingsThingSize', 'x-access': 'person:manage' });
  expect(operation['parameters']).toMatchObject([
    { name: 'thing', in: 'path', required: true },
    { name: 'dry', in: 'query', required: false },
  ]);
  const body = JSON.stringify(operation['requestBody']);
  expect(body).toContain('"additionalProperties":false');
  expect(body).not.toContain('"required":["size"]'); // it has a default
});
