// An act as it is announced in the audit log: who does what to which subject, with personal facts kept apart.
import type { Act } from '../audit/log.ts';
import { actorOf, type Identity } from '../identity.ts';
import type { Route } from './route.ts';

interface Input {
  params: unknown;
  query: unknown;
  body: unknown;
}

export function describeAct(
  { nameOf }: { nameOf(person: string): string | undefined },
  route: Route,
  identity: Identity | undefined,
  { params, query, body }: Input,
  source: string,
): Act {
  const { action, subject, detail, about } = route.act!;
  const person = identity?.person ?? 'anonymous';
  const personal = [{ field: 'source', person, value: source }];
  if (identity !== undefined) personal.push({ field: 'actorName', person, value: identity.name });
  const other = about?.(params);
  const otherName = other === undefined ? undefined : nameOf(other);
  if (other !== undefined && otherName !== undefined)
    personal.push({ field: 'subjectName', person: other, value: otherName });
  const environment = route.environment && (params as Record<string, string>)[route.environment];
  return {
    actor: actorOf(identity),
    action,
    subject: subject(params, body),
    environment,
    detail: detail?.(body, query) ?? {},
    personal,
  };
}
