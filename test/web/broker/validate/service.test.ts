// A service is one revision of a deployment: limited, labelled, pinned, without anything of the host.
import { describe, expect, test } from 'vitest';
import { serviceSpec } from '../../../../web/broker/validate/service.ts';
import { goodService } from '../bodies.ts';
import { dangerousBodies } from '../dangerous-bodies.ts';
import { openPolicy } from '../harness.ts';

const schema = serviceSpec(openPolicy);
const takes = (body: unknown) => schema.safeParse(body).success;

function withContainer(fields: Record<string, unknown>) {
  const good = goodService();
  const { TaskTemplate: task } = good;
  return { ...good, TaskTemplate: { ...task, ContainerSpec: { ...task.ContainerSpec, ...fields } } };
}

describe('taken', () => {
  test('a revision as it is deployed', () => expect(schema.parse(goodService())).toEqual(goodService()));
  test.each<[string, Record<string, unknown>]>([
    ['an image by its digest', { Image: `registry:5000/team/shop@sha256:${'0f'.repeat(32)}` }],
    [
      'a secret',
      {
        Secrets: [
          {
            SecretID: 'y0u6cfcgfu5g6bcufo5yin2zi',
            SecretName: 'db-3',
            File: { Name: 'db', UID: '0', GID: '0', Mode: 0o400 },
          },
        ],
      },
    ],
    ['what lowers rights further', { ReadOnly: true }],
    ['what the engine adds by itself', { Isolation: 'default', DNSConfig: {} }],
    ['a value with everything in it', { Env: ['A=b=c\nd é "'] }],
  ])('%s', (_name, fields) => expect(takes(withContainer(fields))).toBe(true));
  test('a card from the node’s generic resources', () => {
    const good = goodService();
    const Resources = {
      ...good.TaskTemplate.Resources,
      Reservations: { GenericResources: [{ DiscreteResourceSpec: { Kind: 'GPU', Value: 1 } }] },
    };
    expect(takes({ ...good, TaskTemplate: { ...good.TaskTemplate, Resources } })).toBe(true);
  });
});

test.each(dangerousBodies.filter(({ call }) => call === 'POST /services/create'))('$name is refused', ({ body }) => {
  expect(takes(body)).toBe(false);
});

test.each([
  ...[
    'shop',
    'shop:1',
    'shop@sha256:abc',
    'sha256:abc',
    `sha256:${'A1'.repeat(32)}`,
    `shop:1@sha256:${'a1'.repeat(32)} `,
    '',
  ],
])('the image %o is not pinned', (Image) => expect(takes(withContainer({ Image }))).toBe(false));

test.each([['PATH'], ['=value'], ['A B=c'], ['A=\u0000']])('the environment entry %o is refused', (entry) => {
  expect(takes(withContainer({ Env: [entry] }))).toBe(false);
});

test.each(['CapabilityDrop', 'Privileges', 'Labels', 'Image'])('a container without %s is refused', (field) => {
  expect(takes(withContainer({ [field]: undefined }))).toBe(false);
});

test.each([
  ['shop-r12', true],
  ['a-b-c-r1', true],
  [`${'a'.repeat(54)}-r123456`, true],
  [`${'a'.repeat(55)}-r123456`, false],
  ['shop', false],
  ['shop-12', false],
  ['shop_r12', false],
  ['y0u6cfcgfu5g6bcufo5yin2zi', false],
])('the service’s name %s: %s', (Name, taken) => expect(takes({ ...goodService(), Name })).toBe(taken));
