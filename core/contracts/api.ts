// What the control plane's API takes and gives: the schemas that requests are checked with and the specification is made of.
import { z } from 'zod';
import { allEnvironments, permissions, roles } from './access.ts';
import { auditRecord } from './audit.ts';
import { grant } from './grant.ts';

export const apiRoot = '/api/v1';

/** RFC 9457: what went wrong and, in `detail`, what to do next. */
export const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Names the call in the server's log. */
  requestId: z.string(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});

export const id = z.string().regex(/^[0-9a-f]{16}$/);
export const nothing = z.strictObject({});
const unixSeconds = z.number();
const secret = z.string().min(1).max(256);
const code = z.string().regex(/^\d{6}$/);

const plainText = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cn}]+$/u, 'no control or invisible characters');
const personName = plainText(64).regex(/^\S(.*\S)?$/, 'no white space at either end');
const label = plainText(64).regex(/^\S(.*\S)?$/, 'no white space at either end');

/** Lists come in pages: `next` is the cursor of the page behind, null on the last one. */
export const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });
export const list = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item) });
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});

export const setupState = z.strictObject({ open: z.boolean() });
export const setupBody = z.strictObject({ token: secret, name: personName, password: z.string().max(1_024) });
export const credentials = z.strictObject({
  name: z.string().min(1).max(64),
  password: z.string().max(1_024),
  code: code.optional(),
});
export const confirmation = z.strictObject({ password: z.string().max(1_024), code: code.optional() });

export const sessionView = z.strictObject({
  person: z.strictObject({ id, name: z.string() }),
  grants: z.array(grant),
  permissions: z.array(z.enum(permissions)),
  /** To be sent as `x-csrf-token` with every change; null for a token. */
  csrf: z.string().nullable(),
  /** Whether a second factor is on; null for a token, whose holder need not be the person. */
  secondFactor: z.boolean().nullable(),
  /** The role asks for one that is not there. */
  secondFactorMissing: z.boolean(),
});

export const openSession = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  source: z.string(),
  agent: z.string(),
  created: unixSeconds,
  used: unixSeconds,
  current: z.boolean(),
});

export const passwordChange = z.strictObject({ current: z.string().max(1_024), next: z.string().max(1_024) });
export const secondFactorOffer = z.strictObject({ uri: z.string() });
export const secondFactorCode = z.strictObject({ code });

export const person = z.strictObject({
  id,
  name: z.string(),
  grants: z.array(grant),
  disabled: z.boolean(),
  secondFactor: z.boolean(),
  created: unixSeconds,
});
export const grantsBody = z.strictObject({ grants: z.array(grant).max(64) });
export const disabledBody = z.strictObject({ disabled: z.boolean() });
/** `swept`: whether the deleted bytes have been overwritten in every file; if not, that follows within the hour. */
export const erased = z.strictObject({ auditValues: z.int(), swept: z.boolean() });
export const personData = z.strictObject({
  person,
  sessions: z.array(openSession.omit({ current: true })),
  tokens: z.array(z.strictObject({ id, name: z.string(), created: unixSeconds, used: unixSeconds.nullable() })),
  audit: z.array(z.strictObject({ seq: z.int(), field: z.string(), value: z.string() })),
});

export const invitation = z.strictObject({
  id,
  grants: z.array(grant),
  inviter: z.string(),
  created: unixSeconds,
  expires: unixSeconds,
});
export const newInvitation = z.strictObject({ id, token: z.string(), expires: unixSeconds });
export const acceptance = z.strictObject({ token: secret, name: personName, password: z.string().max(1_024) });

export const apiToken = z.strictObject({
  id,
  name: z.string(),
  permissions: z.array(z.enum(permissions)),
  environment: z.string(),
  created: unixSeconds,
  expires: unixSeconds,
  used: unixSeconds.nullable(),
});
export const apiTokenBody = z.strictObject({
  name: label,
  permissions: z.array(z.enum(permissions)).min(1).max(permissions.length),
  environment: z.union([z.literal(allEnvironments), id]).default(allEnvironments),
  days: z.int().min(1).max(365),
});
export const newApiToken = apiToken.extend({ token: z.string() });

const colour = z.enum(['grey', 'blue', 'green', 'amber', 'red', 'violet']);
export const environment = z.strictObject({
  id,
  name: z.string(),
  colour,
  archived: z.boolean(),
  created: unixSeconds,
});
export const environmentBody = z.strictObject({ name: label, colour: colour.default('grey') });
export const environmentChange = z
  .strictObject({ name: label.optional(), colour: colour.optional() })
  .refine((change) => Object.keys(change).length > 0, 'give a name, a colour or both');
export const archivedBody = z.strictObject({ archived: z.boolean() });

export const policy = z.strictObject({ secondFactorRoles: z.array(z.enum(roles)).max(roles.length) });

const isoTime = z.iso.datetime();
const auditFilter = z.strictObject({
  actor: z.string().max(128).optional(),
  action: z.string().max(128).optional(),
  subject: z.string().max(512).optional(),
  environment: z.string().max(64).optional(),
  from: isoTime.optional(),
  to: isoTime.optional(),
});
export const auditQuery = pageQuery.extend(auditFilter.shape);
export const auditItem = z.strictObject({
  seq: z.int(),
  leaf: z.string(),
  record: auditRecord,
  /** Values of personal fields that were not erased. */
  personal: z.record(z.string(), z.string()),
  /** What the people of this record are called today, by their number; who was erased has no name any more. */
  names: z.record(z.string(), z.string()),
});
/** The stored log recomputed from its first record on. */
export const auditVerified = z.strictObject({
  size: z.int(),
  atSeconds: z.number(),
  /** What is wrong with the log, and from which record on; null where nothing is. */
  damage: z.object({ kind: z.string(), firstBad: z.int(), reason: z.string() }).nullable(),
});
export const auditState = z.strictObject({
  size: z.int(),
  /** The last time that it was verified; null where it was not since the server started. */
  verified: auditVerified.nullable(),
  verifierKey: z.string(),
  checkpoint: z.string(),
  anchors: z.array(z.strictObject({ target: z.string(), size: z.int() })),
});
/** With any part of a filter the export is a part of the log, each record with its own proof. */
export const auditExportQuery = auditFilter.extend({
  since: z.coerce.number().int().nonnegative().default(0),
});
